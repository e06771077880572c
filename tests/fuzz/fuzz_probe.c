/* Any bytes as what a host answers to questions, and as questions. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/probe.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_text(const char *s, size_t max)
{
	char clean[PROBE_ARG_MAX + 1];
	size_t n = strlen(s);

	if (n > max || utf8_clean(clean, sizeof clean, s, n) != n ||
	    strcmp(clean, s) != 0)
		abort();
}

static void
check_question(const char *text)
{
	char *argv[64];
	struct err err;
	int k = probe_argv(argv, sizeof argv / sizeof argv[0], false, text,
	    &err);

	for (int i = 5; i < k; i++)
		check_text(argv[i], PROBE_ARG_MAX + 16);
	for (char **p = argv; *p != NULL; p++)
		x_free(*p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = x_strndup((const char *)data, n);
	struct probes p;

	probes_init(&p);
	if (probes_add(&p, 1, (const char *)data, n, MONO_ZERO) >
	    PROBE_QUESTIONS_MAX)
		abort();
	for (size_t i = 0; i < p.n; i++) {
		const struct probe_answer *a = &p.v[i];

		check_text(a->arg, PROBE_ARG_MAX);
		check_text(a->text, PROBE_TEXT_MAX);
		if (probes_find(&p, 1, a->ask, a->arg) != a)
			abort();
		probe_disk_id(a);
	}
	check_question(text);
	probes_free(&p);
	x_free(text);
	return 0;
}
