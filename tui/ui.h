#ifndef TUI_UI_H
#define TUI_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model.h"
#include "core/mono.h"
#include "tui/act.h"
#include "tui/colset.h"
#include "tui/filter.h"
#include "tui/lineedit.h"
#include "tui/marks.h"
#include "tui/saved.h"
#include "tui/style.h"

/* All that the console remembers besides the model, as plain data: what is
 * folded, sorted, filtered, selected and open. Everything is named by ids, so
 * that it keeps its meaning while rows come and go. */

enum row_kind {
	ROW_CLUSTER,
	ROW_HOST,
	ROW_DOM0,
	ROW_VM,
	ROW_DORMANT, /* in front of dormant VMs, which fold by themselves */
};

struct row_id {
	enum row_kind kind;
	uint32_t id;   /* of the cluster, the host (dom0: its host), the VM;
	                * dormant: index in dormant_folded */
	uint32_t host; /* VM: where this row shows it, or MODEL_NONE */
};

enum view_id {
	VIEW_HOME, VIEW_DETAIL, VIEW_LOG, VIEW_HELP, VIEW_OUTPUT, VIEW_ALARMS,
	VIEW_XENLOG, VIEW_VMCONSOLE, VIEW_JOBS, VIEW_JOB,
	VIEW_COUNT
};

struct layer {
	enum view_id view;
	struct row_id about; /* of details */
	enum view_id about_view; /* of help: where it was called */
	int top;             /* first line shown */
	int left;            /* columns to the left of it, of tables */
};

enum menu_kind { MENU_NONE, MENU_SORT, MENU_FAULT, MENU_SILENCE, MENU_COLUMNS,
	MENU_FILTERS, MENU_COPY, MENU_ACTIONS, MENU_LEAVE };

/* Whether a pane of the home screen is wanted; auto: when there is room. */
enum pane_wish { PANE_AUTO, PANE_ON, PANE_OFF };

/* Which moment is shown, when it is not now. */
enum time_mode { TIME_NOW, TIME_PAST, TIME_REPLAY };

struct ui_time {
	enum time_mode mode;   /* NOW: nothing below counts, but seeking */
	struct mono at;
	int64_t wall_ms;
	bool paused, at_end;
	int speed;             /* per cent */
	int seeking;           /* per cent of the way there, or -1 */
	int64_t behind_ms;     /* PAST: how long ago */
	int64_t pos_ms, len_ms; /* REPLAY */
	bool searched;         /* REPLAY: len_ms is known for good */
	bool dated;            /* of another day than today */
	unsigned news;         /* PAST: alarms since, of now */
};

enum { UI_LAYERS = 8, UI_FILTER_MAX = QUERY_TEXT_MAX + 1 };

struct ui {
	struct layer layer[UI_LAYERS]; /* [0] is home */
	size_t nlayers;

	struct row_id sel;
	bool sel_set;    /* else the first row */
	size_t sel_row;  /* where it was when rows were last made */
	int top;         /* home's first row shown */

	bool *cluster_folded, *host_folded; /* by id */
	/* Dormant VMs: by host, then of no host by cluster, then of the list. */
	bool *dormant_folded;
	bool flat;       /* VMs alone instead of the tree */
	size_t sort;     /* column */
	bool invert;     /* against the column's own direction */

	struct colset columns;  /* chosen ones */
	struct colset columns_default;
	int column_page;        /* of those that have no room together */

	enum pane_wish details_pane, events_pane;

	char filter_text[UI_FILTER_MAX];
	struct filter filter;
	size_t clusters;   /* how many the configuration has */
	struct row_id anchor; /* selected when the filter's typing began */
	char searched[UI_FILTER_MAX]; /* the last filter, for n and N */
	struct saved saved;
	struct marks marks;
	uint32_t kept;   /* VM that is shown whatever the filter; MODEL_NONE */
	bool filter_typing;
	bool command_typing;
	struct lineedit line;      /* of what is being typed */

	char *output, *output_title; /* what a command told; or NULL */
	bool output_wraps;           /* its lines are sentences */
	int64_t output_wall_ms;      /* when it did */

	enum menu_kind menu;
	size_t menu_at;
	uint32_t menu_host; /* that the fault menu is about */
	uint64_t menu_alarm; /* that is to be silenced */

	struct act act;  /* an action on its way */
	enum action_kind actions[ACTION_COUNT]; /* in the menu of them */
	size_t nactions;

	uint64_t alarm_sel; /* selected in their view; 0: the first */
	size_t alarm_row;   /* where it was */
	int alarm_top;

	uint64_t job_sel;   /* likewise of jobs */
	size_t job_row;
	int job_top;
	bool leaving;       /* as soon as no job is under way */

	struct mono asked; /* when a host was asked for its log, last */
	bool ask_refused;  /* the backend would not */

	char msg[256];   /* answer to the last key */
	enum style msg_style;
	struct mono msg_until;

	bool guest_keys; /* a VM's console is open, and keys are the VM's */

	bool reader;     /* words for a screen reader: tui/reader.h */

	struct ui_time time;
};

struct alarms;
struct jobs;
struct probes;
struct rows;
struct keymap;
struct vmcon;

/* All that drawing reads. */
struct frame {
	const struct model *model;
	const struct ui *ui;
	const struct rows *rows;
	const struct keymap *keys;
	const struct alarms *alarms; /* or NULL */
	const struct vmcon *vmcon;
	const struct jobs *jobs;     /* or NULL */
	const struct probes *probes; /* what hosts were asked; or NULL */
	struct mono now;
	int64_t wall_ms;
	const char *title; /* or NULL */
	bool demo, read_only;
};

#endif
