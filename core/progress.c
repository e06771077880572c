/* Splits a command's output into lines: libxc's progress reports become
 * figures (tools/libs/toollog/xtl_logger_stdio.c prints them), everything else
 * is kept as words. Neither a line nor the words ever grow beyond their place,
 * whatever a host sends. */
#include "core/progress.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

void
progress_init(struct progress *p)
{
	*p = (struct progress){ .pm = -1, .round = -1 };
}

/* A number of at most 15 digits, so that a thousand times it fits. */
static const char *
parse_number(const char *s, int64_t *v)
{
	size_t n = 0;

	for (*v = 0; s[n] >= '0' && s[n] <= '9'; n++) {
		if (n == 15)
			return NULL;
		*v = *v * 10 + (s[n] - '0');
	}
	return n == 0 ? NULL : s + n;
}

bool
progress_parse(const char *line, int *pm, int *round)
{
	static const char mark[] = "xc: progress: ", iter[] = "iteration ";
	const char *s = strstr(line, mark), *colon, *it;
	int64_t done, total, n;

	if (s == NULL || (colon = strstr(s + sizeof mark - 1, ": ")) == NULL)
		return false;
	*pm = *round = -1;
	it = strstr(s, iter);
	if (it != NULL && it < colon &&
	    parse_number(it + sizeof iter - 1, &n) != NULL && n < 1000000)
		*round = (int)n;
	s = parse_number(colon + 2, &done);
	if (s == NULL || *s != '/' || parse_number(s + 1, &total) == NULL)
		return true;
	if (total > 0)
		*pm = done >= total ? 1000 : (int)(done * 1000 / total);
	return true;
}

static void
add_words(struct progress *p, const char *line)
{
	char clean[PROGRESS_LINE * 3 + 2];
	size_t n = utf8_clean(clean, sizeof clean - 1, line, strlen(line));

	clean[n++] = '\n';
	while (p->nwords + n > PROGRESS_WORDS) {
		const char *nl = memchr(p->words, '\n', p->nwords);
		size_t drop = (size_t)(nl - p->words) + 1;

		p->nwords -= drop;
		memmove(p->words, p->words + drop, p->nwords);
	}
	memcpy(p->words + p->nwords, clean, n);
	p->nwords += n;
	p->words[p->nwords] = '\0';
}

static void
take_line(struct progress *p)
{
	int pm, round;

	for (size_t i = 0; i < p->nline; i++)
		if (p->line[i] == '\t' || p->line[i] == '\0')
			p->line[i] = ' ';
	while (p->nline > 0 && p->line[p->nline - 1] == ' ')
		p->nline--;
	p->line[p->nline] = '\0';
	if (p->nline == 0)
		return;
	p->nline = 0;
	if (progress_parse(p->line, &pm, &round)) {
		/* "End of stream: 0/0" tells nothing. */
		p->pm = pm >= 0 ? pm : p->pm;
		p->round = round >= 0 ? round : p->round;
		return;
	}
	if (strstr(p->line, "Migration failed during final handshake") != NULL)
		p->handshake = true;
	if (strstr(p->line, "Transfer complete") != NULL ||
	    strstr(p->line, "migration sender:") != NULL)
		p->handing = true;
	add_words(p, p->line);
}

void
progress_feed(struct progress *p, const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (data[i] == '\n' || data[i] == '\r')
			take_line(p);
		else if (p->nline < sizeof p->line - 1)
			p->line[p->nline++] = data[i];
	}
}

void
progress_end(struct progress *p)
{
	take_line(p);
}
