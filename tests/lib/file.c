#include "tests/lib/file.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/mem.h"

char *
file_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char bytes[4096], *text;
	struct buf b;
	size_t n;

	buf_init(&b, 16 * 1024 * 1024);
	buf_puts(&b, "");
	while (f != NULL && (n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_add(&b, bytes, n);
	if (f != NULL)
		fclose(f);
	text = x_strdup(b.p);
	buf_free(&b);
	return text;
}
