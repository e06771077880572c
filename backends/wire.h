#ifndef BACKENDS_WIRE_H
#define BACKENDS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/defs.h"
#include "core/err.h"
#include "core/event.h"
#include "core/obs.h"
#include "core/obspack.h"

/* The text form of events: JSON Lines, version WIRE_VERSION, described in
 * share/doc/wire.md. The agent writes it, recordings are made of it, and
 * `list --json` prints it. Only the decoding half (not what the agent links)
 * knows json-c. */

enum {
	WIRE_VERSION = 1,
	WIRE_LINE_MAX = 8 * 1024 * 1024, /* bytes; longer is garbage */
	WIRE_DEPTH_MAX = 16,
	WIRE_FULL_EVERY = 60, /* a full frame at least every so many */
};

/* The first line of an agent. */
struct wire_hello {
	int version;          /* of the format */
	char agent[32];       /* its own version */
	char xen_built[16];   /* "4.17": Xen it was built for */
	char xen_found[16];   /* "4.17": Xen it runs on */
	int interval_ms;
};

/* Exit statuses of the agent that mean something to the console. */
enum wire_agent_status {
	WIRE_AGENT_DONE = 0,     /* nobody reads any more */
	WIRE_AGENT_FAILED = 1,   /* Xen does not answer: worth another try */
	WIRE_AGENT_USAGE = 2,
	WIRE_AGENT_DENIED = 3,   /* not root, or not in dom0 */
	WIRE_AGENT_MISMATCH = 4, /* built for another Xen */
};

enum wire_type {
	WIRE_HELLO,
	WIRE_OBS,   /* wire_obs is the new whole observation */
	WIRE_LINK,  /* recordings only */
	WIRE_NOTE,
	WIRE_ANSWER,
	WIRE_DEFS,  /* wire_defs are all the host's definitions */
	WIRE_BYE,   /* the agent ends; wire_bye says why, or is NULL */
	WIRE_IGNORE, /* a type of a later version, or a duplicate */
};

/* --- Encoding ------------------------------------------------------------- */

/* Remembers the last observation of one host, to write the difference. */
struct wire_encoder;

struct wire_encoder *wire_encoder_new(void);
void wire_encoder_free(struct wire_encoder *e);
void wire_encoder_restart(struct wire_encoder *e); /* next frame is full */

/* Each appends one line with its newline to out; -1, and nothing is appended,
 * when it does not fit there or in WIRE_LINE_MAX. */
int wire_put_hello(struct buf *out, const struct wire_hello *h);
/* text NULL takes the last note back. */
int wire_put_note(struct buf *out, enum note_level level, const char *text);
int wire_put_bye(struct buf *out, const char *why);
int wire_put_answer(struct buf *out, const struct event_answer *a);
/* All definitions of a host; those that do not fit are left out, and the note
 * says so. */
int wire_put_defs(struct buf *out, const struct def_file *files, size_t n,
    const char *note);
/* Full or delta, as the encoder sees fit; sets the sequence number. */
int wire_put_obs(struct buf *out, struct wire_encoder *e,
    const struct obs *o);

/* --- Decoding ------------------------------------------------------------- */

struct wire_decoder;

struct wire_defs {
	struct def_file *files;
	size_t n;
	const char *note; /* or NULL */
};

struct wire_decoder *wire_decoder_new(void);
void wire_decoder_free(struct wire_decoder *d);

/* Takes one line without its newline. 0 and *type, or -1 and why: not JSON,
 * a wrong version, a gap in the sequence (until the next full frame). After an
 * error the decoder waits for a full frame. */
int wire_get(struct wire_decoder *d, const char *line, size_t n,
    enum wire_type *type, struct err *err);

/* What the last line of each kind said; strings hold until the next line. */
const struct wire_hello *wire_hello(const struct wire_decoder *d); /* NULL */
const struct obs *wire_obs(const struct wire_decoder *d);
const struct event_note *wire_note(const struct wire_decoder *d);
const struct event_link *wire_link(const struct wire_decoder *d);
const char *wire_bye(const struct wire_decoder *d);
const struct wire_defs *wire_defs(const struct wire_decoder *d);
const struct event_answer *wire_answer(const struct wire_decoder *d);

/* --- Recordings ----------------------------------------------------------- */

/* A recording is the events of a whole console: the same lines, each with
 * "at" (ms since the start) and "on" (host's name), after a head line with the
 * clusters and hosts, so that it can be replayed without the configuration. */

struct wire_writer;

/* conf is borrowed. */
struct wire_writer *wire_writer_new(const struct conf *conf);
void wire_writer_free(struct wire_writer *w);
/* The next frame of every host is a full one. */
void wire_writer_restart(struct wire_writer *w);
/* Whether the last event was a full frame. */
bool wire_writer_full(const struct wire_writer *w);
/* A host's last observation that was written; steady.n is 0: there is none. */
const struct obspack *wire_writer_sent(const struct wire_writer *w,
    size_t host);
int wire_write_head(struct wire_writer *w, struct buf *out, int64_t wall_ms);
int wire_write_event(struct wire_writer *w, struct buf *out,
    const struct event *e, struct mono start);

struct wire_reader;

struct wire_reader *wire_reader_new(void);
void wire_reader_free(struct wire_reader *r);
/* The head line: fills clusters and hosts of an initialised conf. */
int wire_read_head(struct wire_reader *r, const char *line, size_t n,
    struct conf *conf, int64_t *wall_ms, struct err *err);
/* Instead of a head line. */
void wire_reader_begin(struct wire_reader *r, const struct conf *conf,
    int64_t wall_ms);
/* Observations of a muted host are ignored; after it a full frame is needed. */
void wire_reader_mute(struct wire_reader *r, size_t host, bool muted);
/* Whether the last event was a full frame. */
bool wire_reader_full(const struct wire_reader *r);
/* Any other line: 1 and *e (borrowed until the next call; e->at is ms since the
 * start as a struct mono, e->wall_ms wall clock), 0 to be ignored, -1. */
int wire_read_event(struct wire_reader *r, const char *line, size_t n,
    struct event *e, struct err *err);

#endif
