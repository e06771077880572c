/* What may take long: `xl info` (a second on a slow machine), `xl list -l`
 * (waits for the toolstack's locks and for every guest's QEMU) and xenstore,
 * tool by tool. All of it runs in a second shell, one command after the other,
 * so that it never delays the list of domains; if the server allows no second
 * one, in the first between two lists. A command that hangs silences the slow
 * facts for a while, and nothing else. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backends/scan.h"
#include "backends/shellobs.h"
#include "backends/xljson.h"
#include "backends/xlparse.h"
#include "backends/xltopo.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/uuid.h"

enum {
	INFO_MS = 60000,
	INFO_AFTER_MS = 2500, /* once more, when memory has come to rest */
	INFO_GAP_MS = 1000,
	ALL_MS = 600000,
	HOLD_MS = 60000,      /* after a command that hung */
	RETRY_MS = 10000,
	TOPOLOGY_MS = 600000,
	TOPOLOGY_AFTER_MS = 8000, /* domains came or went */
	TOPOLOGY_GAP_MS = 30000,
};

static bool
timed_out(const struct shell_answer *a)
{
	return a->status == 124 || a->status == 137;
}

static bool
absent(const struct shell_answer *a)
{
	return a->status == 126 || a->status == 127;
}

/* --- xl info -------------------------------------------------------------- */

static bool
info_due(const struct shellobs *o)
{
	const struct shell_info *i = &o->info;

	if (!o->list.valid || (i->asked.ns != 0 &&
	    mono_diff_ms(o->now, i->asked) < INFO_GAP_MS))
		return false;
	return i->asked.ns == 0 || i->list_mem_kb != o->list.mem_kb ||
	    mono_reached(i->again, o->now);
}

static void
take_info(struct shellobs *o, const struct shell_answer *a)
{
	struct arena mem = { NULL };
	struct obs scratch;
	struct err e = { .msg = "" };
	const char *p = a->out, *line;
	size_t n = a->n, len;

	obs_init(&scratch);
	if (scan_line(&p, &n, &line, &len))
		shellobs_clock(o, line, len);
	if (a->status != 0 ||
	    xl_parse_info(&mem, a->out, a->n, &scratch.host, &e) != 0) {
		char *text = x_asprintf("xl info failed (%s): the host's "
		    "memory is unknown or old",
		    e.msg[0] != '\0' ? e.msg : a->said);

		arena_free(&mem);
		shellobs_trouble(o, TROUBLE_INFO, text);
		x_free(text);
		o->info.again = mono_add_ms(o->now, RETRY_MS);
		return;
	}
	shellobs_trouble(o, TROUBLE_INFO, NULL);
	arena_free(&o->info.mem);
	o->info.mem = mem;
	o->info.h = scratch.host;
	o->info.known = true;
}

/* --- xl list -l ----------------------------------------------------------- */

static void
take_config(struct shellobs *o, const struct shell_answer *a)
{
	struct arena mem = { NULL };
	struct err e = { .msg = "" };
	struct obs_dom *doms;
	size_t n;

	if (a->status == 0 && !a->cut &&
	    xljson_parse(&mem, a->out, a->n, &doms, &n, &e) == 0) {
		facts_config(o->facts, doms, n);
		shellobs_trouble(o, TROUBLE_CONFIG, NULL);
	} else if (a->id == ASK_ALL) {
		char *text = x_asprintf("xl list -l failed (%s): disks and "
		    "network cards are unknown", a->cut ? "too long" :
		    e.msg[0] != '\0' ? e.msg : a->said);

		shellobs_trouble(o, TROUBLE_CONFIG, text);
		x_free(text);
		o->slow.all_due = mono_add_ms(o->now, HOLD_MS);
	} /* else the domain has gone, or is not complete yet */
	arena_free(&mem);
}

/* --- xenstore ------------------------------------------------------------- */

static void
take_store(struct shellobs *o, const struct shell_answer *a)
{
	if (absent(a)) {
		shellobs_trouble(o, TROUBLE_STORE, "the xenstore tools are "
		    "not there: start times and addresses are unknown");
		return;
	}
	shellobs_trouble(o, TROUBLE_STORE, NULL);
	facts_store(o->facts, &o->slow.want, a->out, a->n);
}

/* --- Topology and Xen's log ------------------------------------------------ */

static void
take_topology(struct shellobs *o, const struct shell_answer *a)
{
	struct arena mem = { NULL };
	struct obs scratch;

	obs_init(&scratch);
	if (a->status == 0 && !a->cut)
		xl_parse_topology(&mem, a->out, a->n, &scratch.host);
	if (scratch.host.sockets < 0 && scratch.host.nnuma == 0 &&
	    scratch.host.npools == 0) {
		char *text = x_asprintf("xl info -n failed (%s): the topology "
		    "is unknown or old", a->said);

		arena_free(&mem);
		shellobs_trouble(o, TROUBLE_TOPOLOGY, text);
		x_free(text);
		return;
	}
	shellobs_trouble(o, TROUBLE_TOPOLOGY, NULL);
	arena_free(&o->topology.mem);
	o->topology.mem = mem;
	o->topology.h = scratch.host;
	o->topology.known = true;
}

