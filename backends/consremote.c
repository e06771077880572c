/* The console of a VM on a real host: xenconsole, which is what `xl console`
 * ends in, run over the link. It wants no terminal of its own (--interactive),
 * takes the lock by which readers keep apart, and ends when its input does, so
 * a console that is closed here holds nothing there.
 *
 * What is constant goes as one script, what varies as its arguments. The script
 * looks whose domain it is, who has the lock, and says so on its standard error
 * in lines that begin with a word of ours; its output is the guest's alone.
 *
 * xenconsole leaves when a read brings it a Ctrl-] and nothing else. How bytes
 * are cut into reads nobody can promise, so that one is never sent.
 *
 * A link that breaks takes its channels with it without a word: each call
 * compares the number of the connection first. */
#include "backends/consremote.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backends/remote.h"
#include "core/mem.h"
#include "core/utf8.h"

enum {
	LINE_SIZE = 400,
	LEAVE = 0x1d,
};

/* Whether to use sudo, domid, UUID, type, reader, name, "log" or "". The table
 * of locks (proc(5)) tells which process has the one of the console, and the
 * environment of that process whether it is a reader of ours; its terminal is
 * said in any case. A lock that an earlier connection of this very reader left
 * is broken: the link went, and sshd does not know it yet. */
static const char script[] =
	"LC_ALL=C\n"
	"export LC_ALL\n"
	"sudo=$1 dom=$2 uuid=$3 type=$4 me=$5 name=$6 log=$7\n"
	"say() { printf 'xendeck: %s\\n' \"$*\" >&2; }\n"
	"end() { say \"$@\"; exit 1; }\n"
	"S=\n"
	"if [ \"$sudo\" != no ] && [ \"$(id -u)\" != 0 ]; then\n"
	"	S='sudo -n'\n"
	"	$S true 2>/dev/null ||\n"
	"	    $S xenstore-read domid >/dev/null 2>&1 || end denied\n"
	"fi\n"
	"if [ \"$log\" = log ]; then\n"
	"	f=/var/log/xen/console/guest-$name.log\n"
	"	case $name in */*) end nolog ;; esac\n"
	"	$S test -r \"$f\" || end nolog\n"
	"	say open\n"
	"	exec $S tail -c 65536 -f \"$f\"\n"
	"fi\n"
	"v=$($S xenstore-read \"/local/domain/$dom/vm\" 2>/dev/null) ||\n"
	"    end gone\n"
	"[ \"$v\" = \"/vm/$uuid\" ] || end other\n"
	"t=pv\n"
	"if [ \"$type\" = hvm ] && $S xenstore-read \\\n"
	"    \"/local/domain/$dom/serial/0/tty\" >/dev/null 2>&1; then\n"
	"	t=serial\n"
	"fi\n"
	"read -r a 2>/dev/null </sys/hypervisor/version/major\n"
	"read -r b 2>/dev/null </sys/hypervisor/version/minor\n"
	"x=$(command -v xenconsole)\n"
	"[ -n \"$x\" ] || for f in \"/usr/lib/xen-$a.$b/bin\" /usr/libexec/xen/bin \\\n"
	"    /usr/lib/xen/bin /usr/lib64/xen/bin /usr/local/lib/xen/bin \\\n"
	"    /usr/local/libexec/xen/bin /usr/lib/xen-*/bin; do\n"
	"	[ -x \"$f/xenconsole\" ] && { x=$f/xenconsole; break; }\n"
	"done\n"
	"[ -n \"$x\" ] || end none\n"
	"for n in 1 2 3 4 5; do\n"
	"	i=$($S stat -c %i \"/var/lock/xenconsole.$dom\" 2>/dev/null)\n"
	"	p=\n"
	"	[ -z \"$i\" ] || while read -r l kind adv mode pid at rest; do\n"
	"		case $kind:$at in FLOCK:*:*:\"$i\") p=$pid ;; esac\n"
	"	done </proc/locks\n"
	"	[ -n \"$p\" ] || break\n"
	"	o=$($S cat \"/proc/$p/environ\" 2>/dev/null | tr '\\0' '\\n' |\n"
	"	    sed -n 's/^XENDECK_READER=//p')\n"
	"	[ \"$o\" = \"$me\" ] || end \"locked $p|$o|$(\n"
	"	    ps -o user=,tty= -p \"$p\" 2>/dev/null)\"\n"
	"	$S kill \"$p\"\n"
	"	sleep 1\n"
	"done\n"
	"say open\n"
	"exec $S env \"XENDECK_READER=$me\" \"$x\" --interactive --num 0 \\\n"
	"    --type $t \"$dom\"\n";

