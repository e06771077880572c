#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdint.h>

#include "core/defs.h"
#include "core/mono.h"
#include "core/obs.h"

/* Everything that changes the model. Backends make events, model_apply takes
 * them; pointers in an event are borrowed for the call. */

enum event_type { EVENT_LINK, EVENT_OBS, EVENT_NOTE, EVENT_ANSWER,
	EVENT_DEFS };

enum link_state {
	LINK_IDLE,       /* not tried yet */
	LINK_CONNECTING,
	LINK_LIVE,       /* observations come */
	LINK_DOWN,       /* unreachable, lost: tried again at retry */
	LINK_REFUSED,    /* waits for the operator: changed host key, no right */
};

struct event_link {
	enum link_state state;
	const char *reason;    /* one sentence, for DOWN and REFUSED; else NULL */
	const char *transport; /* "libssh2", "openssh", "local", "sim", NULL */
	const char *observer;  /* "agent", "shell", "sim", "replay", NULL */
	const char *note;      /* why it is not the preferred way; NULL */
	struct mono retry;     /* DOWN: when; else MONO_NEVER */
};

enum note_level { NOTE_INFO, NOTE_WARNING, NOTE_ALARM };

struct event_note {
	enum note_level level;
	const char *text;
};

/* What a host can be asked for; the answer is text for people. */
enum backend_ask {
	ASK_DMESG, /* Xen's own log, as `xl dmesg` shows it */
	ASK_COUNT,
};

struct event_answer {
	enum backend_ask what;
	const char *text;  /* as answer_clean makes it; NULL: there is none */
	const char *error; /* why there is none: one sentence */
};

#define EVENT_NO_HOST UINT32_MAX

struct event {
	enum event_type type;
	uint32_t host;   /* index in the configuration's hosts */
	struct mono at;  /* when it reached the console */
	int64_t wall_ms; /* the console's wall clock, for people */
	union {
		struct event_link link;
		const struct obs *obs;
		struct event_note note;
		struct event_answer answer;
		const struct defs *defs; /* all that the host has now; whoever
		                          * keeps it takes a reference */
	} u;
};

/* Where a backend puts its events. */
struct event_sink {
	void (*emit)(void *arg, const struct event *e);
	void *arg;
};

const char *link_state_name(enum link_state s);

/* "dmesg": the word on the wire and on the command line. */
const char *backend_ask_name(enum backend_ask what);
int backend_ask_find(const char *name); /* -1: there is no such word */

#endif
