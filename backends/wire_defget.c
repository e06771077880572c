/* Reading the line that carries definitions. Each file is taken as it is or not
 * at all: half a definition would be edited and written back. */
#include <string.h>

#include "backends/wire_json.h"
#include "core/utf8.h"

/* Each character is one byte; NULL: it is not. */
static const char *
from_latin1(struct arena *a, const char *s, size_t n, size_t *len)
{
	char *out = arena_alloc(a, n + 1);

	*len = 0;
	for (size_t i = 0; i < n;) {
		uint32_t cp;

		i += utf8_decode(&cp, s + i, n - i);
		if (cp > 0xff)
			return NULL;
		out[(*len)++] = (char)(unsigned char)cp;
	}
	return out;
}

static bool
get_file(struct def_file *f, struct arena *a, struct json_object *o)
{
	struct json_object *text = wire_member(o, "text", json_type_string);
	const char *s;
	size_t n;

	if (text == NULL)
		return false;
	s = json_object_get_string(text);
	n = (size_t)json_object_get_string_len(text);
	f->mtime_s = OBS_UNKNOWN;
	wire_get_int(o, "mtime_s", 0, OBS_TIME_MAX_S, &f->mtime_s);
	f->path = wire_get_str(a, o, "path", OBS_TEXT_MAX);
	f->len = n;
	f->text = wire_get_bool(o, "latin1") ?
	    from_latin1(a, s, n, &f->len) : arena_strndup(a, s, n);
	return f->path != NULL && f->text != NULL && f->len <= DEFS_FILE_MAX;
}

void
wire_get_defs(struct wire_defs *d, struct arena *a, struct json_object *o)
{
	struct json_object *v = wire_member(o, "files", json_type_array);
	size_t n = v != NULL ? json_object_array_length(v) : 0;

	if (n > DEFS_FILES_MAX)
		n = DEFS_FILES_MAX;
	*d = (struct wire_defs){ .note = wire_get_str(a, o, "note",
	    OBS_TEXT_MAX) };
	d->files = arena_array(a, n, sizeof *d->files);
	for (size_t i = 0; i < n; i++) {
		struct json_object *file = json_object_array_get_idx(v, i);

		if (json_object_is_type(file, json_type_object) &&
		    get_file(&d->files[d->n], a, file))
			d->n++;
	}
}
