/* See work.h. The other half of the wiring: what acts is put together here, and
 * the wall screen is linked without it. Effects are carried out in the order in
 * which the jobs want them, and nothing is decided: what cannot be begun is said
 * back to the jobs, which know what that means. */
#include "tui/work.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backends/journal.h"
#include "backends/runremote.h"
#include "backends/simrun.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "tui/asking.h"

struct work {
	struct session *s;
	struct jobs *jobs;
	struct runners runners;
	struct journal *journal;
	struct work_sink sink;
	struct asking asking;
	char operator[128];
};

/* --- Who ------------------------------------------------------------------------ */

/* SUDO_USER is sudo's word, and only believed of root: who is root may write
 * what he likes into the journal anyway. */
static void
find_operator(char *out, size_t size)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	char me[40], clean[64];

	if (pw != NULL)
		snprintf(me, sizeof me, "%s", pw->pw_name);
	else
		snprintf(me, sizeof me, "uid %lu", (unsigned long)getuid());
	if (sudo == NULL || *sudo == '\0' || strcmp(sudo, me) == 0) {
		snprintf(out, size, "%s", me);
		return;
	}
	utf8_clean(clean, sizeof clean, sudo, strlen(sudo));
	snprintf(out, size, "%s (%s)", clean, me);
}

/* --- What comes ------------------------------------------------------------------- */

static void
take_news(void *arg, const struct run_news *n)
{
	struct work *w = arg;

	if (!asking_news(&w->asking, n, loop_now()))
		jobs_news(w->jobs, n, loop_now(), loop_wall_ms());
}

static void
take_written(void *arg, uint64_t seq, const char *error)
{
	struct work *w = arg;

	jobs_written(w->jobs, seq, error, loop_now());
}

static void
take_job(void *arg, struct job *job)
{
	struct work *w = arg;

	jobs_adopt(w->jobs, job, loop_now());
}

static void
tell(struct work *w, enum note_level level, const struct job *job, size_t step,
    const char *text)
{
	uint32_t host = job != NULL && step < job->nsteps ?
	    job->steps[step].plan.req.host : EVENT_NO_HOST;

	session_note(w->s, host, level, text);
	if (w->sink.tell != NULL)
		w->sink.tell(w->sink.arg, level, job, step, text);
}

static void
take_word(void *arg, enum note_level level, const char *text)
{
	tell(arg, level, NULL, 0, text);
}

static void
take_rows(void *arg, uint32_t query, const struct ledger_job *v, size_t n,
    const char *error)
{
	struct work *w = arg;

	if (w->sink.rows != NULL)
		w->sink.rows(w->sink.arg, query, v, n, error);
}

/* --- Definitions ------------------------------------------------------------------ */

/* A dead host cannot be asked for them. */
static void
note_defs(struct work *w, uint32_t host, const struct defs *defs)
{
	const struct conf_host *h = &w->s->conf.hosts[host];
	struct journal_definition d = {
		.cluster = w->s->conf.clusters[h->cluster].name,
		.host = h->name,
		.seen_ms = loop_wall_ms(),
	};
	char uuid[UUID_STR];

	for (size_t i = 0; defs != NULL && i < defs->n; i++) {
		const struct def *def = defs->v[i];

		uuid_format(uuid, &def->uuid);
		d.path = def->path;
		d.name = def->name;
		d.uuid = uuid_is_nil(&def->uuid) ? NULL : uuid;
		d.text = def->text;
		d.mtime_s = defs->mtime_s[i];
		journal_note_definition(w->journal, &d);
	}
}

/* Files that are not there any more; of a host that could not read all of them
 * nobody knows. */
static void
note_missing(struct work *w, uint32_t host, const struct defs *was,
    const struct defs *now)
{
	const struct conf_host *h = &w->s->conf.hosts[host];
	struct journal_definition d = {
		.cluster = w->s->conf.clusters[h->cluster].name,
		.host = h->name,
		.mtime_s = -1,
		.seen_ms = loop_wall_ms(),
	};

	for (size_t i = 0; was != NULL && now->note == NULL && i < was->n;
	    i++) {
		if (defs_at_path(now, was->v[i]->path) != NULL)
			continue;
		d.path = was->v[i]->path;
		d.name = was->v[i]->name;
		journal_note_definition(w->journal, &d);
	}
}

static void
take_event(void *arg, const struct event *e)
{
	struct work *w = arg;

	if (e->type != EVENT_DEFS || e->host >= w->s->conf.nhosts)
		return;
	note_defs(w, e->host, e->u.defs);
	note_missing(w, e->host, model_defs(w->s->model, e->host), e->u.defs);
}

/* --- What is to be done ----------------------------------------------------------- */

static void
begin(struct work *w, const struct job_effect *e,
    int (*how)(const struct runners *rs, const struct run *run,
    struct mono now))
{
	struct mono now = loop_now();
	char why[200];

