/* Runs the console: terminal, signals, backends and the app in one loop. Keys
 * come first in every turn; a frame is drawn only when something changed, the
 * terminal has taken the one before, and the last is old enough, so that
 * nothing ever queues between a key and its answer. */
#include "tui/console.h"

#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alarm.h"
#include "core/mem.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/editing.h"
#include "tui/histfile.h"
#include "tui/input.h"
#include "tui/keep.h"
#include "tui/preflight.h"
#include "tui/signals.h"
#include "tui/term.h"
#include "tui/travel.h"

enum {
	KEY_FRAME_MS = 5,    /* least time between frames after keys */
	MODEL_FRAME_MS = 250, /* and when only figures changed; */
	GUEST_FRAME_MS = 30, /* and when a guest's screen changed */
	BELL_MS = 1000,      /* a guest rings no oftener */
	FRAME_SHARE = 20,    /* at most one part in so many of the time */
	BUSY_MS = 30,        /* a slow terminal is looked at again */
	HISTORY_JOBS = 500,
	TURN_KEYS = 64,      /* keys handled before a frame may be drawn */
};

struct console {
	const struct console_opts *o;
	struct terminal *term;
	struct signals signals;
	struct loop loop; /* the backends and the signals */
	struct app app;
	struct keep keep;
	struct alarms *alarms;
	struct editing editing;
	struct travel travel;
	struct canvas canvas;
	struct mono last_frame;
	int64_t frame_cost_ms; /* that it took to make it */
	int64_t shown_second;
	uint64_t shown_guest; /* vmcon_changes */
	struct mono rang;
	uint32_t query;   /* of the journal, the last */
	uint64_t shown_generation, shown_changes, shown_jobs;
	bool dirty;       /* a key or a resize: show soon */
	int end;          /* exit code + 1 once it is known, */
	struct err why;   /* and why, if there is something to say */
};

/* --- Leaving in a hurry -------------------------------------------------------------- */

static void
out_of_memory(void)
{
	static const char text[] = "xendeck: out of memory\n";
	ssize_t ignored;

	term_rescue();
	ignored = write(STDERR_FILENO, text, sizeof text - 1);
	(void)ignored;
	_exit(1);
}

/* --- Effects ------------------------------------------------------------------------- */

static void
resize(struct console *c)
{
	int w, h;

	term_measure(c->term, &w, &h);
	canvas_resize(&c->canvas, w, h);
	app_resize(&c->app, c->canvas.w, c->canvas.h);
	c->dirty = true;
}

static void
suspend(struct console *c)
{
	term_leave(c->term);
	signals_stop();
	term_enter(c->term);
	resize(c);
}

static void
control(struct console *c, struct mono now)
{
	const struct effects *fx = &c->app.fx;
	const char *name = model_host(c->app.model, fx->host)->name;

	if (c->app.ui.time.mode == TIME_REPLAY)
		app_say(&c->app, STYLE_WARN, "This is a recording: nothing "
		    "here reaches %s.", name);
	else if (c->app.ui.time.mode == TIME_PAST)
		app_say(&c->app, STYLE_WARN, "This is the past: nothing here "
		    "reaches %s. z goes back to now.", name);
	else if (c->o->control == NULL || c->o->control(c->o->control_arg,
	    fx->host, fx->what, now) != 0)
		app_say(&c->app, STYLE_WARN, "%s: that cannot be done here.",
		    name);
	else if (fx->what == CONTROL_RECONNECT)
		app_say(&c->app, STYLE_STATUS, "%s: connecting anew.", name);
	else
		app_say(&c->app, STYLE_STATUS, "%s: so be it.", name);
}

static void
ask(struct console *c, struct mono now)
{
	const struct effects *fx = &c->app.fx;

	if (c->app.ui.time.mode != TIME_NOW || c->o->ask == NULL ||
	    c->o->ask(c->o->control_arg, fx->host, fx->ask_what, now) != 0)
		app_ask_refused(&c->app);
}

