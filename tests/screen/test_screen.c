/* Whole screens against golden files, tests/lib/shot.h; one line of the table
 * is one screen in all sizes, in UTF-8, ASCII and mono. GENERATE=1 writes them
 * anew, and removes those that no line asks for; read the diff. */
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
#include <unistd.h>

#include <cmocka.h>

#include "core/buf.h"
#include "tests/lib/guestcons.h"
#include "tests/lib/golden.h"
#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tests/lib/shot.h"
#include "tui/canvas.h"
#include "tui/view.h"

#define GOLDEN "tests/screen/golden/"

/* --- What leads to them ---------------------------------------------------- */

static void
refused(struct scene *s)
{
	scene_init_empty(s);
	scene_link(s, ALPHA, LINK_CONNECTING, NULL, NULL);
	scene_link(s, BETA, LINK_REFUSED, "the host key of beta.example.net "
	    "changed: known SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, "
	    "offered SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB; if "
	    "you know why, run xendeck trust beta", NULL);
	scene_link(s, GAMMA, LINK_DOWN, "cannot reach gamma.example.net port "
	    "22: no route to host", NULL);
	scene_press(s, "jjj");
}

static void
stale(struct scene *s)
{
	scene_init(s);
	scene_pass(s, 12, 0xf & ~(1u << BETA));
}

static void
down(struct scene *s)
{
	stale(s);
	scene_link(s, BETA, LINK_DOWN, "beta.example.net: no sign of life for "
	    "12 s", NULL);
	scene_pass(s, 180, 0xf & ~(1u << BETA));
}

static void
migrating(struct scene *s)
{
	struct obs_dom *d;

	scene_init(s);
	d = scene_dom(s, BETA, 20, 1, "web1--incoming");
	d->flags = DOM_PAUSED;
	scene_pass(s, 2, 0xf);
	scene_press(s, "jjj/web1<Enter><Esc>");
}

static void
conflict(struct scene *s)
{
	scene_init(s);
	scene_dom(s, GAMMA, 30, 5, "mail");
	scene_pass(s, 5, 0xf);
}

static void
crashed(struct scene *s)
{
	struct obs_dom *d;

	scene_init(s);
	d = scene_find(s, ALPHA, "web2");
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_drop(s, GAMMA, "ns1");
	scene_pass(s, 1, 0xf);
}

static void
demo(struct scene *s)
{
	scene_init(s);
	s->app.demo = true;
}

static void
read_only_demo(struct scene *s)
{
	demo(s);
	s->app.read_only = true;
}

/* Frozen ten minutes ago; meanwhile two things have gone wrong. */
static void
past(struct scene *s)
{
	scene_init(s);
	s->app.ui.time = (struct ui_time){ .mode = TIME_PAST, .paused = true,
		.speed = 100, .seeking = -1, .at = s->now,
		.wall_ms = s->wall_ms, .behind_ms = 600000, .news = 2 };
}

static void
replay(struct scene *s)
{
	past(s);
	s->app.title = "replay";
	s->app.ui.time.mode = TIME_REPLAY;
	s->app.ui.time.paused = false;
	s->app.ui.time.speed = 400;
	s->app.ui.time.dated = true;
	s->app.ui.time.news = 0;
	s->app.ui.time.pos_ms = 754000;
	s->app.ui.time.len_ms = 6000000;
}

static void
seeking(struct scene *s)
{
	replay(s);
	s->app.ui.time.paused = true;
	s->app.ui.time.seeking = 43;
	s->app.ui.time.searched = true;
}

/* One alarm of nearly every kind, and one that has ended. */
static void
alarms(struct scene *s)
{
	struct obs_dom *d;

	scene_init(s);
	d = scene_find(s, ALPHA, "web1");
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_pass(s, 3, 0xf);
	d->flags = DOM_BLOCKED;
	d->reason = REASON_NONE;
	scene_pass(s, 20, 0xf);
	scene_find(s, GAMMA, "ns1")->mem_kb = 27 * 1024 * 1024;
	scene_pass(s, 70, 0xf);
	scene_link(s, BETA, LINK_DOWN, "beta.example.net: no sign of life for "
	    "12 s", NULL);
	scene_pass(s, 40, 0xf & ~(1u << BETA));
	scene_drop(s, ALPHA, "db-primary");
	scene_pass(s, 20, 0xf & ~(1u << BETA));
	d = scene_find(s, ALPHA, "web2");
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_pass(s, 2, 0xf & ~(1u << BETA));
}

