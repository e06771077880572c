/* A monkey at the console: seeded random keys as bytes, resizes, events and
 * leaps of time, and after each the screen and what is behind it must be sound;
 * each tenth screen is drawn. A run is a list of steps, each a number, so that
 * one that fails can be made shorter: parts are left out, in a child process
 * each, as long as it still fails. MONKEY=N runs N steps, MONKEY_SEED=N others. */
#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/tape.h"
#include "core/jobs.h"
#include "core/mem.h"
#include "core/prng.h"
#include "core/utf8.h"
#include "tests/lib/fakecons.h"
#include "tests/lib/obsgen.h"
#include "tests/lib/scene.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/travel.h"
#include "tui/view.h"

enum {
	STEPS = 20000,   /* MONKEY=100000 in CI */
	DRAW_EACH = 10,  /* drawing is the most of the work */
	LAST_SHOWN = 30, /* steps printed of a failure */
	REPLAYED = 500000, /* steps, to make it shorter */
	STUCK_S = 20,    /* processor time that no step may take */
};

struct monkey {
	struct scene s;
	struct canvas c;
	struct input input;
	struct obsgen gen;
	struct tape *tape;
	struct travel travel;
	struct jobs *jobs;
	struct fakecons cons;
	const char *wrong; /* of what a key began */
	unsigned plans, asked; /* jobs that came of it; after a question */
	unsigned seen; /* views that were drawn, by bit */
	unsigned modes; /* moments that were shown, too */
};

/* --- What it does -------------------------------------------------------- */

enum deed { ACT_KEY, ACT_BYTES, ACT_RESIZE, ACT_DOMAIN, ACT_RANDOM_OBS,
	ACT_LINK, ACT_NOTE, ACT_PASS, ACT_LEAP, ACT_TEXT, ACT_MODE,
	ACT_QUESTION };

static const struct {
	enum deed act;
	unsigned share; /* of 100 */
	const char *name;
} acts[] = {
	{ ACT_KEY, 61, "key" },
	{ ACT_QUESTION, 1, "question" },
	{ ACT_BYTES, 6, "bytes" },
	{ ACT_TEXT, 5, "text" },
	{ ACT_RESIZE, 4, "resize" },
	{ ACT_DOMAIN, 6, "domain" },
	{ ACT_RANDOM_OBS, 3, "any observation" },
	{ ACT_LINK, 4, "link" },
	{ ACT_NOTE, 2, "note" },
	{ ACT_PASS, 5, "seconds" },
	{ ACT_LEAP, 1, "leap" },
	{ ACT_MODE, 2, "mode" },
};

enum { NACTS = sizeof acts / sizeof acts[0] };

static size_t
act_of(uint64_t step)
{
	unsigned at = (unsigned)(step % 100);
	size_t i = 0;

	while (i + 1 < NACTS && at >= acts[i].share)
		at -= acts[i++].share;
	return i;
}

/* What xterm sends for a key. */
static size_t
bytes_of(char out[8], uint32_t key)
{
	static const struct {
		uint32_t key;
		const char *bytes;
	} known[] = {
		{ KEYC_UP, "\033[A" }, { KEYC_DOWN, "\033[B" },
		{ KEYC_RIGHT, "\033[C" }, { KEYC_LEFT, "\033[D" },
		{ KEYC_HOME, "\033[H" }, { KEYC_END, "\033[F" },
		{ KEYC_PGUP, "\033[5~" }, { KEYC_PGDN, "\033[6~" },
		{ KEYC_INSERT, "\033[2~" }, { KEYC_DELETE, "\033[3~" },
		{ KEYC_BACKTAB, "\033[Z" }, { KEYC_F(1), "\033OP" },
		{ KEYC_F(2), "\033OQ" }, { KEYC_F(3), "\033OR" },
		{ KEYC_F(4), "\033OS" }, { KEYC_F(5), "\033[15~" },
		{ KEYC_F(6), "\033[17~" }, { KEYC_F(7), "\033[18~" },
		{ KEYC_F(8), "\033[19~" }, { KEYC_F(9), "\033[20~" },
		{ KEYC_F(10), "\033[21~" },
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].key == key) {
			memcpy(out, known[i].bytes,
			    strlen(known[i].bytes) + 1);
			return strlen(out);
		}
	return key < KEYC_UP ? utf8_encode(out, key) : 0;
}

/* --- Jobs ------------------------------------------------------------------ */

