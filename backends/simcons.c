/* The consoles of simulated VMs: boot messages, a login, and a shell of a few
 * words, slow and quick, well-behaved and not. It is honest about what real
 * ones do: a domain gives its console to one reader, a reboot takes the domain
 * and with it the console away, a paused guest says nothing, and a broken link
 * brings no more bytes. */
#include "backends/simcons.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backends/sim.h"
#include "core/buf.h"
#include "core/mem.h"

enum {
	OUT_MAX = 64 * 1024,
	IN_MAX = 4096,
	FLOOD = 4096,      /* bytes that `yes` prints in one go, and */
	FLOOD_MS = 10,     /* how often; as fast as xenconsoled lets a guest */
	COUNT_MS = 1000,
	BOOT_STEP_MS = 400,
	WORD_MAX = 240,
};

enum busy { BUSY_NOT, BUSY_YES, BUSY_COUNT };

struct simcons {
	struct vmconsole base;
	struct backend *backend;
	struct vmconsole_sink sink;
	struct simworld *w;
	uint32_t conf_host;  /* and its number there: */
	uint32_t host, domid;
	struct uuid uuid;
	bool log, opened, told;
	struct buf out;      /* what the guest says, */
	struct buf in;       /* and what it has not read yet */
	char line[WORD_MAX];
	size_t nline;
	bool escape;         /* within a key's sequence */
	unsigned rows, cols; /* as stty says */
	enum busy busy;
	unsigned count;
	int64_t next;        /* virtual ms: when it goes on being busy */
	int64_t seen;        /* up to where the boot's messages were told */
	char why[256];
};

static struct simcons *
self(struct vmconsole *v)
{
	return (struct simcons *)(void *)v;
}

static struct simdom *
find_dom(struct simworld *w, uint32_t host, uint32_t domid)
{
	struct simhost *h = &w->hosts[host];

	for (size_t i = 0; i < h->ndoms; i++)
		if (h->doms[i].domid == domid && h->doms[i].vm != SIM_NONE)
			return &h->doms[i];
	return NULL;
}

/* --- The guest ------------------------------------------------------------------ */

static const char *
guest_name(const struct simworld *w, const struct simdom *d)
{
	return w->vms[d->vm].name;
}

static void
prompt(struct simcons *c, const struct simworld *w, const struct simdom *d)
{
	if (d->logged_in)
		buf_printf(&c->out, "\033[1;32mroot@%s\033[0m:\033[1;34m~"
		    "\033[0m# ", guest_name(w, d));
	else
		buf_printf(&c->out, "%s login: ", guest_name(w, d));
}

static void
boot_messages(struct simcons *c, const struct simworld *w,
    const struct simdom *d)
{
	static const char *const lines[] = {
		"Linux version 6.1.0-37-amd64 (debian-kernel@lists.debian.org)",
		"Command line: root=/dev/xvda1 ro console=hvc0",
		"Hypervisor detected: Xen",
		"Xen: events: using FIFO-based ABI",
		"Memory: total, minus what the kernel takes",
		"console [hvc0] enabled",
		"xen_netfront: Initialising Xen virtual ethernet driver",
		"blkfront: xvda: flush diskcache: enabled",
		"EXT4-fs (xvda1): mounted filesystem with ordered data mode",
		"systemd[1]: Detected virtualization xen.",
		"systemd[1]: Reached target multi-user.target.",
	};
	enum { N = sizeof lines / sizeof lines[0] };

	for (size_t i = 0; i < N; i++) {
		int64_t at = d->start + (int64_t)(i + 1) * BOOT_STEP_MS;

		if (at > c->seen && at <= w->now)
			buf_printf(&c->out, "[%5d.%06d] %s\r\n",
			    (int)((at - d->start) / 1000),
			    (int)((at - d->start) % 1000 * 1000 + 137),
			    lines[i]);
	}
	if (d->start + SIM_GUEST_UP_MS > c->seen &&
	    d->start + SIM_GUEST_UP_MS <= w->now) {
		buf_printf(&c->out, "\r\nDebian GNU/Linux 12 %s hvc0\r\n\r\n",
		    guest_name(w, d));
		prompt(c, w, d);
	}
	c->seen = w->now;
}

static void
say_uptime(struct simcons *c, const struct simworld *w,
    const struct simdom *d)
{
	int64_t s = (w->now - d->start) / 1000;

	buf_printf(&c->out, " up %" PRId64 " days, %02d:%02d:%02d,  1 user,  "
	    "%d vCPUs, %" PRId64 " MiB\r\n", s / 86400,
	    (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60), d->vcpus,
	    d->mem_kb / 1024);
}

static void
say_colours(struct simcons *c)
{
	for (int i = 0; i < 16; i++)
		buf_printf(&c->out, "\033[48;5;%dm  %s", i,
		    i % 8 == 7 ? "\033[0m\r\n" : "");
	for (int i = 16; i < 232; i++)
		buf_printf(&c->out, "\033[48;5;%dm %s", i,
		    (i - 16) % 36 == 35 ? "\033[0m\r\n" : "");
}

