/* The two special watches of xenstored: @introduceDomain, a domain was made
 * known to it, and @releaseDomain, one stopped or vanished. Neither says which.
 * (docs/misc/xenstore.txt; the forms with a domid are not served before 4.21.)
 * And one for each domain's name: at rest it costs nothing, where reading all
 * names at every tick is most of what xentop costs.
 *
 * The handle is for nothing else: xs_watch gives it a reader thread, through
 * which every read would have to pass. That thread has all signals blocked. */
#include "backends/agent/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "core/mem.h"

static const char *const watched[] = { "@introduceDomain", "@releaseDomain" };

enum { NWATCHED = sizeof watched / sizeof watched[0] };

static const char name_token[] = "name";

struct watch {
	struct xs_handle *xs;
	bool greeted[NWATCHED]; /* the event that every new watch gets is over */
	uint32_t *named;        /* domids whose names are watched, ascending */
	size_t nnamed;
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
	x_free(w->named);
	x_free(w);
}

int
watch_fd(const struct watch *w)
{
	return xs_fileno(w->xs);
}

static int
news_of(struct watch *w, const char *token)
{
	if (strcmp(token, name_token) == 0)
		return NEWS_NAMES;
	for (size_t i = 0; i < NWATCHED; i++)
		if (strcmp(token, watched[i]) == 0 && !w->greeted[i]) {
			w->greeted[i] = true;
			return 0;
		}
	return NEWS_DOMAINS;
}

int
watch_drain(struct watch *w)
{
	int news = 0;
	char **event;

	while ((event = xs_check_watch(w->xs)) != NULL) {
		news |= news_of(w, event[XS_WATCH_TOKEN]);
		free(event);
	}
	return errno == EAGAIN ? news : -1;
}

/* --- Names ---------------------------------------------------------------- */

static void
watch_name(struct watch *w, uint32_t domid, bool on)
{
	char path[64];

	snprintf(path, sizeof path, "/local/domain/%" PRIu32 "/name", domid);
	/* One that fails is tried no more: then a new name shows late. */
	if (on)
		xs_watch(w->xs, path, name_token);
	else
		xs_unwatch(w->xs, path, name_token);
}

static bool
all_watched(const struct watch *w, const struct obs *o)
{
	if (w->nnamed != o->ndoms)
		return false;
	for (size_t i = 0; i < o->ndoms; i++)
		if (w->named[i] != o->doms[i].domid)
			return false;
	return true;
}

void
watch_names(struct watch *w, const struct obs *o)
{
	uint32_t *now;
	size_t old = 0;

	if (all_watched(w, o))
		return;
	now = x_calloc(o->ndoms + 1, sizeof *now);
	for (size_t i = 0; i < o->ndoms; i++) {
		now[i] = o->doms[i].domid;
		while (old < w->nnamed && w->named[old] < now[i])
			watch_name(w, w->named[old++], false);
		if (old < w->nnamed && w->named[old] == now[i])
			old++;
		else
			watch_name(w, now[i], true);
	}
	while (old < w->nnamed)
		watch_name(w, w->named[old++], false);
	x_free(w->named);
	w->named = now;
	w->nnamed = o->ndoms;
}