	if (how(&w->runners, &e->run, now) == 0)
		return;
	snprintf(why, sizeof why, "%s is not connected",
	    w->s->conf.hosts[e->run.host].name);
	jobs_not_started(w->jobs, e, why, now);
}

static void
carry_out(struct work *w, const struct job_effect *e)
{
	switch (e->type) {
	case JOB_WRITE:
		journal_write(w->journal, e);
		break;
	case JOB_START:
		begin(w, e, runners_start);
		break;
	case JOB_ATTACH:
		begin(w, e, runners_attach);
		break;
	case JOB_CANCEL:
		runners_cancel(&w->runners, &e->run);
		break;
	case JOB_FORGET:
		runners_forget(&w->runners, &e->run);
		break;
	case JOB_TELL:
		tell(w, e->level, e->job, e->step, e->text);
		break;
	}
}

void
work_turn(struct work *w, struct mono *deadline)
{
	struct job_effect e;

	runners_tick(&w->runners, loop_now(), deadline);
	asking_turn(&w->asking, loop_now(), deadline);
	jobs_turn(w->jobs, w->s->model, loop_now(), loop_wall_ms(), deadline);
	while (jobs_take(w->jobs, &e))
		carry_out(w, &e);
}

/* --- Opening and closing ------------------------------------------------------------ */

static void
make_runners(struct work *w)
{
	const struct run_sink sink = { .news = take_news, .arg = w };
	struct wiring *wiring = &w->s->wiring;

	for (size_t i = 0; i < wiring->loop.nbackends; i++) {
		struct backend *b = wiring->backends[i];

		/* The loop has some without hosts, too: a verb's signals. */
		if (strcmp(b->ops->name, "sim") == 0)
			w->runners.v[w->runners.n++] = simrun_new(b, &sink);
		else if (strcmp(b->ops->name, "remote") == 0)
			w->runners.v[w->runners.n++] = runremote_new(b,
			    &w->s->conf, &sink);
	}
}

struct work *
work_open(struct session *s, bool keep, const struct work_sink *sink,
    struct err *err)
{
	struct work *w = x_calloc(1, sizeof *w);
	const struct journal_sink js = {
		.written = take_written,
		.adopt = take_job,
		.tell = take_word,
		.rows = take_rows,
		.arg = w,
	};

	w->s = s;
	if (sink != NULL)
		w->sink = *sink;
	find_operator(w->operator, sizeof w->operator);
	w->journal = journal_open(&s->conf, keep ? NULL : ":memory:",
	    w->operator, &js, err);
	if (w->journal == NULL) {
		x_free(w);
		return NULL;
	}
	w->jobs = jobs_new(&s->conf, journal_key(w->journal));
	asking_init(&w->asking, &w->runners, journal_key(w->journal));
	make_runners(w);
	wiring_add(&s->wiring, journal_backend(w->journal));
	for (uint32_t i = 0; i < s->conf.nhosts; i++)
		if (model_host(s->model, i)->seen) /* else it is old news */
			note_defs(w, i, model_defs(s->model, i));
	s->also = (struct event_sink){ take_event, w };
	return w;
}

void
work_listen(struct work *w, const struct work_sink *sink)
{
	w->sink = sink != NULL ? *sink : (struct work_sink){ 0 };
}

void
work_close(struct work *w)
{
	enum { LAST_WORDS_MS = 3000 };

	if (w == NULL)
		return;
	w->s->also = (struct event_sink){ 0 };
	wiring_drop(&w->s->wiring, journal_backend(w->journal));
	runners_free(&w->runners);
	asking_free(&w->asking);
	journal_close(w->journal, LAST_WORDS_MS);
	jobs_free(w->jobs);
	x_free(w);
}

/* --- For those who have it ------------------------------------------------------------ */

uint64_t
work_add(struct work *w, const struct plan *p)
{
	return jobs_add(w->jobs, p, w->operator, loop_now(), loop_wall_ms());
}

void
work_cancel(struct work *w, uint64_t job)
{
	jobs_cancel(w->jobs, job, loop_now());
}

void
work_probe(struct work *w, uint32_t host, const char *lines)
{
	asking_ask(&w->asking, host, lines, loop_now());
}

const struct probes *
work_probes(const struct work *w)
{
	return &w->asking.probes;
}

size_t
work_probing(const struct work *w)
{
	return asking_count(&w->asking);
}

const struct jobs *
work_jobs(const struct work *w)
{
	return w->jobs;
}

const char *
work_failure(const struct work *w)
{
	return journal_failure(w->journal);
}

const char *
work_operator(const struct work *w)
{
	return w->operator;
}

uint32_t
work_query(struct work *w, const struct ledger_filter *f)
{
	return journal_query(w->journal, f);
}

bool
work_wait(struct work *w, uint64_t job, struct mono until)
{
	for (;;) {
		const struct job *found;
		struct mono next = until;

		work_turn(w, &next);
		found = jobs_find(w->jobs, job);
		if (found == NULL || job_over(found))
			return true;
		if (mono_reached(until, loop_now()))
			return false;
		session_turn(w->s, next);
	}
}
