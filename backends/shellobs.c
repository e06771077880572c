/* The agentless observer: `xl list -v` and sysfs' counters at every refresh,
 * and at once when xenstore-watch tells that a domain came or went. An
 * observation is made of a complete list only: one that failed, stopped short
 * or lacks dom0 says nothing about any VM, and the old figures go stale.
 *
 * Whatever else is missing (a third channel, xentop, sudo for it) costs some
 * figures and is said in the note beside the host. Only a list that cannot be
 * had ends the observer. */
#include "backends/shellobs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backends/scan.h"
#include "backends/xlparse.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/utf8.h"

enum { LIST_FAILURES = 3 }; /* in a row, before it is given up */

static struct shellobs *
shellobs_of(struct observer *o)
{
	return (struct shellobs *)(void *)o;
}

/* --- What is wrong -------------------------------------------------------- */

void
shellobs_fail(struct shellobs *o, enum observer_fault fault, const char *fmt,
    ...)
{
	char why[512];
	va_list ap;

	if (o->failed)
		return;
	o->failed = true;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	o->cb.failed(o->arg, fault, why);
}

void
shellobs_trouble(struct shellobs *o, enum shell_trouble which,
    const char *text)
{
	struct buf b;

	if (!x_replace(&o->trouble[which], text))
		return;
	buf_init(&b, 2048);
	for (size_t i = 0; i < TROUBLES; i++)
		if (o->trouble[i] != NULL)
			buf_printf(&b, "%s%s", b.len != 0 ? "; " : "",
			    o->trouble[i]);
	if (x_replace(&o->note, b.len != 0 ? b.p : NULL))
		o->cb.note(o->arg, o->note);
	buf_free(&b);
}

/* Whether more tries are of no use before somebody does something. */
static bool
is_refusal(const struct shell_answer *a)
{
	static const char *const words[] = { "sudo: ", "Permission denied",
		"must be root", "Operation not permitted" };

	if (a->status == 126 || a->status == 127)
		return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strstr(a->said, words[i]) != NULL)
			return true;
	return false;
}

static void
list_failed(struct shellobs *o, const struct shell_answer *a, const char *why)
{
	const char *host = o->host->name;
	char *text;

	o->list_good = false;
	if (a->status == 124 || a->status == 137) {
		shellobs_fail(o, OBSERVER_SILENT, "\"xl list -v\" on %s gave "
		    "no answer within %d s: is xenstored hung there?", host,
		    SHELL_FAST_S);
	} else if (is_refusal(a)) {
		shellobs_fail(o, OBSERVER_DENIED, "xl cannot be used on %s "
		    "(%s): is it a dom0, and is the login root or allowed "
		    "\"sudo -n xl\"?", host, why);
	} else if (++o->list_failures >= LIST_FAILURES) {
		shellobs_fail(o, OBSERVER_BROKEN, "\"xl list -v\" fails on %s: "
		    "%s", host, why);
	} else {
		text = x_asprintf("\"xl list -v\" failed (%s), trying again",
		    why);
		shellobs_trouble(o, TROUBLE_LIST, text);
		x_free(text);
	}
}

/* --- The list ------------------------------------------------------------- */

static int64_t
sum_mem(const struct shell_list *l)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->doms[i].mem_kb <= INT64_MAX - sum)
			sum += l->doms[i].mem_kb;
	return sum;
}

/* Whether a state shows that xenstore-watch does not tell of: a name that is
 * not there yet, a domain that is not quite gone. */
static bool
in_transition(const struct shell_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->doms[i].name == NULL ||
		    (l->doms[i].flags & DOM_DYING) != 0)
			return true;
	return false;
}

static void
take_list(struct shellobs *o, const struct shell_answer *a)
{
	struct shell_list new = { .valid = true, .at = o->list_asked };
	struct err e = { .msg = "" };
	char status[32];
	bool changed;

	if (a->status != 0) {
		snprintf(status, sizeof status, "status %d", a->status);
		list_failed(o, a, a->said[0] != '\0' ? a->said : status);
		return;
	}
	if (a->cut) {
		list_failed(o, a, "endless output");
		return;
	}
	if (xl_parse_list(&new.mem, a->out, a->n, &new.doms, &new.n,
	    &e) != 0) {
		arena_free(&new.mem);
		list_failed(o, a, e.msg);
		return;
	}
	new.mem_kb = sum_mem(&new);
	arena_free(&o->list.mem);
	o->list = new;
	o->list_good = true;
	o->list_failures = 0;
	shellobs_trouble(o, TROUBLE_LIST, NULL);
	changed = facts_sync(o->facts, new.doms, new.n, o->now);
	if (changed || in_transition(&o->list))
		o->settle = mono_add_ms(o->now, SHELL_SETTLE_MS);
	shellslow_listed(o, changed);
}

