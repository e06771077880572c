#ifndef TESTS_LIB_FAKEDOM0_H
#define TESTS_LIB_FAKEDOM0_H

#include <stdbool.h>

#include "backends/observer.h"
#include "core/obs.h"

/* A dom0 made of scripts (tests/fixtures/bin/fake), observed through the local
 * transport by observer_shell. */

struct fakedom0 {
	char dir[64];        /* $FAKE */
	struct conf_host host;
	struct transport *t;
	struct transport_ops ops; /* local's, with what is below */
	int channels;        /* opened so far */
	int max_channels;    /* then MaxSessions refuses; 0: no limit */
	bool detached;       /* closing a channel closes its pipes, no more */
	const char *greeting; /* printed by every channel first */
	bool up;

	struct observer *o;
	struct obs obs;      /* the last one */
	int nobs;
	const struct defs *defs; /* the last ones, a reference; or NULL */
	int ndefs;
	char note[1024];     /* "" when there is none */
	int nnotes;
	int nanswers;
	char answer[4096];   /* its text, or what is wrong */
	bool failed;
	enum observer_fault fault;
	char why[600];

	struct mono now;     /* runs at speed */
	int64_t real_ns;
	int speed;
};

/* The dom0 of tests/fixtures/xl, with every tool there. */
void fakedom0_start(struct fakedom0 *d);
void fakedom0_stop(struct fakedom0 *d);

/* One more tool is answered from $FAKE. */
void fakedom0_tool(struct fakedom0 *d, const char *name);
/* Writes $FAKE/NAME. */
void fakedom0_file(struct fakedom0 *d, const char *name, const char *text);
/* $FAKE/NAME becomes a copy of tests/fixtures/xl/FIXTURE. */
void fakedom0_copy(struct fakedom0 *d, const char *name, const char *fixture);
void fakedom0_remove(struct fakedom0 *d, const char *name);
bool fakedom0_has(const struct fakedom0 *d, const char *name);
/* How many command lines, as in fixtures/bin/fake, contain this. */
int fakedom0_calls(const struct fakedom0 *d, const char *part);
/* The process whose number is in $FAKE/NAME: 0 when there is none. */
int fakedom0_pid(const struct fakedom0 *d, const char *name);

void fakedom0_observe(struct fakedom0 *d, int refresh_ms);
void fakedom0_unobserve(struct fakedom0 *d);
void fakedom0_turn(struct fakedom0 *d);
/* Turns until cond holds; false after 20 s of real time. */
bool fakedom0_until(struct fakedom0 *d,
    bool (*cond)(const struct fakedom0 *d));

const struct obs_dom *fakedom0_dom(const struct fakedom0 *d,
    const char *name);

#endif