static void
xenlog(struct scene *s)
{
	scene_init(s);
	scene_xenlog(s, ALPHA);
	scene_pass(s, 1, 0xf);
	scene_press(s, "jM");
	scene_xenlog(s, ALPHA);
}

static void
xenlog_error(struct scene *s)
{
	xenlog(s);
	scene_pass(s, 30, 0xf);
	scene_press(s, "r");
	scene_answer(s, ALPHA, NULL, "alpha did not answer within 25 s: is the "
	    "agent there up to date, and not busy with another command?");
}

static void
xenlog_refused(struct scene *s)
{
	down(s);
	scene_press(s, "<Tab>M");
	app_ask_refused(&s->app);
}

/* One with more of everything, on a host whose clock is an hour ahead, that was
 * silent for a while. */
static void
devices(struct scene *s)
{
	struct obs_dom *d;
	struct arena *a;

	scene_init(s);
	d = scene_find(s, BETA, "win2022");
	a = &s->obs[BETA].mem;
	d->vnc_port = 5901;
	d->start_s += 3600;
	d->nnics = 2;
	d->nics = arena_array(a, 2, sizeof *d->nics);
	d->nics[0] = (struct obs_nic){ 0, "00:16:3e:12:34:56", "xenbr0",
		"2001:db8::15" };
	d->nics[1] = (struct obs_nic){ 1, "00:16:3e:aa:bb:cc",
		"br-storage", NULL };
	d->ndisks = 3;
	d->disks = arena_array(a, 3, sizeof *d->disks);
	d->disks[0] = (struct obs_disk){ "hda", "/dev/vgs/win2022", false };
	d->disks[1] = (struct obs_disk){ "hdb", "/dev/disk/by-path/"
		"ip-192.0.2.9:3260-iscsi-iqn.2026-01.net.example:storage."
		"win2022-data-lun-1", false };
	d->disks[2] = (struct obs_disk){ "hdc", NULL, true };
	s->clock_ahead_ms = 3600000;
	scene_pass(s, 5, 0xf);
	scene_pass(s, 30, 0xf & ~(1u << BETA));
	scene_pass(s, 20, 0xf);
	scene_press(s, ":win2022<Enter><Enter>");
}

static void
names(struct scene *s)
{
	char longest[256], wide[256];

	scene_init(s);
	memset(longest, 'x', 255);
	longest[255] = '\0';
	for (int i = 0; i < 84; i++)
		memcpy(wide + 3 * i, "\xe5\xad\x97", 4);
	scene_dom(s, ALPHA, 40, 40, longest);
	scene_dom(s, ALPHA, 41, 41, wide);
	scene_dom(s, ALPHA, 42, 42, "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81zalgo");
	scene_dom(s, ALPHA, 43, 43, "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xa7"
	    "\xef\xb8\x8f joined");
	scene_dom(s, ALPHA, 44, 44, "\xef\xbf\xbd[31mred");
	scene_pass(s, 2, 0xf);
}

static void
reader(struct scene *s)
{
	scene_init(s);
	reader_set(&s->app, true);
}

static void
reader_of_trouble(struct scene *s)
{
	down(s);
	scene_dom(s, GAMMA, 30, 1, "web1");
	scene_pass(s, 5, 0xf & ~(1u << BETA));
	reader_set(&s->app, true);
	scene_press(s, "jj");
}

/* A guest of many colours, whose last line is a prompt. */
static struct guestcons guest;

static void
vmconsole(struct scene *s)
{
	static const char text[] = "Debian GNU/Linux 12 db-primary hvc0\r\n\r\n"
	    "db-primary login: root\r\n"
	    "\033[1;32mroot@db-primary\033[0m:\033[1;34m~\033[0m# ls\r\n"
	    "\033[01;34mbin\033[0m  \033[38;5;208mdata\033[0m  "
	    "\xe5\x8c\x97\xe4\xba\xac  \033[7mreverse\033[0m\r\n"
	    "\033]0;a title\007\033[1;32mroot@db-primary\033[0m:"
	    "\033[1;34m~\033[0m# ";

	scene_init(s);
	app_resize(&s->app, 80, 24);
	guestcons_free(&guest);
	guestcons_join(&guest, s);
	scene_go_to(s, "db-primary");
	scene_press(s, "c");
	guestcons_turn(s);
	guestcons_open(&guest);
	guestcons_say(&guest, text, sizeof text - 1);
	guestcons_turn(s);
}

