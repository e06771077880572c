/* Drives a libFuzzer-style target without libFuzzer, so that every `make
 * check` fuzzes a little with any compiler: first the corpus as it is, then a
 * bounded number of seeded mutations of it. `make fuzz` uses libFuzzer. */
#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/prng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_INPUT = 1 << 16, MAX_FILES = 512 };

struct input {
	uint8_t *p;
	size_t n;
};

static size_t
load(const char *dir, struct input *in)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	while (d != NULL && n < MAX_FILES && (e = readdir(d)) != NULL) {
		char path[4096];
		FILE *f;

		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (e->d_name[0] == '.' || (f = fopen(path, "rb")) == NULL)
			continue;
		in[n].p = x_malloc(MAX_INPUT);
		in[n].n = fread(in[n].p, 1, MAX_INPUT, f);
		n++;
		fclose(f);
	}
	if (d != NULL)
		closedir(d);
	return n;
}

static void
mutate(struct input *w, const struct input *corpus, size_t files,
    struct prng *r)
{
	static const char *const words[] = { "\n", "\"", "{", "}", "[", "]", ",",
		":", "-1", "0", "99999999999999999999", "null", "\xff", "\x1b[",
		"%s", "\\u0000", " ", "\t" };
	unsigned times = 1 + (unsigned)(prng_next(r) % 8);

	while (times-- > 0) {
		size_t at = w->n != 0 ? prng_next(r) % w->n : 0;
		const char *word = words[prng_next(r) %
		    (sizeof words / sizeof words[0])];
		const struct input *other = &corpus[prng_next(r) % files];
		size_t len = strlen(word);

		switch (prng_next(r) % 5) {
		case 0: /* flip */
			if (w->n != 0)
				w->p[at] ^= (uint8_t)(1u << prng_next(r) % 8);
			break;
		case 1: /* cut out */
			len = prng_next(r) % 64;
			if (len > w->n - at)
				len = w->n - at;
			memmove(w->p + at, w->p + at + len, w->n - at - len);
			w->n -= len;
			break;
		case 2: /* put a telling word in */
			if (w->n + len > MAX_INPUT)
				break;
			memmove(w->p + at + len, w->p + at, w->n - at);
			memcpy(w->p + at, word, len);
			w->n += len;
			break;
		case 3: /* splice */
			len = other->n != 0 ? prng_next(r) % other->n : 0;
			if (len > MAX_INPUT - at)
				len = MAX_INPUT - at;
			memcpy(w->p + at, other->p, len);
			if (at + len > w->n)
				w->n = at + len;
			break;
		default: /* cut short */
			w->n = at;
			break;
		}
	}
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	struct input corpus[MAX_FILES] = { { 0 } }, w;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 4000;
	char dir[256];
	struct prng rng;
	size_t files;

	prng_init(&rng, seed);
	name = name != NULL ? name + 1 : argv[0];
	snprintf(dir, sizeof dir, "tests/fuzz/corpus/%s",
	    strncmp(name, "fuzz_", 5) == 0 ? name + 5 : name);
	files = load(dir, corpus);
	if (files == 0) {
		fprintf(stderr, "%s: no corpus there\n", dir);
		return 1;
	}
	for (size_t i = 0; i < files; i++)
		LLVMFuzzerTestOneInput(corpus[i].p, corpus[i].n);
	w.p = x_malloc(MAX_INPUT);
	for (long i = 0; i < runs; i++) {
		const struct input *from = &corpus[prng_next(&rng) % files];

		memcpy(w.p, from->p, from->n);
		w.n = from->n;
		mutate(&w, corpus, files, &rng);
		LLVMFuzzerTestOneInput(w.p, w.n);
	}
	printf("%s: %zu files, %ld mutations\n", name, files, runs);
	for (size_t i = 0; i < files; i++)
		x_free(corpus[i].p);
	x_free(w.p);
	return 0;
}
