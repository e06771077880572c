#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/backend.h"
#include "core/model.h"
#include "tui/canvas.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/reader.h"
#include "tui/layout.h"
#include "tui/rows.h"
#include "tui/ui.h"
#include "tui/vmcon.h"

/* The console without terminal, clock and backends: keys and time in, a canvas
 * and effects out. */

/* Where to in time. */
enum time_wish {
	WISH_NONE,
	WISH_PAUSE, WISH_NOW,
	WISH_STEP_BACK, WISH_STEP_ON,
	WISH_EVENT_BACK, WISH_EVENT_ON,
	WISH_SLOWER, WISH_FASTER, WISH_SPEED,
	WISH_GOTO, WISH_CANCEL,
};

/* What a key asks the outside for. */
struct effects {
	bool quit;
	bool suspend;
	bool repaint;  /* paint the whole terminal anew */
	bool control;  /* ask a backend: */
	uint32_t host;
	enum backend_control what;
	bool ask;      /* a backend, for a text of that host: */
	enum backend_ask ask_what;
	bool save;     /* what the user changed, for the next time */
	char theme[80]; /* change to the theme of that name; else empty */
	const char *copy; /* to the clipboard; in app->clip; or NULL */
	enum time_wish time; /* show another moment: */
	char when[64]; /* WISH_GOTO */
	int speed;     /* WISH_SPEED, per cent */
	const struct plan *plan; /* to be carried out; the app's, or NULL */
	bool edit;     /* the definition of that VM, in an editor: */
	uint32_t vm;
	uint64_t cancel; /* the job of that id; 0: none */
	bool cancel_all;
	bool history;    /* ask the journal, for history_word or _key */
	bool probe;      /* ask hosts what the choice of ui.act depends on */
	bool leave_jobs; /* with quit: those under way go on without it */
};

/* What is meant by a VM's id in whichever model is shown. */
struct app_ident {
	bool set;
	uint32_t cluster;
	struct uuid uuid;
	char name[OBS_NAME_MAX + 1];
};

struct app {
	const struct model *model;
	struct alarms *alarms; /* the owner's, who updates them; or NULL */
	uint64_t alarms_told;  /* the newest one that was announced */
	const struct jobs *jobs; /* or NULL */
	const struct probes *probes; /* or NULL */
	const char *no_work;   /* why nothing can be done; NULL: it can */
	char history_word[OBS_NAME_MAX + 1]; /* what it was asked for */
	char history_key[80];
	struct plan acted;     /* fx.plan, until the next key */
	const char *title;
	bool demo, read_only, ascii;
	int w, h;
	struct ui ui;
	struct effects fx;
	struct rows rows;
	struct keymap keys;
	char *clip;              /* what was copied last; or NULL */
	struct words history;    /* of the command line */
	size_t history_ran;      /* lines of this run, at its end */
	bool mouse;              /* is wanted */
	bool clicked;            /* the selection was, and no key since */
	uint64_t generation;     /* of the model when rows were last made or */
	uint64_t shape;          /* summed, and when they were last made */
	bool doubled;            /* a VM may have had rows at several hosts */
	struct mono counted;     /* when the menu of filters was, and of what */
	uint64_t counted_generation;
	struct mono now;
	int64_t wall_ms;
	uint64_t log_seq;        /* the newest entry that its view was held at */
	struct vmcon vmcon;
	bool vmcon_alone;        /* leaving it is leaving the program */
	struct reader reader;
	struct app_ident keep[UI_LAYERS]; /* of the selection and the views */
	struct app_ident *astray; /* marked VMs that this model does not have */
	size_t nastray, astray_cap;
	bool lost;               /* the selected VM is not in this model, and */
	struct row_id instead;   /* this was selected in its place */
};

void app_init(struct app *a, const struct model *m);
void app_free(struct app *a);
void app_resize(struct app *a, int w, int h);

/* Time passes, the model may have changed: rows follow it. Before a key only as
 * far as they must, so that it meets what is on the screen. */
void app_ready(struct app *a, struct mono now, int64_t wall_ms);
void app_tick(struct app *a, struct mono now, int64_t wall_ms);

/* Shows another model of the same configuration; the one before must still be
 * valid. */
void app_rebind(struct app *a, const struct model *to, struct alarms *alarms);

/* Handles one key. What it asks the outside for is in a->fx until the next. */
void app_key(struct app *a, uint32_t key);

/* What fx.ask wanted cannot be had. */
void app_ask_refused(struct app *a);

/* The same for the mouse. */
void app_mouse(struct app *a, struct mouse m);

/* Comes to the console of that VM, or says why not. */
void app_vmconsole(struct app *a, uint32_t vm);

/* And for what was pasted. */
void app_paste(struct app *a, const struct paste *p);

void app_draw(const struct app *a, struct canvas *c);

/* An answer to the operator, for some seconds. */
void app_say(struct app *a, enum style style, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What the journal answered; and what jobs have to say. */
struct ledger_job;
void app_history_came(struct app *a, const struct ledger_job *v, size_t n,
    const char *error);
void app_job_told(struct app *a, enum note_level level, const char *text);

/* Announces what is new and wrong; whether there was anything. */
bool app_alarm_news(struct app *a);

/* For app_*.c. */
struct frame app_frame(const struct app *a);
void app_select(struct app *a, size_t row);
void app_remake(struct app *a); /* rows as the ui now wants them */
void app_settle(struct app *a); /* finds the selection in rows just made */
struct layout app_layout(const struct app *a);
void app_filter_facts(struct app *a); /* marks and alarms, for the filter */
void app_filters_follow(struct app *a); /* counts in the menu of filters */
void app_vmconsole_resize(struct app *a);
void app_vmconsole_follow(struct app *a); /* whose keys are, now */
void app_marks_follow(struct app *a); /* VMs that are gone lose theirs */
bool app_home_top(const struct app *a); /* no view over home */

#endif
