/* The two special watches of xenstored: @introduceDomain, a domain was made
 * known to it, and @releaseDomain, one stopped or vanished. Neither says which.
 * (docs/misc/xenstore.txt; the forms with a domid are not served before 4.21.)
 *
 * The handle is for nothing else: xs_watch gives it a reader thread, through
 * which every read would have to pass. That thread has all signals blocked. */
#include "backends/agent/watch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "core/mem.h"

static const char *const watched[] = { "@introduceDomain", "@releaseDomain" };

enum { NWATCHED = sizeof watched / sizeof watched[0] };

struct watch {
	struct xs_handle *xs;
	bool greeted[NWATCHED]; /* the event that every new watch gets is over */
};

struct watch *
watch_open(struct err *err)
{
	struct watch *w = x_calloc(1, sizeof *w);

	w->xs = xs_open(0);
	if (w->xs == NULL) {
		err_set(err, ERR_FAILED, "cannot connect to xenstored: %s: is "
		    "it running?", strerror(errno));
		goto fail;
	}
	for (size_t i = 0; i < NWATCHED; i++)
		if (!xs_watch(w->xs, watched[i], watched[i])) {
			err_set(err, ERR_FAILED, "xenstored refuses to watch "
			    "%s: %s", watched[i], strerror(errno));
			goto fail;
		}
	return w;
fail:
	watch_close(w);
	return NULL;
}

void
watch_close(struct watch *w)
{
	if (w == NULL)
		return;
	if (w->xs != NULL)
		xs_close(w->xs);
	x_free(w);
}

int
watch_fd(const struct watch *w)
{
	return xs_fileno(w->xs);
}

static bool
is_news(struct watch *w, const char *token)
{
	for (size_t i = 0; i < NWATCHED; i++)
		if (strcmp(token, watched[i]) == 0 && !w->greeted[i]) {
			w->greeted[i] = true;
			return false;
		}
	return true;
}

int
watch_drain(struct watch *w)
{
	int news = 0;
	char **event;

	while ((event = xs_check_watch(w->xs)) != NULL) {
		if (is_news(w, event[XS_WATCH_TOKEN]))
			news = 1;
		free(event);
	}
	return errno == EAGAIN ? news : -1;
}
