/* The sequence for the clipboard: what stands in it comes out again, whatever is
 * around it, and no byte of the text is there as itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/prng.h"
#include "tui/clip.h"

static void
is(const char *text, enum clip_around around, const char *want)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	clip_sequence(&out, text, around);
	assert_string_equal(out.p, want);
	buf_free(&out);
}

static void
sequences(void **state)
{
	(void)state;
	is("", CLIP_PLAIN, "\033]52;c;\a");
	is("w", CLIP_PLAIN, "\033]52;c;dw==\a");
	is("we", CLIP_PLAIN, "\033]52;c;d2U=\a");
	is("web", CLIP_PLAIN, "\033]52;c;d2Vi\a");
	is("web1", CLIP_PLAIN, "\033]52;c;d2ViMQ==\a");
	is("\xff\xff\xff", CLIP_PLAIN, "\033]52;c;////\a");
	/* tmux: as itself, and in its envelope with each Esc doubled. */
	is("web", CLIP_TMUX, "\033]52;c;d2Vi\a"
	    "\033Ptmux;\033\033]52;c;d2Vi\a\033\\");
	is("web", CLIP_SCREEN, "\033P\033]52;c;d2Vi\a\033\\");
}

static int
digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c != '\0' ? strchr(digits, c) : NULL;

	return p != NULL ? (int)(p - digits) : -1;
}

static void
decode(struct buf *out, const char *s)
{
	for (; digit(s[0]) >= 0; s += 4) {
		unsigned v = 0;
		size_t n = s[2] == '=' ? 1 : s[3] == '=' ? 2 : 3;

		for (int i = 0; i < 4; i++)
			v = v << 6 | (unsigned)(digit(s[i]) > 0 ?
			    digit(s[i]) : 0);
		for (size_t i = 0; i < n; i++) {
			char byte = (char)(v >> (16 - 8 * i) & 0xff);

			buf_add(out, &byte, 1);
		}
	}
}

static void
comes_out_again(void **state)
{
	struct buf seq, plain, back;
	struct prng r;

	(void)state;
	prng_init(&r, 1);
	for (int i = 0; i < 300; i++) {
		char text[1500];
		size_t n = prng_below(&r, sizeof text - 1);

		for (size_t k = 0; k < n; k++)
			text[k] = (char)(1 + prng_below(&r, 255));
		text[n] = '\0';
		buf_init(&seq, 1 << 16);
		buf_init(&plain, 1 << 16);
		buf_init(&back, 1 << 16);
		clip_sequence(&seq, text, CLIP_SCREEN);
		/* As screen does: what is in the envelopes, one by one. */
		for (const char *p = seq.p; *p != '\0';) {
			const char *end = strstr(p, "\033\\");

			assert_memory_equal(p, "\033P", 2);
			assert_non_null(end);
			assert_true(end - p < 256);
			buf_add(&plain, p + 2, (size_t)(end - p - 2));
			p = end + 2;
		}
		assert_memory_equal(plain.p, "\033]52;c;", 7);
		decode(&back, plain.p + 7);
		assert_int_equal(back.len, n);
		assert_memory_equal(back.p != NULL ? back.p : "", text, n);
		for (size_t k = 1; k + 1 < plain.len; k++)
			assert_true(plain.p[k] >= 0x20 && plain.p[k] < 0x7f);
		buf_free(&seq);
		buf_free(&plain);
		buf_free(&back);
	}
}

static void
too_long(void **state)
{
	char *text = x_malloc(CLIP_MAX + 2);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	memset(text, 'x', CLIP_MAX + 1);
	text[CLIP_MAX + 1] = '\0';
	clip_sequence(&out, text, CLIP_TMUX);
	assert_int_equal(out.len, 0);
	text[CLIP_MAX] = '\0';
	clip_sequence(&out, text, CLIP_TMUX);
	assert_true(out.len > 2 * CLIP_MAX);
	assert_int_equal(out.p[out.len - 1], '\\');
	buf_free(&out);
	x_free(text);
}

static void
surroundings(void **state)
{
	(void)state;
	unsetenv("TMUX");
	unsetenv("STY");
	setenv("TERM", "screen", 1);
	assert_int_equal(clip_around(), CLIP_PLAIN);
	setenv("STY", "1.tty", 1);
	assert_int_equal(clip_around(), CLIP_SCREEN);
	setenv("TMUX", "/tmp/x,1,0", 1);
	assert_int_equal(clip_around(), CLIP_TMUX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences),
		cmocka_unit_test(comes_out_again),
		cmocka_unit_test(too_long),
		cmocka_unit_test(surroundings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
