/* Simulated links. A host that is out of reach is silent: the console learns of
 * it when an answer has not come for a while, as over a real network. Events
 * carry the virtual moment at which they are due, so that a loop that turns
 * rarely sees the same as one that turns often. */
#include "backends/simlink.h"

#include <stdio.h>

#include "core/answer.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/prng.h"

enum {
	TIMEOUT_MS = 3000,    /* of an attempt to connect */
	HANDSHAKE_MS = 30,    /* besides what the latency costs */
	ROUND_TRIPS = 5,      /* of a handshake */
	SLOW_MS = 4000,       /* more latency */
	BACKOFF_MS = 1000,    /* doubled with each attempt */
	BACKOFF_MAX_MS = 30 * 1000,
	SPREAD_MS = 700,      /* first connections, over all hosts */
	ASK_MS = 20,          /* that the host needs for an answer */
	BACKLOG_MS = 5000,    /* older observations are left out */
};

enum kind { TIMER_CONNECT, TIMER_CONNECTED, TIMER_LOST, TIMER_SAMPLE,
	TIMER_DELIVER, TIMER_ANSWER };

struct simlink {
	enum link_state state;
	uint32_t gen;      /* of the state's timers */
	uint32_t sessions; /* so far */
	bool out_of_reach; /* as of the last simlinks_check */
	bool broken, slow;
	int attempts;
	bool asked;        /* for Xen's log */
	int64_t phase;     /* of its samples, below the refresh interval */
	uint64_t seq;
	const struct defs *told; /* a reference to what it was told of its
	                          * definitions in this session, or NULL */
	bool pending;      /* obs was sampled and is on its way */
	struct obs obs;
};

struct simlinks {
	struct simworld *w;
	const struct event_sink *sink;
	struct simlink *v; /* by simulated host */
	struct simtimers timers;
	struct mono start;
	int64_t wall_ms;   /* at SIM_EPOCH */
	int64_t refresh_ms;
};

static void
emit(struct simlinks *l, struct event *e)
{
	int64_t ms = l->w->now - SIM_EPOCH;

	e->at = mono_add_ms(l->start, ms);
	e->wall_ms = l->wall_ms + ms;
	l->sink->emit(l->sink->arg, e);
}

void
simlinks_note(struct simlinks *l, uint32_t host, enum note_level level,
    const char *text)
{
	struct event e = {
		.type = EVENT_NOTE,
		.host = host == SIM_NONE ? EVENT_NO_HOST :
		    l->w->hosts[host].conf_host,
		.u.note = { level, text },
	};

	emit(l, &e);
}

static void
set_timer(struct simlinks *l, uint32_t host, enum kind kind, int64_t ms)
{
	simtimer_set(&l->timers, l->w->now + ms, (int)kind, host,
	    l->v[host].gen);
}

static void
set_state(struct simlinks *l, uint32_t host, enum link_state state,
    const char *reason, int64_t retry_ms)
{
	struct simlink *k = &l->v[host];
	struct event e = {
		.type = EVENT_LINK,
		.host = l->w->hosts[host].conf_host,
		.u.link = {
			.state = state,
			.reason = reason,
			.transport = "sim",
			.observer = "sim",
			.retry = MONO_NEVER,
		},
	};

	k->state = state;
	k->gen++;
	k->pending = false;
	if (retry_ms >= 0)
		e.u.link.retry = mono_add_ms(l->start,
		    l->w->now - SIM_EPOCH + retry_ms);
	emit(l, &e);
}

bool
simlinks_reachable(const struct simlinks *l, uint32_t host)
{
	return l->w->hosts[host].power == SIM_POWER_ON && !l->v[host].broken;
}

int64_t
simlinks_latency(const struct simlinks *l, uint32_t host)
{
	return l->w->hosts[host].conf->latency_ms +
	    (l->v[host].slow ? SLOW_MS : 0);
}

uint32_t
simlinks_session(const struct simlinks *l, uint32_t host)
{
	return l->v[host].state == LINK_LIVE ? l->v[host].sessions : 0;
}