/* What may be done without a question: it takes nothing from anybody. */
static bool
is_harmless(const struct plan *p)
{
	static const bool harmless[REQ_OPS] = {
		[REQ_START] = true,
		[REQ_UNPAUSE] = true,
		[REQ_RENAME] = true,
		[REQ_MEM_SET] = true,
		[REQ_VCPU_SET] = true,
		[REQ_VCPU_PIN] = true,
		[REQ_SCHED] = true,
		[REQ_DISK_ATTACH] = true,
		[REQ_NIC_ATTACH] = true,
		[REQ_CD_INSERT] = true,
		[REQ_CD_EJECT] = true,
	};

	return p->n == 1 && harmless[p->steps[0].req.op];
}

/* Before a key: whether it is one that agrees to what is asked. */
static bool
agrees(const struct app *a, uint32_t key)
{
	const struct act *x = &a->ui.act;
	const struct binding *b = keymap_find(&a->keys, ui_context(&a->ui),
	    key, a->demo);

	if (b == NULL)
		return false;
	if (x->stage == ACT_ASK)
		return b->cmd == CMD_ACT_YES;
	return x->stage == ACT_CONFIRM && b->cmd == CMD_ACCEPT &&
	    x->word[0] != '\0' && strcmp(x->word, a->ui.line.text) == 0;
}

static const char *
check_plan(const struct plan *p, bool agreed)
{
	if (p->n == 0)
		return "a plan has steps";
	if (!agreed && !is_harmless(p))
		return "nothing is done without y or the word";
	return NULL;
}

/* The journal writes what it is told, and what is run ends well, badly, or is
 * not heard of again. */
static void
serve(struct monkey *m, const struct job_effect *e)
{
	unsigned chance = (unsigned)(m->s.wall_ms / 50 % 7);
	char id[RUN_ID_MAX + 1];
	struct run_news n = { .id = id, .host = e->run.host };

	snprintf(id, sizeof id, "%s", e->run.id != NULL ? e->run.id : "");
	if (e->type == JOB_WRITE) {
		jobs_written(m->jobs, e->seq, chance == 0 ? "disk full" : NULL,
		    m->s.now);
	} else if (e->type == JOB_START) {
		n.what = chance == 1 ? RUN_GUARDED : RUN_STARTED;
		n.why = "it is another domain";
		jobs_news(m->jobs, &n, m->s.now, m->s.wall_ms);
		n.what = chance == 2 ? RUN_UNHEARD : RUN_ENDED;
		n.status = chance == 3;
		if (chance > 1 && chance < 5)
			jobs_news(m->jobs, &n, m->s.now, m->s.wall_ms);
	}
}

static void
work(struct monkey *m)
{
	struct mono next = MONO_NEVER;
	struct job_effect e;

	jobs_turn(m->jobs, m->s.model, m->s.now, m->s.wall_ms, &next);
	for (int i = 0; i < 100 && jobs_take(m->jobs, &e); i++)
		serve(m, &e);
}

/* What the console would do with what a key asked for. */
static void
carry_out(struct monkey *m, bool agreed)
{
	const struct effects *fx = &m->s.app.fx;

	if (fx->time != WISH_NONE)
		travel_do(&m->travel, m->s.now, m->s.wall_ms);
	if (fx->cancel != 0)
		jobs_cancel(m->jobs, fx->cancel, m->s.now);
	if (fx->plan == NULL)
		return;
	m->plans++;
	m->asked += agreed;
	if (m->wrong == NULL)
		m->wrong = check_plan(fx->plan, agreed);
	jobs_add(m->jobs, fx->plan, "monkey", m->s.now, m->s.wall_ms);
}

static void
keys_come(struct monkey *m, const char *bytes, size_t n)
{
	uint32_t key;

	input_add(&m->input, bytes, n, m->s.now);
	/* A pause behind it: an Esc alone is one. */
	m->s.now = mono_add_ms(m->s.now, 50);
	m->s.wall_ms += 50;
	while ((key = input_next(&m->input, m->s.now)) != KEYC_NONE) {
		bool agreed;

		if (key == KEYC_REPORT)
			continue;
		agreed = agrees(&m->s.app, key);
		app_key(&m->s.app, key);
		carry_out(m, agreed);
	}
}

static void
press(struct monkey *m, uint64_t r)
{
	const struct binding *b = &keymap_defaults[r % keymap_ndefaults];
	uint32_t key = b->key[r / 512 % BINDING_KEYS];
	char bytes[8];
	size_t n = bytes_of(bytes, key != 0 ? key : b->key[0]);

	keys_come(m, bytes, n);
}

