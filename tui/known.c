/* See known.h. It comes as the host's own word, which it once was: all that
 * judges hosts by their silence goes on to do so. */
#include "tui/known.h"

#include <string.h>

#include "core/defs.h"
#include "core/mem.h"
#include "tui/loop.h"

static bool
is_silent(const struct session *s, uint32_t host)
{
	return host < s->conf.nhosts &&
	    model_host(s->model, host)->health != HOST_LIVE &&
	    model_defs(s->model, host) == NULL;
}

static void
tell_model(struct session *s, uint32_t host, const struct known_def *k)
{
	const struct def_file file = { k->path, k->text, strlen(k->text), -1 };
	const struct defs *defs = defs_read(NULL, &file, 1, NULL);
	struct mono next = MONO_NEVER;
	const struct event e = {
		.type = EVENT_DEFS,
		.host = host,
		.at = loop_now(),
		.wall_ms = loop_wall_ms(),
		.u.defs = defs,
	};

	/* Not by the session's sinks: nobody has heard it now. */
	model_apply(s->model, &e);
	model_tick(s->model, loop_now(), loop_wall_ms(), &next);
	defs_unref(defs);
}

bool
known_recall(struct session *s, const char *name, int64_t *seen_ms)
{
	const char *slash = strchr(name, '/');
	bool found = false;

	if (slash != NULL)
		name = slash + 1;
	for (uint32_t c = 0; s->reel == NULL && c < s->conf.nclusters; c++) {
		struct known_def k;
		uint32_t host;

		/* A journal that cannot be read knows nothing. */
		if (wiring_known(&s->conf, s->conf.clusters[c].name, name,
		    &k) != 0)
			continue;
		host = conf_find_host(&s->conf, k.host);
		if (is_silent(s, host) && s->conf.hosts[host].cluster == c) {
			tell_model(s, host, &k);
			if (seen_ms != NULL)
				*seen_ms = k.seen_ms;
			found = true;
		}
		wiring_known_free(&k);
	}
	return found;
}
