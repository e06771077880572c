/* Reading the wire format, line by line. The decoder holds the last whole
 * observation; a frame is applied to it only when it is the very next one, so
 * that no observation is ever put together from pieces that do not belong
 * together. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backends/wire.h"
#include "backends/wire_json.h"
#include "core/answer.h"
#include "core/buf.h"
#include "core/mem.h"

struct wire_decoder {
	struct json_tokener *tok;
	struct obs now, next;
	uint64_t seq;  /* of now; 0: none yet */
	bool waiting;  /* for a full frame */
	bool greeted;
	struct wire_hello hello;
	struct arena text; /* of the last line that was no frame */
	struct event_note note;
	struct event_link link;
	struct event_answer answer;
	struct wire_defs defs;
	struct arena defs_mem; /* large, so it goes with the next line */
	const char *bye;
};

struct wire_decoder *
wire_decoder_new(void)
{
	struct wire_decoder *d = x_calloc(1, sizeof *d);

	obs_init(&d->now);
	obs_init(&d->next);
	d->waiting = true;
	return d;
}

void
wire_decoder_free(struct wire_decoder *d)
{
	if (d == NULL)
		return;
	if (d->tok != NULL)
		json_tokener_free(d->tok);
	obs_free(&d->now);
	obs_free(&d->next);
	arena_free(&d->text);
	arena_free(&d->defs_mem);
	x_free(d);
}

bool
wire_waiting(const struct wire_decoder *d)
{
	return d->waiting;
}

const struct wire_hello *
wire_hello(const struct wire_decoder *d)
{
	return d->greeted ? &d->hello : NULL;
}

const struct obs *
wire_obs(const struct wire_decoder *d)
{
	return &d->now;
}

const struct event_note *
wire_note(const struct wire_decoder *d)
{
	return &d->note;
}

const struct event_link *
wire_link(const struct wire_decoder *d)
{
	return &d->link;
}

const struct event_answer *
wire_answer(const struct wire_decoder *d)
{
	return &d->answer;
}

const struct wire_defs *
wire_defs(const struct wire_decoder *d)
{
	return &d->defs;
}

const char *
wire_bye(const struct wire_decoder *d)
{
	return d->bye;
}

static void
get_text(struct wire_decoder *d, struct json_object *o, const char *key,
    char *out, size_t size)
{
	const char *s = wire_get_str(&d->text, o, key, size - 1);

	snprintf(out, size, "%s", s != NULL ? s : "");
}

static int
get_hello(struct wire_decoder *d, struct json_object *o, struct err *err)
{
	struct wire_hello *h = &d->hello;
	int64_t v, interval = 0;

	if (!wire_get_int(o, "v", 1, INT32_MAX, &v))
		return err_set(err, ERR_FAILED, "a hello without version");
	wire_get_int(o, "interval_ms", 0, INT32_MAX, &interval);
	*h = (struct wire_hello){
		.version = (int)v, .interval_ms = (int)interval
	};
	get_text(d, o, "agent", h->agent, sizeof h->agent);
	get_text(d, o, "xen_built", h->xen_built, sizeof h->xen_built);
	get_text(d, o, "xen_found", h->xen_found, sizeof h->xen_found);
	d->greeted = true;
	d->waiting = true;
	d->seq = 0;
	if (v > WIRE_VERSION)
		return err_set(err, ERR_FAILED, "agent %s speaks version %d of "
		    "the wire format, this xendeck only up to %d: update "
		    "xendeck", h->agent, h->version, WIRE_VERSION);
	return 0;
}

static int
get_obs(struct wire_decoder *d, struct json_object *o, enum wire_type *type,
    struct err *err)
{
	bool full = wire_get_bool(o, "full");
	struct obs was;
	int64_t seq;

	if (!wire_get_int(o, "seq", 1, INT64_MAX, &seq))
		return err_set(err, ERR_FAILED, "a frame without number");
	if ((uint64_t)seq <= d->seq) {
		*type = WIRE_IGNORE;
		return 0;
	}
	if (!full && d->waiting)
		return err_set(err, ERR_FAILED, "frame %" PRId64 " says what "
		    "changed since a frame that was not understood", seq);
	if (!full && (uint64_t)seq != d->seq + 1)
		return err_set(err, ERR_FAILED, "frames are missing between %"
		    PRIu64 " and %" PRId64, d->seq, seq);
	if (wire_apply(&d->next, full ? NULL : &d->now, o, err) != 0)
		return err_prefix(err, "frame %" PRId64, seq);
	was = d->now;
	d->now = d->next;
	d->next = was;
	d->now.seq = d->seq = (uint64_t)seq;
	d->waiting = false;
	*type = WIRE_OBS;
	return 0;
}

static void
get_note(struct wire_decoder *d, struct json_object *o)
{
	const char *level = wire_get_str(&d->text, o, "level", OBS_NAME_MAX);

	d->note.level = level == NULL ? NOTE_INFO :
	    (enum note_level)wire_word(&wire_levels, level);
	d->note.text = wire_get_str(&d->text, o, "text", OBS_TEXT_MAX);
}

