/* The console of a VM as keys and guests have it: what is typed arrives, what
 * is ours does not, reboots are followed, floods are bounded, and where nothing
 * may be done there is none. */
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

#include "backends/confread.h"
#include "backends/sim.h"
#include "backends/simcons.h"
#include "core/mem.h"
#include "tests/lib/guestcons.h"
#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/view.h"

static struct scene s;
static struct guestcons f;

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	app_resize(&s.app, 80, 24);
	guestcons_join(&f, &s);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scene_free(&s);
	guestcons_free(&f);
	return 0;
}

static void
come(const char *vm)
{
	scene_go_to(&s, vm);
	scene_press(&s, "c");
	guestcons_turn(&s);
}

static void
come_in(const char *vm)
{
	come(vm);
	assert_true(f.there);
	guestcons_open(&f);
	guestcons_turn(&s);
}

static void
say(const char *text)
{
	guestcons_say(&f, text, strlen(text));
	guestcons_turn(&s);
}

static void
expect_typed(const char *p, size_t n)
{
	guestcons_turn(&s);
	assert_int_equal(f.typed.len, n);
	assert_memory_equal(f.typed.p, p, n);
	buf_clear(&f.typed);
}

#define TYPED(text) expect_typed(text, sizeof text - 1)

/* --- Keys --------------------------------------------------------------------- */

static void
keys_are_the_guests(void **state)
{
	(void)state;
	come("web1");
	assert_true(scene_shows(&s, "Opening the console"));
	assert_false(s.app.ui.guest_keys);
	guestcons_open(&f);
	guestcons_turn(&s);
	assert_true(s.app.ui.guest_keys);
	assert_int_equal(f.want.domid, 3);
	assert_string_equal(f.want.reader, "ann@desk:1");
	/* q, ?, : and Esc mean something elsewhere. */
	scene_press(&s, "q?:x<Esc>");
	TYPED("q?:x\033");
	scene_press(&s, "<^C><Enter><Up><F1>");
	TYPED("\003\r\033[A\033OP");
	say("login: ");
	assert_true(scene_shows(&s, "login:"));
	assert_true(scene_shows(&s, "web1 on alpha"));
	scene_press(&s, "<F12>");
	TYPED("stty rows 23 cols 80\r");
	scene_press(&s, "<^]>");
	assert_false(f.there);
	assert_false(s.app.ui.guest_keys);
	assert_int_equal(s.app.ui.layer[s.app.ui.nlayers - 1].view,
	    VIEW_HOME);
	/* What it showed is kept. */
	come_in("web1");
	assert_true(scene_shows(&s, "login:"));
}

static void
pastes_are_the_guests(void **state)
{
	static const struct paste p = { .text = "a\nb", .n = 3 };

	(void)state;
	come_in("web1");
	app_paste(&s.app, &p);
	TYPED("a\rb");
	guestcons_end(&f, VMCONSOLE_LOCKED, "Taken.");
	guestcons_turn(&s);
	app_paste(&s.app, &p);
	guestcons_turn(&s);
	assert_int_equal(f.typed.len, 0);
}

static void
scrolls_back(void **state)
{
	char line[32];

	(void)state;
	come_in("web1");
	for (int i = 1; i <= 60; i++) {
		snprintf(line, sizeof line, "line %d\r\n", i);
		say(line);
	}
	assert_false(scene_shows(&s, "line 30\n"));
	scene_press(&s, "<PgUp>");
	assert_true(scene_shows(&s, "lines back"));
	assert_true(scene_shows(&s, "line 30\n"));
	TYPED("");
	/* More comes in below, and what is read stays. */
	say("more\r\nand more\r\n");
	assert_true(scene_shows(&s, "line 30\n"));
	scene_press(&s, "x"); /* whoever types wants to see it */
	TYPED("x");
	assert_false(scene_shows(&s, "lines back"));
	/* In an editor the key is its own. */
	say("\033[?1049h");
	scene_press(&s, "<PgUp>");
	TYPED("\033[5~");
}