static void
garbage(struct monkey *m, uint64_t r)
{
	char bytes[24];
	struct prng g;
	size_t n;

	prng_init(&g, r);
	n = 1 + prng_below(&g, sizeof bytes - 1);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(prng_below(&g, 4) == 0 ? '\033' :
		    prng_below(&g, 256));
	keys_come(m, bytes, n);
}

/* Words that mean something where lines are typed. */
static void
type_text(struct monkey *m, uint64_t r)
{
	static const char *const texts[] = { "/web", "/state:running cpu>50",
		"/!host:beta", "/(", "/a|b", ":sort cpu\r", ":goto -1min\r", ":\t\t",
		":theme ", "/\xe5\x8c\x97", "/e\xcc\x81", "/  ", "/x\r", "\r",
		"0123456789", ":set \t\r", "/prio<=3\r", "/re:[a-z]+$\r",
		"dy", "Ky", "Fy", ":mail\rRy", "uy", "*dy", "2", "web1\r",
		":web2\rd", "xjjjj\r", "y", "J\r", "c", "\035" };
	const char *text = texts[r % (sizeof texts / sizeof texts[0])];

	keys_come(m, text, strlen(text));
}

static void
resize(struct monkey *m, uint64_t r)
{
	static const int sides[][2] = { { 80, 24 }, { 60, 15 }, { 200, 60 },
		{ 1, 1 }, { 400, 120 }, { 40, 8 }, { 39, 8 }, { 40, 7 } };
	int w = (int)(1 + r / 64 % 120), h = (int)(1 + r / 65536 % 40);

	if (r % 2 == 0) {
		w = sides[r / 2 % 8][0];
		h = sides[r / 2 % 8][1];
	}
	canvas_resize(&m->c, w, h);
	app_resize(&m->s.app, w, h);
}

static void
domain(struct monkey *m, uint64_t r)
{
	static const char *const names[] = { "web1", "web1--incoming", "x",
		"web1--migratedaway", "\xe5\xad\x97\xe5\xad\x97", "mail" };
	struct scene *s = &m->s;
	int host = (int)(r % DELTA);
	struct obs_dom *d;

	if (r / 4 % 3 == 0 && s->obs[host].ndoms > 1) {
		scene_drop(s, host, s->obs[host].doms[1 + r / 512 %
		    (s->obs[host].ndoms - 1)].name);
	} else if (s->obs[host].ndoms < 40) {
		d = scene_dom(s, host, 200 + (uint32_t)(r / 512 % 50),
		    (unsigned)(r / 1024 % 12), names[r / 64 % 6]);
		d->flags = (unsigned)(r / 4096 % 32);
		d->reason = (enum shutdown_reason)(r / 8192 % 6);
	}
}

static void
apply(struct monkey *m, struct event e)
{
	e.at = m->s.now;
	e.wall_ms = m->s.wall_ms;
	tape_add(m->tape, &e);
	model_apply(m->s.model, &e);
}

/* Delta says whatever it likes. */
static void
any_observation(struct monkey *m)
{
	obsgen_step(&m->gen, &m->s.obs[DELTA]);
	apply(m, (struct event){ .type = EVENT_OBS, .host = DELTA,
		.u.obs = &m->s.obs[DELTA] });
}

static void
link_changes(struct monkey *m, uint64_t r)
{
	apply(m, (struct event){ .type = EVENT_LINK,
		.host = (uint32_t)(r % SCENE_HOSTS),
		.u.link = { .state = (enum link_state)(r / 512 % 5),
		    .reason = r & 4096 ? "because of a reason that is rather "
		    "long, longer than any line could be, and then some" : NULL,
		    .note = r & 8192 ? "a note" : NULL,
		    .transport = r & 16384 ? "openssh" : NULL,
		    .observer = r & 32768 ? "shell" : NULL,
		    .retry = mono_add_ms(m->s.now, (int64_t)(r % 9000)) } });
}

static void
note(struct monkey *m, uint64_t r)
{
	static const char *const texts[] = { "something burns", "",
		"\xe5\xad\x97 of no length at all, but written out at such "
		"length that it has to be wrapped, and more than once at that",
		"unbreakableunbreakableunbreakableunbreakableunbreakableunb" };

	apply(m, (struct event){ .type = EVENT_NOTE, .host = EVENT_NO_HOST,
		.u.note = { (enum note_level)(r % 3), texts[r / 8 % 4] } });
}

