#include "tests/lib/fixture.h"

#include <stdio.h>
#include <stdlib.h>

struct buf
fixture_load(const char *name)
{
	char path[512], chunk[4096];
	struct buf b;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "tests/fixtures/%s", name);
	f = fopen(path, "rb");
	if (f == NULL) {
		perror(path);
		abort();
	}
	buf_init(&b, 64 << 20);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	return b;
}
