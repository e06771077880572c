/* Writing recordings: a head line that makes them readable without the
 * configuration, then one line per event. Every host has an encoder of its
 * own, so that the observations are deltas here as on the wire. What would
 * help an intruder (addresses, users, keys) is not recorded. */
#include <assert.h>

#include "backends/wire.h"
#include "backends/wire_int.h"
#include "core/mem.h"

struct wire_writer {
	const struct conf *conf;      /* borrowed */
	struct wire_encoder **hosts;  /* as conf's hosts */
	struct wire_scratch scratch;  /* of all of them */
	bool full;                    /* the last event was a full frame */
};

struct wire_writer *
wire_writer_new(const struct conf *conf)
{
	struct wire_writer *w = x_calloc(1, sizeof *w);

	w->conf = conf;
	wire_scratch_init(&w->scratch);
	w->hosts = x_calloc(conf->nhosts, sizeof(struct wire_encoder *));
	for (size_t i = 0; i < conf->nhosts; i++)
		w->hosts[i] = wire_encoder_sharing(&w->scratch);
	return w;
}

void
wire_writer_free(struct wire_writer *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->conf->nhosts; i++)
		wire_encoder_free(w->hosts[i]);
	wire_scratch_free(&w->scratch);
	x_free(w->hosts);
	x_free(w);
}

void
wire_writer_restart(struct wire_writer *w)
{
	for (size_t i = 0; i < w->conf->nhosts; i++)
		wire_encoder_restart(w->hosts[i]);
}

const struct obspack *
wire_writer_sent(const struct wire_writer *w, size_t host)
{
	return wire_encoder_sent(w->hosts[host]);
}

bool
wire_writer_full(const struct wire_writer *w)
{
	return w->full;
}

static void
put_host(struct wire_out *w, const struct conf_host *h)
{
	wire_open(w, NULL, '{');
	wire_str(w, "name", h->name, OBS_NAME_MAX);
	if (h->reserve_kb != 0)
		wire_int(w, "reserve_kb", h->reserve_kb);
	wire_close(w, '}');
}

static void
put_cluster(struct wire_out *w, const struct conf *c, size_t index)
{
	const struct conf_cluster *cl = &c->clusters[index];

	wire_open(w, NULL, '{');
	wire_str(w, "name", cl->name, OBS_NAME_MAX);
	if (cl->production)
		wire_bool(w, "production", true);
	if (cl->read_only)
		wire_bool(w, "read_only", true);
	wire_open(w, "hosts", '[');
	for (size_t i = 0; i < c->nhosts; i++)
		if (c->hosts[i].cluster == index)
			put_host(w, &c->hosts[i]);
	wire_close(w, ']');
	wire_close(w, '}');
}

static void
put_vm(struct wire_out *w, const struct conf_vm *vm)
{
	wire_open(w, NULL, '{');
	wire_str(w, "match", vm->match, OBS_NAME_MAX);
	wire_int(w, "priority", vm->priority);
	wire_str(w, "home", vm->home, OBS_NAME_MAX);
	wire_str(w, "description", vm->description, OBS_TEXT_MAX);
	wire_close(w, '}');
}

int
wire_write_head(struct wire_writer *w, struct buf *out, int64_t wall_ms)
{
	const struct conf *c = w->conf;
	struct wire_out o;

	wire_line_begin(&o, out);
	wire_str(&o, "type", "recording", OBS_NAME_MAX);
	wire_int(&o, "v", WIRE_VERSION);
	wire_str(&o, "by", "xendeck " XENDECK_VERSION, OBS_NAME_MAX);
	wire_int(&o, "wall_ms", wall_ms);
	wire_int(&o, "refresh_ms", c->refresh_ms);
	wire_int(&o, "stale_ms", c->stale_ms);
	wire_open(&o, "clusters", '[');
	for (size_t i = 0; i < c->nclusters; i++)
		put_cluster(&o, c, i);
	wire_close(&o, ']');
	wire_open(&o, "vms", '[');
	for (size_t i = 0; i < c->nvms; i++)
		put_vm(&o, &c->vms[i]);
	wire_close(&o, ']');
	return wire_line_end(&o);
}

static void
link_members(struct wire_out *w, const struct event_link *l, struct mono at)
{
	int64_t wait;

	wire_str(w, "type", "link", OBS_NAME_MAX);
	wire_str(w, "state", link_state_name(l->state), OBS_NAME_MAX);
	wire_str(w, "reason", l->reason, OBS_TEXT_MAX);
	wire_str(w, "transport", l->transport, OBS_NAME_MAX);
	wire_str(w, "observer", l->observer, OBS_NAME_MAX);
	wire_str(w, "note", l->note, OBS_TEXT_MAX);
	if (l->retry.ns == MONO_NEVER.ns)
		return;
	wait = mono_diff_ms(l->retry, at);
	wire_int(w, "retry_ms", wait > 0 ? wait : 0);
}

/* What is recorded is sent around: without passwords. */
static void
defs_members(struct wire_out *w, const struct defs *d)
{
	size_t left = 0;
	struct buf text;

	buf_init(&text, 4 * DEFS_FILE_MAX);
	wire_defs_begin(w);
	for (size_t i = 0; i < d->n; i++) {
		const struct def *def = d->v[i];
		struct def_file f = { .path = def->path,
			.mtime_s = d->mtime_s[i] };

		buf_clear(&text);
		if (def_redact(&text, def->text, def->len) != 0) {
			left++;
			continue;
		}
		f.text = text.len != 0 ? text.p : "";
		f.len = text.len;
		left += !wire_defs_file(w, &f);
	}
	wire_defs_end(w, d->note, left);
	buf_free(&text);
}

int
wire_write_event(struct wire_writer *w, struct buf *out, const struct event *e,
    struct mono start)
{
	struct wire_encoder *enc = NULL;
	int64_t at = mono_diff_ms(e->at, start);
	struct wire_out o;

	assert(e->host == EVENT_NO_HOST || e->host < w->conf->nhosts);
	wire_line_begin(&o, out);
	wire_int(&o, "at", at > 0 ? at : 0);
	if (e->host != EVENT_NO_HOST)
		wire_str(&o, "on", w->conf->hosts[e->host].name, OBS_NAME_MAX);
	switch (e->type) {
	case EVENT_OBS:
		assert(e->host != EVENT_NO_HOST);
		enc = w->hosts[e->host];
		wire_obs_members(&o, enc, e->u.obs);
		break;
	case EVENT_LINK:
		link_members(&o, &e->u.link, e->at);
		break;
	case EVENT_NOTE:
		wire_note_members(&o, e->u.note.level, e->u.note.text);
		break;
	case EVENT_ANSWER:
		wire_answer_members(&o, &e->u.answer);
		break;
	case EVENT_DEFS:
		defs_members(&o, e->u.defs);
		break;
	}
	if (wire_line_end(&o) != 0)
		return -1;
	w->full = false;
	if (enc == NULL)
		return 0;
	wire_obs_commit(enc);
	w->full = wire_encoder_full(enc);
	return 0;
}
