/* What keys do, without a terminal: the selection follows its VM, Esc takes
 * back one thing, and every key in the help works. */
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

#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tui/columns.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/table.h"
#include "tui/view.h"

static struct scene s;

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	app_resize(&s.app, 80, 24);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scene_free(&s);
	return 0;
}

#define KEYS(...) scene_keys(&s, (const uint32_t[]){ __VA_ARGS__, 0 })

/* The screen's line of the selection. */
static int
line(void)
{
	return (int)s.app.ui.sel_row - s.app.ui.top;
}
/* Whether the screen has these styles in a row. */
static bool
styled(const char *styles)
{
	struct canvas c;
	struct buf out;
	bool found;

	canvas_init(&c, s.app.w, s.app.h);
	buf_init(&out, 1 << 20);
	app_draw(&s.app, &c);
	canvas_dump_styles(&c, &out);
	found = strstr(out.p, styles) != NULL;
	buf_free(&out);
	canvas_free(&c);
	return found;
}

static void
selection_follows_vm(void **state)
{
	int was;

	(void)state;
	scene_go_to(&s, "win2022");
	KEYS('s', 'j', 'j', 'j', 'j', KEYC_ENTER); /* by CPU */
	assert_string_equal(scene_selected(&s), "win2022");
	app_resize(&s.app, 80, 12);
	was = line();
	/* Rows come in above: the same VM stays on the same line. */
	for (unsigned i = 0; i < 9; i++) {
		char name[16];

		snprintf(name, sizeof name, "new%u", i);
		scene_dom(&s, ALPHA, 100 + i, 100 + i, name);
		scene_pass(&s, 1, 0xf);
		assert_string_equal(scene_selected(&s), "win2022");
		assert_int_equal(line(), was);
	}
	/* It goes away to another host by a migration. */
	scene_drop(&s, BETA, "win2022");
	scene_dom(&s, GAMMA, 70, 7, "win2022");
	scene_pass(&s, 5, 0xf);
	assert_string_equal(scene_selected(&s), "win2022");
	assert_int_equal(s.app.ui.sel.host, GAMMA);
	/* The tree or the list: the same VM. */
	KEYS('t');
	assert_string_equal(scene_selected(&s), "win2022");
	KEYS('t');
	assert_string_equal(scene_selected(&s), "win2022");
}

static void
selection_survives_its_row(void **state)
{
	(void)state;
	scene_go_to(&s, "ns1");
	scene_drop(&s, GAMMA, "ns1");
	scene_undefine(&s, GAMMA, "ns1");
	scene_undefine(&s, GAMMA, "old-mail");
	scene_pass(&s, 40, 0xf); /* given up by now */
	assert_true(model_vm(s.model, s.app.ui.sel.id) != NULL);
	assert_true(rows_find(&s.app.rows, s.app.ui.sel) < s.app.rows.n);
	KEYS(KEYC_ENTER);
	assert_true(scene_shows(&s, "F10q Close"));
}

static void
details_tell_definitions_that_differ(void **state)
{
	(void)state;
	scene_define(&s, ALPHA, 8, "ns1");
	scene_pass(&s, 2, 0xf);
	scene_go_to(&s, "ns1");
	KEYS(KEYC_ENTER);
	for (int i = 0; i < 40 && !scene_shows(&s, "Differs"); i++)
		KEYS(KEYC_DOWN);
	assert_true(scene_shows(&s, "Differs"));
	assert_true(scene_shows(&s, "memory, type, vcpus"));
}

static void
details_of_a_vm_that_vanishes(void **state)
{
	(void)state;
	scene_go_to(&s, "win2022");
	KEYS(KEYC_ENTER);
	scene_drop(&s, BETA, "win2022");
	scene_pass(&s, 60, 0xf);
	assert_true(scene_shows(&s, "not known any more"));
}

