/* Writing the wire format: the agent's lines, and the observations of
 * recordings. The encoder keeps a packed and scrubbed copy of what it sent last,
 * which is exactly what the other end holds, and sends the difference to it. */
#include <string.h>

#include "backends/wire.h"
#include "backends/wire_int.h"
#include "core/answer.h"
#include "core/mem.h"

struct wire_encoder {
	struct obspack sent;
	uint64_t seq;        /* of sent */
	unsigned since_full; /* frames since the last full one; 0: none yet */
	struct wire_scratch *scratch;
	struct wire_scratch own;
};

void
wire_scratch_init(struct wire_scratch *s)
{
	*s = (struct wire_scratch){ 0 };
	obs_init(&s->was);
	obs_init(&s->next);
}

void
wire_scratch_free(struct wire_scratch *s)
{
	obs_free(&s->was);
	obs_free(&s->next);
	obspack_free(&s->pack);
}

struct wire_encoder *
wire_encoder_sharing(struct wire_scratch *s)
{
	struct wire_encoder *e = x_calloc(1, sizeof *e);

	wire_scratch_init(&e->own);
	e->scratch = s != NULL ? s : &e->own;
	return e;
}

struct wire_encoder *
wire_encoder_new(void)
{
	return wire_encoder_sharing(NULL);
}

void
wire_encoder_free(struct wire_encoder *e)
{
	if (e == NULL)
		return;
	obspack_free(&e->sent);
	wire_scratch_free(&e->own);
	x_free(e);
}

void
wire_encoder_restart(struct wire_encoder *e)
{
	e->since_full = 0;
}

const struct obspack *
wire_encoder_sent(const struct wire_encoder *e)
{
	return &e->sent;
}

/* --- Scrubbing ------------------------------------------------------------ */

static void
scrub_dom(struct arena *a, struct obs_dom *d)
{
	if (d->nnics > OBS_DEVICES_MAX)
		d->nnics = OBS_DEVICES_MAX;
	if (d->ndisks > OBS_DEVICES_MAX)
		d->ndisks = OBS_DEVICES_MAX;
	d->flags &= (1u << (sizeof WIRE_STATE_LETTERS - 1)) - 1;
	wire_scrub(a, wire_dom_fields, d);
	for (size_t i = 0; i < d->nnics; i++)
		wire_scrub(a, wire_nic_fields, &d->nics[i]);
	for (size_t i = 0; i < d->ndisks; i++)
		wire_scrub(a, wire_disk_fields, &d->disks[i]);
}

static void
scrub_host(struct arena *a, struct obs_host *h)
{
	if (h->nnuma > OBS_NODES_MAX)
		h->nnuma = OBS_NODES_MAX;
	if (h->npools > OBS_POOLS_MAX)
		h->npools = OBS_POOLS_MAX;
	wire_scrub(a, wire_host_fields, h);
	for (size_t i = 0; i < h->nnuma; i++)
		wire_scrub(a, wire_node_fields, &h->numa[i]);
	for (size_t i = 0; i < h->npools; i++)
		wire_scrub(a, wire_pool_fields, &h->pools[i]);
}

static void
scrub_obs(struct obs *o)
{
	scrub_host(&o->mem, &o->host);
	for (size_t i = 0; i < o->ndoms; i++)
		scrub_dom(&o->mem, &o->doms[i]);
	obs_normalise(o);
}

/* --- Observations --------------------------------------------------------- */

static void
put_nics(struct wire_out *w, const struct obs_dom *d)
{
	wire_put_array(w, "nics", wire_nic_fields, d->nics, d->nnics,
	    sizeof *d->nics);
}

static void
put_disks(struct wire_out *w, const struct obs_dom *d)
{
	wire_put_array(w, "disks", wire_disk_fields, d->disks, d->ndisks,
	    sizeof *d->disks);
}

static void
put_new_dom(struct wire_out *w, const struct obs_dom *d)
{
	wire_open(w, NULL, '{');
	wire_int(w, "id", d->domid);
	wire_put_known(w, wire_dom_fields, d);
	if (d->nnics != 0)
		put_nics(w, d);
	if (d->ndisks != 0)
		put_disks(w, d);
	wire_close(w, '}');
}