/* The hosts of the scene go on counting; delta is obsgen's. */
static void
pass(struct monkey *m, uint64_t r)
{
	scene_pass(&m->s, 1 + (int)(r % 4), (unsigned)(r / 64 % 8));
}

/* An hour of a suspended machine; a wall clock that is set. */
static void
leap(struct monkey *m, uint64_t r)
{
	if (r & 64)
		m->s.now = mono_add_ms(m->s.now, (int64_t)(r / 128 % 4000000));
	m->s.wall_ms += (int64_t)(r / 1024 % 10000000) - 5000000;
}

/* The reader's screen is another one for every view: not for long. */
static void
change_mode(struct monkey *m, uint64_t r)
{
	bool reader = (r & 14) == 0;

	m->s.app.ascii = r & 1;
	if (reader != m->s.app.ui.reader)
		reader_set(&m->s.app, reader);
}

/* The way to a box that asks, in which others then press what they like. */
static void
question(struct monkey *m, uint64_t r)
{
	static const char *const texts[] = { "d", "K", "R", "F", "u", "*d", "*K",
		"xjjjjjjjj\r", "dy", "Fy", "*Fy", "*d1\r", "Ry", "*d7\r" };
	static const char *const vms[] = { ":web1\r", ":test1\r", ":ns1\r",
		":mail\r" };
	static const char home[] = "\035\033\033\033\033\033\033z";

	for (int h = 0; h < DELTA; h++)
		apply(m, (struct event){ .type = EVENT_LINK,
			.host = (uint32_t)h, .u.link = { .state = LINK_LIVE } });
	scene_pass(&m->s, 2, 7);
	for (size_t i = 0; i < sizeof home - 1; i++)
		keys_come(m, home + i, 1);
	for (int i = 0; i < 2; i++) {
		const char *t = i == 0 ? vms[r % 4] : texts[r / 4 % 14];

		keys_come(m, t, strlen(t));
	}
}

static void
act(struct monkey *m, uint64_t step)
{
	uint64_t r = step / 100;
	struct mono next = MONO_NEVER;

	switch (acts[act_of(step)].act) {
	case ACT_KEY: press(m, r); break;
	case ACT_BYTES: garbage(m, r); break;
	case ACT_TEXT: type_text(m, r); break;
	case ACT_RESIZE: resize(m, r); break;
	case ACT_DOMAIN: domain(m, r); break;
	case ACT_RANDOM_OBS: any_observation(m); break;
	case ACT_LINK: link_changes(m, r); break;
	case ACT_NOTE: note(m, r); break;
	case ACT_PASS: pass(m, r); break;
	case ACT_LEAP: leap(m, r); break;
	case ACT_MODE: change_mode(m, r); break;
	case ACT_QUESTION: question(m, r); break;
	}
	travel_turn(&m->travel, m->s.now, m->s.wall_ms, &next);
	work(m);
	vmcon_turn(&m->s.app.vmcon, m->s.model, m->s.now, &next);
	m->cons.locked = r & 1;
	app_tick(&m->s.app, m->s.now, m->s.wall_ms);
	m->modes |= 1u << m->s.app.ui.time.mode;
}

/* --- What must hold ------------------------------------------------------ */

#define MUST(what) do { if (!(what)) return #what; } while (0)

static const char *
check_ui(const struct monkey *m)
{
	const struct app *a = &m->s.app;
	const struct ui *ui = &a->ui;
	struct layout home;
	size_t copies = 0;
	int line;

	MUST(ui->nlayers >= 1 && ui->nlayers <= UI_LAYERS);
	for (size_t i = 0; i < ui->nlayers; i++) {
		MUST(ui->layer[i].view < VIEW_COUNT);
		MUST(ui->layer[i].top >= 0);
	}
	MUST(ui->top >= 0);
	MUST(ui->act.top >= 0);
	MUST(ui->act.stage == ACT_NONE || ui->menu == MENU_NONE);
	MUST(ui->act.stage == ACT_NONE || ui->time.mode == TIME_NOW);
	MUST(memchr(ui->msg, '\0', sizeof ui->msg) != NULL);
	MUST(memchr(ui->filter_text, '\0', sizeof ui->filter_text) != NULL);
	for (size_t i = 0; i < model_nvms(a->model); i++)
		copies += model_vm_at(a->model, i)->ncopies + 1;
	MUST(a->rows.n <= copies + 2 * SCENE_HOSTS + 2);
	if (a->rows.n == 0)
		return NULL;
	MUST(ui->sel_row < a->rows.n);
	MUST(row_id_equal(a->rows.v[ui->sel_row].id, ui->sel));
	layout_home(&home, ui, a->w, a->h);
	line = (int)ui->sel_row - ui->top;
	MUST(line >= 0 && (line < home.body.h || home.small));
	return NULL;
}