static void
escape_peels_one(void **state)
{
	(void)state;
	scene_type(&s, "/web\r");
	KEYS(KEYC_ENTER, '?');
	assert_int_equal(s.app.ui.nlayers, 3);
	KEYS(KEYC_ESC);
	assert_int_equal(s.app.ui.nlayers, 2);
	KEYS(KEYC_ESC);
	assert_int_equal(s.app.ui.nlayers, 1);
	assert_int_equal(s.app.ui.filter.n, 1);
	KEYS('s');
	assert_int_equal(s.app.ui.menu, MENU_SORT);
	KEYS(KEYC_ESC);
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	assert_int_equal(s.app.ui.filter.n, 1);
	KEYS(KEYC_ESC);
	assert_int_equal(s.app.ui.filter.n, 0);
	KEYS(KEYC_ESC, KEYC_ESC);
	assert_false(s.app.fx.quit);
	KEYS('q');
	assert_true(s.app.fx.quit);
}

static void
q_closes_then_quits(void **state)
{
	(void)state;
	KEYS(KEYC_ENTER, 'q');
	assert_false(s.app.fx.quit);
	assert_int_equal(s.app.ui.nlayers, 1);
	scene_type(&s, "/q");
	assert_false(s.app.fx.quit);
	assert_string_equal(s.app.ui.filter_text, "q");
	KEYS(KEYC_CTRL_OF('C'));
	assert_true(s.app.fx.quit);
}

static void
filter_is_live(void **state)
{
	(void)state;
	scene_go_to(&s, "gamma");
	scene_type(&s, "/WEB");
	assert_string_equal(scene_selected(&s), "web1"); /* the first found */
	assert_int_equal(s.app.rows.matches, 2);
	scene_type(&s, "2");
	assert_string_equal(scene_selected(&s), "web2");
	KEYS(KEYC_BACKSPACE);
	assert_string_equal(scene_selected(&s), "web1"); /* as before it */
	KEYS(KEYC_DOWN);
	scene_type(&s, "2");
	KEYS(KEYC_BACKSPACE);
	assert_string_equal(scene_selected(&s), "web2"); /* by hand: kept */
	KEYS(KEYC_CTRL_OF('U'));
	assert_int_equal(s.app.rows.matches, 11);
	KEYS(KEYC_BACKSPACE);
	assert_false(s.app.ui.filter_typing);
	scene_type(&s, "/ab000000-0000-0000-0000-00000000000A");
	assert_string_equal(scene_selected(&s), "test1");
	KEYS(KEYC_ESC);
	assert_string_equal(scene_selected(&s), "test1");
	assert_int_equal(s.app.ui.filter.n, 0);
	/* A VM that appears later is found too. */
	scene_type(&s, "/newcomer\r");
	assert_int_equal(s.app.rows.n, 0);
	KEYS('j', 'G', KEYC_ENTER, '-', 'r', KEYC_TAB);
	scene_dom(&s, DELTA, 50, 50, "newcomer");
	scene_pass(&s, 1, 0xf);
	assert_int_equal(s.app.rows.matches, 1);
}

static void
folding(void **state)
{
	size_t all = s.app.rows.n;

	(void)state;
	scene_go_to(&s, "db-primary");
	KEYS('h');
	assert_string_equal(scene_selected(&s), "alpha");
	KEYS('h');
	assert_int_equal(s.app.rows.n, all - 5);
	KEYS('h');
	assert_string_equal(scene_selected(&s), "prod");
	KEYS('h');
	assert_int_equal(s.app.rows.n, 5); /* prod, and all of lab */
	KEYS('l', 'l');
	assert_string_equal(scene_selected(&s), "alpha");
	KEYS('+');
	assert_int_equal(s.app.rows.n, all);
	KEYS('[');
	assert_int_equal(s.app.rows.n, 6);
	KEYS(']');
	assert_int_equal(s.app.rows.n, all);
	scene_go_to(&s, "mail");
	KEYS('[');
	assert_string_equal(scene_selected(&s), "beta");
}

