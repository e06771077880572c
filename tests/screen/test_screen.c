/* Whole screens against golden files: glyphs, then styles, one character per
 * cell. GENERATE=1 writes them anew; read the diff. */
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

#include "core/buf.h"
#include "core/mem.h"
#include "tests/lib/scene.h"
#include "tui/canvas.h"
#include "tui/input.h"

#define GOLDEN "tests/screen/golden/"

static char *
read_file(const char *path)
{
	struct buf b;
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	buf_init(&b, 1 << 24);
	while (f != NULL && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	if (f != NULL)
		fclose(f);
	return b.p != NULL ? b.p : x_strdup("");
}

static void
compare(const char *name, const char *text)
{
	char path[256], *want;
	FILE *f;

	snprintf(path, sizeof path, GOLDEN "%s.txt", name);
	if (getenv("GENERATE") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
		return;
	}
	want = read_file(path);
	if (strcmp(want, text) != 0)
		fail_msg("%s differs; what was drawn:\n%s", path, text);
	x_free(want);
}

/* name-WxH, with -ascii behind it. */
static void
golden(struct scene *s, const char *name, int w, int h, bool ascii)
{
	struct canvas c;
	struct buf out;
	char full[128];

	canvas_init(&c, w, h);
	buf_init(&out, 1 << 22);
	s->app.ascii = ascii;
	app_resize(&s->app, w, h);
	app_tick(&s->app, s->now, s->wall_ms);
	app_draw(&s->app, &c);
	canvas_dump(&c, &out);
	if (ascii)
		for (size_t i = 0; i < out.len; i++)
			assert_true((unsigned char)out.p[i] < 0x7f);
	buf_puts(&out, "----\n");
	canvas_dump_styles(&c, &out);
	buf_printf(&out, "---- cursor %d,%d%s\n", c.cursor_x, c.cursor_y,
	    c.cursor_shown ? " shown" : "");
	snprintf(full, sizeof full, "%s-%dx%d%s", name, w, h,
	    ascii ? "-ascii" : "");
	compare(full, out.p);
	buf_free(&out);
	canvas_free(&c);
	s->app.ascii = false;
}

static void
golden_sizes(struct scene *s, const char *name)
{
	golden(s, name, 60, 15, false);
	golden(s, name, 80, 24, false);
	golden(s, name, 200, 60, false);
	golden(s, name, 80, 24, true);
}

#define KEYS(...) scene_keys(&s, (const uint32_t[]){ __VA_ARGS__, 0 })

static void
screen_home(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	golden_sizes(&s, "home");
	golden(&s, "home", 40, 8, false);
	golden(&s, "home", 120, 30, false);
	scene_free(&s);
}

static void
screen_empty(void **state)
{
	struct scene s;

	(void)state;
	scene_init_empty(&s);
	golden(&s, "empty", 80, 24, false);
	scene_link(&s, ALPHA, LINK_CONNECTING, NULL, NULL);
	scene_link(&s, BETA, LINK_REFUSED, "the host key of beta.example.net "
	    "changed: known SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, "
	    "offered SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB; if "
	    "you know why, run xendeck trust beta", NULL);
	scene_link(&s, GAMMA, LINK_DOWN, "cannot reach gamma.example.net port "
	    "22: no route to host", NULL);
	KEYS('j', 'j', 'j');
	golden_sizes(&s, "refused");
	KEYS(KEYC_ENTER);
	golden_sizes(&s, "refused-detail");
	scene_free(&s);
}

static void
screen_stale(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_pass(&s, 12, 0xf & ~(1u << BETA));
	golden_sizes(&s, "stale");
	scene_link(&s, BETA, LINK_DOWN, "beta.example.net: no sign of life for "
	    "12 s", NULL);
	scene_pass(&s, 180, 0xf & ~(1u << BETA));
	golden_sizes(&s, "down");
	scene_type(&s, "\t\r");
	golden_sizes(&s, "down-detail");
	KEYS(KEYC_ESC);
	KEYS('j', 'j', 'j', KEYC_ENTER);
	golden(&s, "down-vm-detail", 80, 24, false);
	scene_free(&s);
}

static void
screen_migrating(void **state)
{
	struct scene s;
	struct obs_dom *d;

	(void)state;
	scene_init(&s);
	d = scene_dom(&s, BETA, 20, 1, "web1--incoming");
	d->flags = DOM_PAUSED;
	scene_pass(&s, 2, 0xf);
	scene_type(&s, "jjj");
	scene_type(&s, "/web1\r");
	scene_keys(&s, (const uint32_t[]){ KEYC_ESC, 0 });
	golden_sizes(&s, "migrating");
	KEYS(KEYC_ENTER);
	golden(&s, "migrating-detail", 80, 24, false);
	scene_free(&s);
}

static void
screen_conflict(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_dom(&s, GAMMA, 30, 5, "mail");
	scene_pass(&s, 5, 0xf);
	golden_sizes(&s, "conflict");
	KEYS(KEYC_TAB, KEYC_ENTER);
	golden_sizes(&s, "conflict-detail");
	scene_free(&s);
}

static void
screen_crashed(void **state)
{
	struct scene s;
	struct obs_dom *d;

	(void)state;
	scene_init(&s);
	d = scene_find(&s, ALPHA, "web2");
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_drop(&s, GAMMA, "ns1");
	scene_pass(&s, 1, 0xf);
	KEYS(KEYC_TAB);
	golden(&s, "crashed", 80, 24, false);
	scene_free(&s);
}

static void
screen_details(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	KEYS(KEYC_ENTER);
	golden(&s, "cluster-detail", 80, 24, false);
	KEYS(KEYC_ESC, 'j', KEYC_ENTER);
	golden_sizes(&s, "host-detail");
	KEYS(KEYC_END);
	golden(&s, "host-detail-end", 80, 24, false);
	KEYS(KEYC_ESC, 'j', 'j', 'j', KEYC_ENTER);
	golden_sizes(&s, "vm-detail");
	KEYS(KEYC_PGDN);
	golden(&s, "vm-detail-page2", 80, 24, false);
	scene_free(&s);
}

static void
screen_text_views(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.app.demo = true;
	KEYS('?');
	golden_sizes(&s, "help");
	KEYS(KEYC_PGDN);
	golden(&s, "help-page2", 80, 24, false);
	KEYS(KEYC_ESC, 'L');
	golden_sizes(&s, "log");
	KEYS(KEYC_F(1));
	golden(&s, "help-of-log", 80, 24, false);
	scene_free(&s);
}

static void
screen_filter(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_type(&s, "/WEB");
	golden_sizes(&s, "filter-typing");
	KEYS(KEYC_ENTER);
	golden(&s, "filter", 80, 24, false);
	KEYS(KEYC_ESC);
	scene_type(&s, "/nothing has this name");
	golden(&s, "filter-nothing", 80, 24, false);
	KEYS(KEYC_ESC);
	scene_type(&s, "/gam\r");
	golden(&s, "filter-host", 80, 24, false);
	scene_free(&s);
}

static void
screen_order(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	KEYS('s', 'j', 'j');
	golden_sizes(&s, "sort-menu");
	KEYS('j', KEYC_ENTER);
	golden(&s, "sorted-by-cpu", 80, 24, false);
	KEYS('t', 'I');
	golden_sizes(&s, "flat");
	KEYS('t', 'I', 'g', 'j', '-');
	golden(&s, "folded", 80, 24, false);
	KEYS('g', '-');
	golden(&s, "folded-cluster", 80, 24, false);
	scene_free(&s);
}

static void
screen_faults(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.app.demo = true;
	s.app.read_only = true;
	KEYS('X');
	golden(&s, "faults-no-host", 80, 24, false);
	KEYS('j', 'X', 'j');
	golden(&s, "faults", 80, 24, false);
	scene_free(&s);
}

static void
screen_small(void **state)
{
	static const int sizes[][2] = { { 1, 1 }, { 10, 3 }, { 39, 24 },
		{ 80, 7 }, { 2, 50 } };
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_dom(&s, GAMMA, 30, 5, "mail");
	scene_pass(&s, 5, 0xf);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		golden(&s, "small", sizes[i][0], sizes[i][1], false);
	scene_free(&s);
}

static void
screen_names(void **state)
{
	char longest[256], wide[256];
	struct scene s;

	(void)state;
	scene_init(&s);
	memset(longest, 'x', 255);
	longest[255] = '\0';
	for (int i = 0; i < 84; i++)
		memcpy(wide + 3 * i, "\xe5\xad\x97", 4);
	scene_dom(&s, ALPHA, 40, 40, longest);
	scene_dom(&s, ALPHA, 41, 41, wide);
	scene_dom(&s, ALPHA, 42, 42, "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81zalgo");
	scene_dom(&s, ALPHA, 43, 43, "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xa7"
	    "\xef\xb8\x8f joined");
	scene_dom(&s, ALPHA, 44, 44, "\xef\xbf\xbd[31mred");
	scene_pass(&s, 2, 0xf);
	golden_sizes(&s, "names");
	scene_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screen_home),
		cmocka_unit_test(screen_empty),
		cmocka_unit_test(screen_stale),
		cmocka_unit_test(screen_migrating),
		cmocka_unit_test(screen_conflict),
		cmocka_unit_test(screen_crashed),
		cmocka_unit_test(screen_details),
		cmocka_unit_test(screen_text_views),
		cmocka_unit_test(screen_filter),
		cmocka_unit_test(screen_order),
		cmocka_unit_test(screen_faults),
		cmocka_unit_test(screen_small),
		cmocka_unit_test(screen_names),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