static const char *
check_line(const struct canvas *c, int y)
{
	for (int x = 0; x < c->w; x++) {
		const struct cell *at = canvas_at(c, x, y);

		MUST((at->style & 0x7f) < STYLE_COUNT ||
		    at->style == STYLE_OWN);
		MUST(at->width <= 2);
		if (at->width == 2)
			MUST(x + 1 < c->w && canvas_at(c, x + 1, y)->width == 0);
		if (at->width == 0) {
			MUST(x > 0 && canvas_at(c, x - 1, y)->width == 2);
			continue;
		}
		MUST(at->cp[0] >= 0x20 && at->cp[0] <= 0x10ffff);
		MUST(at->cp[0] < 0x7f || (at->cp[0] >= 0xa0 && !c->ascii));
	}
	return NULL;
}

static const char *
check_canvas(const struct canvas *c)
{
	const char *wrong = NULL;

	MUST(c->cursor_x >= 0 && c->cursor_x < c->w);
	MUST(c->cursor_y >= 0 && c->cursor_y < c->h);
	MUST(memcmp(&c->clip, &(struct rect){ 0, 0, c->w, c->h },
	    sizeof c->clip) == 0);
	for (int y = 0; y < c->h && wrong == NULL; y++)
		wrong = check_line(c, y);
	return wrong;
}

/* Rows that were not made anew are what they would be. */
static const char *
check_rows(const struct monkey *m)
{
	const struct rows *have = &m->s.app.rows;
	struct rows again = { 0 };
	bool same;

	rows_make(&again, m->s.app.model, &m->s.app.ui);
	same = again.n == have->n && again.matches == have->matches &&
	    memcmp(&again.all, &have->all, sizeof again.all) == 0;
	for (size_t i = 0; same && i < again.n; i++)
		same = row_id_equal(again.v[i].id, have->v[i].id);
	rows_free(&again);
	return same ? NULL : "rows are as if made anew";
}

static const char *
check(struct monkey *m, bool draw)
{
	const char *wrong = m->wrong != NULL ? m->wrong : check_ui(m);
	int w = m->c.w, h = m->c.h;

	if (wrong != NULL || !draw)
		return wrong;
	app_draw(&m->s.app, &m->c);
	m->seen |= 1u << m->s.app.ui.layer[m->s.app.ui.nlayers - 1].view;
	MUST(m->c.w == w && m->c.h == h);
	wrong = check_canvas(&m->c);
	return wrong != NULL ? wrong : check_rows(m);
}

/* --- Running ------------------------------------------------------------- */

static void
start(struct monkey *m)
{
	memset(m, 0, sizeof *m);
	scene_init(&m->s);
	m->s.app.demo = true;
	m->s.conf.tape_kb = 256; /* the oldest is dropped now and then */
	m->tape = tape_open(&m->s.conf, m->s.now, m->s.wall_ms, NULL);
	m->s.tee = (struct event_sink){ tape_add, m->tape };
	travel_init(&m->travel, &m->s.app, m->s.model, NULL);
	m->travel.tape = m->tape;
	m->jobs = jobs_new(&m->s.conf, "monkey");
	m->s.app.jobs = m->jobs;
	m->s.app.vmcon.source = fakecons_source(&m->cons);
	canvas_init(&m->c, 80, 24);
	app_resize(&m->s.app, 80, 24);
	input_init(&m->input, NULL, 0);
	obsgen_init(&m->gen, 1);
}

static void
end(struct monkey *m)
{
	canvas_free(&m->c);
	travel_free(&m->travel);
	tape_free(m->tape);
	scene_free(&m->s);
	jobs_free(m->jobs);
}

/* Each step starts the clock of processor time anew. */
static void
allow(void)
{
	const struct itimerval t = { .it_value = { .tv_sec = STUCK_S } };

	setitimer(ITIMER_PROF, &t, NULL);
}