static void
vmconsole_back(struct scene *s)
{
	char line[40];

	vmconsole(s);
	for (int i = 0; i < 100; i++) {
		snprintf(line, sizeof line, "%d\r\n", i);
		guestcons_say(&guest, line, strlen(line));
	}
	guestcons_turn(s);
	scene_press(s, "<PgUp>");
}

static void
vmconsole_taken(struct scene *s)
{
	scene_init(s);
	app_resize(&s->app, 80, 24);
	guestcons_free(&guest);
	guestcons_join(&guest, s);
	scene_go_to(s, "web1");
	scene_press(s, "c");
	guestcons_turn(s);
	guestcons_end(&guest, VMCONSOLE_LOCKED, "Somebody reads the console of "
	    "web1 already: bob@desk, with xendeck.");
	guestcons_turn(s);
}

static void
vmconsole_lost(struct scene *s)
{
	vmconsole(s);
	guestcons_end(&guest, VMCONSOLE_LOST, "The link to alpha broke.");
	guest.absent = true;
	guestcons_turn(s);
}

/* --- The table --------------------------------------------------------------- */

/* Two hosts and a cluster with dormant VMs. */
static void
dormant(struct scene *s)
{
	scene_init(s);
	scene_define(s, GAMMA, 120, "archive");
	scene_define(s, GAMMA, 121, "old-web");
	scene_define(s, ALPHA, 122, "template-debian");
	scene_pass(s, 2, 0xf);
}

/* The database stopped, though it should run: its alarm shows where it is
 * folded away. */
static void
dormant_alarm(struct scene *s)
{
	scene_init(s);
	scene_define(s, ALPHA, 3, "db-primary");
	scene_pass(s, 2, 0xf);
	scene_drop(s, ALPHA, "db-primary");
	scene_pass(s, 120, 0xf);
}

static void
few_columns(struct scene *s)
{
	char why[128];

	scene_init(s);
	assert_int_equal(colset_parse(&s->app.ui.columns, "mac template:9 "
	    "name:20 disk state host memory membar:20 info", why,
	    sizeof why), 0);
}

static void
no_panes(struct scene *s)
{
	scene_init(s);
	s->app.ui.details_pane = s->app.ui.events_pane = PANE_OFF;
}

/* Something can be done, and something is being done. */
static void
jobs(struct scene *s)
{
	scene_init(s);
	scene_jobs(s);
}

/* Marked, one of which is paused and cannot hear. */
static void
some_refused(struct scene *s)
{
	jobs(s);
	scene_find(s, ALPHA, "web2")->flags = DOM_PAUSED;
	scene_pass(s, 1, 0xf);
	scene_press(s, ":web1<Enter>   /ns1<Enter> <Esc>");
}

/* Its host is silent: it might run there. */
static void
may_run(struct scene *s)
{
	scene_init(s);
	scene_define(s, ALPHA, 121, "spare");
	scene_pass(s, 12, 0xf & ~(1u << GAMMA));
}

static void
action_reader(struct scene *s)
{
	jobs(s);
	reader_set(&s->app, true);
}

