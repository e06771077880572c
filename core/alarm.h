#ifndef CORE_ALARM_H
#define CORE_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model.h"

/* What is wrong, as episodes: each has a beginning, perhaps an end, and what an
 * operator did about it. They are worked out from what the model shows; the
 * model knows nothing of them. Ids are never used again. */

/* In the order in which they matter when there is no room for all. */
enum alarm_kind {
	ALARM_VM_TWICE,     /* two live domains claim its UUID */
	ALARM_VM_CRASHED,
	ALARM_VM_MISSING,   /* it ran, was watched, and is nowhere any more */
	ALARM_HOST_DOWN,    /* no figures, for whatever reason, for too long */
	ALARM_HOST_REFUSED, /* its link waits for the operator */
	ALARM_VM_MAYBE,     /* may run twice: one of the hosts is silent */
	ALARM_HOST_MEMORY,  /* over its limit */
	ALARM_HOST_CPU,
	ALARM_VM_CPU,       /* of its vCPUs */
	ALARM_VM_NAME,      /* another VM of the cluster runs by its name */
	ALARM_NKINDS,
};

enum alarm_state {
	ALARM_PENDING, /* not long enough to be told */
	ALARM_ACTIVE,
	ALARM_ENDED,
};

enum { ALARM_BY = 64 };

struct alarm {
	uint64_t id;          /* in the order in which they were raised */
	enum alarm_kind kind;
	enum alarm_state state;
	enum note_level level; /* NOTE_WARNING or NOTE_ALARM */
	uint32_t cluster;
	uint32_t host;        /* it is about, or where the VM is or was */
	uint32_t vm;          /* MODEL_NONE: it is about a host */
	struct uuid uuid;     /* the VM's */
	char *name;           /* of the host or VM, as it was last called */
	char *place;          /* of the VM's host; NULL: about a host */
	char *why;            /* the host's reason, or NULL */
	struct mono since;    /* when the trouble began, before it was told */
	int64_t since_wall_ms;
	struct mono ended;    /* MONO_NEVER while it goes on */
	/* Per mille, or copies of a VM; -1: there is no figure to it. */
	int64_t last, worst, limit;
	unsigned merged;      /* how often it ended too shortly to count */
	bool acked;
	char acked_by[ALARM_BY];
	int64_t acked_wall_ms;
	bool silenced;
	struct mono silenced_until; /* MONO_NEVER: until it ends */
	/* The alarms' own: whether it is true right now, else since when it is
	 * not; whether the look under way has come by it; whether it may not be
	 * told yet, however long it lasts. */
	bool on, seen, wait;
	struct mono off;
};

enum {
	ALARMS_LIVE_MAX = 2000, /* further ones of no worse kind are only
	                         * counted */
	ALARMS_ENDED_MAX = 200, /* the oldest are forgotten first */
};

struct alarm_counts {
	size_t active;
	size_t loud[NOTE_ALARM + 1]; /* by level; neither of these two: */
	size_t acked, silenced;
	size_t untold; /* for which there was no room */
};

struct alarms;

/* conf must outlive them. */
struct alarms *alarms_new(const struct conf *conf);
void alarms_free(struct alarms *a);

/* Looks at the model, if it changed and the last look is long enough ago, and
 * lets time pass. *next is lowered to when it is worth calling again. Returns
 * whether anything was raised or ended. */
bool alarms_update(struct alarms *a, const struct model *m, struct mono now,
    int64_t wall_ms, struct mono *next);

struct alarm_counts alarms_count(const struct alarms *a);

/* Of one kind: those that go on and are loud, and those that somebody knows
 * of. */
struct alarm_kind_counts {
	size_t loud[NOTE_ALARM + 1], known;
};

struct alarm_kind_counts alarms_count_kind(const struct alarms *a,
    enum alarm_kind kind);

/* Those that go on by level, those that nobody took care of first, the newest
 * first; then those that ended, the last one first. Pointers hold until the
 * next update. Returns how many were put into v. */
size_t alarms_list(const struct alarms *a, const struct alarm *v[],
    size_t most);
/* NULL when it is forgotten. */
const struct alarm *alarms_find(const struct alarms *a, uint64_t id);
/* The worst that goes on about a host (vm MODEL_NONE) or VM, or NULL. */
const struct alarm *alarms_about(const struct alarms *a, uint32_t host,
    uint32_t vm);

/* The worst that goes on of those that `is` says yes to, or NULL. */
const struct alarm *alarms_worst(const struct alarms *a,
    bool (*is)(const void *arg, const struct alarm *x), const void *arg);

/* The worst of those that were raised since the last call with this *seen and
 * are loud, or NULL. Begin with 0. */
const struct alarm *alarms_news(const struct alarms *a, uint64_t *seen);

/* The id of the newest one, and how many of those after it are loud. */
uint64_t alarms_last(const struct alarms *a);
size_t alarms_count_since(const struct alarms *a, uint64_t id);

/* Neither acknowledged nor silenced, and going on. */
bool alarm_is_loud(const struct alarm *x);

/* Somebody knows. A VM that is missing is taken to be stopped on purpose: its
 * alarm ends. False when there is nothing to acknowledge. */
bool alarms_ack(struct alarms *a, uint64_t id, const char *by, struct mono now,
    int64_t wall_ms);
size_t alarms_ack_all(struct alarms *a, const char *by, struct mono now,
    int64_t wall_ms);
/* Until a moment, or MONO_NEVER: until it ends. */
bool alarms_silence(struct alarms *a, uint64_t id, struct mono until);

const char *alarm_kind_name(enum alarm_kind k); /* "host-down" */
const char *alarm_state_name(const struct alarm *x); /* "acked", "active" */
bool alarm_has_percent(enum alarm_kind k);

/* What is wrong: "alpha does not answer", with the figure. */
void alarm_sentence(const struct alarm *x, char *out, size_t size);
/* In few big words: "DOWN", "RUNS TWICE". */
const char *alarm_word(enum alarm_kind k);

#endif