static void
take_dmesg(struct shellobs *o, const struct shell_answer *a)
{
	char *text;

	if (a->status == 0) {
		o->cb.answer(o->arg, ASK_DMESG, a->out, a->n, NULL);
		return;
	}
	text = timed_out(a) ?
	    x_asprintf("\"xl dmesg\" on %s gave no answer within %d s",
	    o->host->name, SHELL_SLOW_S) :
	    x_asprintf("\"xl dmesg\" failed on %s: %s", o->host->name,
	    a->said[0] != '\0' ? a->said : "it does not say why");
	o->cb.answer(o->arg, ASK_DMESG, NULL, 0, text);
	x_free(text);
}

void
shellslow_ask(struct shellobs *o, enum backend_ask what)
{
	if (what == ASK_DMESG)
		o->slow.dmesg = true;
}

/* --- Asking --------------------------------------------------------------- */

static struct shell *
slow_shell(const struct shellobs *o)
{
	return o->slow.shared ? o->fast : o->slow.shell;
}

static void
ask(struct shellobs *o, int id, const char *command)
{
	o->slow.busy = true;
	o->slow.asking = id;
	shell_run(slow_shell(o), id, command);
}

static void
ask_facts(struct shellobs *o)
{
	const struct facts_want *w = &o->slow.want;
	char uuid[UUID_STR];
	struct buf b;

	buf_init(&b, 1024);
	uuid_format(uuid, &w->uuid);
	switch (w->kind) {
	case FACTS_CONFIG:
		buf_printf(&b, "x xl list -l %" PRIu32, w->doms[0]);
		ask(o, ASK_CONFIG, b.p);
		break;
	case FACTS_STORE:
		buf_printf(&b, "store %" PRIu32 " %s", w->doms[0], uuid);
		ask(o, ASK_STORE, b.p);
		break;
	case FACTS_ATTRS:
		buf_puts(&b, "attrs");
		for (size_t i = 0; i < w->n; i++)
			buf_printf(&b, " %" PRIu32, w->doms[i]);
		ask(o, ASK_STORE, b.p);
		break;
	case FACTS_NOTHING:
		break;
	}
	buf_free(&b);
}

static void
ask_next(struct shellobs *o)
{
	o->slow.want = (struct facts_want){ .kind = FACTS_NOTHING };
	if (o->slow.dmesg) { /* somebody waits for it */
		o->slow.dmesg = false;
		ask(o, ASK_XL_DMESG, "x xl dmesg");
	} else if (info_due(o)) {
		bool moving = o->info.list_mem_kb != o->list.mem_kb;

		o->info.asked = o->now;
		o->info.again = mono_add_ms(o->now, moving ? INFO_AFTER_MS :
		    INFO_MS);
		o->info.list_mem_kb = o->list.mem_kb;
		ask(o, ASK_INFO, "info");
	} else if (mono_reached(o->slow.all_due, o->now)) {
		o->slow.all_due = mono_add_ms(o->now, ALL_MS);
		ask(o, ASK_ALL, "x xl list -l");
	} else if (shelldefs_due(o)) {
		char *command = shelldefs_command(o);

		o->defs.due = mono_add_ms(o->now, HOLD_MS);
		ask(o, ASK_DEFS, command);
		x_free(command);
	} else {
		o->slow.want = facts_next(o->facts, o->now);
		ask_facts(o);
		if (!o->slow.busy &&
		    mono_reached(o->topology.due, o->now)) {
			o->topology.asked = o->now;
			o->topology.due = mono_add_ms(o->now, TOPOLOGY_MS);
			ask(o, ASK_TOPOLOGY, "topology");
		}
	}
}

static void
hold(struct shellobs *o, const char *command, const char *why)
{
	char *text = x_asprintf("\"%s\" %s: details are missing or old",
	    command != NULL ? command : "sh", why);

	shellobs_trouble(o, TROUBLE_SLOW, text);
	x_free(text);
	o->slow.retry = mono_add_ms(o->now, HOLD_MS);
	o->slow.all_done = true; /* the first observation waits no longer */
}

static const char *
command_of(int id)
{
	switch (id) {
	case ASK_INFO:
		return "xl info";
	case ASK_STORE:
		return "xenstore-read";
	case ASK_TOPOLOGY:
		return "xl info -n";
	case ASK_DEFS:
		return "cat /etc/xen/*.cfg";
	case ASK_XL_DMESG:
		return "xl dmesg";
	default:
		return "xl list -l";
	}
}