static void
answer(struct simlinks *l, uint32_t host, const char *error)
{
	struct event e = {
		.type = EVENT_ANSWER,
		.host = l->w->hosts[host].conf_host,
		.u.answer = { ASK_DMESG, NULL, error },
	};
	struct buf raw, clean;

	if (!l->v[host].asked)
		return;
	l->v[host].asked = false;
	buf_init(&raw, 4 * ANSWER_MAX);
	buf_init(&clean, 2 * ANSWER_MAX);
	if (error == NULL) {
		simxen_log(l->w, host, &raw);
		answer_clean(&clean, raw.p, raw.len);
		e.u.answer.text = clean.p;
	}
	emit(l, &e);
	buf_free(&raw);
	buf_free(&clean);
}

static void
go_down(struct simlinks *l, uint32_t host, const char *why)
{
	struct simlink *k = &l->v[host];
	int64_t ms = BACKOFF_MAX_MS;

	if (k->attempts < 5)
		ms = (int64_t)BACKOFF_MS << k->attempts;
	k->attempts++;
	answer(l, host, why);
	ms -= (int64_t)(prng_hash(l->w->hosts[host].seed,
	    (uint64_t)l->w->now) % (uint64_t)(ms / 4));
	set_state(l, host, LINK_DOWN, why, ms);
	set_timer(l, host, TIMER_CONNECT, ms);
}

bool
simlinks_live(const struct simlinks *l, uint32_t host)
{
	return l->v[host].state == LINK_LIVE && simlinks_reachable(l, host);
}

int
simlinks_ask(struct simlinks *l, uint32_t host, enum backend_ask what)
{
	struct simlink *k = &l->v[host];

	if (what != ASK_DMESG || k->state != LINK_LIVE)
		return -1;
	if (!k->asked && simlinks_reachable(l, host))
		set_timer(l, host, TIMER_ANSWER, ASK_MS + simlinks_latency(l, host));
	k->asked = true;
	return 0;
}

static void
start_connecting(struct simlinks *l, uint32_t host)
{
	int64_t ms = HANDSHAKE_MS + ROUND_TRIPS * simlinks_latency(l, host);

	set_state(l, host, LINK_CONNECTING, NULL, -1);
	set_timer(l, host, TIMER_CONNECTED,
	    simlinks_reachable(l, host) ? ms : TIMEOUT_MS);
}

static void
connected(struct simlinks *l, uint32_t host)
{
	const struct simhost *h = &l->w->hosts[host];
	struct simlink *k = &l->v[host];
	char why[128];

	if (simlinks_reachable(l, host)) {
		k->attempts = 0;
		k->sessions++;
		k->out_of_reach = false;
		defs_unref(k->told);
		k->told = NULL;
		set_state(l, host, LINK_LIVE, NULL, -1);
		set_timer(l, host, TIMER_SAMPLE, 0);
		return;
	}
	snprintf(why, sizeof why, "cannot connect to %s port 22: %s",
	    h->conf->name, k->broken ? "Connection timed out" :
	    "No route to host");
	go_down(l, host, why);
}

/* The next moment after t at which the host is asked. */
static int64_t
next_sample(const struct simlinks *l, const struct simlink *k, int64_t t)
{
	int64_t past = (t - SIM_EPOCH - k->phase) % l->refresh_ms;

	if (past < 0)
		past += l->refresh_ms;
	return t - past + l->refresh_ms;
}

static void
sample(struct simlinks *l, uint32_t host, int64_t until)
{
	struct simlink *k = &l->v[host];
	int64_t now = l->w->now, oldest = until - BACKLOG_MS -
	    l->refresh_ms, next;

	if (!simlinks_reachable(l, host))
		return; /* simlinks_check goes on with it */
	if (now < oldest) {
		next = next_sample(l, k, oldest);
		set_timer(l, host, TIMER_SAMPLE, next - now);
		return;
	}
	simworld_observe(l->w, host, l->wall_ms + now - SIM_EPOCH, &k->obs);
	k->obs.seq = ++k->seq;
	k->pending = true;
	next = now + simlinks_latency(l, host);
	set_timer(l, host, TIMER_DELIVER, next - now);
	next = next_sample(l, k, next > now ? next - 1 : now);
	set_timer(l, host, TIMER_SAMPLE, next - now);
}

static void
tell_defs(struct simlinks *l, uint32_t host)
{
	const struct defs *now = l->w->hosts[host].defs;
	struct simlink *k = &l->v[host];

	if (k->told == now)
		return;
	defs_unref(k->told);
	k->told = defs_ref(now);
	emit(l, &(struct event){
		.type = EVENT_DEFS,
		.host = l->w->hosts[host].conf_host,
		.u.defs = now,
	});
}

