/* list: hosts or VMs as a table for people and pipes, or as the lines of a
 * recording for programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/query.h"
#include "core/units.h"
#include "tui/report.h"
#include "tui/session.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 15000 };

struct args {
	bool hosts, json;
	int64_t timeout_ms;
	char text[QUERY_TEXT_MAX + 1]; /* of the query */
	struct query *query;
};

/* --- JSON ----------------------------------------------------------------- */

static bool
is_asked_for(const struct session *s, const struct args *a,
    const struct vm *vm, uint32_t host, const struct vm_copy *c)
{
	struct query_facts f;

	query_facts_vm(&f, s->model, vm, host, c);
	return query_match(a->query, &f);
}

/* Marks what of an observation is to stay. */
static void
ask_vm(bool *doms, const struct obs *o, const struct session *s,
    const struct args *a, const struct vm *vm, uint32_t host)
{
	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *c = &vm->copies[i];
		const struct obs_dom *d = c->host == host ?
		    obs_find(o, c->domid) : NULL;

		if (d != NULL)
			doms[d - o->doms] = is_asked_for(s, a, vm, host, c);
	}
}

/* Leaves in o only what was asked for; dom0 stays, being the host itself. */
static void
narrow(struct obs *o, const struct session *s, const struct args *a,
    uint32_t host)
{
	bool *doms = x_calloc(o->ndoms + 1, sizeof *doms);
	size_t n = 0;

	for (size_t i = 0; !a->hosts && i < model_nvms(s->model); i++)
		ask_vm(doms, o, s, a, model_vm_at(s->model, i), host);
	for (size_t i = 0; i < o->ndoms; i++)
		if (o->doms[i].domid == 0 || doms[i])
			o->doms[n++] = o->doms[i];
	o->ndoms = n;
	x_free(doms);
}

/* A definition goes with its VM. */
static const struct defs *
narrow_defs(const struct defs *d, const struct session *s,
    const struct args *a, uint32_t host)
{
	uint32_t cluster = model_host(s->model, host)->cluster;
	bool *keep = x_calloc(d->n + 1, sizeof *keep);
	const struct defs *some;

	for (size_t i = 0; !a->hosts && i < d->n; i++) {
		const struct vm *vm = model_find_vm(s->model, cluster,
		    &d->v[i]->uuid, d->v[i]->name);

		keep[i] = vm != NULL && is_asked_for(s, a, vm, vm->host,
		    vm_main(vm));
	}
	some = defs_some(d, keep);
	x_free(keep);
	return some;
}

static int
add_json_defs(struct recorder *r, const struct session *s,
    const struct args *a, uint32_t host, struct err *err)
{
	const struct defs *all = model_defs(s->model, host);
	const struct host *h = model_host(s->model, host);
	struct event e = {
		.type = EVENT_DEFS,
		.host = host,
		.at = h->last,
		.wall_ms = h->last_wall_ms,
	};
	int rc = 0;

	if (all == NULL)
		return 0;
	e.u.defs = narrow_defs(all, s, a, host);
	if (e.u.defs->n > 0)
		rc = recorder_add(r, &e, err);
	defs_unref(e.u.defs);
	return rc;
}

/* The figures with the time when they came, then what became of the link: in
 * this order a host that is lost stays lost when the lines are read again. */
static int
add_json_host(struct recorder *r, struct session *s, const struct args *a,
    uint32_t host, struct err *err)
{
	const struct host *h = model_host(s->model, host);
	struct event obs = {
		.type = EVENT_OBS,
		.host = host,
		.at = h->last,
		.wall_ms = h->last_wall_ms,
		.u.obs = &s->last[host],
	};
	struct event link = {
		.type = EVENT_LINK,
		.host = host,
		.at = model_now(s->model),
		.wall_ms = session_wall_ms(s, model_now(s->model)),
		.u.link = {
			.state = h->link,
			.reason = h->reason,
			.transport = h->transport,
			.observer = h->observer,
			.note = h->note,
			.retry = MONO_NEVER,
		},
	};

	if (h->seen) {
		narrow(&s->last[host], s, a, host);
		if (recorder_add(r, &obs, err) != 0 ||
		    add_json_defs(r, s, a, host, err) != 0)
			return -1;
	}
	return recorder_add(r, &link, err);
}

static struct mono
oldest_news(const struct session *s)
{
	struct mono oldest = model_now(s->model);

	for (uint32_t i = 0; i < s->conf.nhosts; i++) {
		const struct host *h = model_host(s->model, i);

		if (h->seen)
			mono_lower(&oldest, h->last);
	}
	return oldest;
}

static int
list_json(struct session *s, const struct args *a)
{
	struct mono start = oldest_news(s);
	struct err err = { 0 };
	struct recorder *r = recorder_open("-", &s->conf, start,
	    session_wall_ms(s, start), &err);
	int rc = r != NULL ? 0 : -1;

	for (uint32_t i = 0; rc == 0 && i < s->conf.nhosts; i++)
		rc = add_json_host(r, s, a, i, &err);
	if (r != NULL && recorder_close(r, rc == 0 ? &err : NULL) != 0)
		rc = -1;
	return rc == 0 ? ERR_NONE : verb_fail(&err);
}

/* --- Text ----------------------------------------------------------------- */

static void
list_text(const struct session *s, const struct args *a)
{
	struct buf out;

	buf_init(&out, REPORT_MAX);
	if (a->hosts)
		report_hosts(&out, s->model, a->query);
	else
		report_vms(&out, s->model, a->query);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
}

/* --- The verb ------------------------------------------------------------- */

static int
parse_args(struct args *a, int argc, char **argv)
{
	int i = 1;

	*a = (struct args){ .timeout_ms = TIMEOUT_MS };
	if (i < argc && strcmp(argv[i], "hosts") == 0) {
		a->hosts = true;
		i++;
	} else if (i < argc && strcmp(argv[i], "vms") == 0) {
		i++;
	}
	for (; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			a->json = true;
		} else if (strcmp(argv[i], "--timeout") == 0 && i + 1 < argc) {
			if (units_parse_ms(&a->timeout_ms, argv[++i]) != 0 ||
			    a->timeout_ms <= 0)
				return verb_usage(&verb_list,
				    "'%s' is no time such as 10s", argv[i]);
		} else if (argv[i][0] == '-') {
			return verb_usage(&verb_list, "'%s' is not understood",
			    argv[i]);
		} else if (verb_query_word(&verb_list, a->text,
		    argv[i]) != 0) {
			return ERR_USAGE;
		}
	}
	return 0;
}

int
list_session(struct session *s, int argc, char **argv)
{
	struct args a;
	size_t missing;
	int rc = parse_args(&a, argc, argv);

	if (rc == 0)
		rc = verb_query(&verb_list, a.text, &s->conf, &a.query);
	if (rc != 0) {
		query_free(a.query);
		return rc;
	}
	if (a.json)
		session_keep_last(s);
	if (session_gather(s, a.timeout_ms) != 0)
		return ERR_USAGE;
	if (a.json)
		rc = list_json(s, &a);
	else
		list_text(s, &a);
	missing = session_complain(s);
	if (rc == ERR_NONE && missing != 0)
		rc = ERR_UNREACHABLE;
	query_free(a.query);
	return rc;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, list_session);
}

const struct verb verb_list = {
	.name = "list",
	.args = "[hosts|vms] [--json] [--timeout TIME] [FILTER...]",
	.help = "hosts or VMs with their figures of this moment",
	.run = run,
};
