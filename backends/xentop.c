/* Follows xentop's batch output. Rows carry names only, so a name that two
 * domains share tells nothing of either. A block is handed on when it is whole:
 * at the next head line, or when the output pauses, which spares the reader one
 * interval of waiting. */
#include "backends/xentop.h"

#include <stdlib.h>
#include <string.h>

#include "backends/scan.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/obs.h"
#include "core/utf8.h"

enum {
	LINE_LIMIT = 64 * 1024,
	COLUMNS = 17, /* after the name and the state */
	SECTOR = 512,
};

/* --- One line ------------------------------------------------------------- */

enum column {
	COL_CPU_SEC, COL_CPU_PC, COL_MEM, COL_MEM_PC, COL_MAXMEM,
	COL_MAXMEM_PC, COL_VCPUS, COL_NETS, COL_NETTX, COL_NETRX, COL_VBDS,
	COL_VBD_OO, COL_VBD_RD, COL_VBD_WR, COL_VBD_RSECT, COL_VBD_WSECT,
	COL_SSID,
};

struct word {
	const char *p;
	size_t n;
};

static bool
word_is(const struct word *w, const char *s)
{
	return w->n == strlen(s) && memcmp(w->p, s, w->n) == 0;
}

bool
xentop_is_head(const char *line, size_t n)
{
	static const char state[] = "NAME  STATE ";

	scan_trim(&line, &n);
	return n >= sizeof state - 1 &&
	    memcmp(line, state, sizeof state - 1) == 0;
}

/* "dsbcpr", '-' for no; another order than xl list's. */
static bool
is_state(const struct word *w)
{
	static const char letters[] = "dsbcpr";

	if (w->n != sizeof letters - 1)
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (w->p[i] != '-' && w->p[i] != letters[i])
			return false;
	return true;
}

/* "-" or "n/a": the figure is not there. */
static bool
number(const struct word *w, int64_t max, int64_t unit, int64_t *out)
{
	int64_t v;

	*out = OBS_UNKNOWN;
	if (word_is(w, "-") || word_is(w, "n/a"))
		return true;
	if (!scan_number(w->p, w->n, &v) || v > max / unit)
		return false;
	*out = v * unit;
	return true;
}

static bool
figures(const struct word *w, bool no_limit, struct xentop_row *r)
{
	int64_t nanos, vcpus;

	if (!scan_decimal(w[COL_CPU_PC].p, w[COL_CPU_PC].n, &nanos) ||
	    nanos / 100000000 > INT32_MAX)
		return false;
	r->cpu_pm = (int32_t)(nanos / 100000000); /* 0.1 % is one per mille */
	r->maxmem_kb = INT64_MAX;
	if (!no_limit && !number(&w[COL_MAXMEM], INT64_MAX, 1, &r->maxmem_kb))
		return false;
	if (!number(&w[COL_VCPUS], INT32_MAX, 1, &vcpus))
		return false;
	r->vcpus = (int32_t)vcpus;
	/* NETTX is what dom0 sent to the guest. */
	return number(&w[COL_MEM], INT64_MAX, 1, &r->mem_kb) &&
	    number(&w[COL_NETTX], INT64_MAX, 1024, &r->net_rx) &&
	    number(&w[COL_NETRX], INT64_MAX, 1024, &r->net_tx) &&
	    number(&w[COL_VBD_RSECT], INT64_MAX, SECTOR, &r->disk_rd) &&
	    number(&w[COL_VBD_WSECT], INT64_MAX, SECTOR, &r->disk_wr);
}

bool
xentop_parse_row(const char *line, size_t n, struct xentop_row *row,
    size_t *name_len)
{
	struct word w[COLUMNS], word;
	bool no_limit = false;

	*row = (struct xentop_row){ 0 };
	for (size_t i = COLUMNS; i-- > 0;) {
		w[i].n = scan_last_word(line, &n, &w[i].p);
		if (w[i].n == 0)
			return false;
		if (i == COL_MAXMEM && word_is(&w[i], "limit")) {
			word.n = scan_last_word(line, &n, &word.p);
			no_limit = word_is(&word, "no");
			if (!no_limit)
				return false;
		}
	}
	word.n = scan_last_word(line, &n, &word.p);
	if (!is_state(&word) || !figures(w, no_limit, row))
		return false;
	/* One space sets the state off; the name is padded on its left. */
	*name_len = n > 0 && line[n - 1] == ' ' ? n - 1 : n;
	return true;
}

