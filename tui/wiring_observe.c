/* The half of the wiring that only looks: backends that observe, and reading the
 * configuration. The wall screen is linked with this half alone: it has no way
 * to ask anything of a host. See wiring.h. */
#include <stdio.h>
#include <unistd.h>

#include "backends/confread.h"
#include "backends/remote.h"
#include "backends/sim.h"
#include "core/mem.h"
#include "tui/wiring.h"

static void
add(struct wiring *w, struct backend *b)
{
	if (b == NULL)
		return;
	w->backends[w->loop.nbackends++] = b;
	w->loop.backends = w->backends;
}

static bool
has_simulated(const struct conf *conf)
{
	for (size_t i = 0; i < conf->nhosts; i++)
		if (conf->hosts[i].transport == TRANSPORT_SIM)
			return true;
	return false;
}

void
wiring_open(struct wiring *w, const struct conf *conf,
    const struct event_sink *sink)
{
	struct mono now = loop_now();

	*w = (struct wiring){ .conf = conf };
	add(w, remote_new(conf, sink, (uint64_t)now.ns ^ (uint64_t)getpid()));
	if (has_simulated(conf))
		add(w, sim_new(conf, sink, now));
}

void
wiring_close(struct wiring *w)
{
	for (size_t i = 0; i < w->loop.nbackends; i++)
		w->backends[i]->ops->free(w->backends[i]);
	loop_free(&w->loop);
	*w = (struct wiring){ 0 };
}

int
wiring_read_conf(const char *path, char **used, struct conf *conf,
    struct conf_errors *errs)
{
	*used = NULL;
	if (path == NULL)
		return confread_default(used, conf, errs);
	*used = x_strdup(path);
	return confread_file(path, conf, errs);
}

int
wiring_load_conf(const struct conf_source *from, struct conf *conf)
{
	struct conf_errors errs;
	char *used = NULL;
	struct buf out;
	int rc;

	if (from->demo)
		return wiring_demo_conf(conf) == 0 ? 0 : ERR_FAILED;
	conf_errors_init(&errs);
	errs.check = from->check;
	rc = wiring_read_conf(from->path, &used, conf, &errs);
	if (rc != 0 && used == NULL && from->optional) {
		rc = 0;
	} else if (rc != 0) {
		buf_init(&out, 1 << 20);
		conf_errors_put(&errs, &out);
		fputs(out.p != NULL ? out.p : "", stderr);
		buf_free(&out);
	}
	conf_errors_free(&errs);
	if (rc == 0)
		x_replace(&conf->file, used);
	x_free(used);
	return rc == 0 ? 0 : ERR_CONF;
}

int
wiring_demo_conf(struct conf *conf)
{
	return sim_demo_conf(conf);
}
