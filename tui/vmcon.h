#ifndef TUI_VMCON_H
#define TUI_VMCON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/model.h"
#include "core/mono.h"
#include "core/vmconsole.h"
#include "tui/emulator.h"

/* The consoles of VMs that the operator looked at: one at a time is open, those
 * before it are kept with what they showed. Follows its VM through reboots and
 * migrations, over links that break and come back. */

enum {
	VMCON_KEPT = 6,  /* VMs whose screens are kept */
	VMCON_MIN_W = 80, VMCON_MIN_H = 24, /* what a guest takes for granted */
};

enum vmcon_state {
	VMCON_CLOSED,
	VMCON_OPENING,
	VMCON_LIVE,
	VMCON_LOG,     /* the host's log of it: nothing can be typed */
	VMCON_WAITING, /* for the VM or its host; goes on by itself */
	VMCON_LOCKED,  /* somebody else has it */
	VMCON_FAILED,
};

/* Where consoles come from; as wiring_vmconsole. */
struct vmcon_source {
	struct vmconsole *(*open)(void *arg,
	    const struct vmconsole_want *want,
	    const struct vmconsole_sink *sink);
	void *arg;
	const char *reader; /* struct vmconsole_want's */
};

struct vmcon_screen {
	uint32_t cluster;
	struct uuid uuid;
	struct emulator *e;  /* NULL: free */
	uint64_t used;
};

struct vmcon {
	struct vmcon_source source;
	enum vmcon_state state;
	char why[512];        /* WAITING, LOCKED, FAILED */
	bool log;             /* the log is wanted */
	bool was_open;        /* since the operator came, once */
	enum vmconsole_end end; /* of the last one that ended */
	/* The VM. */
	uint32_t vm;          /* of the model; */
	uint32_t cluster;
	struct uuid uuid;
	char name[OBS_NAME_MAX + 1];
	uint32_t host, domid; /* that the console is or was of */
	bool paused;
	struct vmconsole *c;  /* NULL: none is open */
	bool ended;           /* it said that it is closed */
	struct buf pending;   /* came, and is not on the screen yet */
	bool lost_keys;       /* the guest does not take what is typed */
	struct mono retry;
	unsigned tries;       /* since anything came */
	struct vmcon_screen kept[VMCON_KEPT];
	size_t at;            /* of the VM, in kept */
	uint64_t turn;
	int w, h;             /* of the room for it */
	bool fitted;          /* the guest was told of that */
	int back;             /* lines scrolled back */
	int held;             /* lines of history when it was */
	unsigned bells;
};

void vmcon_init(struct vmcon *v);
void vmcon_free(struct vmcon *v);

/* Comes to that VM of the model. */
void vmcon_open(struct vmcon *v, const struct model *m, uint32_t vm);
void vmcon_leave(struct vmcon *v);
/* The room that there is for it. */
void vmcon_resize(struct vmcon *v, int w, int h);

/* The same again: now, or only its log. */
void vmcon_retry(struct vmcon *v, bool log);

/* -1 and why, where nobody got in since it was opened and waiting does not
 * help: somebody else has it (ERR_REFUSED), or it failed. */
int vmcon_refused(const struct vmcon *v, struct err *err);

/* One turn: opens what is due, sends what was typed, takes what came. The
 * model is the one of now. */
void vmcon_turn(struct vmcon *v, const struct model *m, struct mono now,
    struct mono *deadline);

void vmcon_key(struct vmcon *v, uint32_t key);
void vmcon_paste(struct vmcon *v, const char *text, size_t n, bool first,
    bool last);
void vmcon_scroll(struct vmcon *v, int lines); /* back, or on: below 0 */
/* Types the command that tells a guest how large its terminal is. */
void vmcon_tell_size(struct vmcon *v);

/* Keys are the guest's. */
bool vmcon_takes_keys(const struct vmcon *v);
/* Changes with everything that is shown. */
uint64_t vmcon_changes(const struct vmcon *v);
/* Whether the guest rang since it was asked last. */
bool vmcon_rang(struct vmcon *v);

const struct emulator *vmcon_emulator(const struct vmcon *v); /* or NULL */

#endif