/* What must be known of the hosts that the VM might go to. */
static void
probe(struct console *c)
{
	const struct act *x = &c->app.ui.act;
	struct action a = x->action;

	a.vm = x->v[0].vm;
	a.host = x->v[0].host;
	a.probes = c->app.probes;
	preflight_ask(c->o->work, &a, c->app.model);
}

static void
ask_journal(struct console *c)
{
	struct app *a = &c->app;
	const struct ledger_filter f = {
		.word = a->history_word[0] != '\0' ? a->history_word : NULL,
		.key = a->history_key[0] != '\0' ? a->history_key : NULL,
		.limit = HISTORY_JOBS,
	};

	c->query = work_query(c->o->work, &f);
}

static void
take_rows(void *arg, uint32_t query, const struct ledger_job *v, size_t n,
    const char *error)
{
	struct console *c = arg;

	if (query != c->query)
		return;
	app_history_came(&c->app, v, n, error);
	c->dirty = true;
}

static void
take_word(void *arg, enum note_level level, const struct job *job,
    size_t step, const char *text)
{
	struct console *c = arg;

	(void)job;
	(void)step;
	app_job_told(&c->app, level, text);
	c->dirty = true;
	if (level >= NOTE_WARNING && model_conf(c->app.model)->alarms.bell)
		term_bell(c->term);
}

static void
act(struct console *c)
{
	const struct effects *fx = &c->app.fx;
	const struct jobs *jobs = work_jobs(c->o->work);
	char key[KEYMAP_NAME];

	if (fx->plan != NULL) {
		work_add(c->o->work, fx->plan);
		app_say(&c->app, STYLE_STATUS, "%s: begun; %s shows how far it "
		    "is.", fx->plan->title, keymap_first(key, &c->app.keys,
		    "jobs"));
	}
	if (fx->probe)
		probe(c);
	if (fx->history)
		ask_journal(c);
	if (fx->cancel != 0)
		work_cancel(c->o->work, fx->cancel);
	for (size_t i = 0; fx->cancel_all && i < jobs_count(jobs); i++)
		work_cancel(c->o->work, jobs_at(jobs, i)->id);
}

static void behind(void *arg);

/* The terminal is the editor's, everything else goes on behind it. */
static void
edit(struct console *c)
{
	struct err say = { 0 };
	struct plan p;
	int rc;

	plan_init(&p);
	term_leave(c->term);
	rc = editing_run(&c->editing, &p, c->o->model, c->app.fx.vm, behind, c,
	    &say);
	term_enter(c->term);
	resize(c);
	if (rc == 0)
		c->editing.job = work_add(c->o->work, &p);
	else
		app_say(&c->app, rc < 0 ? STYLE_WARN : STYLE_STATUS, "%s",
		    say.msg);
	plan_free(&p);
}

static void
save(struct console *c)
{
	struct err e = { 0 };

	if (keep_save(&c->keep, &c->app, true, &e) != 0)
		app_say(&c->app, STYLE_WARN, "%s", e.msg);
	else
		app_say(&c->app, STYLE_STATUS, "Kept in %s.", c->keep.path);
}

static void
carry_out(struct console *c, struct mono now, int64_t wall_ms)
{
	const struct effects *fx = &c->app.fx;

	if (c->o->work != NULL)
		act(c);
	if (fx->quit)
		c->end = 1;
	if (fx->control)
		control(c, now);
	if (fx->ask)
		ask(c, now);
	if (fx->theme[0] != '\0' && term_theme(c->term, fx->theme) != 0)
		app_say(&c->app, STYLE_WARN, "There is no theme \"%s\".",
		    fx->theme);
	if (fx->save)
		save(c);
	if (fx->time != WISH_NONE)
		travel_do(&c->travel, now, wall_ms);
	if (fx->repaint)
		resize(c);
	if (fx->copy != NULL)
		term_copy(c->term, fx->copy);
	term_set_mouse(c->term, c->app.mouse);
	if (fx->suspend)
		suspend(c);
	if (fx->edit && c->o->work != NULL && c->o->model != NULL)
		edit(c);
}

