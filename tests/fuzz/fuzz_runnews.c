/* Any bytes as what a run's remote side says: read whole or in pieces it comes
 * to the same, and nothing of it is longer than it may be. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backends/runnews.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct sum {
	uint64_t words, output;
};

static uint64_t
fnv(uint64_t sum, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum = (sum ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
	return sum;
}

static void
on_word(void *arg, enum runnews_word word, const char *text)
{
	struct sum *s = arg;
	char c = (char)word;

	if (word >= RUNNEWS_WORDS || strlen(text) >= RUNNEWS_TEXT_MAX)
		abort();
	s->words = fnv(fnv(s->words, &c, 1), text, strlen(text));
	/* Where it stands in the output counts. */
	s->output = fnv(s->output, &c, 1);
}

static void
on_output(void *arg, const char *p, size_t n)
{
	struct sum *s = arg;

	if (n == 0)
		abort();
	s->output = fnv(s->output, p, n);
}

static struct sum
read_all(const char *p, size_t n, size_t piece)
{
	static const struct runnews_cb cb = { on_word, on_output };
	struct sum s = { 1, 1 };
	struct runnews r;

	runnews_init(&r, "0123456789abcdef0123456789abcdef", &cb, &s);
	for (; n > 0; p += piece, n -= piece) {
		if (piece > n)
			piece = n;
		runnews_feed(&r, p, piece);
	}
	runnews_free(&r);
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data;
	struct sum whole = read_all(p, n, n != 0 ? n : 1);
	struct sum ones = read_all(p, n, 1), some = read_all(p, n, 37);

	if (whole.words != ones.words || whole.output != ones.output ||
	    whole.words != some.words || whole.output != some.output)
		abort();
	return 0;
}
