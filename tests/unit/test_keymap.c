/* Keys out of a configuration: what is bound, what is refused, and that the way
 * out is never lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/confread.h"
#include "core/conf_print.h"
#include "core/mem.h"
#include "core/prng.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/keymap_conf.h"

static struct conf conf;
static struct keymap m;
static struct buf said;

static int
setup(void **state)
{
	(void)state;
	conf_init(&conf);
	buf_init(&said, 1 << 16);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	keymap_free(&m);
	conf_free(&conf);
	buf_free(&said);
	return 0;
}

/* Reads "keys = { TEXT };". */
static int
reads(const char *text)
{
	struct conf_errors errs;
	char *all = x_asprintf("clusters = ( { name = \"c\"; hosts = ( { name "
	    "= \"h\" } ) } );\nkeys = { %s };\n", text);
	int rc;

	teardown(NULL);
	setup(NULL);
	conf_errors_init(&errs);
	errs.check = keymap_check;
	rc = confread_text("t", all, strlen(all), &conf, &errs);
	conf_errors_put(&errs, &said);
	conf_errors_free(&errs);
	keymap_init(&m, &conf);
	x_free(all);
	return rc;
}

static void
has_keys(const char *action, const char *want)
{
	char keys[64];

	keymap_keys(keys, sizeof keys, keymap_named(&m, action));
	assert_string_equal(keys, want);
}

static void
is_refused(const char *text, const char *why)
{
	assert_int_equal(reads(text), -1);
	if (said.p == NULL || strstr(said.p, why) == NULL)
		fail_msg("%s: \"%s\" is not said, but: %s", text, why,
		    said.p != NULL ? said.p : "nothing");
}

static void
keys_are_bound(void **state)
{
	(void)state;
	assert_int_equal(reads("pause = \"P F12\"; open = \"Enter\"; "
	    "log = \"\"; tree = \"  \xc3\xa4   ^T \";"), 0);
	has_keys("pause", "P F12");
	has_keys("open", "Enter");
	has_keys("log", "");
	has_keys("tree", "\xc3\xa4 ^T");
	assert_null(keymap_find(&m, CTX_HOME, 'Z', false));
	assert_null(keymap_find(&m, CTX_HOME, 'L', false));
	assert_null(keymap_find(&m, CTX_HOME, KEYC_F(3), false));
	assert_string_equal(keymap_find(&m, CTX_DETAIL, 'P', false)->name,
	    "pause");
	assert_string_equal(keymap_find(&m, CTX_HOME, 0xe4, false)->name,
	    "tree");
	/* Keys change places. */
	assert_int_equal(reads("fold = \"+\"; unfold = \"-\""), 0);
	has_keys("fold", "+");
}

static void
wrong_ones_are_told(void **state)
{
	(void)state;
	is_refused("pausee = \"P\"", "t:2: \"pausee\" is no action that could "
	    "have keys; did you mean \"pause\"?");
	is_refused("pause = \"Pp\"", "\"pause\": there is no key \"Pp\"");
	is_refused("pause = \"F13\"", "no key \"F13\"");
	is_refused("pause = \"^H\"", "no key \"^H\"");
	is_refused("pause = \"esc\"", "no key \"esc\"");
	is_refused("pause = \"A B C M N\"", "has more than 4 keys");
	is_refused("pause = 3", "\"pause\" must be a text in quotes");
	is_refused("pause = \"q\"", "\"pause\" cannot have q, which "
	    "\"close\" has at the same place");
	is_refused("pause = \"P\"; log = \"P\"",
	    "cannot have P, which");
	is_refused("edit-left = \"x\"", "cannot have \"x\": that is typed");
	is_refused("run = \"Space\"", "that is typed there");
	is_refused("pause = \"Esc\"", "always the way out");
	is_refused("back = \"^C\"", "always the way out");
	is_refused("console-back = \"^]\"", "always the way out");
}

enum { VMCONSOLES = CTX_VMCONSOLE | CTX_VMCONSOLE_IDLE };

