/* The wall screen: golden files of what it looks like in all sizes, and that
 * its pages turn, its bad hosts stay, and it never shows silence as data.
 * GENERATE=1 writes the files anew; read the diff. */
#include <dirent.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/prng.h"
#include "tests/lib/golden.h"
#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tests/lib/shot.h"
#include "tests/lib/world.h"
#include "tui/wall.h"

#define GOLDEN "tests/screen/wall/"

static const int sizes[][2] = { { 80, 24 }, { 132, 43 }, { 200, 60 },
	{ 400, 120 } };

enum { NSIZES = sizeof sizes / sizeof sizes[0] };

/* --- Golden files ------------------------------------------------------------- */

static void
alarms(struct scene *s)
{
	struct obs_dom *d;

	scene_init(s);
	scene_find(s, GAMMA, "ns1")->mem_kb = 27 * 1024 * 1024;
	scene_pass(s, 70, 0xf);
	scene_link(s, BETA, LINK_DOWN, "beta.example.net: no sign of life for "
	    "12 s", NULL);
	scene_pass(s, 40, 0xf & ~(1u << BETA));
	d = scene_find(s, ALPHA, "web2");
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_pass(s, 2, 0xf & ~(1u << BETA));
}

static void
twice(struct scene *s)
{
	scene_init(s);
	scene_dom(s, GAMMA, 30, 5, "mail");
	scene_pass(s, 5, 0xf);
}

static void
silence(struct scene *s)
{
	scene_init(s);
	scene_link(s, ALPHA, LINK_DOWN, "alpha.example.net: no route to host",
	    NULL);
	scene_pass(s, 75, 0);
}

static void
late(struct scene *s)
{
	scene_init(s);
	scene_pass(s, 8, 0xf & ~(1u << GAMMA));
}

static const struct {
	const char *name;
	void (*make)(struct scene *s);
} shots[] = {
	{ "calm", scene_init },
	{ "alarms", alarms },
	{ "late", late },
	{ "twice", twice },
	{ "silence", silence },
	{ "start", scene_init_empty },
};

enum { NSHOTS = sizeof shots / sizeof shots[0] };

static void
open_wall(struct wall *w, const struct scene *s, int width, int height)
{
	wall_init(w, s->model, s->alarms, mono_add_ms(s->now, -12000));
	wall_resize(w, width, height);
	wall_tick(w, s->now, s->wall_ms);
}

static void
golden(struct scene *s, const char *name, int width, int height)
{
	struct canvas utf8, ascii;
	char path[128];
	struct buf out;
	struct wall w;

	open_wall(&w, s, width, height);
	canvas_init(&utf8, width, height);
	canvas_init(&ascii, width, height);
	wall_draw(&w, &utf8);
	w.ascii = true;
	wall_draw(&w, &ascii);
	buf_init(&out, 1 << 22);
	shot_canvases(&utf8, &ascii, &out);
	snprintf(path, sizeof path, GOLDEN "%s-%dx%d.txt", name, width,
	    height);
	golden_compare(path, out.p);
	buf_free(&out);
	canvas_free(&utf8);
	canvas_free(&ascii);
}

static void
golden_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < NSHOTS; i++) {
		struct scene s;

		shots[i].make(&s);
		for (size_t k = 0; k < NSIZES; k++)
			golden(&s, shots[i].name, sizes[k][0], sizes[k][1]);
		scene_free(&s);
	}
}

static void
no_file_is_left_over(void **state)
{
	DIR *d = opendir(GOLDEN);
	struct dirent *e;
	size_t n = 0;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	closedir(d);
	assert_int_equal(n, NSHOTS * NSIZES);
}

/* --- A large cluster ------------------------------------------------------------ */

enum { CROWD = 40 };

struct crowd {
	struct world world;
	struct alarms *a;
	struct wall w;
	struct canvas c;
	int64_t wall_ms;
};

static void
crowd_pass(struct crowd *x, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		struct mono next = MONO_NEVER;

		world_pass(&x->world, 1000);
		x->wall_ms += 1000;
		for (uint32_t h = 0; h < CROWD; h++)
			if (h != 7)
				world_send(&x->world, h);
		world_pass(&x->world, 0);
		alarms_update(x->a, x->world.model, x->world.now, x->wall_ms,
		    &next);
		wall_tick(&x->w, x->world.now, x->wall_ms);
	}
	wall_draw(&x->w, &x->c);
}

static void
crowd_open(struct crowd *x, int w, int h)
{
	world_init(&x->world, 2, CROWD / 2);
	x->world.conf.alarms.host_down_ms = 5000;
	x->wall_ms = 1790000000000;
	x->a = alarms_new(&x->world.conf);
	wall_init(&x->w, x->world.model, x->a, x->world.now);
	wall_resize(&x->w, w, h);
	canvas_init(&x->c, w, h);
	world_send(&x->world, 7);
	crowd_pass(x, 1);
}

static void
crowd_close(struct crowd *x)
{
	canvas_free(&x->c);
	alarms_free(x->a);
	world_free(&x->world);
}

