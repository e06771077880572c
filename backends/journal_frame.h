#ifndef BACKENDS_JOURNAL_FRAME_H
#define BACKENDS_JOURNAL_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/bytes.h"
#include "core/ledger.h"

/* What the console and the journal's child tell each other: frames of a length,
 * a type, a number and what the type says. */

enum frame_type {
	/* To the child; each is answered with FRAME_ACK under its number. */
	FRAME_JOB,     /* a ledger's job */
	FRAME_INTENT,  /* step; a ledger's job with that step alone */
	FRAME_OUTCOME, /* the same */
	FRAME_END,     /* a ledger's job without its steps */
	FRAME_LEAVE,   /* key, why: a job that this console could not take */
	FRAME_DEF,     /* cluster, host, path, name, uuid, text; mtime, when */
	FRAME_READY,   /* alarm, by; until */
	/* Answered under their numbers. */
	FRAME_QUERY,   /* word, key; since, limit: FRAME_ROW and _ROWS_END */
	FRAME_ASK_DEF, /* cluster, name: FRAME_THE_DEF */
	/* From the child. */
	FRAME_ACK,     /* error, NULL: it is on the disk */
	FRAME_LOCK,    /* comes with the descriptor that says we live */
	FRAME_STATE,   /* why nothing can be written; NULL: it can */
	FRAME_SETTLED, /* all that was to be taken over has been told */
	FRAME_ADOPT,   /* a ledger's job */
	FRAME_TELL,    /* text; level */
	FRAME_ROW,     /* a ledger's job */
	FRAME_ROWS_END, /* error or NULL */
	FRAME_THE_DEF, /* as FRAME_DEF; text NULL: there is none */
	FRAME_ALARM,   /* as FRAME_READY */
	FRAME_TYPES,
};

enum {
	FRAME_HEAD = 4,                        /* the length of the rest */
	FRAME_MAX = LEDGER_JOB_MAX + 1024,
	FRAME_TEXTS = 6,
};

/* Beside the job: as many texts and numbers as the types above say. */
struct frame {
	enum frame_type type;
	uint64_t number;
	uint32_t step;
	int64_t value;
	const char *text[FRAME_TEXTS];
	char *owned[FRAME_TEXTS]; /* of one that was read */
	struct ledger_job job;    /* the same */
};

/* Appends it; the job, or NULL. -1: too large, nothing was added. */
int frame_put(struct buf *out, const struct frame *f,
    const struct ledger_job *job);

/* How many bytes the first frame in p takes, 0 when it is not all there yet;
 * -1: there never was such a frame. */
int64_t frame_length(const void *p, size_t n);
/* Reads one of exactly n bytes. -1: it is none. */
int frame_get(struct frame *f, const void *p, size_t n);
void frame_free(struct frame *f);

/* A file's time as a frame's step, and back; -1: unknown, or no time that fits. */
uint32_t frame_mtime_step(int64_t mtime_s);
int64_t frame_mtime(const struct frame *f);

#endif