/* --- The stream ----------------------------------------------------------- */

struct block {
	struct xentop_row *v;
	size_t n, cap;
};

struct xentop {
	struct buf line;
	bool begun;         /* a head line came */
	bool dirty;         /* rows came since the last whole block */
	uint64_t heads;
	uint64_t blocks;
	struct block next, last;
};

static void
block_clear(struct block *b)
{
	for (size_t i = 0; i < b->n; i++)
		x_free(b->v[i].name);
	b->n = 0;
}

struct xentop *
xentop_new(void)
{
	struct xentop *t = x_calloc(1, sizeof *t);

	buf_init(&t->line, LINE_LIMIT);
	return t;
}

void
xentop_restart(struct xentop *t)
{
	buf_clear(&t->line);
	block_clear(&t->next);
	block_clear(&t->last);
	t->begun = t->dirty = false;
	t->heads = t->blocks = 0;
}

void
xentop_free(struct xentop *t)
{
	if (t == NULL)
		return;
	xentop_restart(t);
	buf_free(&t->line);
	x_free(t->next.v);
	x_free(t->last.v);
	x_free(t);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct xentop_row *)a)->name,
	    ((const struct xentop_row *)b)->name);
}

bool
xentop_waiting(const struct xentop *t)
{
	return t->dirty && t->line.len == 0;
}

void
xentop_pause(struct xentop *t)
{
	struct block whole = t->next;

	if (!xentop_waiting(t))
		return;
	t->dirty = false;
	if (t->heads < 2) /* then it had nothing to compare with: 0.0 */
		for (size_t i = 0; i < whole.n; i++)
			whole.v[i].cpu_pm = OBS_UNKNOWN;
	qsort(whole.v, whole.n, sizeof *whole.v, by_name);
	t->next = t->last;
	t->last = whole;
	block_clear(&t->next);
	t->blocks++;
}

static int
add_row(struct xentop *t, const char *line, size_t n)
{
	struct xentop_row row;
	char name[OBS_NAME_MAX + 1];
	size_t len;

	if (!xentop_parse_row(line, n, &row, &len))
		return 0; /* a warning, or a name with a newline in it */
	if (t->next.n >= OBS_DOMS_MAX * 2)
		return -1;
	while (len > 0 && *line == ' ') {
		line++;
		len--;
	}
	utf8_clean(name, sizeof name, line, len);
	row.name = x_strdup(name);
	t->next.v = x_grow(t->next.v, t->next.n, &t->next.cap,
	    sizeof *t->next.v);
	t->next.v[t->next.n++] = row;
	t->dirty = true;
	return 0;
}

static int
take_line(struct xentop *t, const char *line, size_t n)
{
	if (!xentop_is_head(line, n))
		return t->begun ? add_row(t, line, n) : 0;
	buf_clear(&t->line);
	xentop_pause(t);
	block_clear(&t->next);
	t->dirty = false;
	t->begun = true;
	t->heads++;
	return 0;
}

int
xentop_feed(struct xentop *t, const char *p, size_t n)
{
	while (n > 0) {
		const char *nl = memchr(p, '\n', n);
		size_t len = nl != NULL ? (size_t)(nl - p) : n;
		int rc;

		if (buf_add(&t->line, p, len) != 0)
			return -1;
		p += len;
		n -= len;
		if (nl == NULL)
			return 0;
		p++;
		n--;
		rc = take_line(t, t->line.p, t->line.len);
		buf_clear(&t->line);
		if (rc != 0)
			return -1;
	}
	return 0;
}

uint64_t
xentop_blocks(const struct xentop *t)
{
	return t->blocks;
}

const struct xentop_row *
xentop_find(const struct xentop *t, const char *name)
{
	struct xentop_row key = { 0 }, *r;
	size_t i;
	char copy[OBS_NAME_MAX + 1];

	utf8_clean(copy, sizeof copy, name, strlen(name));
	key.name = copy;
	if (t->last.n == 0)
		return NULL;
	r = bsearch(&key, t->last.v, t->last.n, sizeof *r, by_name);
	if (r == NULL)
		return NULL;
	i = (size_t)(r - t->last.v);
	if ((i > 0 && by_name(r, r - 1) == 0) ||
	    (i + 1 < t->last.n && by_name(r, r + 1) == 0))
		return NULL;
	return r;
}