static const struct shot shots[] = {
	{ .name = "home", .sizes = "40x8 120x30" },
	{ .name = "empty", .make = scene_init_empty },
	{ .name = "refused", .make = refused },
	{ .name = "refused-detail", .make = refused, .keys = "<Enter>" },
	{ .name = "stale", .make = stale },
	{ .name = "past", .make = past },
	{ .name = "replay", .make = replay },
	{ .name = "seeking", .make = seeking },
	{ .name = "down", .make = down },
	{ .name = "down-detail", .make = down, .keys = "<Tab><Enter>" },
	{ .name = "down-vm-detail", .make = down, .keys = "<Tab>jjj<Enter>" },
	{ .name = "migrating", .make = migrating },
	{ .name = "migrating-detail", .make = migrating, .keys = "<Enter>" },
	{ .name = "conflict", .make = conflict },
	{ .name = "conflict-detail", .make = conflict, .keys = "<Tab><Enter>" },
	{ .name = "crashed", .make = crashed, .keys = "<Tab>" },
	{ .name = "cluster-detail", .keys = "<Enter>" },
	{ .name = "down-cluster-detail", .make = down, .keys = "<Enter>" },
	{ .name = "host-detail", .keys = "j<Enter>" },
	{ .name = "host-detail-end", .keys = "j<Enter><End>" },
	{ .name = "vm-detail", .keys = "jjjj<Enter>" },
	{ .name = "vm-detail-page2", .keys = "jjjj<Enter><PgDn>" },
	{ .name = "vmconsole", .make = vmconsole, .sizes = "40x8" },
	{ .name = "vmconsole-back", .make = vmconsole_back },
	{ .name = "vmconsole-taken", .make = vmconsole_taken,
	    .sizes = "40x8" },
	{ .name = "vmconsole-lost", .make = vmconsole_lost },
	{ .name = "devices-detail", .make = devices, .keys = "<PgDn>" },
	{ .name = "devices-detail-end", .make = devices, .keys = "<End>",
	    .sizes = "40x8" },
	{ .name = "host-topology", .keys = "j<Enter><PgDn><PgDn>" },
	{ .name = "help", .make = demo, .keys = "?" },
	{ .name = "help-page2", .make = demo, .keys = "?<PgDn>" },
	{ .name = "help-of-log", .make = demo, .keys = "L<F1>" },
	{ .name = "log", .keys = "L" },
	{ .name = "filter-typing", .keys = "/WEB" },
	{ .name = "filter", .keys = "/WEB<Enter>" },
	{ .name = "filter-nothing", .keys = "/nothing has this name" },
	{ .name = "filter-host", .keys = "/gam<Enter>" },
	{ .name = "filter-query", .keys = "/cpu>20 !host:beta<Enter>" },
	{ .name = "filter-waits", .keys = "/web state:" },
	{ .name = "filter-problem", .keys = "/web stat:running" },
	{ .name = "filter-left-out", .keys = "/web stat:running<Enter>" },
	{ .name = "filters-menu", .keys = "jjj f<Down>", .sizes = "40x8" },
	{ .name = "filters-chosen", .keys = "/web<Enter>f<Down><Down><Enter>" },
	{ .name = "hits", .keys = "/web<Enter><Esc>[n" },
	{ .name = "hits-around", .keys = "/web<Enter><Esc>nn" },
	{ .name = "marks", .keys = "jjj   j " },
	{ .name = "marks-host", .keys = "j j- " },
	{ .name = "marks-filtered", .keys = "jjj  /mail<Enter>*" },
	{ .name = "marks-flat", .keys = "t  j *" },
	{ .name = "sort-menu", .keys = "sjj" },
	{ .name = "sorted-by-cpu", .keys = "sjjjj<Enter>" },
	{ .name = "flat", .keys = "sjjjj<Enter>tI" },
	{ .name = "flat-by-cluster", .keys = "tsjjj<Enter>I" },
	{ .name = "folded", .keys = "j-" },
	{ .name = "folded-cluster", .keys = "-" },
	{ .name = "faults-no-host", .make = read_only_demo, .keys = "X" },
	{ .name = "faults", .make = read_only_demo, .keys = "jXj" },
	{ .name = "dormant", .make = dormant, .keys = "D" },
	{ .name = "dormant-alarm", .make = dormant_alarm },
	{ .name = "dormant-folded", .make = dormant, .keys = "j<Down>jjjjj" },
	{ .name = "columns", .keys = "Cjj>> jj++" },
	{ .name = "columns-end", .keys = "C<End><Space>" },
	{ .name = "columns-chosen", .make = few_columns },
	{ .name = "more-columns", .keys = "o", .sizes = "40x12" },
	{ .name = "panes", .make = dormant, .keys = "jjjjie",
	    .sizes = "90x30 80x60 140x40 400x120" },
	{ .name = "no-panes", .make = no_panes },
	{ .name = "command", .keys = ":sort c" },
	{ .name = "command-empty", .keys = ":", .sizes = "40x8" },
	{ .name = "command-found", .keys = ":so<Tab>" },
	{ .name = "command-chosen", .keys = ":<Tab><S-Tab><S-Tab>",
	    .sizes = "40x8" },
	{ .name = "command-unknown", .keys = ":pausee<Enter>" },
	{ .name = "command-info", .keys = ":info web2<Enter>" },
	{ .name = "command-list", .keys = ":list<Enter>" },
	{ .name = "alarms", .make = alarms, .keys = "a", .sizes = "40x8" },
	{ .name = "alarms-none", .keys = "a" },
	{ .name = "alarms-acked", .make = alarms, .keys = "aaaj" },
	{ .name = "alarms-silenced", .make = alarms,
	    .keys = "asj<Enter>jsjjj<Enter>k" },
	{ .name = "alarms-menu", .make = alarms, .keys = "as" },
	{ .name = "alarms-home", .make = alarms, .keys = "aajo" },
	{ .name = "alarms-flat", .make = alarms, .keys = "aa<Esc>t" },
	{ .name = "help-of-alarms", .make = alarms, .keys = "a?" },
	{ .name = "xenlog", .make = xenlog, .sizes = "40x8" },
	{ .name = "xenlog-top", .make = xenlog, .keys = "g" },
	{ .name = "xenlog-again", .make = xenlog, .keys = "r" },
	{ .name = "xenlog-asking", .keys = "jjjM" },
	{ .name = "xenlog-error", .make = xenlog_error },
	{ .name = "xenlog-refused", .make = xenlog_refused },
	{ .name = "names", .make = names },
	{ .name = "reader", .make = reader, .keys = "jjjj" },
	{ .name = "reader-trouble", .make = reader_of_trouble, .keys = "jj" },
	{ .name = "reader-detail", .make = reader, .keys = "jjjj<Enter>" },
	{ .name = "reader-menu", .make = reader, .keys = "sj" },
	{ .name = "reader-filter", .make = reader, .keys = "/web" },
	{ .name = "reader-log", .make = reader, .keys = "L" },
	{ .name = "act-asked", .keys = ":web1<Enter>d", .sizes = "40x10" },
	{ .name = "act-word", .keys = ":web1<Enter>Kwe" },
	{ .name = "act-wrong-word", .keys = ":web1<Enter>Kwe<Enter>" },
	{ .name = "act-typed", .keys = ":web2<Enter>:mem-set<Enter><^U>3GiB",
	    .sizes = "40x10" },
	{ .name = "act-typed-wrong",
	    .keys = ":web2<Enter>:vcpu-set<Enter><^U>x<Enter>" },
	{ .name = "act-device", .make = devices,
	    .keys = ":disk-detach win2022<Enter>" },
	{ .name = "act-refused", .make = crashed, .keys = ":web2<Enter>d" },
	{ .name = "act-may-run", .make = may_run, .keys = ":spare<Enter>u" },
	{ .name = "act-sworn", .make = may_run, .keys = ":spare<Enter>u!sp" },
	{ .name = "act-many", .make = some_refused, .keys = "d" },
	{ .name = "act-all", .keys = "*d<PgDn>" },
	{ .name = "act-host", .keys = ":web1<Enter>m" },
	{ .name = "actions", .keys = ":web1<Enter>x", .sizes = "40x10" },
	{ .name = "actions-dormant", .make = dormant,
	    .keys = ":archive<Enter>x" },
	{ .name = "act-command", .keys = ":mem-set we<Tab>" },
	{ .name = "jobs-none", .keys = "J" },
	{ .name = "jobs", .make = jobs, .keys = "Jjj", .sizes = "40x10" },
	{ .name = "jobs-home", .make = jobs, .keys = "jjj" },
	{ .name = "job", .make = jobs, .keys = "Jjj<Enter>" },
	{ .name = "job-failed", .make = jobs, .keys = "JG<Enter>" },
	{ .name = "job-vm-detail", .make = jobs,
	    .keys = ":web1<Enter><Enter>" },
	{ .name = "leave", .make = jobs, .keys = "Q", .sizes = "40x10" },
	{ .name = "reader-jobs", .make = action_reader, .keys = "J" },
	{ .name = "reader-act", .make = action_reader,
	    .keys = ":ns1<Enter>d" },
	{ .name = "reader-act-word", .make = action_reader,
	    .keys = ":ns1<Enter>Kn" },
	{ .name = "small", .make = conflict, .only = true,
	    .sizes = "1x1 10x3 39x24 80x7 2x50" },
};