static void
trouble_is_visited(void **state)
{
	(void)state;
	KEYS(KEYC_TAB);
	assert_true(scene_shows(&s, "No row is in trouble."));
	scene_pass(&s, 10, 0xf & ~(1u << GAMMA));
	scene_find(&s, ALPHA, "web2")->flags = DOM_SHUTDOWN;
	scene_find(&s, ALPHA, "web2")->reason = REASON_CRASH;
	scene_pass(&s, 1, 0xf & ~(1u << GAMMA));
	KEYS(KEYC_TAB);
	assert_string_equal(scene_selected(&s), "web2");
	KEYS(KEYC_TAB);
	assert_string_equal(scene_selected(&s), "gamma");
	KEYS(KEYC_TAB);
	assert_string_equal(scene_selected(&s), "web2");
	KEYS(KEYC_BACKTAB);
	assert_string_equal(scene_selected(&s), "gamma");
}

/* No row shows it, and still it is not denied. */
static void
trouble_out_of_sight(void **state)
{
	(void)state;
	scene_free(&s);
	scene_init_empty(&s);
	app_resize(&s.app, 80, 24);
	scene_link(&s, BETA, LINK_CONNECTING, NULL, NULL);
	KEYS(KEYC_TAB);
	assert_true(scene_shows(&s, "No row is in trouble."));
	scene_link(&s, BETA, LINK_CONNECTING, "no route to it", NULL);
	assert_int_equal(model_host(s.model, BETA)->health, HOST_WAITING);
	KEYS(KEYC_TAB);
	assert_string_equal(scene_selected(&s), "beta");
	KEYS('g', '-', KEYC_TAB);
	assert_true(scene_shows(&s, "1 in trouble is folded away"));
	KEYS('t', KEYC_TAB);
	assert_true(scene_shows(&s, "1 in trouble is not in this list"));
	KEYS('t', ']');
	scene_type(&s, "/nothing\r\t");
	assert_true(scene_shows(&s, "1 in trouble is filtered out"));
}

/* A VM counts once, and only when it runs. */
static void
vms_are_counted(void **state)
{
	const struct sum *all = &s.app.rows.all;
	struct obs_dom *d;

	(void)state;
	assert_int_equal(all->running, 10);
	assert_int_equal(all->vms, 11);
	scene_dom(&s, BETA, 20, 1, "web1--incoming")->flags = DOM_PAUSED;
	d = scene_find(&s, ALPHA, "web2");
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_find(&s, GAMMA, "ns1")->flags = DOM_SHUTDOWN;
	scene_find(&s, BETA, "mail")->flags = DOM_DYING;
	scene_find(&s, BETA, "win2022")->flags = DOM_PAUSED;
	scene_pass(&s, 2, 0xf);
	assert_int_equal(all->running, 7);
	assert_int_equal(all->crashed, 1);
	assert_int_equal(all->vms, 11);
	assert_int_equal(s.app.rows.host[BETA].running, 2);
	assert_true(scene_shows(&s, "!! 1 CRASHED"));
	scene_pass(&s, 12, 0xf & ~(1u << ALPHA));
	assert_int_equal(all->running, 4);
	assert_int_equal(all->unsure, 3);
	assert_int_equal(all->crashed, 1);
}

static void
note(enum note_level level, const char *text)
{
	model_apply(s.model, &(struct event){ .type = EVENT_NOTE,
		.host = EVENT_NO_HOST, .at = s.now, .wall_ms = s.wall_ms,
		.u.note = { level, text } });
}