static bool
nics_equal(const struct obs_dom *a, const struct obs_dom *b)
{
	return wire_arrays_equal(wire_nic_fields, a->nics, a->nnics, b->nics,
	    b->nnics, sizeof *a->nics);
}

static bool
disks_equal(const struct obs_dom *a, const struct obs_dom *b)
{
	return wire_arrays_equal(wire_disk_fields, a->disks, a->ndisks, b->disks,
	    b->ndisks, sizeof *a->disks);
}

static void
put_changed_dom(struct wire_out *w, const struct obs_dom *old,
    const struct obs_dom *new)
{
	wire_open(w, NULL, '{');
	wire_int(w, "id", new->domid);
	wire_put_changed(w, wire_dom_fields, old, new);
	if (!nics_equal(old, new))
		put_nics(w, new);
	if (!disks_equal(old, new))
		put_disks(w, new);
	wire_close(w, '}');
}

/* A domid that has another uuid now is another domain. */
static const struct obs_dom *
counterpart(const struct obs *o, const struct obs_dom *d)
{
	const struct obs_dom *other = obs_find(o, d->domid);

	if (other == NULL || uuid_cmp(&other->uuid, &d->uuid) != 0)
		return NULL;
	return other;
}

static void
put_gone(struct wire_out *w, const struct obs *old, const struct obs *new)
{
	bool any = false;

	for (size_t i = 0; i < old->ndoms; i++) {
		if (counterpart(new, &old->doms[i]) != NULL)
			continue;
		if (!any)
			wire_open(w, "gone", '[');
		any = true;
		wire_int(w, NULL, old->doms[i].domid);
	}
	if (any)
		wire_close(w, ']');
}

static void
put_changed_doms(struct wire_out *w, const struct obs *old,
    const struct obs *new)
{
	bool any = false;

	for (size_t i = 0; i < new->ndoms; i++) {
		const struct obs_dom *d = &new->doms[i];
		const struct obs_dom *was = counterpart(old, d);

		if (was != NULL && !wire_changed(wire_dom_fields, was, d) &&
		    nics_equal(was, d) && disks_equal(was, d))
			continue;
		if (!any)
			wire_open(w, "doms", '[');
		any = true;
		if (was != NULL)
			put_changed_dom(w, was, d);
		else
			put_new_dom(w, d);
	}
	if (any)
		wire_close(w, ']');
}

static void
put_nodes(struct wire_out *w, const struct obs_host *h)
{
	wire_put_array(w, "numa", wire_node_fields, h->numa, h->nnuma,
	    sizeof *h->numa);
}

static void
put_pools(struct wire_out *w, const struct obs_host *h)
{
	wire_put_array(w, "pools", wire_pool_fields, h->pools, h->npools,
	    sizeof *h->pools);
}

static void
put_changed_host(struct wire_out *w, const struct obs_host *old,
    const struct obs_host *new)
{
	bool nodes = !wire_arrays_equal(wire_node_fields, old->numa, old->nnuma,
	    new->numa, new->nnuma, sizeof *new->numa);
	bool pools = !wire_arrays_equal(wire_pool_fields, old->pools,
	    old->npools, new->pools, new->npools, sizeof *new->pools);

	if (!nodes && !pools && !wire_changed(wire_host_fields, old, new))
		return;
	wire_open(w, "host", '{');
	wire_put_changed(w, wire_host_fields, old, new);
	if (nodes)
		put_nodes(w, new);
	if (pools)
		put_pools(w, new);
	wire_close(w, '}');
}

static void
put_delta(struct wire_out *w, const struct obs *old, const struct obs *new)
{
	put_changed_host(w, &old->host, &new->host);
	put_gone(w, old, new);
	put_changed_doms(w, old, new);
}

static void
put_full(struct wire_out *w, const struct obs *o)
{
	wire_bool(w, "full", true);
	wire_open(w, "host", '{');
	wire_put_known(w, wire_host_fields, &o->host);
	if (o->host.nnuma != 0)
		put_nodes(w, &o->host);
	if (o->host.npools != 0)
		put_pools(w, &o->host);
	wire_close(w, '}');
	wire_open(w, "doms", '[');
	for (size_t i = 0; i < o->ndoms; i++)
		put_new_dom(w, &o->doms[i]);
	wire_close(w, ']');
}

