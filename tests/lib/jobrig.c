/* See jobrig.h. */
#include "tests/lib/jobrig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"

void
jobrig_init(struct jobrig *g)
{
	*g = (struct jobrig){ .wall_ms = 1700000000000 };
	world_init(&g->w, 1, 2);
	for (uint32_t h = 0; h < 2; h++) {
		g->w.obs[h].host.boot_id = h == 0 ? "boot-a" : "boot-b";
		world_link(&g->w, h, LINK_LIVE, NULL);
		world_send(&g->w, h);
	}
	g->jobs = jobs_new(&g->w.conf, "k");
	buf_init(&g->said, 1 << 20);
	buf_puts(&g->said, "");
}

void
jobrig_free(struct jobrig *g)
{
	jobs_free(g->jobs);
	buf_free(&g->said);
	world_free(&g->w);
}

void
jobrig_request(struct request *r, enum request_op op, uint32_t host,
    unsigned vm, uint32_t domid)
{
	request_init(r, op);
	r->host = host;
	r->uuid = world_uuid(vm);
	r->name = x_asprintf("web%u", vm);
	r->domid = domid;
	if (op == REQ_START)
		r->arg = x_asprintf("/etc/xen/web%u.cfg", vm);
	if (op == REQ_MIGRATE) {
		r->to = 1 - host;
		r->arg = x_asprintf("h%u", 1 - host);
	}
}

uint64_t
jobrig_add(struct jobrig *g, enum request_op op, uint32_t host, unsigned vm,
    uint32_t domid)
{
	struct plan p;
	struct request r;
	uint64_t id;

	plan_init(&p);
	p.title = x_strdup("a job");
	jobrig_request(&r, op, host, vm, domid);
	plan_add(&p, &r, NULL);
	id = jobs_add(g->jobs, &p, "alice", g->w.now, g->wall_ms);
	plan_free(&p);
	return id;
}

static void
take_write(struct jobrig *g, const struct job_effect *e)
{
	static const char *const records[] = { "job", "intent", "outcome",
		"end" };
	const struct job_step *s = &e->job->steps[e->step];

	buf_printf(&g->said, "write %s", records[e->record]);
	if (e->record == RECORD_INTENT)
		buf_printf(&g->said, " %zu: %s", e->step + 1, e->command);
	else if (e->record == RECORD_OUTCOME)
		buf_printf(&g->said, " %zu: %s", e->step + 1,
		    step_state_name(s->result));
	else if (e->record == RECORD_END)
		buf_printf(&g->said, ": %s", job_state_name(e->job->state));
	buf_puts(&g->said, "\n");
	g->seq = e->seq;
	if (!g->mute)
		jobs_written(g->jobs, e->seq, g->disk_full, g->w.now);
}

static void
take_start(struct jobrig *g, const struct job_effect *e)
{
	size_t n = 0;

	buf_printf(&g->said, "start %s\n", e->run.id);
	if (g->no_start) {
		jobs_not_started(g->jobs, e, "h0 is not connected", g->w.now);
		return;
	}
	snprintf(g->run, sizeof g->run, "%s", e->run.id);
	g->run_host = e->run.host;
	g->run_domid = e->run.domid;
	g->argv[0] = '\0';
	for (size_t i = 0; e->run.argv[i] != NULL && n < sizeof g->argv; i++)
		n += (size_t)snprintf(g->argv + n, sizeof g->argv - n, "%s%s",
		    i == 0 ? "" : " ", e->run.argv[i]);
}

static void
take(struct jobrig *g, const struct job_effect *e)
{
	switch (e->type) {
	case JOB_WRITE:
		take_write(g, e);
		break;
	case JOB_START:
		take_start(g, e);
		break;
	case JOB_ATTACH:
		buf_printf(&g->said, "attach %s\n", e->run.id);
		snprintf(g->run, sizeof g->run, "%s", e->run.id);
		g->run_host = e->run.host;
		break;
	case JOB_CANCEL:
		buf_printf(&g->said, "cancel %s\n", e->run.id);
		break;
	case JOB_FORGET:
		buf_printf(&g->said, "forget %s\n", e->run.id);
		break;
	case JOB_TELL:
		buf_printf(&g->said, "tell: %s\n", e->text);
		break;
	}
}

void
jobrig_turn(struct jobrig *g)
{
	struct job_effect e;
	bool any = true;

	for (int i = 0; any; i++) {
		if (i == 1000)
			abort(); /* it never comes to rest */
		any = false;
		g->deadline = MONO_NEVER;
		jobs_turn(g->jobs, g->w.model, g->w.now, g->wall_ms,
		    &g->deadline);
		while (jobs_take(g->jobs, &e)) {
			take(g, &e);
			any = true;
		}
	}
}

void
jobrig_pass(struct jobrig *g, int64_t ms)
{
	while (ms > 0) {
		int64_t step = ms < 1000 ? ms : 1000;

		ms -= step;
		g->wall_ms += step;
		world_pass(&g->w, step);
		for (uint32_t h = 0; h < 2; h++)
			if (model_host(g->w.model, h)->link == LINK_LIVE)
				world_send(&g->w, h);
		jobrig_turn(g);
	}
}

void
jobrig_news(struct jobrig *g, enum run_what what, int status,
    const char *text)
{
	const struct run_news n = {
		.what = what,
		.id = g->run,
		.host = g->run_host,
		.status = status,
		.text = text,
		.n = text != NULL ? strlen(text) : 0,
		.why = text,
	};

	jobs_news(g->jobs, &n, g->w.now, g->wall_ms);
	jobrig_turn(g);
}

const struct job *
jobrig_job(const struct jobrig *g, uint64_t id)
{
	return jobs_find(g->jobs, id);
}

const char *
jobrig_said(struct jobrig *g)
{
	static char text[1 << 16];

	snprintf(text, sizeof text, "%s", g->said.p);
	buf_clear(&g->said);
	buf_puts(&g->said, "");
	return text;
}