static const char *
get_lines(struct wire_decoder *d, struct json_object *v)
{
	size_t n = json_object_array_length(v);
	struct buf raw, clean;
	const char *text;

	buf_init(&raw, WIRE_LINE_MAX);
	buf_init(&clean, 2 * ANSWER_MAX);
	for (size_t i = 0; i < n; i++) {
		struct json_object *line = json_object_array_get_idx(v, i);

		if (!json_object_is_type(line, json_type_string))
			continue;
		buf_add(&raw, json_object_get_string(line),
		    (size_t)json_object_get_string_len(line));
		buf_add(&raw, "\n", 1);
	}
	answer_clean(&clean, raw.p, raw.len);
	text = arena_strndup(&d->text, clean.len != 0 ? clean.p : "",
	    clean.len);
	buf_free(&raw);
	buf_free(&clean);
	return text;
}

static bool
get_answer(struct wire_decoder *d, struct json_object *o)
{
	const char *word = wire_get_str(&d->text, o, "what", OBS_NAME_MAX);
	struct json_object *v = wire_member(o, "lines", json_type_array);
	int what = word != NULL ? backend_ask_find(word) : -1;

	if (what < 0)
		return false;
	d->answer = (struct event_answer){ .what = (enum backend_ask)what };
	if (v != NULL)
		d->answer.text = get_lines(d, v);
	else
		d->answer.error = wire_get_str(&d->text, o, "error",
		    OBS_TEXT_MAX);
	return v != NULL || d->answer.error != NULL;
}

static int
link_state(const char *s)
{
	for (int i = LINK_IDLE; s != NULL && i <= LINK_REFUSED; i++)
		if (strcmp(link_state_name((enum link_state)i), s) == 0)
			return i;
	return -1;
}

/* The time of the next try is relative here; who knows the line's own time
 * adds it. */
static bool
get_link(struct wire_decoder *d, struct json_object *o)
{
	int state = link_state(wire_get_str(&d->text, o, "state",
	    OBS_NAME_MAX));
	int64_t retry;

	if (state < 0)
		return false;
	d->link = (struct event_link){
		.state = (enum link_state)state,
		.reason = wire_get_str(&d->text, o, "reason", OBS_TEXT_MAX),
		.transport = wire_get_str(&d->text, o, "transport",
		    OBS_NAME_MAX),
		.observer = wire_get_str(&d->text, o, "observer",
		    OBS_NAME_MAX),
		.note = wire_get_str(&d->text, o, "note", OBS_TEXT_MAX),
		.retry = MONO_NEVER,
	};
	if (wire_get_int(o, "retry_ms", 0, INT32_MAX, &retry))
		d->link.retry = mono_add_ms(MONO_ZERO, retry);
	return true;
}

static int
decode(struct wire_decoder *d, struct json_object *o, enum wire_type *type,
    struct err *err)
{
	const char *word;

	arena_reset(&d->text);
	arena_free(&d->defs_mem);
	word = wire_get_str(&d->text, o, "type", OBS_NAME_MAX);
	if (word == NULL)
		return err_set(err, ERR_FAILED, "a line without type");
	*type = WIRE_IGNORE;
	if (strcmp(word, "obs") == 0)
		return get_obs(d, o, type, err);
	if (strcmp(word, "hello") == 0) {
		*type = WIRE_HELLO;
		return get_hello(d, o, err);
	}
	if (strcmp(word, "note") == 0) {
		*type = WIRE_NOTE;
		get_note(d, o);
	} else if (strcmp(word, "answer") == 0) {
		if (get_answer(d, o))
			*type = WIRE_ANSWER;
	} else if (strcmp(word, "defs") == 0) {
		*type = WIRE_DEFS;
		wire_get_defs(&d->defs, &d->defs_mem, o);
	} else if (strcmp(word, "bye") == 0) {
		*type = WIRE_BYE;
		d->bye = wire_get_str(&d->text, o, "why", OBS_TEXT_MAX);
	} else if (strcmp(word, "link") == 0 && get_link(d, o)) {
		*type = WIRE_LINK;
	}
	return 0;
}

int
wire_decode(struct wire_decoder *d, struct json_object *line,
    enum wire_type *type, struct err *err)
{
	if (decode(d, line, type, err) == 0)
		return 0;
	d->waiting = true;
	return -1;
}

int
wire_get(struct wire_decoder *d, const char *line, size_t n,
    enum wire_type *type, struct err *err)
{
	struct json_object *o;
	int rc;

	if (d->tok == NULL)
		d->tok = wire_tokener();
	o = wire_parse(d->tok, line, n, err);
	if (o == NULL) {
		d->waiting = true;
		return -1;
	}
	rc = wire_decode(d, o, type, err);
	json_object_put(o);
	return rc;
}
