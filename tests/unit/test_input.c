/* Bytes to keys, one rule a test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/input.h"

static struct input in;
static struct mono now;

static int
setup(void **state)
{
	(void)state;
	input_init(&in, NULL, 0);
	now = (struct mono){ 1000000000000 };
	return 0;
}

static void
add(const char *s)
{
	input_add(&in, s, strlen(s), now);
}

static void
pass(int64_t ms)
{
	now = mono_add_ms(now, ms);
}

#define EXPECT(key) assert_int_equal(input_next(&in, now), key)

static void
plain_keys(void **state)
{
	(void)state;
	add("aG/ ");
	EXPECT('a');
	EXPECT('G');
	EXPECT('/');
	EXPECT(' ');
	EXPECT(KEYC_NONE);
	add("\r\n\t\177\b\f");
	EXPECT(KEYC_ENTER);
	EXPECT(KEYC_ENTER);
	EXPECT(KEYC_TAB);
	EXPECT(KEYC_BACKSPACE);
	EXPECT(KEYC_BACKSPACE);
	EXPECT(KEYC_CTRL_OF('L'));
}

static void
sequences(void **state)
{
	(void)state;
	add("\033[A\033OB\033[5~\033OP\033[[B\033[21~\033[Z");
	EXPECT(KEYC_UP);
	EXPECT(KEYC_DOWN);
	EXPECT(KEYC_PGUP);
	EXPECT(KEYC_F(1));
	EXPECT(KEYC_F(2));
	EXPECT(KEYC_F(10));
	EXPECT(KEYC_BACKTAB);
	EXPECT(KEYC_NONE);
	add("\033[0n"); /* not a key at all, but the terminal itself */
	EXPECT(KEYC_REPORT);
}

static void
sequence_in_pieces(void **state)
{
	(void)state;
	add("\033");
	EXPECT(KEYC_NONE);
	add("[");
	EXPECT(KEYC_NONE);
	pass(INPUT_REST_MS - 1);
	add("1");
	EXPECT(KEYC_NONE);
	add("5~");
	EXPECT(KEYC_F(5));
}

static void
modifiers_are_dropped(void **state)
{
	(void)state;
	add("\033[1;5A\033[5;2~\033[15;3~");
	EXPECT(KEYC_UP);
	EXPECT(KEYC_PGUP);
	EXPECT(KEYC_F(5));
}

static void
escape_alone(void **state)
{
	struct mono deadline = MONO_NEVER;

	(void)state;
	add("\033");
	EXPECT(KEYC_NONE);
	input_deadline(&in, &deadline);
	assert_int_equal(mono_diff_ms(deadline, now), INPUT_ESC_MS);
	pass(INPUT_ESC_MS);
	EXPECT(KEYC_ESC);
	EXPECT(KEYC_NONE);
	deadline = MONO_NEVER;
	input_deadline(&in, &deadline);
	assert_true(deadline.ns == INT64_MAX);
}

static void
escape_and_a_fast_key(void **state)
{
	(void)state;
	add("\033q");
	EXPECT(KEYC_ESC);
	EXPECT('q');
	add("\033\033");
	EXPECT(KEYC_ESC);
	pass(INPUT_ESC_MS);
	EXPECT(KEYC_ESC);
}

static void
escape_and_a_digit(void **state)
{
	(void)state;
	add("\0335");
	EXPECT(KEYC_F(5));
	add("\033");
	pass(INPUT_ESC_MS);
	EXPECT(KEYC_ESC);
	pass(500);
	add("0");
	EXPECT(KEYC_F(10));
	pass(INPUT_DIGIT_MS);
	add("5");
	EXPECT('5');
}