enum { NSHOTS = sizeof shots / sizeof shots[0] };

/* --- Comparing ---------------------------------------------------------------- */

static void
path_of(char *out, size_t size, const char *name, const int wh[2])
{
	snprintf(out, size, GOLDEN "%s-%dx%d.txt", name, wh[0], wh[1]);
}

static void
golden(void **state)
{
	const struct shot *shot = *state;
	int size[SHOT_SIZES][2];
	size_t n = shot_sizes(shot, size);
	struct scene s;

	shot_open(shot, &s);
	for (size_t i = 0; i < n; i++) {
		char path[128];
		struct buf out;

		buf_init(&out, 1 << 22);
		shot_dump(&s, size[i][0], size[i][1], &out);
		path_of(path, sizeof path, shot->name, size[i]);
		golden_compare(path, out.p);
		buf_free(&out);
	}
	scene_free(&s);
}

static bool
wanted(const char *path)
{
	for (size_t k = 0; k < NSHOTS; k++) {
		int size[SHOT_SIZES][2];
		size_t n = shot_sizes(&shots[k], size);

		for (size_t i = 0; i < n; i++) {
			char of[128];

			path_of(of, sizeof of, shots[k].name, size[i]);
			if (strcmp(of, path) == 0)
				return true;
		}
	}
	return false;
}

