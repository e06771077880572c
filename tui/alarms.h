#ifndef TUI_ALARMS_H
#define TUI_ALARMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/alarm.h"
#include "tui/style.h"
#include "tui/ui.h"

/* What those files share that show alarms. */

enum { ALARMS_SHOWN_MAX = ALARMS_LIVE_MAX + ALARMS_ENDED_MAX };

/* What the view lists, in its order. */
size_t alarms_shown(const struct frame *f,
    const struct alarm *v[ALARMS_SHOWN_MAX]);
/* Index of the selected one of the n; where it would be when it is gone. */
size_t alarms_row(const struct ui *ui, const struct alarm *const v[],
    size_t n);
/* The first line shown so that the one at is seen. */
size_t alarms_top(const struct ui *ui, size_t at, size_t n, int lines);

enum style alarm_style(const struct alarm *x);
const char *alarm_mark(const struct alarm *x); /* "!!", "! ", "  " */

/* The selected one in full, for the status line; false: there is none. */
bool alarms_status(const struct frame *f, char *out, size_t size);

/* How long an alarm may be silenced, as a menu. */
struct silence {
	const char *text;
	int64_t ms; /* 0: until it ends */
};

extern const struct silence alarms_silences[];
extern const size_t alarms_nsilences;

#endif