/* What went wrong just now stays in sight for half a minute. */
static void
fresh_trouble_is_told(void **state)
{
	(void)state;
	note(NOTE_ALARM, "something burns");
	note(NOTE_WARNING, "something smells");
	note(NOTE_INFO, "something came");
	scene_pass(&s, 29, 0xf);
	assert_true(scene_shows(&s, "something burns"));
	scene_go_to(&s, "beta"); /* has a note */
	assert_true(scene_shows(&s, "something burns"));
	scene_type(&s, "/web");
	assert_false(scene_shows(&s, "something burns"));
	KEYS(KEYC_ENTER);
	assert_true(scene_shows(&s, "something burns"));
	scene_pass(&s, 2, 0xf);
	assert_true(scene_shows(&s, "filter: web"));
	KEYS(KEYC_ESC);
	scene_go_to(&s, "beta");
	assert_true(scene_shows(&s, "xendeck-agent is not installed"));
	scene_go_to(&s, "alpha");
	assert_true(scene_shows(&s, "something came"));
	/* But what is wrong with the selection comes first. */
	scene_link(&s, ALPHA, LINK_DOWN, "no route to it", NULL);
	note(NOTE_ALARM, "something burns");
	scene_pass(&s, 1, 0xe);
	assert_true(scene_shows(&s, " alpha: no route to it"));
}

/* However often it is tried again. */
static void
a_dead_host_ages(void **state)
{
	(void)state;
	scene_free(&s);
	scene_init_empty(&s);
	app_resize(&s.app, 80, 24);
	for (int i = 0; i < 100; i++) {
		scene_link(&s, BETA, LINK_CONNECTING, NULL, NULL);
		scene_pass(&s, 3, 0);
		scene_link(&s, BETA, LINK_DOWN, "no route to it", NULL);
		scene_pass(&s, 3, 0);
	}
	assert_true(scene_shows(&s, "DOWN 9m"));
}

/* Sums are of what is there now, and say so. */
static void
sums_are_of_live_hosts(void **state)
{
	(void)state;
	assert_true(scene_shows(&s, "Mem 64G/176G"));
	scene_pass(&s, 12, 0xf & ~(1u << BETA));
	assert_true(scene_shows(&s, "Mem 43G/112G"));
	assert_true(scene_shows(&s, "stale 12s   3.2   16   21G/64G"));
	/* The host's own old figures are dim. */
	assert_true(styled("..fNNNN................wwwwwwwww...sss...ss...ss"));
	KEYS('g', KEYC_ENTER);
	assert_true(scene_shows(&s, " used, on live hosts"));
}

/* On a narrow screen the title and the clock make room for trouble. */
static void
trouble_on_small_screens(void **state)
{
	(void)state;
	scene_find(&s, BETA, "mail")->flags = DOM_SHUTDOWN;
	scene_find(&s, BETA, "mail")->reason = REASON_CRASH;
	scene_dom(&s, GAMMA, 30, 1, "web1");
	scene_dom(&s, GAMMA, 31, 40, "web2");
	scene_pass(&s, 5, 0xf);
	app_resize(&s.app, 40, 8);
	assert_true(scene_shows(&s, " !! 1 TWICE  !! 1 CRASHED"));
	app_resize(&s.app, 50, 8);
	assert_true(scene_shows(&s, "!! 1 CRASHED  ! 2 SAME NAME  4/4"));
	app_resize(&s.app, 60, 8);
	assert_true(scene_shows(&s, "! 2 SAME NAME  4/4 "));
	assert_true(scene_shows(&s, " 14:14:25\n"));
	scene_find(&s, GAMMA, "web1")->flags = DOM_DYING;
	scene_find(&s, GAMMA, "web2")->flags = DOM_DYING;
	scene_pass(&s, 1, 0xf);
	app_resize(&s.app, 40, 8);
	assert_true(scene_shows(&s, " !! 1 CRASHED  hosts 4/4"));
	s.app.ui.time = (struct ui_time){ .mode = TIME_PAST, .paused = true,
		.seeking = -1, .wall_ms = s.wall_ms, .at = s.now,
		.behind_ms = 5000 };
	app_resize(&s.app, 50, 8);
	assert_true(scene_shows(&s, " !! 1 CRASHED  4/4"));
	assert_true(scene_shows(&s, "PAST PAUSED 14:14:26"));
	app_resize(&s.app, 40, 8);
	assert_true(scene_shows(&s, " !! 1 CRASHED  4/4"));
	assert_true(scene_shows(&s, "PAST PAUSED"));
	app_resize(&s.app, 30, 7);
	assert_true(scene_shows(&s, "PAST PAUSED\n!! 1 CRASHED\n4/4 up"));
}