/* Every host is seen within one round, the bad one all the time. */
static void
pages_turn(void **state)
{
	unsigned seen[CROWD] = { 0 };
	struct crowd x;

	(void)state;
	crowd_open(&x, 80, 24);
	crowd_pass(&x, 25);
	assert_int_equal(alarms_count(x.a).active, 1);
	for (int i = 0; i < 80; i++) {
		crowd_pass(&x, 1);
		assert_true(canvas_shows(&x.c, "NO ANSWER"));
		assert_true(canvas_shows(&x.c, "the next in "));
		for (unsigned h = 0; h < CROWD; h++) {
			char head[16];

			snprintf(head, sizeof head, "h%u ", h);
			if (canvas_shows(&x.c, head))
				seen[h]++;
		}
	}
	for (unsigned h = 0; h < CROWD; h++)
		assert_true(seen[h] >= (h == 7 ? 80 : 9));
	crowd_close(&x);
}

static void
pages_turn_by_the_clock(void **state)
{
	struct crowd x;
	size_t page;

	(void)state;
	crowd_open(&x, 80, 24);
	x.w.page_ms = 3000;
	crowd_pass(&x, 10);
	page = x.w.page;
	crowd_pass(&x, 3);
	assert_int_equal(x.w.page, page + 1);
	assert_true(canvas_shows(&x.c, "page "));
	/* All fit: there is one page. */
	wall_resize(&x.w, 400, 120);
	canvas_resize(&x.c, 400, 120);
	crowd_pass(&x, 10);
	assert_int_equal(x.w.page, 0);
	assert_false(canvas_shows(&x.c, "the next in"));
	crowd_close(&x);
}

/* The glyph and the seconds. */
static void
it_is_seen_to_live(void **state)
{
	static const char *const beats[] = { "| ", "/ ", "- ", "\\ " };
	bool seen[4] = { false };
	struct crowd x;

	(void)state;
	crowd_open(&x, 80, 24);
	for (int i = 0; i < 4; i++) {
		char clock[16];
		time_t t;
		struct tm tm;

		crowd_pass(&x, 1);
		t = (time_t)(x.wall_ms / 1000);
		gmtime_r(&t, &tm);
		for (int k = 0; k < 4; k++) {
			char text[32];

			strftime(clock, sizeof clock, "%H:%M:%S", &tm);
			snprintf(text, sizeof text, "%s%s", beats[k], clock);
			seen[k] |= canvas_shows(&x.c, text);
		}
	}
	assert_true(seen[0] && seen[1] && seen[2] && seen[3]);
	crowd_close(&x);
}

static bool
wall_shows(struct scene *s, int width, int height, const char *text)
{
	struct canvas c;
	struct wall w;
	bool is;

	open_wall(&w, s, width, height);
	canvas_init(&c, width, height);
	wall_tick(&w, s->now, s->wall_ms);
	wall_draw(&w, &c);
	is = canvas_shows(&c, text);
	canvas_free(&c);
	return is;
}

/* What has no room is counted, and the console counts the same. */
static void
nothing_is_passed_over(void **state)
{
	struct scene s;
	char text[32];

	(void)state;
	alarms(&s);
	assert_true(wall_shows(&s, 80, 24, "CRASHED"));
	assert_false(wall_shows(&s, 80, 24, "more alarms"));
	assert_true(wall_shows(&s, 80, 11, " +2 "));
	scene_find(&s, ALPHA, "web1")->flags = DOM_SHUTDOWN;
	scene_find(&s, ALPHA, "web1")->reason = REASON_POWEROFF;
	scene_pass(&s, 1, 0x1);
	scene_link(&s, ALPHA, LINK_DOWN, "no route to it", NULL);
	scene_pass(&s, 1, 0xc);
	snprintf(text, sizeof text, "VMs %u+%u?", s.app.rows.all.running,
	    s.app.rows.all.unsure);
	assert_true(s.app.rows.all.unsure > 3);
	assert_true(wall_shows(&s, 80, 24, text));
	scene_free(&s);
}

/* Whatever the size, nothing is drawn outside and nothing breaks. */
static void
every_size(void **state)
{
	struct prng r;
	struct scene s;
	struct wall w;

	(void)state;
	prng_init(&r, 7);
	alarms(&s);
	open_wall(&w, &s, 80, 24);
	for (int i = 0; i < 400; i++) {
		struct canvas c;
		int width = i < 60 ? i : (int)prng_below(&r, 420);
		int height = i < 60 ? 60 - i : (int)prng_below(&r, 130);

		canvas_init(&c, width, height);
		wall_resize(&w, width, height);
		wall_tick(&w, mono_add_ms(s.now, i * 1000),
		    s.wall_ms + i * 1000);
		wall_draw(&w, &c);
		canvas_free(&c);
	}
	scene_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_files),
		cmocka_unit_test(no_file_is_left_over),
		cmocka_unit_test(pages_turn),
		cmocka_unit_test(pages_turn_by_the_clock),
		cmocka_unit_test(it_is_seen_to_live),
		cmocka_unit_test(nothing_is_passed_over),
		cmocka_unit_test(every_size),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
