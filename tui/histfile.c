/* History across runs. A file that somebody damaged costs its bad lines and
 * nothing else. */
#include "tui/histfile.h"

#include <string.h>

#include "core/utf8.h"
#include "tui/lineedit.h"
#include "tui/statefile.h"

static void
take(const struct buf *text, struct words *history)
{
	size_t i = 0;

	while (i < text->len) {
		const char *line = text->p + i;
		const char *end = memchr(line, '\n', text->len - i);
		size_t n = end != NULL ? (size_t)(end - line) : text->len - i;
		char clean[LINEEDIT_MAX];

		/* What was not typed here is no history. */
		if (n < sizeof clean &&
		    utf8_clean(clean, sizeof clean, line, n) == n &&
		    memcmp(clean, line, n) == 0)
			lineedit_remember(history, clean, HISTFILE_MAX);
		i += n + 1;
	}
}

void
histfile_load(const char *path, struct words *history)
{
	struct buf text;

	buf_init(&text, STATEFILE_MAX);
	if (path != NULL && statefile_read(path, &text, NULL) == 0)
		take(&text, history);
	buf_free(&text);
}

int
histfile_save(const char *path, const struct words *history, size_t n,
    struct err *e)
{
	struct words all = { 0 };
	struct buf text;
	int rc;

	histfile_load(path, &all);
	for (size_t i = n < history->n ? history->n - n : 0; i < history->n;
	     i++)
		lineedit_remember(&all, history->v[i], HISTFILE_MAX);
	buf_init(&text, STATEFILE_MAX);
	for (size_t i = 0; i < all.n; i++)
		buf_printf(&text, "%s\n", all.v[i]);
	rc = statefile_write(path, &text, e);
	buf_free(&text);
	words_free(&all);
	return rc;
}