struct consremote {
	struct vmconsole base;
	struct backend *backend;
	const struct conf_host *host;
	uint32_t id;
	uint64_t connection;
	struct channel *chan;  /* NULL: none, or gone */
	struct vmconsole_sink sink;
	char *name;
	bool opened, log;
	enum vmconsole_end end;
	char why[512];         /* of the end; "" while there is none */
	char said[LINE_SIZE];  /* the line of its standard error that comes */
	size_t nsaid;
	char last[LINE_SIZE];  /* and the last whole one that is not ours */
	bool told;             /* that it is closed */
	bool ended;            /* the channel has, tell */
};

static struct consremote *
self(struct vmconsole *v)
{
	return (struct consremote *)(void *)v;
}

static void
tell(struct consremote *c, const struct vmconsole_news *n)
{
	c->sink.news(c->sink.arg, n);
}

/* Whether the channel is still there: its transport is the one it began with. */
static bool
alive(const struct consremote *c)
{
	uint64_t connection;

	return c->chan != NULL && remote_transport(c->backend, c->id,
	    &connection) != NULL && connection == c->connection;
}

/* --- What the script says ----------------------------------------------------- */

static void
end_as(struct consremote *c, enum vmconsole_end end, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
end_as(struct consremote *c, enum vmconsole_end end, const char *fmt, ...)
{
	va_list ap;

	c->end = end;
	va_start(ap, fmt);
	vsnprintf(c->why, sizeof c->why, fmt, ap);
	va_end(ap);
}

/* "322|ann@desk:4711|root     pts/1". */
static void
say_locked(struct consremote *c, const char *text)
{
	const char *who = strchr(text, '|');
	const char *where = who != NULL ? strchr(who + 1, '|') : NULL;
	int n = who != NULL ? (int)strcspn(who + 1, ":|") : 0;
	char user[64] = "", tty[64] = "";

	if (where != NULL)
		(void)sscanf(where + 1, "%63s %63s", user, tty);
	if (n > 0)
		end_as(c, VMCONSOLE_LOCKED, "Somebody reads the console "
		    "of %s already: %.*s, with xendeck.", c->name, n,
		    who + 1);
	else if (user[0] != '\0')
		end_as(c, VMCONSOLE_LOCKED, "Somebody reads the console of %s "
		    "already: %s on %s%s%s, process %.*s.", c->name, user,
		    c->host->name, tty[0] != '\0' && tty[0] != '?' ? ", " : "",
		    tty[0] != '?' ? tty : "", (int)strcspn(text, "|"), text);
	else
		end_as(c, VMCONSOLE_LOCKED, "Somebody else reads the console "
		    "of %s on %s already.", c->name, c->host->name);
}

static void
on_word(struct consremote *c, const char *word)
{
	const struct vmconsole_news opened = { .what = VMCONSOLE_OPENED };

	if (strcmp(word, "open") == 0) {
		c->opened = true;
		tell(c, &opened);
	} else if (strncmp(word, "locked ", 7) == 0) {
		say_locked(c, word + 7);
	} else if (strcmp(word, "gone") == 0) {
		end_as(c, VMCONSOLE_GUARDED, "%s has no such domain any more.",
		    c->host->name);
	} else if (strcmp(word, "other") == 0) {
		end_as(c, VMCONSOLE_GUARDED, "That domain of %s is another VM "
		    "by now.", c->host->name);
	} else if (strcmp(word, "denied") == 0) {
		end_as(c, VMCONSOLE_FAILED, "%s: sudo lets %s have no console "
		    "without a password.", c->host->name,
		    c->host->user != NULL ? c->host->user : "this user");
	} else if (strcmp(word, "nolog") == 0) {
		end_as(c, VMCONSOLE_FAILED, "%s keeps no log of that console: "
		    "xenconsoled would write one with --log=guest.",
		    c->host->name);
	} else if (strcmp(word, "none") == 0) {
		end_as(c, VMCONSOLE_FAILED, "%s has no xenconsole: is the "
		    "package with Xen's tools there whole?", c->host->name);
	}
}

static void
on_line(struct consremote *c)
{
	static const char mark[] = "xendeck: ";
	char line[LINE_SIZE];

	utf8_clean(line, sizeof line, c->said, c->nsaid);
	c->nsaid = 0;
	if (strncmp(line, mark, sizeof mark - 1) == 0)
		on_word(c, line + sizeof mark - 1);
	else if (strstr(line, "ould not lock") != NULL)
		end_as(c, VMCONSOLE_LOCKED, "Somebody else reads the console "
		    "of %s on %s already.", c->name, c->host->name);
	else if (line[0] != '\0')
		memcpy(c->last, line, sizeof c->last);
}

/* --- The channel -------------------------------------------------------------- */

static void
on_data(void *arg, const char *p, size_t n)
{
	struct consremote *c = arg;
	const struct vmconsole_news news = {
		.what = VMCONSOLE_DATA, .data = p, .n = n,
	};

	if (c->opened)
		tell(c, &news);
}

/* Too long a line is cut. */
static void
on_err(void *arg, const char *p, size_t n)
{
	struct consremote *c = arg;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n')
			on_line(c);
		else if (c->nsaid < sizeof c->said)
			c->said[c->nsaid++] = p[i];
	}
}