static void
dump(struct scene *s, int w, int h, struct buf *glyphs, struct buf *all)
{
	struct canvas c;

	canvas_init(&c, w, h);
	app_resize(&s->app, w, h);
	app_tick(&s->app, s->now, s->wall_ms);
	app_draw(&s->app, &c);
	canvas_dump(&c, glyphs);
	canvas_dump_styles(&c, all);
	canvas_free(&c);
}

/* Whatever a key changes on the screen changes what is written there, too:
 * no selection, mark, order or level is told by style alone. */
static void
never_style_alone(void **state)
{
	static const char *const keys[] = { "j", "k", "G", " ", "*", "<Tab>",
		"s", "I", "t", ">", "n", "L", "C", "?" };

	(void)state;
	for (size_t i = 0; i < NSHOTS; i++) {
		struct buf b[4];
		struct scene s;

		if (shots[i].only)
			continue;
		shot_open(&shots[i], &s);
		for (size_t k = 0; k < 4; k++)
			buf_init(&b[k], 1 << 20);
		dump(&s, 80, 24, &b[0], &b[1]);
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
			buf_clear(&b[2]);
			buf_clear(&b[3]);
			/* There the cursor tells that a blank was typed. */
			if (ui_context(&s.app.ui) == CTX_ACT_LINE)
				scene_press(&s, "<Esc>");
			scene_press(&s, keys[k]);
			dump(&s, 80, 24, &b[2], &b[3]);
			if (strcmp(b[1].p, b[3].p) != 0 &&
			    strcmp(b[0].p, b[2].p) == 0)
				fail_msg("%s: %s changes styles alone:\n%s%s",
				    shots[i].name, keys[k], b[1].p, b[3].p);
			buf_clear(&b[0]);
			buf_clear(&b[1]);
			buf_add(&b[0], b[2].p, b[2].len);
			buf_add(&b[1], b[3].p, b[3].len);
		}
		for (size_t k = 0; k < 4; k++)
			buf_free(&b[k]);
		scene_free(&s);
	}
}

/* A golden file that no shot writes proves nothing. */
static void
no_file_is_left_over(void **state)
{
	DIR *d = opendir(GOLDEN);
	struct dirent *e;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[512];

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, GOLDEN "%s", e->d_name);
		if (wanted(path))
			continue;
		if (!golden_generates())
			fail_msg("%s belongs to no shot", path);
		unlink(path);
	}
	closedir(d);
}

int
main(void)
{
	struct CMUnitTest tests[NSHOTS + 2];

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	for (size_t i = 0; i < NSHOTS; i++)
		tests[i] = (struct CMUnitTest){ .name = shots[i].name,
			.test_func = golden,
			.initial_state = (void *)(uintptr_t)&shots[i] };
	tests[NSHOTS] = (struct CMUnitTest)cmocka_unit_test(
	    no_file_is_left_over);
	tests[NSHOTS + 1] = (struct CMUnitTest)cmocka_unit_test(
	    never_style_alone);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
