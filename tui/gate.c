/* Freezing the screen without freezing the hosts: links go on being served,
 * and only the model stands still. Of each host only the last observation, link
 * state and answer are kept, and of notes as many as the log holds, so a
 * night of waiting costs no more than a minute, however a link flaps. What is
 * kept is handed on in the order in which it came. */
#include "tui/gate.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { NOTES_MAX = MODEL_LOG_LEN }; /* the log would forget older ones */

enum { STRINGS = 4 }; /* at most, in an event */

struct held {
	uint64_t seq;   /* when it came */
	struct event e; /* its strings and obs are these: */
	char *s[STRINGS];
	struct obs obs;
};

struct gate {
	struct model *model;
	bool closed;
	uint64_t seq;
	size_t nhosts;
	struct held **link, **obs, **answer; /* by host; NULL: none waits */
	struct held *notes[NOTES_MAX];  /* a ring */
	size_t nnotes;                  /* that ever came since it closed */
};

struct gate *
gate_new(struct model *m)
{
	struct gate *g = x_calloc(1, sizeof *g);

	g->model = m;
	g->nhosts = model_nhosts(m);
	g->link = x_calloc(g->nhosts + 1, sizeof(struct held *));
	g->obs = x_calloc(g->nhosts + 1, sizeof(struct held *));
	g->answer = x_calloc(g->nhosts + 1, sizeof(struct held *));
	return g;
}

static void
held_free(struct held *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < STRINGS; i++)
		x_free(h->s[i]);
	if (h->e.type == EVENT_OBS)
		obs_free(&h->obs);
	x_free(h);
}

/* All that waits, in no order, taken out of the gate; returns how many. */
static size_t
take_all(struct gate *g, struct held **v)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nhosts; i++) {
		if (g->link[i] != NULL)
			v[n++] = g->link[i];
		if (g->obs[i] != NULL)
			v[n++] = g->obs[i];
		if (g->answer[i] != NULL)
			v[n++] = g->answer[i];
		g->link[i] = g->obs[i] = g->answer[i] = NULL;
	}
	for (size_t i = 0; i < NOTES_MAX && i < g->nnotes; i++)
		v[n++] = g->notes[i];
	g->nnotes = 0;
	return n;
}

static struct held **
room_for_all(const struct gate *g)
{
	return x_calloc(3 * g->nhosts + NOTES_MAX, sizeof(struct held *));
}

void
gate_free(struct gate *g)
{
	struct held **v;
	size_t n;

	if (g == NULL)
		return;
	v = room_for_all(g);
	n = take_all(g, v);
	for (size_t i = 0; i < n; i++)
		held_free(v[i]);
	x_free(v);
	x_free(g->link);
	x_free(g->obs);
	x_free(g->answer);
	x_free(g);
}

/* Where an event of this kind about this host is kept; NULL: nowhere. */
static struct held **
place_of(struct gate *g, const struct event *e)
{
	if (e->type == EVENT_NOTE)
		return &g->notes[g->nnotes++ % NOTES_MAX];
	if (e->host >= g->nhosts)
		return NULL;
	return e->type == EVENT_LINK ? &g->link[e->host] :
	    e->type == EVENT_ANSWER ? &g->answer[e->host] : &g->obs[e->host];
}

static void
copy_payload(struct held *h, const struct event *e)
{
	const struct event_link *l = &e->u.link;

	switch (e->type) {
	case EVENT_LINK:
		h->e.u.link.reason = h->s[0] = x_strdup(l->reason);
		h->e.u.link.transport = h->s[1] = x_strdup(l->transport);
		h->e.u.link.observer = h->s[2] = x_strdup(l->observer);
		h->e.u.link.note = h->s[3] = x_strdup(l->note);
		break;
	case EVENT_NOTE:
		h->e.u.note.text = h->s[0] = x_strdup(e->u.note.text);
		break;
	case EVENT_ANSWER:
		h->e.u.answer.text = h->s[0] = x_strdup(e->u.answer.text);
		h->e.u.answer.error = h->s[1] = x_strdup(e->u.answer.error);
		break;
	case EVENT_OBS:
		obs_init(&h->obs);
		obs_copy(&h->obs, e->u.obs);
		h->e.u.obs = &h->obs;
		break;
	}
}

/* A new try does not make the reason of the last failure pointless. */
static void
keep_reason(struct held *h, const struct held *was)
{
	struct event_link *l = &h->e.u.link;

	if (was != NULL && h->e.type == EVENT_LINK &&
	    l->state == LINK_CONNECTING && l->reason == NULL)
		l->reason = h->s[0] = x_strdup(was->e.u.link.reason);
}

static void
hold(struct gate *g, const struct event *e)
{
	struct held **at = place_of(g, e);
	struct held *h;

	if (at == NULL)
		return;
	h = x_calloc(1, sizeof *h);
	h->seq = g->seq++;
	h->e = *e;
	copy_payload(h, e);
	keep_reason(h, *at);
	held_free(*at);
	*at = h;
}

static void
gate_emit(void *arg, const struct event *e)
{
	struct gate *g = arg;

	if (g->closed)
		hold(g, e);
	else
		model_apply(g->model, e);
}

struct event_sink
gate_sink(struct gate *g)
{
	return (struct event_sink){ .emit = gate_emit, .arg = g };
}

void
gate_close(struct gate *g)
{
	g->closed = true;
}

static int
cmp_seq(const void *a, const void *b)
{
	const struct held *const *x = a, *const *y = b;

	return ((*x)->seq > (*y)->seq) - ((*x)->seq < (*y)->seq);
}

void
gate_open(struct gate *g)
{
	struct held **v = room_for_all(g);
	size_t n = take_all(g, v);

	g->closed = false;
	if (n > 1)
		qsort(v, n, sizeof *v, cmp_seq);
	for (size_t i = 0; i < n; i++) {
		model_apply(g->model, &v[i]->e);
		held_free(v[i]);
	}
	x_free(v);
}

bool
gate_closed(const struct gate *g)
{
	return g->closed;
}

size_t
gate_waiting(const struct gate *g)
{
	size_t n = g->nnotes < NOTES_MAX ? g->nnotes : NOTES_MAX;

	for (size_t i = 0; i < g->nhosts; i++)
		n += (size_t)(g->link[i] != NULL) +
		    (size_t)(g->obs[i] != NULL) +
		    (size_t)(g->answer[i] != NULL);
	return n;
}
