/* Commands that show and hide the panes of the home screen. A pane is turned
 * against what is seen, not against what was wished: a key that seems to do
 * nothing is a bad one. */
#include "tui/app_cmd.h"

static void
turn(struct app *a, enum pane_wish *wish, bool seen)
{
	*wish = seen ? PANE_OFF : PANE_ON;
	app_resize(a, a->w, a->h);
}

void
cmd_details_pane(struct app *a)
{
	struct layout l = app_layout(a);

	turn(a, &a->ui.details_pane, l.details.h > 0);
	if (l.details.h == 0 && !layout_details_fit(a->w, a->h))
		app_say(a, STYLE_WARN, "The details need a screen of %d columns "
		    "or %d lines; Enter opens them.", LAYOUT_BESIDE_W,
		    LAYOUT_BELOW_H);
}

void
cmd_events_pane(struct app *a)
{
	struct layout l = app_layout(a);

	turn(a, &a->ui.events_pane, l.events.h > 0);
	if (l.events.h == 0 && !layout_events_fit(a->h))
		app_say(a, STYLE_WARN, "The events need a screen of %d lines; "
		    "L shows them all.", LAYOUT_EVENTS_H);
}
