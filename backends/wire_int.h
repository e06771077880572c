#ifndef BACKENDS_WIRE_INT_H
#define BACKENDS_WIRE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/wire.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/obs.h"
#include "core/obspack.h"

/* Between the files wire*.c only. */

/* How a member of one of the obs structs looks as JSON. */
enum wire_kind {
	WIRE_I32,   /* int32_t, negative: unknown */
	WIRE_I64,   /* int64_t, negative: unknown */
	WIRE_STR,   /* const char *, NULL: unknown */
	WIRE_UUID,  /* struct uuid, nil: unknown */
	WIRE_WORD,  /* an enum, as one of words */
	WIRE_STATE, /* unsigned, enum dom_flag as letters; always known */
	WIRE_BOOL,  /* bool; always known */
};

struct wire_words {
	const char *const *v; /* by value; may have holes */
	int n;
	int unknown;
};

struct wire_field {
	const char *key;
	enum wire_kind kind;
	size_t offset;
	size_t max;                     /* WIRE_STR: bytes */
	const struct wire_words *words; /* WIRE_WORD */
};

/* All members of one struct, ended by a NULL key. The decoder finds by key,
 * the encoder writes in this order. */
extern const struct wire_field wire_host_fields[]; /* but the arrays */
extern const struct wire_field wire_node_fields[];
extern const struct wire_field wire_pool_fields[];
extern const struct wire_field wire_dom_fields[]; /* but domid and devices */
extern const struct wire_field wire_nic_fields[];
extern const struct wire_field wire_disk_fields[];

extern const struct wire_words wire_levels; /* enum note_level */

#define WIRE_STATE_LETTERS "rbpsd" /* by bit of enum dom_flag */

/* The word's value, or words->unknown. */
int wire_word(const struct wire_words *words, const char *s);

/* --- JSON text ------------------------------------------------------------ */

/* Writes one line into a buf. The first addition that does not fit makes it
 * fail as a whole: wire_line_end takes back what was added. */
struct wire_out {
	struct buf *b;
	size_t start;
	bool comma;
	bool failed;
};

void wire_line_begin(struct wire_out *w, struct buf *b); /* { */
int wire_line_end(struct wire_out *w);                   /* }, newline */

/* What goes into the line as it is; and the key of a value that does. */
void wire_raw(struct wire_out *w, const char *s, size_t n);
void wire_key(struct wire_out *w, const char *key);

/* key NULL: an element of an array. */
void wire_open(struct wire_out *w, const char *key, char bracket);
void wire_close(struct wire_out *w, char bracket);
void wire_int(struct wire_out *w, const char *key, int64_t v);
void wire_bool(struct wire_out *w, const char *key, bool v);
void wire_null(struct wire_out *w, const char *key);
/* Cleaned and cut to max bytes. NULL: writes nothing. */
void wire_str(struct wire_out *w, const char *key, const char *s, size_t max);

/* --- Members by table ----------------------------------------------------- */

/* Whether any member differs. */
bool wire_changed(const struct wire_field *f, const void *old,
    const void *new);
/* Arrays of structs of the given size. */
bool wire_arrays_equal(const struct wire_field *f, const void *a, size_t na,
    const void *b, size_t nb, size_t size);
void wire_put_known(struct wire_out *w, const struct wire_field *f,
    const void *obj);
/* What became unknown is null. */
void wire_put_changed(struct wire_out *w, const struct wire_field *f,
    const void *old, const void *new);
void wire_put_array(struct wire_out *w, const char *key,
    const struct wire_field *f, const void *v, size_t n, size_t size);

/* Makes the strings of obj what the other end will make of them. */
void wire_scrub(struct arena *a, const struct wire_field *f, void *obj);

/* --- Whole lines ---------------------------------------------------------- */

/* Members of a note, an answer and an observation, between begin and end of a
 * line. */
void wire_note_members(struct wire_out *w, enum note_level level,
    const char *text);
void wire_answer_members(struct wire_out *w, const struct event_answer *a);
/* The same of definitions, file by file; false: that one had no room. left: how
 * many had none. */
void wire_defs_begin(struct wire_out *w);
bool wire_defs_file(struct wire_out *w, const struct def_file *f);
void wire_defs_end(struct wire_out *w, const char *note, size_t left);
/* What encoders need while they write, and can share. */
struct wire_scratch {
	struct obs was, next;
	struct obspack pack;
};

void wire_scratch_init(struct wire_scratch *s);
void wire_scratch_free(struct wire_scratch *s);
/* s is borrowed. */
struct wire_encoder *wire_encoder_sharing(struct wire_scratch *s);
/* What was written last; steady.n is 0 when nothing was. */
const struct obspack *wire_encoder_sent(const struct wire_encoder *e);

/* commit once the line is known to be written, so that a line that did not fit
 * leaves no hole in the sequence. */
void wire_obs_members(struct wire_out *w, struct wire_encoder *e,
    const struct obs *o);
void wire_obs_commit(struct wire_encoder *e);
/* Whether the last frame was a full one. */
bool wire_encoder_full(const struct wire_encoder *e);

#endif
