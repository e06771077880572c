#ifndef TESTS_LIB_DRIVE_H
#define TESTS_LIB_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "backends/transport.h"
#include "core/buf.h"

/* Drives one transport by a poll loop of its own and remembers what it said. */

struct drive {
	struct transport *t;
	struct pollset ps;
	bool up, down;
	enum link_fault fault;
	char reason[600];
	int64_t worst_us; /* the longest that one call took */
	int turns;
	int64_t ahead_ms; /* added to the time that the transport is told */
};

struct drive_cmd {
	struct drive *d;
	struct channel *c;
	struct buf out, err;
	uint64_t bytes;   /* of stdout */
	uint64_t sum;     /* of stdout: FNV-1a */
	bool keep;        /* stdout in out as well */
	bool closed;
	int status;
	char why[600];
};

struct mono drive_now(void);
void drive_open(struct drive *d, const struct transport_ops *ops,
    const struct conf_host *host);
void drive_close(struct drive *d);
/* One turn that waits at most ms. */
void drive_turn(struct drive *d, int ms);
/* Turns until up or down; whether it is up. */
bool drive_connect(struct drive *d, int ms);
bool drive_until_down(struct drive *d, int ms);
void drive_for(struct drive *d, int ms);

/* Ends with NULL. */
void drive_exec(struct drive *d, struct drive_cmd *cmd,
    const char *const argv[]);
void drive_sh(struct drive *d, struct drive_cmd *cmd, const char *script);
int drive_put(struct drive_cmd *cmd, const char *text); /* NULL: end */
bool drive_wait(struct drive_cmd *cmd, int ms); /* for closed */
bool drive_wait_bytes(struct drive_cmd *cmd, uint64_t n, int ms);
void drive_cmd_free(struct drive_cmd *cmd);

uint64_t drive_fnv(uint64_t sum, const char *p, size_t n);
#define DRIVE_FNV_INIT UINT64_C(14695981039346656037)

int drive_count_fds(void);

#endif