/* --- One turn ------------------------------------------------------------------------ */

static void
handle_signals(struct console *c)
{
	int end = signals_took_end(&c->signals);

	if (end != 0)
		c->end = 128 + end + 1;
	if (signals_took_stop(&c->signals))
		suspend(c);
	if (signals_took_continue(&c->signals)) {
		term_enter(c->term); /* who knows what happened to it */
		resize(c);
	}
	if (signals_took_resize(&c->signals))
		resize(c);
}

static void
handle_keys(struct console *c, struct mono now, int64_t wall_ms)
{
	uint32_t key = KEYC_NONE;

	for (int i = 0; i < TURN_KEYS && c->end == 0 &&
	     (key = term_key(c->term, now)) != KEYC_NONE; i++) {
		if (i == 0)
			app_ready(&c->app, now, wall_ms);
		if (key == KEYC_MOUSE)
			app_mouse(&c->app, term_mouse(c->term));
		else if (key == KEYC_PASTE)
			app_paste(&c->app, term_pasted(c->term));
		else
			app_key(&c->app, key);
		carry_out(c, now, wall_ms);
		term_set_literal(c->term, c->app.ui.guest_keys);
		c->dirty = true;
	}
	c->dirty |= term_wants_frame(c->term);
}

/* The second that the header's clock shows. */
static int64_t
second_of(const struct console *c, int64_t wall_ms)
{
	const struct ui_time *t = &c->app.ui.time;

	return (t->mode == TIME_NOW ? wall_ms : t->wall_ms) / 1000;
}

/* Whether there is something new to show; lowers *when to the moment from
 * which it may be. */
static bool
due(struct console *c, struct mono now, int64_t wall_ms, struct mono *when)
{
	bool guest = vmcon_changes(&c->app.vmcon) != c->shown_guest;
	int64_t wait = c->dirty ? KEY_FRAME_MS :
	    guest ? GUEST_FRAME_MS : MODEL_FRAME_MS;
	struct mono from;

	if (!c->dirty && !guest && wait < c->frame_cost_ms * FRAME_SHARE)
		wait = c->frame_cost_ms * FRAME_SHARE;
	if (!c->dirty && wait < term_rest_ms(c->term))
		wait = term_rest_ms(c->term);
	if (!c->dirty && c->app.ui.msg[0] != '\0' &&
	    mono_reached(c->app.ui.msg_until, now))
		c->dirty = true;
	if (!c->dirty && c->app.jobs != NULL &&
	    jobs_generation(c->app.jobs) != c->shown_jobs)
		c->dirty = true;
	if (!c->dirty && !guest && c->app.ui.reader &&
	    !reader_due(&c->app, now))
		return false;
	if (!c->dirty && !guest && !c->app.ui.reader && !term_owes(c->term) &&
	    second_of(c, wall_ms) == c->shown_second &&
	    c->travel.changes == c->shown_changes &&
	    model_generation(c->app.model) == c->shown_generation)
		return false;
	from = mono_add_ms(c->last_frame, wait);
	if (mono_reached(from, now) && !term_busy(c->term, now))
		return true;
	mono_lower(when, mono_reached(from, now) ? mono_add_ms(now, BUSY_MS) :
	    from);
	return false;
}

static void
show(struct console *c, struct mono now, int64_t wall_ms)
{
	app_tick(&c->app, now, wall_ms);
	app_draw(&c->app, &c->canvas);
	reader_shown(&c->app);
	term_show(c->term, &c->canvas, c->dirty, now);
	c->frame_cost_ms = mono_diff_ms(loop_now(), now);
	c->dirty = false;
	c->shown_guest = vmcon_changes(&c->app.vmcon);
	c->last_frame = now;
	c->shown_second = second_of(c, wall_ms);
	c->shown_changes = c->travel.changes;
	c->shown_generation = model_generation(c->app.model);
	if (c->app.jobs != NULL)
		c->shown_jobs = jobs_generation(c->app.jobs);
}

