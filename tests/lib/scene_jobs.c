/* The scene's jobs, with hosts and a journal that do what is told here. */
#include <stdio.h>
#include <string.h>

#include "core/jobs.h"
#include "core/mem.h"
#include "tests/lib/scene.h"

/* How far the host comes with it. */
enum fate { NOT_NOTED, NOTED, RUNS, FAILS, REFUSED };

static void
run(struct scene *s, const struct job_effect *e, enum fate fate)
{
	static const char far[] = "xc: progress: Frames iteration 1: "
	    "43/100   43%\n";
	static const char sorry[] = "libxl: error: libxl_domain.c:1016: "
	    "Unable to reboot domain\nreboot failed (rc=-9)\n";
	char id[RUN_ID_MAX + 1];
	struct run_news n = { .id = id, .host = e->run.host };

	snprintf(id, sizeof id, "%s", e->run.id);
	n.what = fate == REFUSED ? RUN_GUARDED : RUN_STARTED;
	n.why = fate == REFUSED ? "its domain is another VM by now" : NULL;
	jobs_news(s->jobs, &n, s->now, s->wall_ms);
	if (fate == REFUSED)
		return;
	n.what = RUN_OUTPUT;
	n.text = fate == FAILS ? sorry : far;
	n.n = strlen(n.text);
	jobs_news(s->jobs, &n, s->now, s->wall_ms);
	n.what = RUN_ENDED;
	n.status = 1;
	if (fate == FAILS)
		jobs_news(s->jobs, &n, s->now, s->wall_ms);
}

static void
turn(struct scene *s, enum fate fate)
{
	struct mono next = MONO_NEVER;
	struct job_effect e;

	for (int i = 0; i < 8 && fate != NOT_NOTED; i++) {
		jobs_turn(s->jobs, s->model, s->now, s->wall_ms, &next);
		while (jobs_take(s->jobs, &e))
			if (e.type == JOB_WRITE)
				jobs_written(s->jobs, e.seq, NULL, s->now);
			else if (e.type == JOB_START && fate != NOTED)
				run(s, &e, fate);
	}
}

static void
add(struct scene *s, const char *vm, enum request_op op, int to,
    const char *title, enum fate fate)
{
	struct plan p;

	plan_init(&p);
	p.title = x_strdup(title);
	for (size_t i = 0; i < model_nvms(s->model); i++) {
		const struct vm *v = model_vm_at(s->model, i);
		const struct vm_copy *c = vm_main(v);
		struct request r;

		if (strcmp(v->name, vm) != 0 || c == NULL)
			continue;
		request_init(&r, op);
		r.host = c->host;
		r.domid = c->domid;
		r.cluster = v->cluster;
		r.uuid = v->uuid;
		r.name = x_strdup(vm);
		r.to = to >= 0 ? (uint32_t)to : REQUEST_NO_HOST;
		r.arg = to >= 0 ? x_asprintf("%s.example.net",
		    s->conf.hosts[to].name) : NULL;
		plan_add(&p, &r, NULL);
	}
	jobs_add(s->jobs, &p, "alice", s->now, s->wall_ms);
	plan_free(&p);
	turn(s, fate);
	scene_pass(s, 3, 0xf);
}

void
scene_jobs(struct scene *s)
{
	s->jobs = jobs_new(&s->conf, "7f3a2c91");
	s->app.jobs = s->jobs;
	add(s, "ns1", REQ_REBOOT, -1, "reboot ns1 on gamma", FAILS);
	add(s, "win2022", REQ_PAUSE, -1, "pause win2022 on beta", REFUSED);
	add(s, "web1", REQ_MIGRATE, BETA, "migrate web1 to beta", RUNS);
	add(s, "mail", REQ_SHUTDOWN, -1, "shut mail down on beta", RUNS);
	add(s, "web1", REQ_DESTROY, -1, "kill web1 on alpha", NOTED);
	add(s, "test1", REQ_DESTROY, -1, "kill test1 on delta", NOT_NOTED);
}
