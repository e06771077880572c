#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "tui/canvas.h"
#include "tui/doc.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/ui.h"

/* One entry per view. Home draws itself; the others hand out text that the
 * generic code shows and scrolls. All are pure functions of the frame. */
struct view {
	const char *name;
	enum context ctx;
	void (*draw)(struct canvas *c, const struct layout *l,
	    const struct frame *f);
	void (*build)(struct doc *d, const struct frame *f,
	    const struct layer *l);
	void (*title)(char *out, size_t size, const struct frame *f,
	    const struct layer *l);
	bool long_text; /* build goes by doc_init_part's rule */
};

extern const struct view *const views[VIEW_COUNT];

extern const struct view view_home;
extern const struct view view_detail;
extern const struct view view_log;
extern const struct view view_help;
extern const struct view view_output;
extern const struct view view_alarms;
extern const struct view view_xenlog;
extern const struct view view_vmconsole;
extern const struct view view_jobs;
extern const struct view view_job;

/* Where keys go now. */
enum context ui_context(const struct ui *ui);

/* Lines of a view that is text, in so many columns. */
int view_height(const struct frame *f, const struct layer *l, int width,
    bool ascii);

/* Lines of the log's entries that are newer than that one. */
int log_lines_since(const struct frame *f, uint64_t seq, int width,
    bool ascii);

/* The topmost view. */
void view_draw(struct canvas *c, const struct layout *l,
    const struct frame *f);

/* The whole screen: header, view, status line, key bar, menu. */
void screen_draw(struct canvas *c, const struct frame *f);

/* A VM's console has all of it. */
void vmconsole_draw(struct canvas *c, const struct frame *f);

/* Parts of it. */
void header_draw(struct canvas *c, struct rect r, const struct frame *f);
/* The command line in the place of the status line, and what Tab offers over
 * the view above it. */
void cmdline_draw(struct canvas *c, struct rect r, const struct frame *f);
/* The box that Tab's candidates are in; its height is 0 without any. */
struct rect cmdline_found_box(const struct ui *ui, struct rect r,
    size_t *first);
void cmdline_draw_found(struct canvas *c, struct rect r,
    const struct frame *f);
void status_draw(struct canvas *c, struct rect r, const struct frame *f);
void keybar_draw(struct canvas *c, struct rect r, const struct frame *f);
/* The binding that is shown in column x of it, or NULL. */
const struct binding *keybar_at(struct rect r, const struct frame *f, int x);

/* The panes of the home screen that have room. */
void panes_draw(struct canvas *c, const struct layout *l,
    const struct frame *f);

/* An entry of the log on one line. */
void log_draw_line(struct canvas *c, struct rect r, const struct frame *f,
    const struct log_entry *e);

/* What must be seen on any screen: alarms, conflicts and crashes, the worst
 * first.
 * Returns how many. */
enum { HEADER_TROUBLES = 7 };
struct header_trouble {
	char text[40];
	enum style style;
};
size_t header_troubles(struct header_trouble t[HEADER_TROUBLES],
    const struct frame *f);

/* How wide what a command told is; 0 of sentences, which are wrapped. */
int output_columns(const struct ui *ui);

/* Details, split in two files. */
void detail_host(struct doc *d, const struct frame *f, uint32_t host);
void detail_cluster(struct doc *d, const struct frame *f, uint32_t cluster);
void detail_dormant(struct doc *d, const struct frame *f,
    struct row_id group);
void detail_jobs(struct doc *d, const struct frame *f, const struct vm *vm);
void detail_devices(struct doc *d, const struct obs_dom *o);
void detail_topology(struct doc *d, const struct obs_host *o);

/* What is wrong with a row, and what to do: one sentence. False when nothing
 * is. */
bool trouble_sentence(const struct frame *f, struct row_id id, char *out,
    size_t size);

#endif