void
shellslow_answer(struct shellobs *o, const struct shell_answer *a)
{
	o->slow.busy = false;
	o->slow.worked = true;
	if (a->id == ASK_CONFIG || a->id == ASK_STORE)
		facts_asked(o->facts, &o->slow.want, o->now);
	if (a->id == ASK_ALL)
		o->slow.all_done = true;
	if (timed_out(a)) {
		if (a->id == ASK_XL_DMESG)
			take_dmesg(o, a);
		hold(o, command_of(a->id), "gave no answer in time");
		return;
	}
	shellobs_trouble(o, TROUBLE_SLOW, NULL);
	if (a->id == ASK_INFO)
		take_info(o, a);
	else if (a->id == ASK_STORE)
		take_store(o, a);
	else if (a->id == ASK_TOPOLOGY)
		take_topology(o, a);
	else if (a->id == ASK_DEFS)
		shelldefs_answer(o, a);
	else if (a->id == ASK_XL_DMESG)
		take_dmesg(o, a);
	else
		take_config(o, a);
	if (a->id == ASK_INFO || shellslow_settled(o))
		shellobs_soon(o);
}

static void
on_answer(void *arg, const struct shell_answer *a)
{
	shellslow_answer(arg, a);
}

/* What the shell took with it is asked again. */
static void
close_slow(struct shellobs *o)
{
	if (o->slow.busy && o->slow.asking == ASK_INFO)
		o->info.asked = MONO_ZERO;
	if (o->slow.busy && o->slow.asking == ASK_ALL)
		o->slow.all_due = o->now;
	if (o->slow.busy && o->slow.asking == ASK_TOPOLOGY)
		o->topology.due = o->now;
	if (o->slow.busy && o->slow.asking == ASK_DEFS)
		o->defs.due = o->now;
	if (o->slow.busy && o->slow.asking == ASK_XL_DMESG)
		o->slow.dmesg = true;
	shell_close(o->slow.shell);
	o->slow.shell = NULL;
	o->slow.busy = false;
}

/* The second shell's state; afterwards slow_shell is usable or NULL. */
static void
keep_shell(struct shellobs *o)
{
	static const struct shell_cb cb = { .answer = on_answer };
	struct shell_slow *s = &o->slow;

	if (s->shell == NULL && !s->shared)
		s->shell = shell_open(o->t, o->host->sudo, SHELL_SLOW_S, &cb, o,
		    o->now);
	if (s->shell == NULL)
		return;
	switch (shell_tick(s->shell, o->now)) {
	case SHELL_OPEN:
		break;
	case SHELL_SILENT:
		facts_asked(o->facts, &s->want, o->now);
		hold(o, shell_pending(s->shell), "gave no answer in time");
		s->busy = false; /* what hangs is not asked again at once */
		close_slow(o);
		break;
	case SHELL_ENDED:
		if (s->worked)
			s->retry = mono_add_ms(o->now, RETRY_MS);
		else
			s->shared = true; /* no session left: MaxSessions */
		close_slow(o);
		break;
	}
}

void
shellslow_tick(struct shellobs *o)
{
	if (!o->list.valid)
		return;
	if (o->slow.shell != NULL || mono_reached(o->slow.retry, o->now))
		keep_shell(o);
	if (o->slow.busy || slow_shell(o) == NULL ||
	    !mono_reached(o->slow.retry, o->now) ||
	    !shell_idle(slow_shell(o)))
		return;
	ask_next(o);
	if (o->slow.busy && !o->slow.shared)
		shell_tick(o->slow.shell, o->now);
}

void
shellslow_listed(struct shellobs *o, bool changed)
{
	struct mono due = mono_add_ms(o->now, TOPOLOGY_AFTER_MS);
	struct mono gap = mono_add_ms(o->topology.asked, TOPOLOGY_GAP_MS);

	if (!changed)
		return;
	mono_lower(&o->info.again, mono_add_ms(o->now, INFO_AFTER_MS));
	if (o->topology.asked.ns != 0)
		mono_lower(&o->topology.due, mono_before(due, gap) ? gap : due);
}

bool
shellslow_settled(const struct shellobs *o)
{
	struct facts_want w = facts_next(o->facts, o->now);

	return o->info.asked.ns != 0 && o->slow.all_done &&
	    o->defs.due.ns != 0 && (!o->slow.busy || o->slow.asking >= ASK_LAZY) &&
	    (w.kind == FACTS_NOTHING || !mono_reached(o->slow.retry, o->now));
}

void
shellslow_deadline(const struct shellobs *o, struct mono *deadline)
{
	struct mono want = MONO_NEVER;

	if (o->slow.shell != NULL)
		shell_deadline(o->slow.shell, deadline);
	if (!o->list.valid || o->slow.busy)
		return;
	/* The one shell there is may be busy with the list; its answer, not
	 * the clock, is what comes next. */
	if (slow_shell(o) != NULL && !shell_idle(slow_shell(o)))
		return;
	facts_deadline(o->facts, &want);
	mono_lower(&want, o->slow.all_due);
	mono_lower(&want, o->defs.due);
	mono_lower(&want, o->info.again);
	mono_lower(&want, o->slow.dmesg ? o->now : o->topology.due);
	if (want.ns < o->slow.retry.ns)
		want = o->slow.retry;
	mono_lower(deadline, want);
}

void
shellslow_free(struct shellobs *o)
{
	close_slow(o);
	arena_free(&o->info.mem);
	arena_free(&o->topology.mem);
}