static void
big_clusters_fit_their_column(void **state)
{
	static const struct row row = { .id = { ROW_CLUSTER, 0, MODEL_NONE } };
	struct sum sum = { .live = 999, .hosts = 1000 };
	struct item it = { .row = &row, .sum = &sum };
	struct cell_text cell;

	(void)state;
	column_state(&it, &cell);
	assert_string_equal(cell.s, "999/1000");
	sum = (struct sum){ .live = 9, .hosts = 9 };
	column_state(&it, &cell);
	assert_string_equal(cell.s, "9/9 live");
}

/* What happened last week is not taken for what happens now. */
static void
old_events_have_a_date(void **state)
{
	(void)state;
	note(NOTE_ALARM, "something burns");
	s.now = mono_add_ms(s.now, INT64_C(4) * 86400 * 1000);
	s.wall_ms += INT64_C(4) * 86400 * 1000;
	app_tick(&s.app, s.now, s.wall_ms);
	assert_true(scene_shows(&s, " 09-21 14:14 something burns"));
	assert_false(scene_shows(&s, "\nuuuuuuuuuuuuuA"));
	app_resize(&s.app, 50, 24);
	KEYS('L');
	assert_true(scene_shows(&s, "!! 09-21 14:14 something burns"));
	app_resize(&s.app, 80, 24);
	KEYS(KEYC_ESC);
	scene_go_to(&s, "alpha");
	KEYS(KEYC_ENTER, KEYC_END);
	assert_true(scene_shows(&s, " 09-21 14:13   alpha: connected"));
}

static void
sorting(void **state)
{
	size_t memory = table_find("memory");

	(void)state;
	assert_true(memory < table_ncolumns);
	KEYS('>', '>');
	assert_string_equal(table_columns[s.app.ui.sort].id, "cpu");
	KEYS('<');
	assert_string_equal(table_columns[s.app.ui.sort].id, "state");
	s.app.ui.sort = memory;
	KEYS('t', 'g');
	assert_string_equal(scene_selected(&s), "db-primary");
	KEYS('I', 'g');
	assert_string_equal(scene_selected(&s), "ns1");
	/* The order is total: rows made twice are the same. */
	for (size_t i = 0; i < table_ncolumns; i++) {
		struct rows again = { 0 };

		if (table_columns[i].key == NULL)
			continue;
		s.app.ui.sort = i;
		app_remake(&s.app);
		rows_make(&again, s.model, &s.app.ui);
		assert_int_equal(again.n, s.app.rows.n);
		for (size_t k = 0; k < again.n; k++)
			assert_true(row_id_equal(again.v[k].id,
			    s.app.rows.v[k].id));
		rows_free(&again);
	}
}

/* A key is about what is on the screen: figures that came since do not move a
 * row from under the cursor, and take no time; a VM that went is gone. */
static void
keys_meet_what_is_shown(void **state)
{
	(void)state;
	s.app.ui.sort = table_find("memory");
	KEYS('t', 'g');
	assert_string_equal(scene_selected(&s), "db-primary");
	scene_find(&s, GAMMA, "ns1")->mem_kb = 64 << 20;
	scene_send(&s, GAMMA);
	app_ready(&s.app, s.now, s.wall_ms);
	assert_int_equal(s.app.ui.sel_row, 0);
	app_tick(&s.app, s.now, s.wall_ms);
	assert_string_equal(scene_selected(&s), "db-primary");
	assert_true(s.app.ui.sel_row > 0);
	scene_drop(&s, GAMMA, "ns1");
	scene_send(&s, GAMMA);
	assert_true(s.app.shape != model_shape(s.model));
	app_ready(&s.app, s.now, s.wall_ms);
	assert_true(s.app.shape == model_shape(s.model));
}