static void
deliver(struct simlinks *l, uint32_t host)
{
	struct simlink *k = &l->v[host];
	struct event e = {
		.type = EVENT_OBS,
		.host = l->w->hosts[host].conf_host,
		.u.obs = &k->obs,
	};

	if (!k->pending || !simlinks_reachable(l, host))
		return;
	k->pending = false;
	tell_defs(l, host);
	emit(l, &e);
}

static void
lost(struct simlinks *l, uint32_t host)
{
	char why[64];

	if (simlinks_reachable(l, host))
		return;
	snprintf(why, sizeof why, "no answer for %d s: connection lost",
	    SIMLINK_DETECT_MS / 1000);
	go_down(l, host, why);
}

/* A link that was silent for less than SIMLINK_DETECT_MS goes on where it was. */
void
simlinks_check(struct simlinks *l, uint32_t host)
{
	struct simlink *k = &l->v[host];
	bool out = !simlinks_reachable(l, host);

	if (k->state != LINK_LIVE || out == k->out_of_reach)
		return;
	k->out_of_reach = out;
	k->pending = false;
	k->gen++;
	if (out)
		set_timer(l, host, TIMER_LOST, SIMLINK_DETECT_MS);
	else
		set_timer(l, host, TIMER_SAMPLE, 0);
	if (!out && k->asked)
		set_timer(l, host, TIMER_ANSWER, ASK_MS);
}

void
simlinks_break(struct simlinks *l, uint32_t host, bool broken)
{
	l->v[host].broken = broken;
	simlinks_check(l, host);
}

void
simlinks_slow(struct simlinks *l, uint32_t host, bool slow)
{
	l->v[host].slow = slow;
}

void
simlinks_hang_up(struct simlinks *l, uint32_t host)
{
	if (l->v[host].state != LINK_DOWN)
		go_down(l, host, "hung up");
	simlinks_reconnect(l, host);
}

void
simlinks_reconnect(struct simlinks *l, uint32_t host)
{
	if (l->v[host].state != LINK_DOWN)
		return;
	l->v[host].attempts = 0;
	start_connecting(l, host);
}

void
simlinks_set_wall(struct simlinks *l, int64_t wall_ms)
{
	l->wall_ms = wall_ms;
}

int64_t
simlinks_next(const struct simlinks *l)
{
	return simtimer_next(&l->timers);
}

void
simlinks_run(struct simlinks *l, int64_t until)
{
	struct simtimer t;

	while (simtimer_take(&l->timers, l->w->now, &t)) {
		if (t.gen != l->v[t.what].gen)
			continue;
		switch ((enum kind)t.kind) {
		case TIMER_CONNECT:
			start_connecting(l, t.what);
			break;
		case TIMER_CONNECTED:
			connected(l, t.what);
			break;
		case TIMER_LOST:
			lost(l, t.what);
			break;
		case TIMER_SAMPLE:
			sample(l, t.what, until);
			break;
		case TIMER_DELIVER:
			deliver(l, t.what);
			break;
		case TIMER_ANSWER:
			if (simlinks_reachable(l, t.what))
				answer(l, t.what, NULL);
			break;
		}
	}
}

struct simlinks *
simlinks_new(struct simworld *w, const struct conf *conf,
    const struct event_sink *sink, struct mono start)
{
	struct simlinks *l = x_calloc(1, sizeof *l);
	int64_t spread = conf->refresh_ms < SPREAD_MS ? conf->refresh_ms :
	    SPREAD_MS;

	l->w = w;
	l->sink = sink;
	l->start = start;
	l->refresh_ms = conf->refresh_ms;
	l->v = x_calloc(w->nhosts, sizeof *l->v);
	for (uint32_t i = 0; i < w->nhosts; i++) {
		/* The golden ratio spreads any number of hosts evenly. */
		int64_t part = (int64_t)(i * UINT64_C(618034) % 1000000);

		obs_init(&l->v[i].obs);
		l->v[i].phase = part * l->refresh_ms / 1000000;
		set_timer(l, i, TIMER_CONNECT, part * spread / 1000000);
	}
	return l;
}

void
simlinks_free(struct simlinks *l)
{
	for (size_t i = 0; i < l->w->nhosts; i++) {
		obs_free(&l->v[i].obs);
		defs_unref(l->v[i].told);
	}
	x_free(l->v);
	simtimer_free(&l->timers);
	x_free(l);
}