static void
watch(struct console *c, struct mono now, int64_t wall_ms,
    struct mono *deadline)
{
	struct alarms *shown = c->app.alarms;
	bool news;

	/* A recording's are its player's. */
	if (c->o->model == NULL || !alarms_update(c->alarms, c->o->model, now,
	    wall_ms, deadline))
		return;
	c->dirty = true;
	c->app.now = now;
	c->app.alarms = c->alarms; /* also while the past is shown */
	news = app_alarm_news(&c->app);
	c->app.alarms = shown;
	if (news && model_conf(c->o->model)->alarms.bell)
		term_bell(c->term);
}

/* The console of a VM, after the keys that are for it. */
static void
serve_guest(struct console *c, struct mono now, struct mono *deadline)
{
	if (c->app.vmcon.state == VMCON_CLOSED)
		return;
	vmcon_turn(&c->app.vmcon, c->o->model, now, deadline);
	if (c->o->vm_alone && vmcon_refused(&c->app.vmcon, &c->why) != 0)
		c->end = (int)c->why.kind + 1;
	app_vmconsole_follow(&c->app);
	term_set_literal(c->term, c->app.ui.guest_keys);
	if (vmcon_rang(&c->app.vmcon) &&
	    mono_diff_ms(now, c->rang) >= BELL_MS) {
		c->rang = now;
		term_bell(c->term);
		c->dirty = true;
	}
}

/* Jobs go on whatever is shown. */
static void
work(struct console *c, struct mono *deadline)
{
	enum err_kind kind;
	char text[400];

	if (c->o->work == NULL)
		return;
	work_turn(c->o->work, deadline);
	c->app.no_work = work_failure(c->o->work);
	if (editing_turn(&c->editing, c->app.jobs, c->o->model, &kind, text,
	    sizeof text)) {
		app_say(&c->app, kind == ERR_NONE ? STYLE_STATUS : STYLE_WARN,
		    "%s", text);
		c->dirty = true;
	}
	if (c->app.ui.leaving && jobs_running(c->app.jobs) == 0)
		c->end = 1;
}

/* One turn without the terminal. */
static void
behind(void *arg)
{
	enum { TURN_MS = 100 };
	struct console *c = arg;
	struct mono now = loop_now(), deadline = mono_add_ms(now, TURN_MS);

	travel_turn(&c->travel, now, loop_wall_ms(), &deadline);
	work(c, &deadline);
	watch(c, now, loop_wall_ms(), &deadline);
	loop_turn(&c->loop, -1, 0, deadline);
}

static void
turn(struct console *c)
{
	struct mono now = loop_now(), deadline;
	int64_t wall_ms = loop_wall_ms();
	short revents;

	/* The clock in the header moves with the wall clock's seconds. */
	deadline = mono_add_ms(now, 1000 - wall_ms % 1000);
	handle_signals(c);
	handle_keys(c, now, wall_ms);
	if (c->end != 0)
		return;
	travel_turn(&c->travel, now, wall_ms, &deadline);
	work(c, &deadline);
	watch(c, now, wall_ms, &deadline);
	serve_guest(c, now, &deadline);
	if (due(c, now, wall_ms, &deadline))
		show(c, now, wall_ms);
	if (c->app.ui.msg[0] != '\0')
		mono_lower(&deadline, c->app.ui.msg_until);
	term_deadline(c->term, &deadline);
	revents = loop_turn(&c->loop, term_fd(c->term), term_events(c->term),
	    deadline);
	if (!term_serve(c->term, revents, loop_now()))
		c->end = 128 + SIGHUP + 1;
}

/* --- All of it ----------------------------------------------------------------------- */

static void
join_loops(struct console *c)
{
	const struct loop *l = c->o->loop;
	size_t n = l != NULL ? l->nbackends : 0;

	c->loop.backends = x_calloc(n + 1, sizeof(struct backend *));
	for (size_t i = 0; i < n; i++)
		c->loop.backends[i] = l->backends[i];
	c->loop.backends[n] = &c->signals.base;
	c->loop.nbackends = n + 1;
}