static uint32_t
way_out_of(unsigned ctx)
{
	return (ctx & VMCONSOLES) != 0 ? KEYC_CTRL_OF(']') : KEYC_ESC;
}

static void
the_way_out_stays(void **state)
{
	(void)state;
	assert_int_equal(reads("back = \"\"; menu-back = \"b\"; quit = \"\"; "
	    "leave = \"\"; close = \"\"; command-back = \"\"; "
	    "edit-quit = \"\"; filter-back = \"^G\"; "
	    "console-leave = \"F9\"; console-close = \"\""), 0);
	for (unsigned ctx = 1; ctx < CTX_END; ctx <<= 1) {
		const struct binding *b = keymap_find(&m, ctx,
		    way_out_of(ctx), false);

		assert_non_null(b);
		assert_int_equal(b->cmd, (ctx & VMCONSOLES) != 0 ?
		    CMD_VMCONSOLE_LEAVE : CMD_BACK);
		if ((ctx & VMCONSOLES) != 0)
			continue;
		b = keymap_find(&m, ctx, KEYC_CTRL_OF('C'), false);
		assert_non_null(b);
		assert_int_equal(b->cmd, CMD_QUIT);
	}
	has_keys("filter-back", "^G Esc");
	has_keys("menu-back", "b Esc");
	/* Not even when all places are taken. */
	assert_int_equal(reads("quit = \"F11 F12 p O\""), 0);
	has_keys("quit", "F11 F12 p ^C");
}

/* Whatever is written: nothing breaks, and the way out stays. */
static void
anything(void **state)
{
	static const char *const keys[] = { "a", "F3", "Esc", "^C", "Space",
		"", "nonsense", "^", "\xe5\xad\x97", "Enter", "PgUp", "q" };
	struct prng r;

	(void)state;
	prng_init(&r, 3);
	for (int i = 0; i < 300; i++) {
		teardown(NULL);
		setup(NULL);
		for (int k = 0; k < 12; k++) {
			struct conf_key *key = conf_add_key(&conf);

			x_free(key->keys);
			key->action = x_strdup(keymap_defaults[prng_below(&r,
			    (uint32_t)keymap_ndefaults)].name);
			key->keys = x_asprintf("%s %s  %s",
			    keys[prng_below(&r, 12)], keys[prng_below(&r, 12)],
			    keys[prng_below(&r, 12)]);
		}
		keymap_init(&m, &conf);
		for (unsigned ctx = 1; ctx < CTX_END; ctx <<= 1)
			assert_int_equal(keymap_find(&m, ctx, way_out_of(ctx),
			    true)->cmd, (ctx & VMCONSOLES) != 0 ?
			    CMD_VMCONSOLE_LEAVE : CMD_BACK);
	}
}

static void
names_are_read_back(void **state)
{
	char name[16];

	(void)state;
	for (size_t i = 0; i < keymap_ndefaults; i++)
		for (size_t k = 0; k < BINDING_KEYS; k++) {
			uint32_t key = keymap_defaults[i].key[k];

			if (key == 0)
				break;
			input_key_name(name, key);
			assert_int_equal(input_key_parse(name), key);
		}
	assert_int_equal(input_key_parse("\xff"), KEYC_NONE);
	assert_int_equal(input_key_parse("^a"), KEYC_NONE);
	assert_int_equal(input_key_parse("^\\"), 0x1c);
}

static void
is_printed_back(void **state)
{
	struct buf out;

	(void)state;
	assert_int_equal(reads("pause = \"P \\\" F12\"; log = \"\";"), 0);
	buf_init(&out, 1 << 16);
	assert_int_equal(conf_print(&conf, &out), 0);
	assert_non_null(strstr(out.p,
	    "keys = {\n\tpause = \"P \\\" F12\";\n\tlog = \"\";\n};\n"));
	buf_free(&out);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(keys_are_bound),
		TEST(wrong_ones_are_told),
		TEST(the_way_out_stays),
		TEST(anything),
		TEST(names_are_read_back),
		TEST(is_printed_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
