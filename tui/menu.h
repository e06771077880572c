#ifndef TUI_MENU_H
#define TUI_MENU_H

#include "core/backend.h"
#include "tui/canvas.h"
#include "tui/ui.h"

/* The little menus over the home screen. */

struct fault {
	enum backend_control what;
	const char *text;
};

extern const struct fault menu_faults[];
extern const size_t menu_nfaults;

/* What is to become of jobs when the console is left. */
enum { LEAVE_NOT, LEAVE_LATER, LEAVE_NOW, LEAVE_CANCEL };

extern const char *const menu_leaves[];
extern const size_t menu_nleaves;

size_t menu_count(const struct ui *ui);
/* Where its entries are in that part of the screen, and the first one shown. */
struct rect menu_box(const struct ui *ui, struct rect r, int *first);
void menu_draw(struct canvas *c, struct rect r, const struct frame *f);

#endif
