/* Long foreign text made fit to be shown. What matters in a log is its end, so
 * that is what the limits leave. */
#include "core/answer.h"

#include <stdbool.h>
#include <string.h>

#include "core/utf8.h"

enum { TAB = 8 };

/* Where the part begins that is worth a look: whole lines, no more of them and
 * of bytes than may be kept. */
static size_t
find_start(const char *p, size_t n)
{
	size_t lines = 0, i = n, start = n;

	while (i > 0 && n - i < ANSWER_MAX) {
		i--;
		if (i + 1 < n && p[i] == '\n') {
			start = i + 1;
			if (++lines == ANSWER_LINES)
				return start;
		}
	}
	/* All of it, or one endless line. */
	return i == 0 || start == n ? i : start;
}

static void
put_line(struct buf *out, const char *p, size_t n)
{
	char raw[ANSWER_LINE_MAX + TAB], clean[ANSWER_LINE_MAX + 1];
	size_t len = 0;

	if (n > 0 && p[n - 1] == '\r')
		n--;
	for (size_t i = 0; i < n && len < ANSWER_LINE_MAX; i++) {
		if (p[i] != '\t') {
			raw[len++] = p[i];
			continue;
		}
		do
			raw[len++] = ' ';
		while (len % TAB != 0);
	}
	len = utf8_clean(clean, sizeof clean, raw, len);
	buf_add(out, clean, len);
	buf_add(out, "\n", 1);
}

/* Cleaning makes three bytes of one at the worst. */
static void
cut_front(struct buf *out)
{
	while (out->len > ANSWER_MAX) {
		size_t over = out->len - ANSWER_MAX;
		const char *nl = memchr(out->p + over - 1, '\n',
		    out->len - over + 1);

		buf_drop(out, (size_t)(nl - out->p) + 1);
	}
}

void
answer_clean(struct buf *out, const char *p, size_t n)
{
	size_t i = n > 0 ? find_start(p, n) : 0;

	while (i < n) {
		const char *nl = memchr(p + i, '\n', n - i);
		size_t len = nl != NULL ? (size_t)(nl - p) - i : n - i;

		put_line(out, p + i, len);
		if (out->len > 2 * ANSWER_MAX - 2 * ANSWER_LINE_MAX)
			cut_front(out);
		i += len + 1;
	}
	cut_front(out);
}
