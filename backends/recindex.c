/* See recindex.h. A host that has been silent for hours is still shown as it
 * was, so its last words may lie far before the moment that is wanted; reading
 * everything since then would take as long as the silence. */
#include "backends/recindex.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum {
	GAP_BYTES = 256 * 1024,
	GAP_MS = 20000,
	WARM_BYTES = 8 * 1024 * 1024, /* more is not read for graphs' sake, */
	WARM_LEAST_MS = 30000,        /* but what the model waits for is */
	KEYS_BYTES = 16 * 1024 * 1024,
};

static const struct rectrack nowhere = { -1, -1, -1, -1, -1, -1, -1 };

void
recindex_init(struct recindex *x, size_t nhosts)
{
	*x = (struct recindex){ .nhosts = nhosts, .gap_bytes = GAP_BYTES,
		.gap_ms = GAP_MS };
	x->tracks = x_calloc(nhosts + 1, sizeof *x->tracks);
	for (size_t i = 0; i < nhosts; i++)
		x->tracks[i] = nowhere;
}

void
recindex_free(struct recindex *x)
{
	for (size_t i = 0; i < x->nkeys; i++)
		x_free(x->keys[i].tracks);
	x_free(x->keys);
	x_free(x->tracks);
	*x = (struct recindex){ 0 };
}

/* A long recording has its keys wider apart. */
static void
thin_out(struct recindex *x)
{
	size_t n = 0;

	if (x->nkeys * (x->nhosts + 1) * sizeof *x->tracks < KEYS_BYTES)
		return;
	for (size_t i = 0; i < x->nkeys; i++) {
		if (i % 2 == 0)
			x->keys[n++] = x->keys[i];
		else
			x_free(x->keys[i].tracks);
	}
	x->nkeys = n;
	x->gap_bytes *= 2;
	x->gap_ms *= 2;
}

static void
add_key(struct recindex *x, const struct reckey *k)
{
	struct reckey *to;

	thin_out(x);
	x->keys = x_grow(x->keys, x->nkeys, &x->cap, sizeof *x->keys);
	to = &x->keys[x->nkeys++];
	*to = *k;
	to->tracks = x_calloc(x->nhosts + 1, sizeof *to->tracks);
	memcpy(to->tracks, x->tracks, x->nhosts * sizeof *to->tracks);
}

void
recindex_mark(struct recindex *x, int64_t off, struct mono at, int64_t line,
    int bad)
{
	const struct reckey *k = x->nkeys > 0 ? &x->keys[x->nkeys - 1] : NULL;

	if (k == NULL || off - k->off >= x->gap_bytes ||
	    mono_diff_ms(at, k->at) >= x->gap_ms)
		add_key(x, &(struct reckey){ off, at, line, bad, NULL });
}

void
recindex_restart(struct recindex *x, int64_t off, struct mono at)
{
	for (size_t i = 0; i < x->nhosts; i++)
		x->tracks[i] = nowhere;
	add_key(x, &(struct reckey){ .off = off, .at = at });
}

static void
note_link(struct rectrack *t, int64_t off, const struct event_link *l)
{
	t->link = off;
	if (l->state == LINK_LIVE) {
		t->live = off;
		t->trouble = t->told = -1;
		return;
	}
	if (t->trouble < 0)
		t->trouble = off;
	if (l->reason != NULL)
		t->told = off;
}

void
recindex_note(struct recindex *x, int64_t off, const struct event *e, bool full)
{
	struct rectrack *t;

	if (e->host >= x->nhosts)
		return;
	t = &x->tracks[e->host];
	if (e->type == EVENT_OBS) {
		if (full)
			t->full = off;
		t->last = off;
	} else if (e->type == EVENT_LINK) {
		note_link(t, off, &e->u.link);
	} else if (e->type == EVENT_DEFS) {
		t->defs = off;
	}
}

void
recindex_drop(struct recindex *x, int64_t off)
{
	size_t n = 0;

	while (n < x->nkeys && x->keys[n].off < off)
		x_free(x->keys[n++].tracks);
	if (n == 0)
		return;
	x->nkeys -= n;
	memmove(x->keys, x->keys + n, x->nkeys * sizeof *x->keys);
}

/* How many keys are not after a moment. */
static size_t
count_until(const struct recindex *x, struct mono at)
{
	size_t low = 0, high = x->nkeys;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (mono_before(at, x->keys[mid].at))
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

const struct reckey *
recindex_find(const struct recindex *x, struct mono at, int64_t warm_ms)
{
	size_t n = count_until(x, mono_add_ms(at, -warm_ms));
	size_t most = count_until(x, mono_add_ms(at, -WARM_LEAST_MS));
	size_t there = count_until(x, at);

	while (n < most && there > 0 && x->keys[there - 1].off -
	    (n > 0 ? x->keys[n - 1].off : 0) > WARM_BYTES)
		n++;
	return n > 0 ? &x->keys[n - 1] : NULL;
}

static int
by_from(const void *a, const void *b)
{
	const struct recrange *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static size_t
merge(struct recrange *v, size_t n)
{
	size_t out = 0;

	qsort(v, n, sizeof *v, by_from);
	for (size_t i = 0; i < n; i++) {
		if (out > 0 && v[i].from <= v[out - 1].to) {
			if (v[out - 1].to < v[i].to)
				v[out - 1].to = v[i].to;
		} else {
			v[out++] = v[i];
		}
	}
	return out;
}

struct recrange *
recindex_ranges(const struct recindex *x, const struct reckey *k, size_t *n)
{
	struct recrange *v = x_calloc(6 * x->nhosts + 1, sizeof *v);

	*n = 0;
	for (size_t i = 0; i < x->nhosts; i++) {
		const struct rectrack *t = &k->tracks[i];
		const int64_t single[] = { t->live, t->trouble, t->told,
			t->link, t->defs };

		if (t->full >= 0)
			v[(*n)++] = (struct recrange){ t->full, t->last + 1 };
		for (size_t s = 0; s < sizeof single / sizeof single[0]; s++)
			if (single[s] >= 0)
				v[(*n)++] = (struct recrange){ single[s],
					single[s] + 1 };
	}
	*n = *n > 0 ? merge(v, *n) : 0;
	return v;
}