/* A figure of hosts orders no VMs: it is stepped over, and refused. */
static void
sorts_by_no_figure_of_hosts(void **state)
{
	size_t vms = table_find("vms");
	struct table_layout t;
	bool shown = false;

	(void)state;
	app_resize(&s.app, 200, 60);
	table_layout(&t, app_layout(&s.app).body.w, &s.app.ui);
	for (size_t i = 0; i < t.n; i++)
		shown |= t.v[i].column == vms;
	assert_true(shown);
	for (size_t i = 0; i < 2 * t.n; i++) {
		KEYS('>');
		assert_true(s.app.ui.sort != vms);
	}
	for (size_t i = 0; i < 2 * t.n; i++) {
		KEYS('<');
		assert_true(s.app.ui.sort != vms);
	}
	KEYS(':', 's', 'o', 'r', 't', ' ', 'v', 'm', 's', KEYC_ENTER);
	assert_true(s.app.ui.sort != vms);
	assert_true(scene_shows(&s,
	    "VMs cannot be sorted by VMs running/known"));
}

static void
asks_the_backend(void **state)
{
	(void)state;
	KEYS('g', 'r');
	assert_false(s.app.fx.control);
	scene_go_to(&s, "mail");
	KEYS('r');
	assert_false(s.app.fx.control);
	assert_true(scene_shows(&s, "beta is live: nothing to retry."));
	scene_pass(&s, 10, 0xf & ~(1u << BETA));
	KEYS('r');
	assert_true(s.app.fx.control);
	assert_int_equal(s.app.fx.host, BETA);
	assert_int_equal(s.app.fx.what, CONTROL_RECONNECT);
	/* Faults exist in the demo only. */
	KEYS('X');
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	s.app.demo = true;
	KEYS('X', 'j', KEYC_ENTER);
	assert_true(s.app.fx.control);
	assert_int_equal(s.app.fx.what, CONTROL_SIM_BREAK);
	assert_int_equal(s.app.ui.menu, MENU_NONE);
}

/* A scrolled log stays where it is while new lines come in above. */
static void
log_holds_still(void **state)
{
	const char *text = "delta: connected";
	int was;

	(void)state;
	app_resize(&s.app, 80, 9);
	KEYS('L', 'j', 'j', 'j');
	app_tick(&s.app, s.now, s.wall_ms);
	assert_true(scene_shows(&s, text));
	was = s.app.ui.layer[1].top;
	for (int i = 0; i < 5; i++) {
		model_apply(s.model, &(struct event){ .type = EVENT_NOTE,
			.host = EVENT_NO_HOST, .at = s.now,
			.wall_ms = s.wall_ms,
			.u.note = { NOTE_INFO, "something" } });
		app_tick(&s.app, s.now, s.wall_ms);
	}
	assert_int_equal(s.app.ui.layer[1].top, was + 5);
	assert_true(scene_shows(&s, text));
}

/* Also when the log is full, and its lines with it; and behind help. */
static void
full_log_holds_still(void **state)
{
	(void)state;
	app_resize(&s.app, 80, 9);
	for (int i = 0; i < MODEL_LOG_LEN; i++)
		note(NOTE_INFO, i == 300 ? "the one" : "another");
	app_tick(&s.app, s.now, s.wall_ms);
	KEYS('L');
	for (int i = 0; i < 300 && !scene_shows(&s, "the one"); i++)
		KEYS('j');
	assert_true(scene_shows(&s, "the one"));
	for (int i = 0; i < 200; i++) {
		note(NOTE_INFO, "another, of which the text is so long that it "
		    "takes two lines of the screen");
		if (i == 100)
			KEYS('?');
		if (i == 150)
			KEYS(KEYC_ESC);
		app_tick(&s.app, s.now, s.wall_ms);
		assert_true((i >= 100 && i < 150) ||
		    scene_shows(&s, "the one"));
	}
	/* Forgotten in the end: then the oldest ones are shown. */
	for (int i = 0; i < MODEL_LOG_LEN; i++)
		note(NOTE_INFO, "last");
	app_tick(&s.app, s.now, s.wall_ms);
	assert_int_equal(s.app.ui.layer[1].top, MODEL_LOG_LEN -
	    app_layout(&s.app).body.h);
}

