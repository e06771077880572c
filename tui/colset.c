/* The columns that the user chose, as data and as text. */
#include "tui/colset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/suggest.h"
#include "core/utf8.h"
#include "tui/table.h"

static size_t
name_column(void)
{
	return table_find("name");
}

size_t
colset_find(const struct colset *cs, size_t column)
{
	size_t i = 0;

	while (i < cs->n && cs->v[i].column != column)
		i++;
	return i;
}

static void
insert(struct colset *cs, size_t at, size_t column)
{
	memmove(&cs->v[at + 1], &cs->v[at], (cs->n - at) * sizeof cs->v[0]);
	cs->v[at].column = (uint8_t)column;
	cs->v[at].width = 0;
	cs->n++;
}

/* --- Text -------------------------------------------------------------------- */

static int
unknown(const char *id, char *why, size_t size)
{
	char hint[128], clean[64];
	struct suggest guess;

	suggest_start(&guess, id);
	for (size_t i = 0; i < table_ncolumns; i++)
		suggest_offer(&guess, table_columns[i].id);
	utf8_clean(clean, sizeof clean, id, strlen(id));
	snprintf(why, size, "there is no column \"%s\"%s", clean,
	    suggest_text(&guess, hint, sizeof hint));
	return -1;
}

/* One of "name" and "name:24". */
static int
parse_one(struct colset *cs, char *word, char *why, size_t size)
{
	char *colon = strchr(word, ':'), *end;
	unsigned long width = 0;
	size_t column;

	if (colon != NULL) {
		*colon = '\0';
		width = strtoul(colon + 1, &end, 10);
		if (colon[1] < '0' || colon[1] > '9' || *end != '\0' ||
		    width < 1 || width > COLSET_WIDEST) {
			snprintf(why, size, "the width of column \"%.60s\" "
			    "must be 1 to %d", word, COLSET_WIDEST);
			return -1;
		}
	}
	column = table_find(word);
	if (column == table_ncolumns)
		return unknown(word, why, size);
	if (colset_find(cs, column) < cs->n) {
		snprintf(why, size, "column \"%s\" is there twice",
		    table_columns[column].id);
		return -1;
	}
	insert(cs, cs->n, column);
	cs->v[cs->n - 1].width = (uint8_t)width;
	return 0;
}

int
colset_parse(struct colset *cs, const char *text, char *why, size_t size)
{
	struct colset set = { .n = 0 };
	const char *p = text;

	if (strcmp(text, "auto") == 0) {
		*cs = set;
		return 0;
	}
	/* No column is there twice, so that it cannot overflow. */
	for (p += strspn(p, " "); *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		char word[64];

		snprintf(word, sizeof word, "%.*s", (int)(n < 60 ? n : 60), p);
		if (parse_one(&set, word, why, size) != 0)
			return -1;
		p += n;
	}
	if (set.n > 0 && colset_find(&set, name_column()) == set.n)
		insert(&set, 0, name_column());
	*cs = set;
	return 0;
}

void
colset_put(const struct colset *cs, struct buf *out)
{
	if (cs->n == 0)
		buf_puts(out, "auto");
	for (size_t i = 0; i < cs->n; i++) {
		buf_printf(out, "%s%s", i > 0 ? " " : "",
		    table_columns[cs->v[i].column].id);
		if (cs->v[i].width > 0)
			buf_printf(out, ":%u", cs->v[i].width);
	}
}

bool
colset_equal(const struct colset *a, const struct colset *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].column != b->v[i].column ||
		    a->v[i].width != b->v[i].width)
			return false;
	return true;
}

/* --- Changes by hand ----------------------------------------------------------- */

bool
colset_toggle(struct colset *cs, size_t column)
{
	size_t i = colset_find(cs, column);

	if (i == cs->n) {
		insert(cs, i, column);
		return true;
	}
	if (column == name_column())
		return false;
	cs->n--;
	memmove(&cs->v[i], &cs->v[i + 1], (cs->n - i) * sizeof cs->v[0]);
	return true;
}

bool
colset_move(struct colset *cs, size_t i, int by)
{
	size_t to = by < 0 ? i - 1 : i + 1;
	struct colset was = *cs;

	if (i >= cs->n || (by < 0 && i == 0) || to >= cs->n)
		return false;
	cs->v[i] = was.v[to];
	cs->v[to] = was.v[i];
	return true;
}

bool
colset_widen(struct colset *cs, size_t i, int by)
{
	int w;

	if (i >= cs->n)
		return false;
	w = cs->v[i].width > 0 ? cs->v[i].width :
	    table_columns[cs->v[i].column].width;
	w += by;
	if (w < 1 || w > COLSET_WIDEST)
		return false;
	cs->v[i].width = (uint8_t)w;
	return true;
}