static void
set_up_app(struct console *c)
{
	const struct console_opts *o = c->o;

	app_init(&c->app, o->model != NULL ? o->model :
	    player_model(o->player));
	c->alarms = alarms_new(model_conf(c->app.model));
	c->app.alarms = o->model != NULL ? c->alarms :
	    player_alarms(o->player);
	travel_init(&c->travel, &c->app, o->model, o->player);
	c->travel.alarms = c->alarms;
	c->travel.tape = o->tape;
	c->travel.no_tape = o->no_tape;
	c->app.title = o->title;
	c->app.vmcon.source = o->consoles;
	c->app.no_work = o->work == NULL ? o->no_work : NULL;
	c->app.jobs = o->work != NULL ? work_jobs(o->work) : NULL;
	c->app.probes = o->work != NULL ? work_probes(o->work) : NULL;
	c->app.demo = o->demo;
	c->app.read_only = o->read_only;
	c->app.mouse = c->app.mouse && !o->no_mouse;
	c->app.ascii = o->ascii ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	c->app.reader.refresh_ms = o->reader_refresh_ms;
	if (o->reader)
		reader_set(&c->app, true);
	canvas_init(&c->canvas, 0, 0);
	c->app.now = loop_now();
	histfile_load(o->history_path, &c->app.history);
	keep_open(&c->keep, o->state_path, o->state_writes, &c->app);
}

/* The terminal is the shell's again: what went wrong can be told there. */
static void
end_keeping(struct console *c)
{
	struct err e = { 0 };

	if (keep_save(&c->keep, &c->app, false, &e) != 0)
		fprintf(stderr, "xendeck: %s\n", e.msg);
	keep_close(&c->keep);
	if (c->o->history_path != NULL && c->o->state_writes &&
	    c->app.history_ran > 0 && histfile_save(c->o->history_path,
	    &c->app.history, c->app.history_ran, &e) != 0)
		fprintf(stderr, "xendeck: %s\n", e.msg);
}

int
console_run(const struct console_opts *o, struct err *e)
{
	struct term_opts topts = {
		.in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.conf = o->conf,
		.theme = o->theme,
	};
	char *kept;
	struct console c = { .o = o, .last_frame = { INT64_MIN / 2 } };

	if (signals_open(&c.signals, e) != 0)
		return ERR_FAILED;
	c.term = term_open(&topts, e);
	if (c.term == NULL) {
		signals_close(&c.signals);
		return ERR_FAILED;
	}
	mem_set_oom_hook(out_of_memory);
	atexit(term_rescue);
	join_loops(&c);
	set_up_app(&c);
	term_set_mouse(c.term, c.app.mouse);
	resize(&c);
	if (o->vm_alone) {
		c.app.vmcon_alone = true;
		app_ready(&c.app, loop_now(), loop_wall_ms());
		app_vmconsole(&c.app, o->vm);
		if (o->vm_log)
			vmcon_retry(&c.app.vmcon, true);
	}
	if (o->work != NULL)
		work_listen(o->work, &(struct work_sink){ .tell = take_word,
		    .rows = take_rows, .arg = &c });
	while (c.end == 0)
		turn(&c);
	if (o->work != NULL)
		work_listen(o->work, NULL);
	term_close(c.term);
	signals_close(&c.signals);
	mem_set_oom_hook(NULL);
	kept = editing_close(&c.editing);
	if (kept != NULL)
		fprintf(stderr, "xendeck: the definition that you edited was "
		    "not written; it is in %s\n", kept);
	x_free(kept);
	end_keeping(&c);
	travel_free(&c.travel);
	app_free(&c.app);
	alarms_free(c.alarms);
	canvas_free(&c.canvas);
	x_free(c.loop.backends);
	loop_free(&c.loop);
	if (c.why.kind != ERR_NONE)
		*e = c.why;
	return c.end - 1;
}
