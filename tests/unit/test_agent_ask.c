/* What the agent makes of its standard input: words that it knows, and nothing
 * else, however much else there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/agent/ask.h"
#include "core/prng.h"

static struct mono now;

static int
setup(void **state)
{
	(void)state;
	now = (struct mono){ INT64_C(5000000000) };
	return 0;
}

static void
say(struct ask *a, const char *text)
{
	ask_take(a, text, strlen(text), now);
}

static bool
wants(struct ask *a)
{
	enum backend_ask what = ASK_COUNT;
	bool is = ask_next(a, now, &what);

	assert_int_equal(is, what == ASK_DMESG);
	return is;
}

static void
a_word_is_an_order(void **state)
{
	struct ask a = { .n = 0 };

	(void)state;
	assert_false(wants(&a));
	say(&a, "dmesg");
	assert_false(wants(&a)); /* the line has not ended */
	say(&a, "\n");
	assert_true(wants(&a));
	assert_false(wants(&a));
	now = mono_add_ms(now, 1000);
	for (const char *p = "dmesg\r\n"; *p != '\0'; p++)
		ask_take(&a, p, 1, now);
	assert_true(wants(&a));
}

static void
other_words_are_not(void **state)
{
	static const char *const others[] = { "\n", "\n\n\n", "DMESG\n",
		"dmesg -c\n", " dmesg\n", "dmesg \n", "reboot\n", "dmes\ng\n",
		"dmesgdmesgdmesgdmesgdmesgdmesg\n", "xxxxxxxxxxxdmesg\n",
		"0123456789abcdefdmesg\n", "dmesg\xff\n", "\r\n", "\rdmesg\n",
		"dmesg\r\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct ask a = { .n = 0 };

		say(&a, others[i]);
		assert_false(wants(&a));
		say(&a, "dmesg\n"); /* and it goes on as before */
		assert_true(wants(&a));
	}
}

static void
zeros_are_not_the_end(void **state)
{
	struct ask a = { .n = 0 };

	(void)state;
	ask_take(&a, "dmesg\0\n", 7, now);
	assert_false(wants(&a));
	ask_take(&a, "\0dmesg\n", 7, now);
	assert_false(wants(&a));
}

static void
asking_often_brings_one(void **state)
{
	struct mono next = MONO_NEVER;
	struct ask a = { .n = 0 };
	int answers = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		say(&a, "dmesg\n");
	ask_deadline(&a, &next);
	assert_true(mono_reached(next, now));
	for (int ms = 0; ms < 10000; ms += 10) {
		say(&a, "dmesg\n");
		answers += wants(&a);
		now = mono_add_ms(now, 10);
	}
	assert_int_equal(answers, 10);
	next = MONO_NEVER;
	ask_deadline(&a, &next);
	assert_true(next.ns <= mono_add_ms(now, 1000).ns);
}

/* Who writes without end is heard a little in each second. */
static void
floods_are_held_back(void **state)
{
	char junk[512];
	struct ask a = { .n = 0 };
	int reads = 0;

	(void)state;
	memset(junk, 'x', sizeof junk);
	for (int ms = 0; ms < 5000; ms++) {
		struct mono next = MONO_NEVER;

		if (ask_listens(&a, now, &next)) {
			ask_take(&a, junk, sizeof junk, now);
			reads++;
		} else {
			assert_true(next.ns > now.ns);
			assert_true(next.ns <= mono_add_ms(now, 1000).ns);
		}
		now = mono_add_ms(now, 1);
	}
	assert_in_range(reads, 1, 5 * 8 + 8);
	say(&a, "\ndmesg\n");
	assert_true(wants(&a));
}

static void
garbage_is_harmless(void **state)
{
	struct ask a = { .n = 0 };
	struct prng r;
	char junk[300];

	(void)state;
	prng_init(&r, 7);
	for (int i = 0; i < 5000; i++) {
		size_t n = prng_below(&r, sizeof junk);

		for (size_t k = 0; k < n; k++)
			junk[k] = (char)prng_below(&r, 256);
		ask_take(&a, junk, n, now);
		assert_true(a.n < sizeof a.word);
	}
	wants(&a);
	now = mono_add_ms(now, 1000);
	say(&a, "\ndmesg\n");
	assert_true(wants(&a));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(a_word_is_an_order),
		T(other_words_are_not),
		T(zeros_are_not_the_end),
		T(asking_often_brings_one),
		T(floods_are_held_back),
		T(garbage_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
