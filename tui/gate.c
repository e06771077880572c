/* Freezing the screen without freezing the hosts: links go on being served,
 * and only the model stands still. Of what a host says in a row only the last
 * observation, or link state, is kept, so an hour of waiting costs no more than
 * a minute; the order among hosts does not matter to the model. */
#include "tui/gate.h"

#include <string.h>

#include "core/mem.h"

enum { HELD_MAX = 8192 }; /* beyond that, notes are dropped */

enum { STRINGS = 4 }; /* at most, in an event */

struct held {
	struct event e; /* its strings and obs are these: */
	char *s[STRINGS];
	struct obs obs;
};

struct gate {
	struct model *model;
	bool closed;
	struct held **v;
	size_t n, cap;
};

struct gate *
gate_new(struct model *m)
{
	struct gate *g = x_calloc(1, sizeof *g);

	g->model = m;
	return g;
}

static void
drop_payload(struct held *h)
{
	for (size_t i = 0; i < STRINGS; i++)
		x_free(h->s[i]);
	memset(h->s, 0, sizeof h->s);
	if (h->e.type == EVENT_OBS)
		obs_free(&h->obs);
}

static void
held_free(struct held *h)
{
	drop_payload(h);
	x_free(h);
}

void
gate_free(struct gate *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->n; i++)
		held_free(g->v[i]);
	x_free(g->v);
	x_free(g);
}

/* The host's newest waiting event, when the new one makes it pointless. */
static struct held *
superseded(struct gate *g, const struct event *e)
{
	for (size_t i = g->n; i-- > 0;)
		if (g->v[i]->e.host == e->host)
			return e->type != EVENT_NOTE &&
			    g->v[i]->e.type == e->type ? g->v[i] : NULL;
	return NULL;
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
	case EVENT_OBS:
		obs_init(&h->obs);
		obs_copy(&h->obs, e->u.obs);
		h->e.u.obs = &h->obs;
		break;
	}
}

static void
hold(struct gate *g, const struct event *e)
{
	struct held *h = superseded(g, e);

	if (h != NULL) {
		drop_payload(h);
	} else {
		if (e->type == EVENT_NOTE && g->n >= HELD_MAX)
			return;
		h = x_calloc(1, sizeof *h);
		g->v = x_grow(g->v, g->n, &g->cap,
		    sizeof(struct held *));
		g->v[g->n++] = h;
	}
	h->e = *e;
	copy_payload(h, e);
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

void
gate_open(struct gate *g)
{
	g->closed = false;
	for (size_t i = 0; i < g->n; i++) {
		model_apply(g->model, &g->v[i]->e);
		held_free(g->v[i]);
	}
	g->n = 0;
}

bool
gate_closed(const struct gate *g)
{
	return g->closed;
}

size_t
gate_waiting(const struct gate *g)
{
	return g->n;
}