static void
end_domain(struct simcons *c, struct simworld *w, struct simdom *d,
    int (*how)(struct simworld *, uint32_t, uint32_t, struct err *))
{
	struct err e = { 0 };

	if (how(w, c->host, d->vm, &e) != 0)
		buf_printf(&c->out, "%s\r\n", e.msg);
}

static const char help[] =
	"echo TEXT, uptime, hostname, uname, colours, size, stty rows R cols "
	"C,\r\ncount, yes (^C ends both), clear, reboot, poweroff, exit\r\n";

/* Returns whether a prompt is wanted. */
static bool
carry_out(struct simcons *c, struct simworld *w, struct simdom *d)
{
	const char *s = c->line;

	if (s[0] == '\0') {
	} else if (strncmp(s, "echo", 4) == 0 && (s[4] == ' ' ||
	    s[4] == '\0')) {
		buf_printf(&c->out, "%s\r\n", s[4] == ' ' ? s + 5 : "");
	} else if (strcmp(s, "uptime") == 0) {
		say_uptime(c, w, d);
	} else if (strcmp(s, "hostname") == 0) {
		buf_printf(&c->out, "%s\r\n", guest_name(w, d));
	} else if (strncmp(s, "uname", 5) == 0) {
		buf_printf(&c->out, "Linux %s 6.1.0-37-amd64 x86_64\r\n",
		    guest_name(w, d));
	} else if (strcmp(s, "colours") == 0 || strcmp(s, "colors") == 0) {
		say_colours(c);
	} else if (sscanf(s, "stty rows %3u cols %3u", &c->rows,
	    &c->cols) == 2) {
	} else if (strcmp(s, "size") == 0) {
		buf_printf(&c->out, "%u %u\r\n", c->rows, c->cols);
	} else if (strcmp(s, "clear") == 0) {
		buf_puts(&c->out, "\033[H\033[2J");
	} else if (strcmp(s, "yes") == 0 || strcmp(s, "count") == 0) {
		c->busy = s[0] == 'y' ? BUSY_YES : BUSY_COUNT;
		c->next = w->now;
		return false;
	} else if (strcmp(s, "exit") == 0) {
		d->logged_in = false;
		buf_puts(&c->out, "logout\r\n\r\n");
	} else if (strcmp(s, "reboot") == 0) {
		end_domain(c, w, d, simworld_reboot);
		return false;
	} else if (strcmp(s, "poweroff") == 0) {
		end_domain(c, w, d, simworld_shutdown);
	} else {
		buf_printf(&c->out, strcmp(s, "help") == 0 ? "%s" :
		    "-bash: command not found; there are:\r\n%s", help);
	}
	return true;
}

/* A line was ended. Without a name nobody logs in. */
static void
take_line(struct simcons *c, struct simworld *w, struct simdom *d)
{
	bool wants = true;

	buf_puts(&c->out, "\r\n");
	c->line[c->nline] = '\0';
	if (d->logged_in)
		wants = carry_out(c, w, d);
	else if (c->nline > 0)
		d->logged_in = true;
	c->nline = 0;
	/* What was done may have taken the domain. */
	d = find_dom(w, c->host, c->domid);
	if (wants && d != NULL)
		prompt(c, w, d);
}

static void
take_byte(struct simcons *c, struct simworld *w, struct simdom *d, char b)
{
	if (c->escape) {
		c->escape = b == '[' || b == 'O' || (b >= '0' && b <= ';');
	} else if (b == '\033') {
		c->escape = true;
	} else if (b == 0x03) {
		c->busy = BUSY_NOT;
		c->nline = 0;
		buf_puts(&c->out, "^C\r\n");
		prompt(c, w, d);
	} else if (c->busy != BUSY_NOT) {
		/* it does not listen */
	} else if (b == '\r' || b == '\n') {
		take_line(c, w, d);
	} else if ((b == 0x7f || b == '\b') && c->nline > 0) {
		while (c->nline > 0 && (c->line[--c->nline] & 0xc0) == 0x80)
			;
		buf_puts(&c->out, "\b \b");
	} else if ((b < 0 || b >= ' ') && b != 0x7f &&
	    c->nline + 1 < sizeof c->line) {
		c->line[c->nline++] = b;
		buf_add(&c->out, &b, 1);
	}
}

static void
go_on(struct simcons *c, const struct simworld *w)
{
	if (c->busy == BUSY_NOT || c->next > w->now)
		return;
	if (c->busy == BUSY_COUNT) {
		buf_printf(&c->out, "%u\r\n", ++c->count);
		c->next += COUNT_MS;
		return;
	}
	for (int i = 0; i < FLOOD / 3; i++)
		buf_add(&c->out, "y\r\n", 3);
	c->next = w->now + FLOOD_MS;
}

