#ifndef TUI_WIRING_H
#define TUI_WIRING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/backend.h"
#include "core/buf.h"
#include "core/conf.h"
#include "core/conf_errors.h"
#include "core/err.h"
#include "core/ledger.h"
#include "core/reel.h"
#include "core/vmconsole.h"
#include "tui/loop.h"

/* The one place where tui and backends meet: it makes the backends that a
 * configuration calls for, and passes the few other things through that verbs
 * want of a backend. */

enum { WIRING_BACKENDS = 6 };

struct wiring {
	struct backend *backends[WIRING_BACKENDS];
	struct loop loop; /* over the backends */
	const struct conf *conf;
};

/* Makes the backends of all hosts. conf and sink's arg must outlive it. */
void wiring_open(struct wiring *w, const struct conf *conf,
    const struct event_sink *sink);
void wiring_close(struct wiring *w);

/* One that is somebody else's is polled as well, until it is dropped. */
void wiring_add(struct wiring *w, struct backend *b);
void wiring_drop(struct wiring *w, struct backend *b);

/* Asks whichever backend has the host; as backend_ops.control. arg is the
 * struct wiring. */
int wiring_control(void *arg, uint32_t host, enum backend_control what,
    struct mono now);

/* As backend_ops.ask. */
int wiring_ask(void *arg, uint32_t host, enum backend_ask what,
    struct mono now);

/* Opens a VM's console on whichever backend has the host; NULL when that has no
 * link to it now. arg is the struct wiring. To be closed before it. */
struct vmconsole *wiring_vmconsole(void *arg,
    const struct vmconsole_want *want, const struct vmconsole_sink *sink);

/* --- Configuration -------------------------------------------------------- */

/* path NULL: the default places; *used becomes what was read (x_free), NULL
 * when there is no file. */
int wiring_read_conf(const char *path, char **used, struct conf *conf,
    struct conf_errors *errs);
int wiring_demo_conf(struct conf *conf);

/* Where a program has its configuration from. */
struct conf_source {
	const char *path; /* as above */
	bool demo;        /* the demo's instead */
	bool optional;    /* that there is no file is fine */
	/* As conf_errors.check. */
	void (*check)(const struct conf *c, struct conf_errors *e);
};

/* Into an initialised conf. 0, or the exit code after having said on stderr all
 * that is wrong. */
int wiring_load_conf(const struct conf_source *from, struct conf *conf);

/* --- Recordings ----------------------------------------------------------- */

/* Writes events to a file as they come. */
struct recorder;

/* Fails when the file exists already, unless path is "-" (standard output). */
struct recorder *recorder_open(const char *path, const struct conf *conf,
    struct mono start, int64_t wall_ms, struct err *err);
/* 0, or -1 and why: the disk is full. */
int recorder_add(struct recorder *r, const struct event *e, struct err *err);
int recorder_close(struct recorder *r, struct err *err);

/* A recording to be played; its head line fills the initialised conf, which
 * must outlive it. NULL and why. */
struct reel *wiring_open_reel(const char *path, struct conf *conf,
    struct err *err);

/* --- What this session has seen -------------------------------------------- */

/* As in backends/tape.h. */
struct tape;

struct tape *wiring_tape_open(const struct conf *conf, struct err *err);
void wiring_tape_free(struct tape *t);
void wiring_tape_add(struct tape *t, const struct event *e);
void wiring_tape_sync(struct tape *t, struct mono now);
struct reel *wiring_tape_reel(struct tape *t);
struct mono wiring_tape_time(const struct tape *t, struct mono at);
/* Why nothing is added any more, or NULL. */
const char *wiring_tape_failure(const struct tape *t);

/* --- The journal ----------------------------------------------------------- */

/* As journal_read, of the configuration's journal. */
int wiring_history(const struct conf *conf, const struct ledger_filter *f,
    struct ledger_job **v, size_t *n, struct err *err);
void wiring_history_free(struct ledger_job *v, size_t n);

/* The definition that a VM of that cluster had last, and where. 0, to be given
 * back; -1: none is known. */
struct known_def {
	char *text, *host, *path;
	int64_t seen_ms; /* wall clock */
};

int wiring_known(const struct conf *conf, const char *cluster,
    const char *name, struct known_def *k);
void wiring_known_free(struct known_def *k);

/* --- Host keys ------------------------------------------------------------- */

/* Fetches the key that a host shows; blocks, for as long as the connection may
 * take. */
enum key_result {
	KEY_FAILED, /* err says why */
	KEY_KNOWN,  /* stored already */
	KEY_NEW,    /* offered, waits for key_store */
};

struct key_offer {
	const char *fingerprint; /* "SHA256:..." */
	const char *type;
	const char *name; /* under which it would be stored */
	const char *file; /* where */
	struct trust *trust;
};

enum key_result key_fetch(struct key_offer *k, const struct conf_host *host,
    struct err *err);
int key_store(const struct key_offer *k, struct err *err);
void key_free(struct key_offer *k); /* whatever key_fetch returned */

#endif
