/* Any bytes as a command's output: whole or in pieces it comes to the same, and
 * what is kept is clean and within its limits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/progress.h"
#include "core/utf8.h"
#include "core/xlwords.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(const struct progress *p)
{
	char clean[PROGRESS_WORDS * 3 + 1], why[128];
	size_t at = 0;

	if (p->pm < -1 || p->pm > 1000 || p->round < -1 ||
	    p->nwords > PROGRESS_WORDS || strlen(p->words) != p->nwords)
		abort();
	while (at < p->nwords) {
		size_t n = strcspn(p->words + at, "\n");

		if (p->words[at + n] != '\n' ||
		    utf8_clean(clean, sizeof clean, p->words + at, n) != n ||
		    memcmp(clean, p->words + at, n) != 0)
			abort();
		at += n + 1;
	}
	if (xlwords_explain(why, sizeof why, p->words) &&
	    (why[0] == '\0' || strchr(why, '\n') != NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct progress a, b;

	progress_init(&a);
	progress_init(&b);
	progress_feed(&a, (const char *)data, n);
	for (size_t i = 0; i < n; i++)
		progress_feed(&b, (const char *)data + i, 1);
	progress_end(&a);
	progress_end(&b);
	if (a.pm != b.pm || a.round != b.round || strcmp(a.words, b.words) != 0)
		abort();
	check(&a);
	return 0;
}