/* What the guest does with the time, and with what was typed. */
static void
live(struct simcons *c, struct simworld *w, struct simdom *d)
{
	size_t i = 0;

	if (d->paused || d->reason != REASON_NONE)
		return;
	boot_messages(c, w, d);
	if (w->now < d->start + SIM_GUEST_UP_MS)
		return;
	for (; i < c->in.len && c->out.len < OUT_MAX / 2; i++) {
		d = find_dom(w, c->host, c->domid);
		if (d == NULL)
			break;
		take_byte(c, w, d, c->in.p[i]);
	}
	buf_drop(&c->in, i);
	go_on(c, w);
}

/* --- The console ---------------------------------------------------------------- */

static void
finish(struct simcons *c, enum vmconsole_end end, const char *why)
{
	struct vmconsole_news n = { .what = VMCONSOLE_CLOSED, .end = end,
		.why = why };

	c->told = true;
	c->sink.news(c->sink.arg, &n);
}

/* As the host's reader would: nobody else's domain, and one reader. */
static bool
begin(struct simcons *c, struct simworld *w, struct simdom *d)
{
	struct vmconsole_news n = { .what = VMCONSOLE_OPENED };
	const char *host = w->hosts[c->host].conf->name;

	if (d == NULL || uuid_cmp(&w->vms[d->vm].uuid, &c->uuid) != 0) {
		snprintf(c->why, sizeof c->why, d == NULL ? "%s has no such "
		    "domain any more." : "That domain of %s is another VM by "
		    "now.", host);
		finish(c, VMCONSOLE_GUARDED, c->why);
		return false;
	}
	if (d->reader != NULL && !c->log) {
		snprintf(c->why, sizeof c->why, "Somebody else reads the "
		    "console of %s on %s already.", guest_name(w, d), host);
		finish(c, VMCONSOLE_LOCKED, c->why);
		return false;
	}
	if (!c->log)
		d->reader = c;
	c->opened = true;
	c->seen = c->log || w->now < d->start + SIM_GUEST_UP_MS ? d->start :
	    w->now;
	c->sink.news(c->sink.arg, &n);
	return true;
}

static bool
is_live(const struct simcons *c)
{
	bool live = false;
	uint32_t host;

	return sim_reach(c->backend, c->conf_host, &host, &live) != NULL &&
	    live;
}

static void
sim_tick(struct vmconsole *v, struct mono now, struct mono *deadline)
{
	struct simcons *c = self(v);
	struct simworld *w = c->w;
	struct simdom *d = find_dom(w, c->host, c->domid);
	struct vmconsole_news n = { .what = VMCONSOLE_DATA };

	if (c->told)
		return;
	if (!is_live(c)) {
		snprintf(c->why, sizeof c->why, "The link to %s broke.",
		    w->hosts[c->host].conf->name);
		finish(c, VMCONSOLE_LOST, c->why);
		return;
	}
	if (!c->opened && !begin(c, w, d))
		return;
	if (d != NULL)
		live(c, w, d);
	if (c->out.len > 0) {
		n.data = c->out.p;
		n.n = c->out.len;
		c->sink.news(c->sink.arg, &n);
		buf_clear(&c->out);
	}
	if (find_dom(w, c->host, c->domid) == NULL)
		finish(c, VMCONSOLE_ENDED, "The console has ended: its domain "
		    "is gone.");
	mono_lower(deadline, mono_add_ms(now, c->busy == BUSY_YES ||
	    c->in.len > 0 ? FLOOD_MS : 100));
}

static int
sim_write(struct vmconsole *v, const char *p, size_t n)
{
	struct simcons *c = self(v);

	if (!c->opened || c->told || c->log)
		return -1;
	return buf_add(&c->in, p, n);
}

static void
sim_close(struct vmconsole *v)
{
	struct simcons *c = self(v);
	struct simdom *d = find_dom(c->w, c->host, c->domid);

	/* Also when the link broke: this sshd notices at once. */
	if (d != NULL && d->reader == c)
		d->reader = NULL;
	buf_free(&c->out);
	buf_free(&c->in);
	x_free(c);
}

static const struct vmconsole_ops simcons_ops = {
	.name = "sim",
	.write = sim_write,
	.tick = sim_tick,
	.close = sim_close,
};

struct vmconsole *
simcons_open(struct backend *b, const struct vmconsole_want *want,
    const struct vmconsole_sink *sink)
{
	bool live = false;
	uint32_t host;
	struct simworld *w = sim_reach(b, want->host, &host, &live);
	struct simcons *c;

	if (w == NULL || !live)
		return NULL;
	c = x_calloc(1, sizeof *c);
	c->base.ops = &simcons_ops;
	c->backend = b;
	c->sink = *sink;
	c->w = w;
	c->log = want->log;
	c->conf_host = want->host;
	c->host = host;
	c->domid = want->domid;
	c->uuid = want->uuid;
	c->rows = 24;
	c->cols = 80;
	buf_init(&c->out, OUT_MAX);
	buf_init(&c->in, IN_MAX);
	return &c->base;
}