static int
refresh_ms(const struct shellobs *o)
{
	int ms = o->refresh_ms < SHELL_MIN_MS ? SHELL_MIN_MS : o->refresh_ms;

	if (!o->watch.alive && ms > SHELL_POLL_MS)
		ms = SHELL_POLL_MS;
	if (!mono_reached(o->settle, o->now))
		ms = SHELL_MIN_MS;
	return ms;
}

void
shellobs_clock(struct shellobs *o, const char *line, size_t n)
{
	int64_t wall, up;
	const char *word;
	size_t len;

	if (n < 6 || memcmp(line, "clock ", 6) != 0 ||
	    !scan_last_number(line, &n, INT64_MAX / 1000, &wall))
		return;
	len = scan_last_word(line, &n, &word);
	if (scan_decimal(word, len, &up))
		o->boot_ms = wall * 1000 - up / 1000000;
}

/* "UPTIME LOAD1" */
static void
take_uptime(struct shell_stats *s, const char *line, size_t n)
{
	const char *word;
	int64_t load, up;
	size_t len = scan_last_word(line, &n, &word);

	*s = (struct shell_stats){ OBS_UNKNOWN, OBS_UNKNOWN, false };
	if (scan_decimal(word, len, &load) && load / 1000000 <= INT32_MAX)
		s->load_pm = (int32_t)(load / 1000000);
	len = scan_last_word(line, &n, &word);
	if (scan_decimal(word, len, &up))
		s->uptime_ns = up;
}

/* The first observation waits for the slow facts, longest for the host's, but
 * not for ever. */
static bool
first_is_due(const struct shellobs *o)
{
	bool top = o->top.c == NULL || xentop_blocks(o->xentop) > 0;
	bool info = o->info.known || o->trouble[TROUBLE_INFO] != NULL ||
	    o->trouble[TROUBLE_SLOW] != NULL;

	return o->emitted || (top && shellslow_settled(o)) ||
	    (info && mono_reached(o->first_by, o->now)) ||
	    mono_reached(mono_add_ms(o->first_by, 2 * SHELL_FIRST_MS), o->now);
}

static void
take_stats(struct shellobs *o, const struct shell_answer *a)
{
	const char *p = a->out, *line;
	size_t n = a->n, len;

	o->listing = false;
	if (scan_line(&p, &n, &line, &len))
		take_uptime(&o->stats, line, len);
	if (scan_line(&p, &n, &line, &len))
		o->stats.sysfs = len == 5 && memcmp(line, "sysfs", 5) == 0;
	if (!o->list_good)
		return;
	shellobs_trouble(o, TROUBLE_SYSFS, o->stats.sysfs || o->list.n <= 1 ?
	    NULL : "no device counters in /sys: network and disk figures "
	    "are xentop's");
	if (first_is_due(o))
		shellbuild_emit(o, p, n);
}

static void
take_hello(struct shellobs *o, const struct shell_answer *a)
{
	static const char key[] = "boot_id ";
	const char *p = a->out, *line;
	size_t n = a->n, len;

	while (scan_line(&p, &n, &line, &len)) {
		if (len > sizeof key && memcmp(line, key, sizeof key - 1) == 0)
			utf8_clean(o->boot_id, sizeof o->boot_id,
			    line + sizeof key - 1, len - sizeof key + 1);
		else
			shellobs_clock(o, line, len);
	}
	o->ready = true;
	o->list_due = o->now;
	o->first_by = mono_add_ms(o->now, SHELL_FIRST_MS);
}

static void
on_answer(void *arg, const struct shell_answer *a)
{
	struct shellobs *o = arg;

	if (o->failed)
		return;
	if (a->id >= ASK_SLOW)
		shellslow_answer(o, a);
	else if (a->id == ASK_HELLO)
		take_hello(o, a);
	else if (a->id == ASK_LIST)
		take_list(o, a);
	else
		take_stats(o, a);
}

/* --- Driving -------------------------------------------------------------- */