/* --- What becomes of it ------------------------------------------------------- */

static void
follows_a_reboot(void **state)
{
	(void)state;
	come_in("web1");
	say("\r\n\r\n\r\n\r\ngoing down\r\n");
	guestcons_end(&f, VMCONSOLE_ENDED, "The console of web1 has ended.");
	scene_drop(&s, ALPHA, "web1");
	scene_send(&s, ALPHA);
	guestcons_turn(&s);
	assert_true(scene_shows(&s, "It is opened again"));
	scene_dom(&s, ALPHA, 33, 1, "web1");
	scene_pass(&s, 2, 0xf);
	guestcons_turn(&s);
	assert_int_equal(f.want.domid, 33);
	guestcons_open(&f);
	say("booting\r\n");
	assert_true(scene_shows(&s, "going down"));
	assert_true(scene_shows(&s, "-- xendeck: connected again: web1 --"));
	assert_true(scene_shows(&s, "booting"));
}

static void
follows_a_migration(void **state)
{
	(void)state;
	come_in("web1");
	scene_drop(&s, ALPHA, "web1");
	scene_dom(&s, BETA, 44, 1, "web1");
	scene_pass(&s, 5, 0xf);
	guestcons_turn(&s);
	guestcons_turn(&s);
	assert_int_equal(f.want.host, BETA);
	assert_int_equal(f.want.domid, 44);
	assert_true(f.there);
}

static void
a_link_that_breaks(void **state)
{
	int opened;

	(void)state;
	come_in("web1");
	guestcons_end(&f, VMCONSOLE_LOST, "The link to alpha broke.");
	f.absent = true;
	guestcons_turn(&s);
	assert_true(scene_shows(&s, "It is opened again"));
	assert_false(s.app.ui.guest_keys);
	/* It is not tried without end. */
	opened = f.opened;
	for (int i = 0; i < 20; i++)
		guestcons_turn(&s);
	assert_true(f.opened <= opened + 1);
	f.absent = false;
	scene_pass(&s, 3, 0xf);
	guestcons_turn(&s);
	assert_true(f.there);
}

static void
the_second_reader_is_warned(void **state)
{
	struct err err = { 0 };
	int opened;

	(void)state;
	come("web1");
	guestcons_end(&f, VMCONSOLE_LOCKED, "Somebody reads the console of "
	    "web1 already: bob@desk, with xendeck.");
	guestcons_turn(&s);
	assert_true(scene_shows(&s, "bob@desk"));
	assert_int_equal(vmcon_refused(&s.app.vmcon, &err), -1);
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_non_null(strstr(err.msg, "bob@desk"));
	opened = f.opened;
	scene_pass(&s, 20, 0xf);
	guestcons_turn(&s);
	assert_int_equal(f.opened, opened); /* nobody is pestered */
	scene_press(&s, "l");
	guestcons_turn(&s);
	assert_true(f.want.log);
	guestcons_open(&f);
	say("of the log\r\n");
	assert_true(scene_shows(&s, "log, read-only"));
	assert_int_equal(vmcon_refused(&s.app.vmcon, &err), 0);
	scene_press(&s, "x");
	guestcons_turn(&s);
	assert_int_equal(f.typed.len, 0);
	scene_press(&s, "r");
	guestcons_turn(&s);
	assert_false(f.want.log);
}

/* --- Where there is none ------------------------------------------------------ */

static void
read_only_refuses(void **state)
{
	(void)state;
	s.conf.clusters[0].read_only = true;
	come("web1");
	assert_int_equal(f.opened, 0);
	assert_true(scene_shows(&s, "read-only"));
	come("test1"); /* of the other cluster */
	assert_int_equal(f.opened, 1);
	scene_press(&s, "<^]>");
	s.conf.clusters[0].read_only = false;
	s.conf.read_only = true;
	come("web2");
	assert_int_equal(f.opened, 1);
}