static void
on_closed(void *arg, int status, const char *why)
{
	struct consremote *c = arg;

	if (c->nsaid > 0)
		on_line(c);
	c->chan = NULL;
	c->ended = true;
	if (c->why[0] != '\0')
		return;
	if (status < 0)
		end_as(c, VMCONSOLE_FAILED, "%s",
		    why != NULL ? why : "The console broke off.");
	else if (!c->opened)
		end_as(c, VMCONSOLE_FAILED, "%s gave no console: %s",
		    c->host->name, c->last[0] != '\0' ? c->last :
		    "it does not say why.");
	else
		end_as(c, VMCONSOLE_ENDED, "The console of %s has ended%s%s",
		    c->name, status != 0 && c->last[0] != '\0' ? ": " : ".",
		    status != 0 ? c->last : "");
}

static int
cons_write(struct vmconsole *v, const char *p, size_t n)
{
	struct consremote *c = self(v);
	size_t from = 0;

	if (!alive(c) || !c->opened || c->log)
		return -1;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && p[i] != LEAVE)
			continue;
		if (i > from && c->chan->transport->ops->write(c->chan,
		    p + from, i - from) != 0)
			return -1;
		from = i + 1;
	}
	return 0;
}

static void
cons_tick(struct vmconsole *v, struct mono now, struct mono *deadline)
{
	struct consremote *c = self(v);
	struct vmconsole_news news = { .what = VMCONSOLE_CLOSED };

	(void)now;
	(void)deadline;
	if (c->told)
		return;
	if (!c->ended && !alive(c)) {
		c->chan = NULL;
		c->ended = true;
		end_as(c, VMCONSOLE_LOST, "The link to %s broke.",
		    c->host->name);
	}
	if (!c->ended)
		return;
	c->told = true;
	news.end = c->end;
	news.why = c->why;
	tell(c, &news);
}

static void
cons_close(struct vmconsole *v)
{
	struct consremote *c = self(v);

	if (alive(c))
		c->chan->transport->ops->channel_close(c->chan);
	x_free(c->name);
	x_free(c);
}

static const struct vmconsole_ops consremote_ops = {
	.name = "remote",
	.write = cons_write,
	.tick = cons_tick,
	.close = cons_close,
};

static const char *
type_word(enum vm_type t)
{
	return t == VM_TYPE_HVM ? "hvm" : "pv";
}

struct vmconsole *
consremote_open(struct backend *b, const struct conf *conf,
    const struct vmconsole_want *want, const struct vmconsole_sink *sink)
{
	static const struct channel_cb cb = {
		.data = on_data, .err = on_err, .closed = on_closed,
	};
	uint64_t connection;
	struct transport *t = remote_transport(b, want->host, &connection);
	const struct conf_host *host = &conf->hosts[want->host];
	char domid[16], uuid[UUID_STR];
	struct consremote *c;

	if (t == NULL)
		return NULL;
	c = x_calloc(1, sizeof *c);
	c->base.ops = &consremote_ops;
	c->backend = b;
	c->host = host;
	c->id = want->host;
	c->connection = connection;
	c->sink = *sink;
	c->name = x_strdup(want->name);
	c->log = want->log;
	snprintf(domid, sizeof domid, "%u", (unsigned)want->domid);
	uuid_format(uuid, &want->uuid);
	c->chan = t->ops->exec(t, (const char *const[]){ "sh", "-c", script,
	    "xendeck", host->sudo == TRI_NO ? "no" : "yes", domid, uuid,
	    type_word(want->type), want->reader, want->name,
	    want->log ? "log" : "", NULL }, &cb, c);
	return &c->base;
}
