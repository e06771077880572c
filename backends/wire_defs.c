/* Definitions as a line of the wire format: the files' texts, byte for byte.
 * JSON strings are UTF-8, and old configuration files are not always; one that
 * is not goes with each of its bytes as the character of that number
 * (ISO 8859-1), which brings every byte back. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backends/wire.h"
#include "backends/wire_int.h"
#include "core/utf8.h"

enum { END_ROOM = 8 * 1024 }; /* for what comes after the files */

static bool
is_utf8(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t len = utf8_decode(&cp, s + i, n - i);

		if (len == 1 && (unsigned char)s[i] >= 0x80)
			return false;
		i += len;
	}
	return true;
}

/* One byte that cannot stand for itself. */
static void
put_special(struct wire_out *w, unsigned char c)
{
	static const char letters[] = "\b\f\n\r\t\"\\", as[] = "bfnrt\"\\";
	const char *at = c != '\0' ? strchr(letters, c) : NULL;
	char text[8];

	if (at != NULL)
		snprintf(text, sizeof text, "\\%c", as[at - letters]);
	else if (c < 0x80)
		snprintf(text, sizeof text, "\\u%04x", c);
	else
		text[utf8_encode(text, c)] = '\0';
	wire_raw(w, text, strlen(text));
}

static void
put_text(struct wire_out *w, const char *s, size_t n, bool utf8)
{
	size_t done = 0;

	wire_key(w, "text");
	wire_raw(w, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f &&
		    (c < 0x80 || utf8))
			continue;
		wire_raw(w, s + done, i - done);
		put_special(w, c);
		done = i + 1;
	}
	wire_raw(w, s + done, n - done);
	wire_raw(w, "\"", 1);
}

void
wire_defs_begin(struct wire_out *w)
{
	wire_str(w, "type", "defs", OBS_NAME_MAX);
	wire_open(w, "files", '[');
}

bool
wire_defs_file(struct wire_out *w, const struct def_file *f)
{
	bool utf8 = is_utf8(f->text, f->len);
	struct wire_out was = *w;
	size_t len = w->b->len;

	wire_open(w, NULL, '{');
	wire_str(w, "path", f->path, OBS_TEXT_MAX);
	if (f->mtime_s >= 0)
		wire_int(w, "mtime_s", f->mtime_s);
	if (!utf8)
		wire_bool(w, "latin1", true);
	put_text(w, f->text, f->len, utf8);
	wire_close(w, '}');
	if (!w->failed && w->b->len - w->start <= WIRE_LINE_MAX - END_ROOM)
		return true;
	*w = was;
	w->b->len = len;
	w->b->p[len] = '\0';
	return false;
}

void
wire_defs_end(struct wire_out *w, const char *note, size_t left)
{
	char text[OBS_TEXT_MAX + 1];

	wire_close(w, ']');
	if (left == 0) {
		wire_str(w, "note", note, OBS_TEXT_MAX);
		return;
	}
	snprintf(text, sizeof text, "%s%s%zu definition%s left out: too much "
	    "together", note != NULL ? note : "", note != NULL ? "; " : "",
	    left, left == 1 ? "" : "s");
	wire_str(w, "note", text, OBS_TEXT_MAX);
}

int
wire_put_defs(struct buf *out, const struct def_file *files, size_t n,
    const char *note)
{
	struct wire_out w;
	size_t left = 0;

	wire_line_begin(&w, out);
	wire_defs_begin(&w);
	for (size_t i = 0; i < n; i++)
		left += !wire_defs_file(&w, &files[i]);
	wire_defs_end(&w, note, left);
	return wire_line_end(&w);
}