void
wire_obs_members(struct wire_out *w, struct wire_encoder *e,
    const struct obs *o)
{
	struct wire_scratch *s = e->scratch;

	obs_copy(&s->next, o);
	scrub_obs(&s->next);
	wire_str(w, "type", "obs", OBS_NAME_MAX);
	wire_int(w, "seq", (int64_t)e->seq + 1);
	wire_int(w, "t_ns", o->t_ns > 0 ? o->t_ns : 0);
	if (o->wall_ms >= 0)
		wire_int(w, "wall_ms", o->wall_ms);
	if (e->since_full == 0 || e->since_full >= WIRE_FULL_EVERY) {
		e->since_full = 0;
		put_full(w, &s->next);
	} else {
		obspack_get(&s->was, &e->sent.steady, &e->sent.figures);
		put_delta(w, &s->was, &s->next);
	}
}

void
wire_obs_commit(struct wire_encoder *e)
{
	obspack_put(&e->scratch->pack, &e->scratch->next);
	obspack_keep(&e->sent, &e->scratch->pack);
	e->seq++;
	e->since_full++;
}

bool
wire_encoder_full(const struct wire_encoder *e)
{
	return e->since_full == 1;
}

int
wire_put_obs(struct buf *out, struct wire_encoder *e, const struct obs *o)
{
	struct wire_out w;

	wire_line_begin(&w, out);
	wire_obs_members(&w, e, o);
	if (wire_line_end(&w) != 0)
		return -1;
	wire_obs_commit(e);
	return 0;
}

/* --- The other lines ------------------------------------------------------ */

int
wire_put_hello(struct buf *out, const struct wire_hello *h)
{
	struct wire_out w;

	wire_line_begin(&w, out);
	wire_str(&w, "type", "hello", OBS_NAME_MAX);
	wire_int(&w, "v", h->version);
	wire_str(&w, "agent", h->agent, sizeof h->agent - 1);
	wire_str(&w, "xen_built", h->xen_built, sizeof h->xen_built - 1);
	wire_str(&w, "xen_found", h->xen_found, sizeof h->xen_found - 1);
	wire_int(&w, "interval_ms", h->interval_ms);
	return wire_line_end(&w);
}

void
wire_note_members(struct wire_out *w, enum note_level level, const char *text)
{
	wire_str(w, "type", "note", OBS_NAME_MAX);
	wire_str(w, "level", wire_levels.v[level], OBS_NAME_MAX);
	if (text != NULL)
		wire_str(w, "text", text, OBS_TEXT_MAX);
	else
		wire_null(w, "text");
}

int
wire_put_note(struct buf *out, enum note_level level, const char *text)
{
	struct wire_out w;

	wire_line_begin(&w, out);
	wire_note_members(&w, level, text);
	return wire_line_end(&w);
}

/* An array of lines, so that no string of this format has line ends. */
void
wire_answer_members(struct wire_out *w, const struct event_answer *a)
{
	wire_str(w, "type", "answer", OBS_NAME_MAX);
	wire_str(w, "what", backend_ask_name(a->what), OBS_NAME_MAX);
	wire_str(w, "error", a->error, OBS_TEXT_MAX);
	if (a->text == NULL)
		return;
	wire_open(w, "lines", '[');
	for (const char *p = a->text; *p != '\0';) {
		char line[ANSWER_LINE_MAX + 1];
		size_t n = strcspn(p, "\n");
		size_t len = n < sizeof line ? n : sizeof line - 1;

		memcpy(line, p, len);
		line[len] = '\0';
		wire_str(w, NULL, line, ANSWER_LINE_MAX);
		p += n + (p[n] == '\n');
	}
	wire_close(w, ']');
}

int
wire_put_answer(struct buf *out, const struct event_answer *a)
{
	struct wire_out w;

	wire_line_begin(&w, out);
	wire_answer_members(&w, a);
	return wire_line_end(&w);
}

int
wire_put_bye(struct buf *out, const char *why)
{
	struct wire_out w;

	wire_line_begin(&w, out);
	wire_str(&w, "type", "bye", OBS_NAME_MAX);
	wire_str(&w, "why", why, OBS_TEXT_MAX);
	return wire_line_end(&w);
}
