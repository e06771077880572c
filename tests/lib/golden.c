/* What was drawn against what is kept of it. */
#include "tests/lib/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/file.h"

bool
golden_generates(void)
{
	return getenv("GENERATE") != NULL;
}

void
golden_compare(const char *path, const char *text)
{
	char *want;
	FILE *f;

	if (golden_generates()) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		assert_int_equal(fclose(f), 0);
		return;
	}
	want = file_text(path);
	if (strcmp(want, text) != 0)
		fail_msg("%s differs; what was drawn:\n%s", path, text);
	x_free(want);
}
