#ifndef CORE_PROBE_H
#define CORE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/mono.h"

/* What observations do not tell of a host and a migration has to know. One
 * constant script answers any number of questions in one run and changes
 * nothing. A run that only looks is nobody's job: whoever plans gives
 * probe_argv to a runner and the output to probes_add. In a plan REQ_PROBE is a
 * step that fails when one of its questions is not answered with yes. */

enum probe_ask {
	PROBE_DISK,     /* PATH [ID]: it can be used, and is that volume */
	PROBE_BRIDGE,   /* NAME: there is such a bridge */
	PROBE_FILE,     /* PATH: a file, readable */
	PROBE_SSH,      /* ADDRESS: root logs in there, and nobody is asked */
	PROBE_CPU,      /* [HW_CAPS]: the processors have all of these bits */
	PROBE_SENDER,   /* DOMID NAME: no xl sends or saves that domain */
	PROBE_RECEIVER, /* no xl receives a domain */
	PROBE_ASKS,
};

enum probe_said { PROBE_YES, PROBE_NO, PROBE_CANNOT /* be told */ };

enum { PROBE_ARG_MAX = 1100, PROBE_TEXT_MAX = 400, PROBE_QUESTIONS_MAX = 40 };

/* Appends a line of a request's arg, "disk /dev/vg/web1", unless it is there
 * already; a newline is between lines. */
int probe_line(struct buf *out, enum probe_ask ask, const char *arg,
    struct err *err);

/* The words that ask all lines of arg: sh, -c, the script, "xendeck-probe",
 * "need" or "tell", and a word per line; into argv, which has room for n words,
 * all of them x_free'd by the caller, up to the NULL. Returns how many; -1: a line
 * that is no question. */
int probe_argv(char **argv, size_t n, bool need, const char *arg,
    struct err *err);

struct probe_answer {
	uint32_t host;
	enum probe_ask ask;
	enum probe_said said;
	char *arg;        /* as asked */
	/* Clean. Yes to a disk: "block 1073741824 lvm:UUID"; no: why not; cpu:
	 * its hw_caps. */
	char *text;
	struct mono at;
};

/* All that was said, the latest on each question. */
struct probes {
	struct probe_answer *v;
	size_t n, cap;
};

void probes_init(struct probes *p);
void probes_free(struct probes *p);
/* The output of such a run, whatever it is; lines that are no answers are left
 * out. Returns how many were. */
size_t probes_add(struct probes *p, uint32_t host, const char *output,
    size_t n, struct mono now);
/* NULL: not known. p may be NULL. */
const struct probe_answer *probes_find(const struct probes *p, uint32_t host,
    enum probe_ask ask, const char *arg);

/* What a disk's answer says of which volume it is, "lvm:UUID"; "" when it does
 * not tell. */
const char *probe_disk_id(const struct probe_answer *a);

#endif