static void
nothing_to_read(void **state)
{
	(void)state;
	scene_press(&s, ":old-mail<Enter>c"); /* is dormant */
	assert_int_equal(f.opened, 0);
	assert_true(scene_shows(&s, "does not run now"));
	scene_go_to(&s, "alpha");
	scene_press(&s, "c");
	assert_true(scene_shows(&s, "Select the VM"));
	s.app.ui.time.mode = TIME_PAST;
	come("web1");
	assert_int_equal(f.opened, 0);
	assert_true(scene_shows(&s, "This is the past"));
}

/* --- Bounds -------------------------------------------------------------------- */

static void
floods_are_bounded(void **state)
{
	static char flood[1 << 20];
	clock_t began;
	int turns = 0;

	(void)state;
	come_in("web1");
	for (size_t i = 0; i < sizeof flood; i++)
		flood[i] = i % 80 == 79 ? '\n' : 'y';
	for (int i = 0; i < 16; i++)
		guestcons_say(&f, flood, sizeof flood);
	assert_true(s.app.vmcon.pending.len <= 256 * 1024);
	began = clock();
	guestcons_turn(&s);
	/* A turn is a few ms of work; with a sanitizer some more. */
	assert_true((clock() - began) * 1000 / CLOCKS_PER_SEC < 500);
	assert_true(s.app.vmcon.pending.len > 0);
	scene_press(&s, "<^C>"); /* and is heard at once */
	TYPED("\003");
	while (s.app.vmcon.pending.len > 0 && turns++ < 10000)
		guestcons_turn(&s);
	assert_int_equal(s.app.vmcon.pending.len, 0);
	assert_true(emulator_lines(vmcon_emulator(&s.app.vmcon)) <=
	    EMULATOR_HISTORY);
	say("the end\r\n");
	assert_true(scene_shows(&s, "the end"));
}

static void
a_deaf_guest(void **state)
{
	(void)state;
	come_in("web1");
	f.deaf = true;
	for (int i = 0; i < 100; i++)
		scene_press(&s, "x");
	guestcons_turn(&s);
	assert_true(scene_shows(&s, "takes no keys now"));
	f.deaf = false;
	scene_press(&s, "y");
	TYPED("y");
	assert_false(scene_shows(&s, "takes no keys now"));
}

/* --- Simulated guests ---------------------------------------------------------- */

static const char world[] = "clusters = ( { name = \"c\"; hosts = ("
	"{ name = \"a\"; transport = \"sim\"; } ); } );"
	"simulator = { seed = 3; hosts = ("
	"{ name = \"a\"; memory = \"16 GiB\"; } );"
	"vms = ( { name = \"web\"; host = \"a\"; memory = \"2 GiB\"; } ); };";

struct sim {
	struct conf conf;
	struct model *m;
	struct backend *b;
	struct mono now;
	struct vmcon v;
};

static struct sim sim;

static void
on_event(void *arg, const struct event *e)
{
	(void)arg;
	model_apply(sim.m, e);
}

static struct vmconsole *
open_sim(void *arg, const struct vmconsole_want *want,
    const struct vmconsole_sink *sink)
{
	return simcons_open(arg, want, sink);
}

static void
pass(int64_t ms)
{
	struct mono deadline = MONO_NEVER;

	for (; ms > 0; ms -= 50) {
		sim.now = mono_add_ms(sim.now, 50);
		sim.b->ops->postpoll(sim.b, NULL, sim.now, 0);
		model_tick(sim.m, sim.now, 0, &deadline);
		vmcon_turn(&sim.v, sim.m, sim.now, &deadline);
	}
}