/* NULL, or what does not hold after step *at. */
static const char *
run(const uint64_t *steps, size_t n, size_t *at)
{
	const char *wrong = NULL;
	struct monkey m;

	start(&m);
	for (*at = 0; *at < n && wrong == NULL; ++*at) {
		if (*at % 64 == 0)
			allow();
		act(&m, steps[*at]);
		wrong = check(&m, *at % DRAW_EACH == 0 || *at + 1 == n);
	}
	/* Else it would prove little. */
	if (wrong == NULL && n >= STEPS && m.seen != (1u << VIEW_COUNT) - 1)
		wrong = "every view was seen";
	if (wrong == NULL && n >= STEPS && m.asked < 5) {
		fprintf(stderr, "%u jobs, %u after a question\n", m.plans,
		    m.asked);
		wrong = "things were done after a question";
	}
	if (wrong == NULL)
		end(&m);
	return wrong;
}

/* In a child, which may die of it. True: it fails; *at is where. */
static bool
fails(const uint64_t *steps, size_t n, size_t *at, bool quiet)
{
	size_t where = 0;
	int pipes[2], status;
	pid_t pid;

	if (pipe(pipes) != 0 || (pid = fork()) < 0)
		return false;
	if (pid == 0) {
		const char *wrong;

		close(pipes[0]);
		if (quiet && freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		wrong = run(steps, n, &where);
		if (wrong != NULL)
			fprintf(stderr, "it does not hold that %s\n", wrong);
		if (write(pipes[1], &where, sizeof where) < 0)
			_exit(2);
		_exit(wrong != NULL);
	}
	close(pipes[1]);
	*at = read(pipes[0], &where, sizeof where) == sizeof where ? where : n;
	close(pipes[0]);
	while (waitpid(pid, &status, 0) < 0)
		;
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/* --- Telling ------------------------------------------------------------- */

static void
tell(const uint64_t *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t r = steps[i] / 100;
		size_t a = act_of(steps[i]);
		const struct binding *b = &keymap_defaults[r % keymap_ndefaults];
		char name[16] = "";

		if (acts[a].act == ACT_KEY)
			input_key_name(name, b->key[r / 512 % BINDING_KEYS] !=
			    0 ? b->key[r / 512 % BINDING_KEYS] : b->key[0]);
		fprintf(stderr, "  %s %s %s(%" PRIu64 ")\n", acts[a].name,
		    name, acts[a].act == ACT_KEY ? b->name : "", steps[i]);
	}
}

/* Leaves out halves, quarters and so on as long as what remains fails. */
static size_t
shorten(uint64_t *steps, size_t n)
{
	uint64_t *less = x_calloc(n, sizeof *less);
	size_t done = 0, at;

	for (size_t part = n / 2; part > 0 && done < REPLAYED; part /= 2)
		for (size_t from = 0; from < n && done < REPLAYED;) {
			size_t cut = part < n - from ? part : n - from;

			memcpy(less, steps, from * sizeof *steps);
			memcpy(less + from, steps + from + cut,
			    (n - from - cut) * sizeof *steps);
			done += n - cut;
			if (fails(less, n - cut, &at, true)) {
				n -= cut;
				memcpy(steps, less, n * sizeof *steps);
			} else {
				from += cut;
			}
		}
	x_free(less);
	return n;
}

static void
stuck(int sig)
{
	static const char text[] = "monkey: a step takes for ever\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);

	(void)ignored;
	(void)sig;
	_exit(3);
}

static long
setting(const char *name, long otherwise)
{
	const char *s = getenv(name);

	return s != NULL && *s != '\0' ? strtol(s, NULL, 10) : otherwise;
}

static void
monkey(void **state)
{
	size_t n = (size_t)setting("MONKEY", STEPS), at = 0;
	uint64_t seed = (uint64_t)setting("MONKEY_SEED", 1);
	uint64_t *steps = x_calloc(n, sizeof *steps);
	const char *wrong;
	struct prng r;

	(void)state;
	prng_init(&r, seed);
	for (size_t i = 0; i < n; i++)
		steps[i] = prng_next(&r);
	if (!fails(steps, n, &at, false)) {
		x_free(steps);
		return;
	}
	fprintf(stderr, "seed %" PRIu64 ", step %zu; the last were\n", seed,
	    at);
	tell(steps + (at > LAST_SHOWN ? at - LAST_SHOWN : 0),
	    at > LAST_SHOWN ? LAST_SHOWN : at);
	n = shorten(steps, at);
	fprintf(stderr, "%zu of them are enough:\n", n);
	tell(steps + (n > 200 ? n - 200 : 0), n > 200 ? 200 : n);
	/* Once more, here, for a debugger and to say what it is. */
	wrong = run(steps, n, &at);
	fail_msg("after step %zu it does not hold that %s", at,
	    wrong != NULL ? wrong : "(it does when not in a child)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(monkey),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	signal(SIGPROF, stuck);
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