/* No part of what a terminal says by itself may be taken for a key. */
static void
unknown_sequences_vanish(void **state)
{
	static const char *const noise[] = {
		"\033[<0;33;12m", "\033[<1;3;1M", "\033[<32;3;1M",
		"\033[<0;0;1M", "\033[<0;1;0M", "\033[<0;1M", "\033[<;;M",
		"\033[<0;99999;1M", "\033[<0;1;1;1M", "\033[<0;-1;1M",
		"\033[<M", "\033[<0;1;1~", "\033[<00000;1;1M", "\033[M !!", "\033[?1;2c",
		"\033[202~", "\033[12;40R", "\033]11;rgb:q/0/0\007",
		"\033]10;rgb:0000/0000/0000\007", "\033]11;rgb:0/0\007",
		"\033]11;rgb:\033\\",
		"\033P>|XTerm(370)q\033\\", "\033_qqq\033\\", "\033[99~",
		"\033Oq", "\033[I", "\033[1;2;3;4;5y",
	};

	(void)state;
	for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
		add(noise[i]);
		add("x");
		EXPECT('x');
		EXPECT(KEYC_NONE);
	}
}

static void
mouse(void **state)
{
	static const struct {
		const char *bytes;
		struct mouse want;
	} cases[] = {
		{ "\033[<0;1;1M", { MOUSE_PRESS, 0, 0 } },
		{ "\033[<0;133;57M", { MOUSE_PRESS, 132, 56 } },
		{ "\033[<64;5;9999M", { MOUSE_UP, 4, 9998 } },
		{ "\033[<65;5;6M", { MOUSE_DOWN, 4, 5 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		add(cases[i].bytes);
		EXPECT(KEYC_MOUSE);
		assert_int_equal(in.mouse.what, cases[i].want.what);
		assert_int_equal(in.mouse.x, cases[i].want.x);
		assert_int_equal(in.mouse.y, cases[i].want.y);
		EXPECT(KEYC_NONE);
	}
	/* In pieces, and with a key behind it. */
	add("\033[<0;");
	EXPECT(KEYC_NONE);
	add("7;8Mq");
	EXPECT(KEYC_MOUSE);
	assert_int_equal(in.mouse.x, 6);
	EXPECT('q');
}

/* Half a sequence ends where the next one begins. */
static void
half_a_sequence(void **state)
{
	(void)state;
	add("\033[<0;1\033[<0;7;8Mq");
	EXPECT(KEYC_MOUSE);
	assert_int_equal(in.mouse.x, 6);
	EXPECT('q');
	add("\033[1;\033[A\033O\033[B\033[12\rx");
	EXPECT(KEYC_UP);
	EXPECT(KEYC_DOWN);
	EXPECT(KEYC_ENTER);
	EXPECT('x');
}

static const char marked[] = "\033[200~Q:quit\r\033[A \033[201\033[201~";

/* Nothing that is pasted is a key, in however many pieces it comes. */
static void
paste(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof marked; cut++) {
		input_add(&in, marked, cut, now);
		if (cut < sizeof marked - 1)
			EXPECT(KEYC_NONE);
		input_add(&in, marked + cut, sizeof marked - 1 - cut, now);
		EXPECT(KEYC_PASTE);
		assert_string_equal(in.paste.text,
		    "Q:quit\r\033[A \033[201");
		assert_false(in.paste.cut);
		add("x");
		EXPECT('x');
	}
	add("\033[201~x"); /* an end of nothing */
	EXPECT('x');
	add("\033[200~\033[201~x");
	EXPECT(KEYC_PASTE);
	assert_string_equal(in.paste.text, "");
	EXPECT('x');
}

static void
long_paste(void **state)
{
	(void)state;
	add("\033[200~");
	for (int i = 0; i < 2 * INPUT_PASTE_MAX; i++) {
		add("q");
		EXPECT(KEYC_NONE);
	}
	add("\033[201~z");
	EXPECT(KEYC_PASTE);
	assert_true(in.paste.cut);
	assert_int_equal(in.paste.n, INPUT_PASTE_MAX - 1);
	EXPECT('z');
}

/* Keys work again some time after its end got lost. */
static void
endless_paste_ends(void **state)
{
	struct mono until = { INT64_MAX };

	(void)state;
	add("\033[200~abc\033[20");
	EXPECT(KEYC_NONE);
	pass(INPUT_PASTE_MS - 1);
	EXPECT(KEYC_NONE);
	input_deadline(&in, &until);
	assert_int_equal(mono_diff_ms(until, now), 1);
	pass(1);
	EXPECT(KEYC_PASTE);
	assert_string_equal(in.paste.text, "abc");
	add("x");
	EXPECT('x');
}

/* What it says of its background, in all the ways there are. */
static void
background_is_told(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t key;
	} cases[] = {
		{ "\033]11;rgb:0000/0000/0000\007", KEYC_GROUND_DARK },
		{ "\033]11;rgb:1e1e/1e1e/2e2e\033\\", KEYC_GROUND_DARK },
		{ "\033]11;rgb:FDFD/F6F6/e3e3\007", KEYC_GROUND_LIGHT },
		{ "\033]11;rgb:ff/ff/ff\007", KEYC_GROUND_LIGHT },
		{ "\033]11;rgb:f/f/f\007", KEYC_GROUND_LIGHT },
		{ "\033]11;rgb:0000/0000/ffff\007", KEYC_GROUND_DARK },
		{ "\033]11;rgb:ffff/ffff/0000/8\007", KEYC_GROUND_LIGHT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		add(cases[i].bytes);
		EXPECT(cases[i].key);
		EXPECT(KEYC_NONE);
	}
}

static void
endless_sequence_ends(void **state)
{
	(void)state;
	add("\033[");
	while (input_room(&in) > 0)
		add("1");
	EXPECT(KEYC_NONE);
	assert_int_equal(input_room(&in), INPUT_BUF);
	add("\033]never ended");
	EXPECT(KEYC_NONE);
	pass(INPUT_REST_MS);
	EXPECT(KEYC_NONE);
	add("x");
	EXPECT('x');
}

static void
text(void **state)
{
	(void)state;
	add("\xc3\xa4\xe5\xad\x97\xf0\x9f\x98\x80");
	EXPECT(0xe4);
	EXPECT(0x5b57);
	EXPECT(0x1f600);
	add("\xe5\xad"); /* the rest is on its way */
	EXPECT(KEYC_NONE);
	add("\x97");
	EXPECT(0x5b57);
	add("\xff\xc3z");
	EXPECT('z');
}

static void
half_a_character(void **state)
{
	(void)state;
	add("\xe5");
	EXPECT(KEYC_NONE);
	pass(INPUT_REST_MS);
	EXPECT(KEYC_NONE);
	add("z");
	EXPECT('z');
}

static void
the_terminals_own(void **state)
{
	static const struct input_seq own[] = {
		{ "\033x", KEYC_F(7) }, { "\033[A", KEYC_HOME },
	};

	(void)state;
	input_init(&in, own, 2);
	add("\033x\033[A");
	EXPECT(KEYC_F(7));
	EXPECT(KEYC_HOME);
}

static void
names(void **state)
{
	char name[16];

	(void)state;
	input_key_name(name, KEYC_F(12));
	assert_string_equal(name, "F12");
	input_key_name(name, KEYC_CTRL_OF('L'));
	assert_string_equal(name, "^L");
	input_key_name(name, 0x1f600);
	assert_string_equal(name, "\xf0\x9f\x98\x80");
	input_key_name(name, KEYC_ENTER);
	assert_string_equal(name, "Enter");
}

/* --- Lines that stutter ----------------------------------------------------------- */

static const struct {
	const char *bytes;
	uint32_t key;
} whole[] = {
	{ "\033[A", KEYC_UP }, { "\033OA", KEYC_UP },
	{ "\033[D", KEYC_LEFT }, { "\033OD", KEYC_LEFT },
	{ "\033[H", KEYC_HOME }, { "\033[1~", KEYC_HOME },
	{ "\033[F", KEYC_END }, { "\033[5~", KEYC_PGUP },
	{ "\033[6~", KEYC_PGDN }, { "\033[3~", KEYC_DELETE },
	{ "\033[Z", KEYC_BACKTAB }, { "\033OP", KEYC_F(1) },
	{ "\033[11~", KEYC_F(1) }, { "\033[[A", KEYC_F(1) },
	{ "\033OS", KEYC_F(4) }, { "\033[24~", KEYC_F(12) },
	{ "\033[1;5A", KEYC_UP }, { "\033[15;3~", KEYC_F(5) },
	{ "\033[0n", KEYC_REPORT }, { "\033[<0;7;8M", KEYC_MOUSE },
	{ "\033[<0;7;8m", KEYC_NONE }, { "\033[M !!", KEYC_NONE },
	{ "\033[?1;2c", KEYC_NONE }, { "\033[12;40R", KEYC_NONE },
	{ "\033Oq", KEYC_NONE }, { "\033[99~", KEYC_NONE },
	{ "\033]11;rgb:1e/1e/2e\007", KEYC_GROUND_DARK },
	{ "\033]11;rgb:ffff/ffff/ffff\033\\", KEYC_GROUND_LIGHT },
	{ "\033[200~q\r!\033[201~", KEYC_PASTE },
};

enum { WHOLE = sizeof whole / sizeof whole[0] };

static const int64_t gaps[] = { 5, 10, 39, 40, 41, 99, 150, 199, 250 };

enum { GAPS = sizeof gaps / sizeof gaps[0] };

/* As the console does: looks for keys whenever the input wants it to. */
static size_t
keys_within(int64_t ms, uint32_t *keys, size_t n, size_t most)
{
	struct mono end = mono_add_ms(now, ms);
	uint32_t key;

	for (;;) {
		struct mono next = MONO_NEVER;

		while ((key = input_next(&in, now)) != KEYC_NONE) {
			assert_true(n < most);
			keys[n++] = key;
		}
		input_deadline(&in, &next);
		if (mono_before(end, next))
			break;
		now = next;
	}
	now = end;
	return n;
}

/* An Esc that came too early at the most, then the key or nothing. */
static void
is_no_wrong_command(const uint32_t *keys, size_t n, uint32_t want, bool early)
{
	size_t i = 0;

	if (early && n > 0 && keys[0] == KEYC_ESC)
		i++;
	if (want != KEYC_NONE) {
		assert_true(i < n);
		assert_int_equal(keys[i++], want);
	}
	assert_int_equal(i, n);
}

static void
cut_in_two(void **state)
{
	static const int64_t waits[] = { 10, INPUT_ESC_MS, 150 };
	uint32_t keys[8];

	(void)state;
	for (size_t w = 0; w < 3; w++)
	for (size_t i = 0; i < WHOLE; i++)
	for (size_t at = 1; at < strlen(whole[i].bytes); at++)
	for (size_t g = 0; g < GAPS; g++) {
		size_t n;

		setup(NULL);
		input_set_esc(&in, waits[w]);
		input_add(&in, whole[i].bytes, at, now);
		n = keys_within(gaps[g], keys, 0, 8);
		add(whole[i].bytes + at);
		n = keys_within(1000, keys, n, 8);
		is_no_wrong_command(keys, n, whole[i].key,
		    at == 1 && gaps[g] >= waits[w]);
		add("x"); /* and it is over */
		n = keys_within(1000, keys, 0, 8);
		assert_int_equal(n, 1);
		assert_int_equal(keys[0], 'x');
	}
}

static void
cut_at_each_byte(void **state)
{
	uint32_t keys[8];

	(void)state;
	for (size_t i = 0; i < WHOLE; i++)
	for (size_t g = 0; g < GAPS; g++) {
		size_t n = 0;

		setup(NULL);
		input_set_esc(&in, 10);
		for (const char *p = whole[i].bytes; *p != '\0'; p++) {
			input_add(&in, p, 1, now);
			n = keys_within(gaps[g], keys, n, 8);
		}
		n = keys_within(1000, keys, n, 8);
		is_no_wrong_command(keys, n, whole[i].key, gaps[g] >= 10);
	}
}

/* What the terminal's description has besides. */
static void
cut_before_a_letter(void **state)
{
	static const struct input_seq vt52[] = { { "\033A", KEYC_UP } };

	(void)state;
	input_init(&in, vt52, 1);
	add("\033");
	pass(INPUT_ESC_MS);
	EXPECT(KEYC_ESC);
	pass(100);
	add("A");
	EXPECT(KEYC_UP);
	add("A");
	EXPECT('A');
}

static void
brackets_typed_by_hand(void **state)
{
	static const char typed[] = "[]Oq";
	uint32_t keys[8];

	(void)state;
	for (size_t i = 0; typed[i] != '\0'; i++) {
		size_t n;

		setup(NULL);
		add("\033");
		n = keys_within(INPUT_ESC_MS + INPUT_REST_MS, keys, 0, 8);
		input_add(&in, &typed[i], 1, now);
		EXPECT((uint32_t)typed[i]); /* at once */
		assert_int_equal(n, 1);
		assert_int_equal(keys[0], KEYC_ESC);
		/* Sooner it waits for what it may begin, and is taken for
		 * itself when nothing comes. */
		setup(NULL);
		add("\033");
		n = keys_within(100, keys, 0, 8);
		input_add(&in, &typed[i], 1, now);
		n = keys_within(INPUT_REST_MS, keys, n, 8);
		assert_int_equal(n, 2);
		assert_int_equal(keys[0], KEYC_ESC);
		assert_int_equal(keys[1], typed[i]);
	}
}

/* A full buffer has room for the Esc that comes back, and nothing more. */
static void
joined_to_a_full_buffer(void **state)
{
	uint32_t key;

	(void)state;
	add("\033");
	pass(INPUT_ESC_MS);
	EXPECT(KEYC_ESC);
	add("[");
	while (input_room(&in) > 0)
		add("1");
	while ((key = input_next(&in, now)) != KEYC_NONE)
		assert_int_equal(key, KEYC_ESC);
	assert_int_equal(input_room(&in), INPUT_BUF);
	add("x");
	EXPECT('x');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(plain_keys, setup),
		cmocka_unit_test_setup(sequences, setup),
		cmocka_unit_test_setup(sequence_in_pieces, setup),
		cmocka_unit_test_setup(modifiers_are_dropped, setup),
		cmocka_unit_test_setup(escape_alone, setup),
		cmocka_unit_test_setup(escape_and_a_fast_key, setup),
		cmocka_unit_test_setup(escape_and_a_digit, setup),
		cmocka_unit_test_setup(unknown_sequences_vanish, setup),
		cmocka_unit_test_setup(mouse, setup),
		cmocka_unit_test_setup(half_a_sequence, setup),
		cmocka_unit_test_setup(paste, setup),
		cmocka_unit_test_setup(long_paste, setup),
		cmocka_unit_test_setup(endless_paste_ends, setup),
		cmocka_unit_test_setup(background_is_told, setup),
		cmocka_unit_test_setup(endless_sequence_ends, setup),
		cmocka_unit_test_setup(text, setup),
		cmocka_unit_test_setup(half_a_character, setup),
		cmocka_unit_test_setup(the_terminals_own, setup),
		cmocka_unit_test_setup(names, setup),
		cmocka_unit_test_setup(cut_in_two, setup),
		cmocka_unit_test_setup(cut_at_each_byte, setup),
		cmocka_unit_test_setup(cut_before_a_letter, setup),
		cmocka_unit_test_setup(brackets_typed_by_hand, setup),
		cmocka_unit_test_setup(joined_to_a_full_buffer, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