static void
sim_open(void)
{
	const struct event_sink sink = { on_event, NULL };
	struct conf_errors errs;
	const struct vm *vm = NULL;

	sim = (struct sim){ 0 };
	conf_init(&sim.conf);
	conf_errors_init(&errs);
	if (confread_text("test", world, strlen(world), &sim.conf,
	    &errs) != 0)
		fail_msg("the test's configuration is wrong");
	conf_errors_free(&errs);
	sim.m = model_new(&sim.conf);
	sim.b = sim_new(&sim.conf, &sink, sim.now);
	vmcon_init(&sim.v);
	sim.v.source = (struct vmcon_source){ open_sim, sim.b, "ann@desk:1" };
	pass(3000);
	for (size_t i = 0; i < model_nvms(sim.m); i++)
		if (strcmp(model_vm_at(sim.m, i)->name, "web") == 0)
			vm = model_vm_at(sim.m, i);
	assert_non_null(vm);
	vmcon_open(&sim.v, sim.m, vm->id);
	vmcon_resize(&sim.v, 80, 23);
}

static void
sim_close(void)
{
	vmcon_free(&sim.v);
	sim.b->ops->free(sim.b);
	model_free(sim.m);
	conf_free(&sim.conf);
}

static bool
shows(const char *text)
{
	struct canvas c;
	bool is;

	canvas_init(&c, 80, 23);
	emulator_draw(vmcon_emulator(&sim.v), &c, canvas_all(&c), 0);
	is = canvas_shows(&c, text);
	canvas_free(&c);
	return is;
}

static void
type(const char *keys)
{
	for (; *keys != '\0'; keys++)
		vmcon_key(&sim.v, (unsigned char)*keys);
	pass(300);
}

static void
simulated_guests_answer(void **state)
{
	(void)state;
	sim_open();
	pass(500);
	assert_int_equal(sim.v.state, VMCON_LIVE);
	type("\rroot\r");
	type("echo in and out\r");
	assert_true(shows("\nin and out\n"));
	type("count\r");
	pass(3000);
	assert_true(shows("\n3\n"));
	type("\003hostname\r");
	assert_true(shows("\nweb\n"));
	/* A reboot is another domain, and followed there. */
	type("reboot\r");
	pass(20000);
	assert_int_equal(sim.v.state, VMCON_LIVE);
	assert_true(shows("connected again: web"));
	assert_true(shows("web login:"));
	sim_close();
}

static void
simulated_ones_have_one_reader(void **state)
{
	struct vmcon other;
	struct mono deadline = MONO_NEVER;

	(void)state;
	sim_open();
	pass(500);
	vmcon_init(&other);
	other.source = sim.v.source;
	vmcon_open(&other, sim.m, sim.v.vm);
	for (int i = 0; i < 3; i++)
		vmcon_turn(&other, sim.m, sim.now, &deadline);
	assert_int_equal(other.state, VMCON_LOCKED);
	assert_int_equal(sim.v.state, VMCON_LIVE);
	/* Whoever goes gives it back. */
	vmcon_leave(&sim.v);
	vmcon_retry(&other, false);
	for (int i = 0; i < 3; i++)
		vmcon_turn(&other, sim.m, sim.now, &deadline);
	assert_int_equal(other.state, VMCON_LIVE);
	vmcon_free(&other);
	sim_close();
}

static void
simulated_links_break(void **state)
{
	(void)state;
	sim_open();
	pass(500);
	assert_int_equal(sim.b->ops->control(sim.b, 0, CONTROL_SIM_BREAK,
	    sim.now), 0);
	pass(30000);
	assert_int_equal(sim.v.state, VMCON_WAITING);
	assert_int_equal(sim.b->ops->control(sim.b, 0, CONTROL_SIM_HEAL,
	    sim.now), 0);
	pass(60000);
	assert_int_equal(sim.v.state, VMCON_LIVE);
	sim_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(keys_are_the_guests), T(pastes_are_the_guests),
		T(scrolls_back), T(follows_a_reboot), T(follows_a_migration),
		T(a_link_that_breaks), T(the_second_reader_is_warned),
		T(read_only_refuses), T(nothing_to_read),
		T(floods_are_bounded), T(a_deaf_guest),
		cmocka_unit_test(simulated_guests_answer),
		cmocka_unit_test(simulated_ones_have_one_reader),
		cmocka_unit_test(simulated_links_break),
	};

	setlocale(LC_ALL, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
