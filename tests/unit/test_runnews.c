/* The reader of what a run's remote side says: words among any output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/runnews.h"

#define T "0123456789abcdef0123456789abcdef"

/* What came, as text: words in brackets. */
static void
on_word(void *arg, enum runnews_word word, const char *text)
{
	buf_printf(arg, "[%d %s]", (int)word, text);
}

static void
on_output(void *arg, const char *p, size_t n)
{
	buf_add(arg, p, n);
}

static void
wants(const char *text, size_t n, const char *result)
{
	static const struct runnews_cb cb = { on_word, on_output };

	for (size_t piece = 1; piece <= n; piece = piece * 2 + 1) {
		struct runnews r;
		struct buf got;

		buf_init(&got, 1024 * 1024);
		buf_puts(&got, "");
		runnews_init(&r, T, &cb, &got);
		for (size_t at = 0; at < n; at += piece)
			runnews_feed(&r, text + at,
			    n - at < piece ? n - at : piece);
		assert_string_equal(got.p, result);
		runnews_free(&r);
		buf_free(&got);
	}
}

#define WANTS(text, result) wants(text, sizeof text - 1, result)

static void
test_words(void **state)
{
	(void)state;
	WANTS("\n" T " ready\n", "[0 ]");
	WANTS("Welcome\nto alpha\n\n" T " ready\n\n" T " absent\n",
	    "[0 ][4 ]");
	WANTS("\n" T " no a reason  of words\n", "[3 a reason  of words]");
	WANTS("\n" T " nonsense\n\n" T " ok\n", "[7 ]");
	/* Foreign bytes do not reach a screen as they are. */
	WANTS("\n" T " no a\x1b[2Jb\n", "[3 a\xef\xbf\xbd[2Jb]");
}

static void
test_output(void **state)
{
	(void)state;
	WANTS("junk\n" T " began\nout", "[1 ]out");
	WANTS("\n" T " began\nno newline\n" T " end 3\n",
	    "[1 ]no newline[2 3]");
	WANTS("\n" T " began\n\n\n\n" T " end 0\n", "[1 ]\n\n[2 0]");
	/* Almost a word is the command's. */
	WANTS("\n" T " began\n\n0123456789abcdef0123x\n" T "x\n\n" T
	    " beat\nz\n" T " end 0\n",
	    "[1 ]\n0123456789abcdef0123x\n" T "x\n[8 ]z[2 0]");
}

static void
test_endless_word(void **state)
{
	static char text[20000];
	size_t n = (size_t)snprintf(text, sizeof text,
	    "\n" T " began\n\n" T " no ");
	static const struct runnews_cb cb = { on_word, on_output };
	struct runnews r;
	struct buf got;

	(void)state;
	memset(text + n, 'a', sizeof text - n);
	buf_init(&got, 1024 * 1024);
	runnews_init(&r, T, &cb, &got);
	runnews_feed(&r, text, sizeof text);
	assert_memory_equal(got.p, "[1 ][3 aaaa", 11);
	/* A cut word; and no more is kept than one may be long. */
	assert_true(r.in.len < 8192);
	runnews_free(&r);
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_endless_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