static void
ask_list(struct shellobs *o)
{
	if (o->listing)
		return;
	if (o->list_again) {
		o->list_again = false;
		mono_lower(&o->list_due,
		    mono_add_ms(o->list_asked, SHELL_GAP_MS));
	}
	if (!mono_reached(o->list_due, o->now))
		return;
	o->listing = true;
	o->list_good = false;
	o->list_asked = o->now;
	shell_run(o->fast, ASK_LIST, "x xl list -v");
	shell_run(o->fast, ASK_STATS, "stats");
}

/* A host that answers slowly is left as long in peace as it took. */
static void
plan_list(struct shellobs *o)
{
	int64_t took = mono_diff_ms(o->now, o->list_asked);
	int64_t every = refresh_ms(o);

	o->list_rest = mono_add_ms(o->list_asked, 2 * took);
	o->list_due = mono_add_ms(o->list_asked, every);
	if (mono_before(o->list_due, o->list_rest))
		o->list_due = o->list_rest;
}

void
shellobs_soon(struct shellobs *o)
{
	struct mono due = mono_add_ms(o->now, 2 * SHELL_GAP_MS);

	mono_lower(&o->list_due, mono_before(due, o->list_rest) ?
	    o->list_rest : due);
}

static void
tick_fast(struct shellobs *o)
{
	const char *host = o->host->name;
	bool listing = o->listing;

	switch (shell_tick(o->fast, o->now)) {
	case SHELL_OPEN:
		break;
	case SHELL_SILENT:
		shellobs_fail(o, OBSERVER_SILENT, "\"%s\" on %s gave no answer "
		    "within %d s: is xenstored hung there?",
		    shell_pending(o->fast), host, SHELL_FAST_S + SHELL_GRACE_S);
		return;
	case SHELL_ENDED:
		shellobs_fail(o, shell_status(o->fast) == 127 ?
		    OBSERVER_DENIED : OBSERVER_BROKEN, "the shell on %s "
		    "ended: %s", host, shell_why(o->fast));
		return;
	}
	if (listing && !o->listing)
		plan_list(o);
}

static void
shellobs_tick(struct observer *base, struct mono now)
{
	struct shellobs *o = shellobs_of(base);

	o->now = now;
	if (o->failed)
		return;
	shelltools_tick(o);
	tick_fast(o);
	if (o->failed || !o->ready)
		return;
	ask_list(o);
	shellslow_tick(o);
	shell_tick(o->fast, now); /* sends what was asked */
}

static void
shellobs_deadline(struct observer *base, struct mono *deadline)
{
	const struct shellobs *o = shellobs_of(base);

	if (o->failed)
		return;
	shell_deadline(o->fast, deadline);
	if (o->ready && !o->listing)
		mono_lower(deadline, o->list_due);
	shelltools_deadline(o, deadline);
	shellslow_deadline(o, deadline);
}

static struct observer *
shellobs_open(struct transport *t, const struct conf_host *host, int refresh,
    const struct observer_cb *cb, void *arg, struct mono now)
{
	static const struct shell_cb shell_cb = { .answer = on_answer };
	struct shellobs *o = x_calloc(1, sizeof *o);

	o->base.ops = &observer_shell;
	o->t = t;
	o->host = host;
	o->cb = *cb;
	o->arg = arg;
	o->refresh_ms = refresh;
	o->boot_ms = OBS_UNKNOWN;
	o->stats = (struct shell_stats){ OBS_UNKNOWN, OBS_UNKNOWN, false };
	o->now = now;
	o->settle = mono_add_ms(now, SHELL_SETTLE_MS);
	o->facts = facts_new();
	o->fast = shell_open(t, host->sudo, SHELL_FAST_S, &shell_cb, o,
	    now);
	shell_run(o->fast, ASK_HELLO, "hello");
	shelltools_init(o);
	return &o->base;
}

static void
shellobs_ask(struct observer *base, enum backend_ask what)
{
	shellslow_ask(shellobs_of(base), what);
}

static void
shellobs_free(struct observer *base)
{
	struct shellobs *o = shellobs_of(base);

	shelltools_free(o);
	shellslow_free(o);
	shell_close(o->fast);
	facts_free(o->facts);
	arena_free(&o->list.mem);
	for (size_t i = 0; i < TROUBLES; i++)
		x_free(o->trouble[i]);
	x_free(o->note);
	x_free(o);
}

const struct observer_ops observer_shell = {
	.name = "shell",
	.open = shellobs_open,
	.deadline = shellobs_deadline,
	.tick = shellobs_tick,
	.ask = shellobs_ask,
	.free = shellobs_free,
};
