/* Asking a host for Xen's log. The question goes out as an effect; the answer
 * comes into the model like everything else, and the view shows it. */
#include "tui/app_cmd.h"

#include "tui/view.h"

enum { END = 1 << 20 }; /* drawing knows where that is */

void
app_xenlog(struct app *a, uint32_t host)
{
	if (host >= model_nhosts(a->model)) {
		app_say(a, STYLE_WARN, "Select the host whose log is wanted, "
		    "or a VM on it.");
		return;
	}
	app_push(a, VIEW_XENLOG, (struct row_id){ .kind = ROW_HOST,
	    .id = host, .host = host });
	if (app_layer(a)->view != VIEW_XENLOG)
		return;
	app_layer(a)->top = END;
	a->ui.asked = a->now;
	a->ui.ask_refused = false;
	a->fx.ask = true;
	a->fx.host = host;
	a->fx.ask_what = ASK_DMESG;
}

void
app_ask_refused(struct app *a)
{
	a->ui.ask_refused = true;
}