/* --- The keymap --------------------------------------------------------------------- */

static void
keymap_is_sound(void **state)
{
	static const enum context each[] = { CTX_HOME, CTX_DETAIL, CTX_LOG,
		CTX_HELP, CTX_MENU, CTX_COLUMNS, CTX_INPUT, CTX_COMMAND,
		CTX_XENLOG };

	(void)state;
	for (size_t x = 0; x < sizeof each / sizeof each[0]; x++)
		for (size_t i = 0; i < s.app.keys.n; i++) {
			const struct binding *b = &s.app.keys.v[i];

			assert_true(b->key[0] != 0 && b->cmd != CMD_NONE &&
			    b->name != NULL && b->contexts != 0);
			assert_ptr_equal(keymap_named(&s.app.keys, b->name), b);
			for (size_t k = 0; k < BINDING_KEYS &&
			     b->key[k] != 0; k++) {
				if ((b->contexts & (unsigned)each[x]) == 0)
					continue;
				/* Each key has one meaning, this one. */
				assert_ptr_equal(keymap_find(&s.app.keys,
				    each[x], b->key[k], true), b);
				/* Letters can always be typed. */
				assert_false((each[x] & CTX_LINE) != 0 &&
				    b->key[k] >= 0x20 && b->key[k] < 0x7f);
			}
		}
}

static void
xens_log_is_asked_for(void **state)
{
	(void)state;
	KEYS('g', 'M'); /* the cluster's row */
	assert_false(s.app.fx.ask);
	assert_int_equal(s.app.ui.nlayers, 1);
	KEYS('j', 'j', 'j', 'M'); /* a VM's: of its host */
	assert_true(s.app.fx.ask);
	assert_int_equal(s.app.fx.host, ALPHA);
	assert_int_equal(s.app.fx.ask_what, ASK_DMESG);
	assert_true(scene_shows(&s, "Asking alpha"));
	scene_pass(&s, 1, 0xf);
	scene_xenlog(&s, ALPHA);
	app_tick(&s.app, s.now, s.wall_ms);
	assert_false(scene_shows(&s, "Asking"));
	assert_true(scene_shows(&s, "crashed on cpu#3")); /* its end */
	KEYS('k');
	assert_false(s.app.fx.ask);
	KEYS('r');
	assert_true(s.app.fx.ask);
	assert_int_equal(s.app.fx.host, ALPHA);
	assert_int_equal(s.app.ui.nlayers, 2);
	KEYS(KEYC_ESC);
	assert_int_equal(s.app.ui.nlayers, 1);
	scene_type(&s, ":dmesg gamma\r");
	assert_true(s.app.fx.ask);
	assert_int_equal(s.app.fx.host, GAMMA);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
		TEST(selection_follows_vm), TEST(selection_survives_its_row),
		TEST(details_tell_definitions_that_differ), TEST(escape_peels_one),
		TEST(details_of_a_vm_that_vanishes), TEST(escape_peels_one),
		TEST(q_closes_then_quits), TEST(filter_is_live),
		TEST(folding), TEST(trouble_is_visited),
		TEST(trouble_out_of_sight), TEST(vms_are_counted),
		TEST(fresh_trouble_is_told), TEST(trouble_on_small_screens),
		TEST(big_clusters_fit_their_column), TEST(a_dead_host_ages),
		TEST(sums_are_of_live_hosts), TEST(old_events_have_a_date),
		TEST(sorting),
		TEST(keys_meet_what_is_shown),
		TEST(sorts_by_no_figure_of_hosts),
		TEST(asks_the_backend), TEST(xens_log_is_asked_for), TEST(log_holds_still),
		TEST(full_log_holds_still),
		TEST(keymap_is_sound),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
