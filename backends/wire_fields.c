/* Comparing and writing the members of the obs structs by the tables of wire.c.
 * All access by offset is here and in wire_json.c, through memcpy. */
#include <string.h>

#include "backends/wire_int.h"
#include "core/utf8.h"
#include "core/uuid.h"

static const void *
member(const struct wire_field *f, const void *obj)
{
	return (const char *)obj + f->offset;
}

static int64_t
number(const struct wire_field *f, const void *obj)
{
	int32_t small;
	int64_t v;

	if (f->kind == WIRE_I64) {
		memcpy(&v, member(f, obj), sizeof v);
		return v;
	}
	memcpy(&small, member(f, obj), sizeof small);
	return small;
}

static const char *
string(const struct wire_field *f, const void *obj)
{
	const char *s;

	memcpy(&s, member(f, obj), sizeof s);
	return s;
}

static struct uuid
uuid_of(const struct wire_field *f, const void *obj)
{
	struct uuid u;

	memcpy(&u, member(f, obj), sizeof u);
	return u;
}

static bool
truth(const struct wire_field *f, const void *obj)
{
	bool b;

	memcpy(&b, member(f, obj), sizeof b);
	return b;
}

static const char *
word(const struct wire_field *f, const void *obj)
{
	int64_t v = number(f, obj);

	return v >= 0 && v < f->words->n ? f->words->v[v] : NULL;
}

static bool
known(const struct wire_field *f, const void *obj)
{
	struct uuid u;

	switch (f->kind) {
	case WIRE_I32:
	case WIRE_I64:
		return number(f, obj) >= 0;
	case WIRE_STR:
		return string(f, obj) != NULL;
	case WIRE_UUID:
		u = uuid_of(f, obj);
		return !uuid_is_nil(&u);
	case WIRE_WORD:
		return word(f, obj) != NULL;
	case WIRE_STATE:
	case WIRE_BOOL:
		return true;
	}
	return false;
}

/* Of two known members. */
static bool
same(const struct wire_field *f, const void *a, const void *b)
{
	struct uuid u, v;

	switch (f->kind) {
	case WIRE_STR:
		return strcmp(string(f, a), string(f, b)) == 0;
	case WIRE_UUID:
		u = uuid_of(f, a);
		v = uuid_of(f, b);
		return uuid_cmp(&u, &v) == 0;
	case WIRE_BOOL:
		return truth(f, a) == truth(f, b);
	case WIRE_I32:
	case WIRE_I64:
	case WIRE_WORD:
	case WIRE_STATE:
		return number(f, a) == number(f, b);
	}
	return false;
}

static bool
changed(const struct wire_field *f, const void *old, const void *new)
{
	bool was = known(f, old), is = known(f, new);

	return was != is || (is && !same(f, old, new));
}

static void
put_state(struct wire_out *w, const char *key, int64_t flags)
{
	static const char letters[] = WIRE_STATE_LETTERS;
	char text[sizeof letters];
	size_t n = 0;

	for (size_t i = 0; letters[i] != '\0'; i++)
		if (flags & 1 << i)
			text[n++] = letters[i];
	text[n] = '\0';
	wire_str(w, key, text, sizeof text);
}

static void
put_member(struct wire_out *w, const struct wire_field *f, const void *obj)
{
	char text[UUID_STR];
	struct uuid u;

	switch (f->kind) {
	case WIRE_I32:
	case WIRE_I64:
		wire_int(w, f->key, number(f, obj));
		break;
	case WIRE_STR:
		wire_str(w, f->key, string(f, obj), f->max);
		break;
	case WIRE_UUID:
		u = uuid_of(f, obj);
		uuid_format(text, &u);
		wire_str(w, f->key, text, sizeof text);
		break;
	case WIRE_WORD:
		wire_str(w, f->key, word(f, obj), OBS_NAME_MAX);
		break;
	case WIRE_STATE:
		put_state(w, f->key, number(f, obj));
		break;
	case WIRE_BOOL:
		wire_bool(w, f->key, truth(f, obj));
		break;
	}
}

void
wire_put_known(struct wire_out *w, const struct wire_field *f, const void *obj)
{
	for (; f->key != NULL; f++)
		if (known(f, obj))
			put_member(w, f, obj);
}

void
wire_put_changed(struct wire_out *w, const struct wire_field *f, const void *old,
    const void *new)
{
	for (; f->key != NULL; f++) {
		if (!changed(f, old, new))
			continue;
		if (known(f, new))
			put_member(w, f, new);
		else
			wire_null(w, f->key);
	}
}

bool
wire_changed(const struct wire_field *f, const void *old, const void *new)
{
	for (; f->key != NULL; f++)
		if (changed(f, old, new))
			return true;
	return false;
}

bool
wire_arrays_equal(const struct wire_field *f, const void *a, size_t na,
    const void *b, size_t nb, size_t size)
{
	if (na != nb)
		return false;
	for (size_t i = 0; i < na; i++)
		if (wire_changed(f, (const char *)a + i * size,
		    (const char *)b + i * size))
			return false;
	return true;
}

void
wire_put_array(struct wire_out *w, const char *key, const struct wire_field *f,
    const void *v, size_t n, size_t size)
{
	wire_open(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		wire_open(w, NULL, '{');
		wire_put_known(w, f, (const char *)v + i * size);
		wire_close(w, '}');
	}
	wire_close(w, ']');
}

/* Most strings are, and need no closer look. */
static bool
is_plain(const char *s, size_t max)
{
	size_t n = 0;

	while (n <= max && s[n] >= 0x20 && s[n] < 0x7f)
		n++;
	return n <= max && s[n] == '\0';
}

void
wire_scrub(struct arena *a, const struct wire_field *f, void *obj)
{
	char clean[OBS_TEXT_MAX + 1];

	for (; f->key != NULL; f++) {
		const char *s;

		if (f->kind != WIRE_STR || (s = string(f, obj)) == NULL ||
		    is_plain(s, f->max))
			continue;
		utf8_clean(clean, f->max + 1, s, strlen(s));
		if (strcmp(clean, s) == 0)
			continue;
		s = arena_strdup(a, clean);
		memcpy((char *)obj + f->offset, &s, sizeof s);
	}
}
