/* Makes a manual page: mkman TEMPLATE > PAGE. Run by the build. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "tui/manual.h"

enum { PAGE_MAX = 1 << 20 };

static int
read_all(struct buf *b, const char *path)
{
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "re");
	int rc = f == NULL ? -1 : 0;

	while (rc == 0 && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		rc = buf_add(b, chunk, n);
	if (f != NULL)
		rc = ferror(f) || fclose(f) != 0 ? -1 : rc;
	if (rc != 0)
		fprintf(stderr, "mkman: %s: %s\n", path, strerror(errno));
	return rc;
}

int
main(int argc, char **argv)
{
	struct buf template, page;
	struct err err = { 0 };
	int rc = 2;

	buf_init(&template, PAGE_MAX);
	buf_init(&page, PAGE_MAX);
	if (argc != 2)
		fprintf(stderr, "usage: mkman TEMPLATE\n");
	else if (read_all(&template, argv[1]) != 0)
		rc = 1;
	else if (manual_fill(&page, template.p != NULL ? template.p : "",
	    &err) != 0)
		fprintf(stderr, "mkman: %s: %s\n", argv[1], err.msg);
	else
		rc = fwrite(page.p, 1, page.len, stdout) == page.len &&
		    fflush(stdout) == 0 ? 0 : 1;
	buf_free(&template);
	buf_free(&page);
	return rc;
}
