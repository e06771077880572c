/* json-c, wrapped for foreign bytes: whatever is not what it should be is
 * absent, numbers out of range are refused instead of saturated (json-c's
 * way), strings are cleaned and cut before anybody sees them. */
#include "backends/wire_json.h"

#include <string.h>

#include "core/mem.h"
#include "core/utf8.h"
#include "core/uuid.h"

struct json_tokener *
wire_tokener(void)
{
	struct json_tokener *tok = json_tokener_new_ex(WIRE_DEPTH_MAX);

	if (tok == NULL)
		x_reallocarray(NULL, SIZE_MAX, 2); /* out of memory */
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	return tok;
}

enum { BUSY_LINE = 100000 }; /* bytes; shorter ones are harmless */

/* Small things in great number would take hundreds of times the line's own
 * size once they are objects: 4096 domains with a dozen devices each stay below
 * these numbers. */
static bool
is_swarm(const char *line, size_t n)
{
	enum { BRACKETS_MAX = 100000, COMMAS_MAX = 1000000 };
	size_t brackets = 0, commas = 0;

	for (size_t i = 0; i < n; i++) {
		brackets += (size_t)(line[i] == '{' || line[i] == '[');
		commas += (size_t)(line[i] == ',');
	}
	return brackets > BRACKETS_MAX || commas > COMMAS_MAX;
}

struct json_object *
wire_parse(struct json_tokener *tok, const char *line, size_t n,
    struct err *err)
{
	struct json_object *o;
	enum json_tokener_error e;

	if (n > WIRE_LINE_MAX) {
		err_set(err, ERR_FAILED, "a line is longer than %d bytes",
		    WIRE_LINE_MAX);
		return NULL;
	}
	if (n > BUSY_LINE && is_swarm(line, n)) {
		err_set(err, ERR_FAILED,
		    "a line of %zu bytes holds too many things", n);
		return NULL;
	}
	json_tokener_reset(tok);
	o = json_tokener_parse_ex(tok, line, (int)n);
	e = json_tokener_get_error(tok);
	if (o != NULL && json_object_is_type(o, json_type_object) &&
	    json_tokener_get_parse_end(tok) == n)
		return o;
	json_object_put(o);
	err_set(err, ERR_FAILED, "a line is no JSON object (%s)",
	    e == json_tokener_success ? "more or other than an object" :
	    e == json_tokener_continue ? "cut short" :
	    json_tokener_error_desc(e));
	return NULL;
}

struct json_object *
wire_member(struct json_object *o, const char *key, enum json_type type)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, type))
		return NULL;
	return v;
}

bool
wire_to_int(struct json_object *v, int64_t min, int64_t max, int64_t *out)
{
	int64_t i;

	if (!json_object_is_type(v, json_type_int))
		return false;
	i = json_object_get_int64(v);
	/* Larger ones are saturated to INT64_MAX; a true one stays so. */
	if (i == INT64_MAX && json_object_get_uint64(v) != INT64_MAX)
		return false;
	if (i < min || i > max)
		return false;
	*out = i;
	return true;
}

bool
wire_get_int(struct json_object *o, const char *key, int64_t min, int64_t max,
    int64_t *out)
{
	struct json_object *v = wire_member(o, key, json_type_int);

	return v != NULL && wire_to_int(v, min, max, out);
}

bool
wire_get_bool(struct json_object *o, const char *key)
{
	struct json_object *v = wire_member(o, key, json_type_boolean);

	return v != NULL && json_object_get_boolean(v);
}

const char *
wire_to_str(struct arena *a, struct json_object *v, size_t max)
{
	char clean[OBS_TEXT_MAX + 1];
	size_t n;

	if (!json_object_is_type(v, json_type_string))
		return NULL;
	if (max >= sizeof clean)
		max = sizeof clean - 1;
	n = utf8_clean(clean, max + 1, json_object_get_string(v),
	    (size_t)json_object_get_string_len(v));
	return arena_strndup(a, clean, n);
}

const char *
wire_get_str(struct arena *a, struct json_object *o, const char *key,
    size_t max)
{
	struct json_object *v = wire_member(o, key, json_type_string);

	return v != NULL ? wire_to_str(a, v, max) : NULL;
}

/* json-c's own bytes; they may hold NULs, which is fine for comparing. */
static const char *
raw(struct json_object *v)
{
	return json_object_is_type(v, json_type_string) ?
	    json_object_get_string(v) : NULL;
}

static unsigned
state(const char *s)
{
	static const char letters[] = WIRE_STATE_LETTERS;
	unsigned flags = 0;

	for (; s != NULL && *s != '\0'; s++) {
		const char *p = strchr(letters, *s);

		if (p != NULL)
			flags |= 1u << (p - letters);
	}
	return flags;
}

static void
set_number(const struct wire_field *f, void *at, struct json_object *v)
{
	int64_t wide = OBS_UNKNOWN;
	int32_t small;

	if (f->kind == WIRE_I64) {
		wire_to_int(v, 0, INT64_MAX, &wide);
		memcpy(at, &wide, sizeof wide);
		return;
	}
	wire_to_int(v, 0, INT32_MAX, &wide);
	small = (int32_t)wide;
	memcpy(at, &small, sizeof small);
}

void
wire_set(struct arena *a, const struct wire_field *f, void *obj,
    struct json_object *v)
{
	void *at = (char *)obj + f->offset;
	const char *s;
	struct uuid u = { { 0 } };
	unsigned flags;
	int word;
	bool b;

	switch (f->kind) {
	case WIRE_I32:
	case WIRE_I64:
		set_number(f, at, v);
		break;
	case WIRE_STR:
		s = wire_to_str(a, v, f->max);
		memcpy(at, &s, sizeof s);
		break;
	case WIRE_UUID:
		if ((s = raw(v)) != NULL)
			uuid_parse(&u, s); /* else it stays nil */
		memcpy(at, &u, sizeof u);
		break;
	case WIRE_WORD:
		s = raw(v);
		word = s != NULL ? wire_word(f->words, s) : f->words->unknown;
		memcpy(at, &word, sizeof word);
		break;
	case WIRE_STATE:
		flags = state(raw(v));
		memcpy(at, &flags, sizeof flags);
		break;
	case WIRE_BOOL:
		b = json_object_is_type(v, json_type_boolean) &&
		    json_object_get_boolean(v);
		memcpy(at, &b, sizeof b);
		break;
	}
}
