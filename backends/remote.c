/* All real hosts as one backend: a link for each, and a limit on how many
 * connect at once, because a hundred handshakes together are neither kind to
 * this machine nor to a bastion (sshd's MaxStartups). */
#include "backends/remote.h"

#include "backends/link.h"
#include "backends/spawn.h"
#include "core/mem.h"

/* Observations handled before the keyboard has its turn again. A hundred hosts
 * that speak at once would take it for a time that is felt; what is not taken
 * now waits in the sockets, and the next turn begins where this one ends. */
enum { TURN_FRAMES = 8 };

struct remote {
	struct backend base;
	const struct conf *conf;
	struct event_sink sink;
	struct defpool *pool;
	struct link *links;
	size_t nlinks;
	size_t first; /* whose turn it is */
};

static size_t
free_slots(const struct remote *r)
{
	size_t busy = 0;

	for (size_t i = 0; i < r->nlinks; i++)
		busy += (size_t)(r->links[i].phase == LINK_PHASE_CONNECTING);
	return busy < (size_t)r->conf->connects ?
	    (size_t)r->conf->connects - busy : 0;
}

/* Who has waited longest is next, and who was never tried before all others: a
 * rack of dead hosts must not keep the slots from the living. */
static struct link *
longest_due(const struct remote *r, struct mono now)
{
	struct link *best = NULL;

	for (size_t i = 0; i < r->nlinks; i++) {
		struct link *l = &r->links[i];

		if (link_is_due(l, now) && (best == NULL ||
		    mono_before(l->retry, best->retry)))
			best = l;
	}
	return best;
}

static void
remote_prepoll(struct backend *b, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	struct remote *r = (struct remote *)b;
	bool full = free_slots(r) == 0;

	for (size_t i = 0; i < r->nlinks; i++) {
		struct link *l = &r->links[i];

		/* A due link without a slot waits for one, not for a time. */
		if (full && link_is_due(l, now))
			continue;
		link_prepoll(l, ps, now, deadline);
	}
}

static void
serve_links(struct remote *r, const struct pollset *ps, struct mono now,
    int64_t wall_ms)
{
	uint64_t frames = 0;

	for (size_t i = 0; i < r->nlinks && frames < TURN_FRAMES; i++) {
		struct link *l = &r->links[r->first];
		uint64_t before = l->frames;

		link_postpoll(l, ps, now, wall_ms);
		frames += l->frames - before;
		r->first = (r->first + 1) % r->nlinks;
	}
}

static void
remote_postpoll(struct backend *b, const struct pollset *ps, struct mono now,
    int64_t wall_ms)
{
	struct remote *r = (struct remote *)b;
	size_t slots;

	serve_links(r, ps, now, wall_ms);
	spawn_reap_ended();
	for (slots = free_slots(r); slots > 0; slots--) {
		struct link *l = longest_due(r, now);

		if (l == NULL)
			break;
		link_connect(l, now, wall_ms);
	}
}

static int
remote_control(struct backend *b, uint32_t host, enum backend_control what,
    struct mono now)
{
	struct remote *r = (struct remote *)b;

	if (what != CONTROL_RECONNECT)
		return -1;
	for (size_t i = 0; i < r->nlinks; i++) {
		if (r->links[i].host != host)
			continue;
		link_restart(&r->links[i], now);
		return 0;
	}
	return -1;
}

static int
remote_ask(struct backend *b, uint32_t host, enum backend_ask what,
    struct mono now)
{
	struct remote *r = (struct remote *)b;

	for (size_t i = 0; i < r->nlinks; i++)
		if (r->links[i].host == host)
			return link_ask(&r->links[i], what, now);
	return -1;
}

static void
remote_free(struct backend *b)
{
	struct remote *r = (struct remote *)b;

	for (size_t i = 0; i < r->nlinks; i++)
		link_free(&r->links[i]);
	x_free(r->links);
	defpool_drop(r->pool);
	x_free(r);
}

static const struct backend_ops remote_ops = {
	.name = "remote",
	.prepoll = remote_prepoll,
	.postpoll = remote_postpoll,
	.control = remote_control,
	.ask = remote_ask,
	.free = remote_free,
};

struct transport *
remote_transport(const struct backend *b, uint32_t host, uint64_t *connection)
{
	const struct remote *r = (const struct remote *)b;

	if (b->ops != &remote_ops)
		return NULL;
	for (size_t i = 0; i < r->nlinks; i++) {
		const struct link *l = &r->links[i];

		if (l->host != host || l->phase != LINK_PHASE_WORKING ||
		    l->is_down)
			continue;
		*connection = l->tries;
		return l->transport;
	}
	return NULL;
}

struct backend *
remote_new(const struct conf *conf, const struct event_sink *sink,
    uint64_t seed)
{
	struct remote *r = x_calloc(1, sizeof *r);

	r->base.ops = &remote_ops;
	r->conf = conf;
	r->sink = *sink;
	r->pool = defpool_new();
	r->links = x_calloc(conf->nhosts, sizeof *r->links);
	for (uint32_t i = 0; i < conf->nhosts; i++)
		if (conf->hosts[i].transport != TRANSPORT_SIM)
			link_init(&r->links[r->nlinks++], i, conf, &r->sink,
			    r->pool, seed);
	if (r->nlinks == 0) {
		remote_free(&r->base);
		return NULL;
	}
	return &r->base;
}
