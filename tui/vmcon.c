/* What becomes of a console that an operator has opened. The model says where
 * the VM is: when its domain is another one, because it was rebooted or has
 * moved, the console of that one is opened in the place of the old, and a line
 * among the guest's says so. Whoever else reads it is left alone: then it is
 * the operator's turn. */
#include "tui/vmcon.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"

enum {
	RETRY_MS = 1000,
	TRIES_MAX = 10,
	MOMENT_MS = 50,
	PENDING_MAX = 256 * 1024,
	PENDING_KEPT = 32 * 1024, /* of what a guest said too fast */
	/* What a turn may cost, in cells moved: a few ms. A byte is worth some
	 * of them, and what may scroll all of the screen's. */
	TURN_CELLS = 1000 * 1000,
	BYTE_CELLS = 12,
};

void
vmcon_init(struct vmcon *v)
{
	*v = (struct vmcon){ .vm = MODEL_NONE, .w = VMCON_MIN_W,
		.h = VMCON_MIN_H };
	buf_init(&v->pending, PENDING_MAX);
}

static void
hang_up(struct vmcon *v)
{
	if (v->c != NULL)
		v->c->ops->close(v->c);
	v->c = NULL;
	v->ended = false;
}

void
vmcon_free(struct vmcon *v)
{
	hang_up(v);
	buf_free(&v->pending);
	for (size_t i = 0; i < VMCON_KEPT; i++)
		emulator_free(v->kept[i].e);
	vmcon_init(v);
}

static struct emulator *
emulator_of(const struct vmcon *v)
{
	return v->kept[v->at].e;
}

const struct emulator *
vmcon_emulator(const struct vmcon *v)
{
	return v->state != VMCON_CLOSED ? emulator_of(v) : NULL;
}

/* --- What came -------------------------------------------------------------------- */

/* A guest that floods its console must neither keep keys from being heard nor
 * memory: what nobody could have read is left out, and that is said. */
static void
take(struct vmcon *v, const char *p, size_t n)
{
	char text[80];

	while (n > 0) {
		size_t room = PENDING_MAX - v->pending.len;
		size_t k = n < room ? n : room;

		buf_add(&v->pending, p, k);
		p += k;
		n -= k;
		if (n == 0)
			return;
		k = v->pending.len - PENDING_KEPT;
		buf_drop(&v->pending, k);
		snprintf(text, sizeof text, "xendeck: %zu KiB left out",
		    k / 1024);
		emulator_notice(emulator_of(v), text);
	}
}

/* As much as a turn may cost, or all of it. */
static void
show(struct vmcon *v, bool all)
{
	struct emulator *e = emulator_of(v);
	int64_t screen = (int64_t)emulator_width(e) * emulator_height(e);
	int64_t cost = 0;
	size_t n = 0;

	while (n < v->pending.len && (all || cost < TURN_CELLS)) {
		char b = v->pending.p[n++];

		cost += BYTE_CELLS;
		if (b == '\n' || b == '\033')
			cost += screen;
	}
	if (n == 0)
		return;
	emulator_feed(e, v->pending.p, n);
	buf_drop(&v->pending, n);
}

/* When the operator goes, the end of it is what is kept. */
static void
show_rest(struct vmcon *v)
{
	if (v->pending.len > PENDING_KEPT)
		buf_drop(&v->pending, v->pending.len - PENDING_KEPT);
	if (v->state != VMCON_CLOSED)
		show(v, true);
	buf_clear(&v->pending);
}

/* --- Screens that are kept ------------------------------------------------------ */

static void
fit(struct vmcon *v)
{
	int w = v->w, h = v->h;

	/* A guest that nobody told otherwise draws on 80 columns and 24 lines;
	 * of a smaller room the part with the cursor is shown. */
	if (!v->fitted) {
		w = w < VMCON_MIN_W ? VMCON_MIN_W : w;
		h = h < VMCON_MIN_H ? VMCON_MIN_H : h;
	}
	if (emulator_of(v) != NULL)
		emulator_resize(emulator_of(v), w, h);
}

/* The VM's own, else the one that was not looked at for the longest time. */
static void
choose_screen(struct vmcon *v)
{
	struct vmcon_screen *s;
	size_t at = 0;

	for (size_t i = 0; i < VMCON_KEPT; i++) {
		s = &v->kept[i];
		if (s->e != NULL && s->cluster == v->cluster &&
		    uuid_cmp(&s->uuid, &v->uuid) == 0) {
			at = i;
			break;
		}
		if (s->used < v->kept[at].used)
			at = i;
	}
	s = &v->kept[at];
	v->at = at;
	if (s->e == NULL || s->cluster != v->cluster ||
	    uuid_cmp(&s->uuid, &v->uuid) != 0) {
		emulator_free(s->e);
		*s = (struct vmcon_screen){ .cluster = v->cluster,
			.uuid = v->uuid,
			.e = emulator_new(VMCON_MIN_W, VMCON_MIN_H) };
	}
	s->used = ++v->turn;
	v->bells = emulator_bells(s->e);
}

/* --- Coming and going ----------------------------------------------------------- */

static void
stand(struct vmcon *v, enum vmcon_state state, const char *why)
{
	if (v->state == state && strcmp(v->why, why) == 0)
		return;
	v->state = state;
	snprintf(v->why, sizeof v->why, "%s", why);
	v->turn++;
}

void
vmcon_open(struct vmcon *v, const struct model *m, uint32_t vm)
{
	const struct vm *of = model_vm(m, vm);

	hang_up(v);
	show_rest(v);
	v->vm = vm;
	v->cluster = of->cluster;
	v->uuid = of->uuid;
	snprintf(v->name, sizeof v->name, "%s", of->name);
	v->host = MODEL_NONE;
	v->log = v->was_open = v->fitted = v->lost_keys = false;
	v->back = 0;
	v->tries = 0;
	v->retry = (struct mono){ INT64_MIN / 2 };
	choose_screen(v);
	fit(v);
	stand(v, VMCON_OPENING, "");
}

void
vmcon_leave(struct vmcon *v)
{
	hang_up(v);
	show_rest(v);
	v->vm = MODEL_NONE;
	stand(v, VMCON_CLOSED, "");
}

void
vmcon_resize(struct vmcon *v, int w, int h)
{
	v->w = w;
	v->h = h;
	v->fitted = false;
	if (v->state != VMCON_CLOSED)
		fit(v);
}

void
vmcon_retry(struct vmcon *v, bool log)
{
	if (v->state == VMCON_CLOSED)
		return;
	hang_up(v);
	v->log = log;
	v->host = MODEL_NONE;
	v->retry = (struct mono){ INT64_MIN / 2 };
	stand(v, VMCON_OPENING, "");
}

/* --- What comes ------------------------------------------------------------------ */

static void
on_opened(struct vmcon *v)
{
	char text[300];

	if (v->was_open || v->log) {
		show_rest(v);
		snprintf(text, sizeof text, "xendeck: %s %s",
		    v->log ? "the log of" : "connected again:", v->name);
		emulator_notice(emulator_of(v), text);
	}
	v->was_open = true;
	stand(v, v->log ? VMCON_LOG : VMCON_LIVE, "");
}

static void
on_closed(struct vmcon *v, const struct vmconsole_news *n)
{
	const char *why = n->why != NULL ? n->why : "The console has ended.";

	v->ended = true;
	v->end = n->end;
	switch (n->end) {
	case VMCONSOLE_LOCKED:
		stand(v, VMCON_LOCKED, why);
		break;
	case VMCONSOLE_FAILED:
		stand(v, VMCON_FAILED, why);
		break;
	case VMCONSOLE_ENDED:
	case VMCONSOLE_GUARDED:
	case VMCONSOLE_LOST:
		stand(v, VMCON_WAITING, why);
		break;
	}
}

static void
on_news(void *arg, const struct vmconsole_news *n)
{
	struct vmcon *v = arg;

	switch (n->what) {
	case VMCONSOLE_OPENED:
		on_opened(v);
		break;
	case VMCONSOLE_DATA:
		v->tries = 0;
		take(v, n->data, n->n);
		break;
	case VMCONSOLE_CLOSED:
		on_closed(v, n);
		break;
	}
}

/* --- Turns ------------------------------------------------------------------------ */

/* The domain that the console would be of now, or NULL and why there is none. */
static const struct vm_copy *
find_copy(struct vmcon *v, const struct model *m, char why[512])
{
	const struct vm *vm = model_vm(m, v->vm);
	const struct vm_copy *c = vm != NULL ? vm_main(vm) : NULL;
	const struct host *h;

	if (c == NULL || vm->state == VM_GONE || vm->state == VM_DORMANT) {
		snprintf(why, 512, "%s does not run now.", v->name);
		return NULL;
	}
	h = model_host(m, c->host);
	v->paused = vm->state == VM_PAUSED;
	if (h->health == HOST_LIVE || h->health == HOST_STALE)
		return c;
	snprintf(why, 512, "%s is %s.", h->name, host_health_name(h->health));
	return NULL;
}

static void
try_open(struct vmcon *v, const struct model *m, const struct vm_copy *c,
    struct mono now)
{
	const struct vmconsole_sink sink = { on_news, v };
	const struct vmconsole_want want = {
		.host = c->host,
		.domid = c->domid,
		.uuid = v->uuid,
		.type = c->type,
		.name = c->name != NULL ? c->name : v->name,
		.reader = v->source.reader,
		.log = v->log,
	};
	char why[512];

	v->tries += (unsigned)(v->tries < TRIES_MAX);
	v->retry = mono_add_ms(now, RETRY_MS * (int64_t)v->tries);
	v->host = c->host;
	v->domid = c->domid;
	v->c = v->source.open(v->source.arg, &want, &sink);
	if (v->c != NULL) {
		if (v->state != VMCON_WAITING)
			stand(v, VMCON_OPENING, "");
		return;
	}
	snprintf(why, sizeof why, "%s is not connected now.",
	    model_host(m, c->host)->name);
	stand(v, VMCON_WAITING, why);
}

/* What was typed goes as soon as it can. A guest that takes nothing any more
 * does not make it pile up here. */
static void
send(struct vmcon *v)
{
	struct buf *out = emulator_out(emulator_of(v));

	if (out->len == 0)
		return;
	v->lost_keys = v->state == VMCON_LIVE && v->c != NULL &&
	    v->c->ops->write(v->c, out->p, out->len) != 0;
	buf_clear(out);
}

/* The domain went from under an open console: it was rebooted, or has moved. */
static bool
is_other(const struct vmcon *v, const struct vm_copy *c)
{
	return c != NULL && (c->host != v->host || c->domid != v->domid);
}

static void
follow(struct vmcon *v, const struct model *m, struct mono now)
{
	char why[512];
	const struct vm_copy *c = find_copy(v, m, why);
	bool settled = v->state == VMCON_LOCKED || v->state == VMCON_FAILED;

	if (v->ended)
		hang_up(v);
	if (v->c != NULL && is_other(v, c)) {
		hang_up(v);
		stand(v, VMCON_WAITING, "Its domain is another one by now.");
		v->retry = now;
		v->tries = 0;
	}
	if (v->c != NULL)
		return;
	if (c == NULL) {
		stand(v, VMCON_WAITING, why);
		return;
	}
	/* A new domain may be free, and may have what the old one had not. */
	if ((!settled || is_other(v, c)) && mono_reached(v->retry, now))
		try_open(v, m, c, now);
}

void
vmcon_turn(struct vmcon *v, const struct model *m, struct mono now,
    struct mono *deadline)
{
	int lines;

	if (v->state == VMCON_CLOSED)
		return;
	follow(v, m, now);
	send(v);
	if (v->c != NULL)
		v->c->ops->tick(v->c, now, deadline);
	show(v, false);
	send(v); /* answers to what came */
	if (v->pending.len > 0)
		mono_lower(deadline, now);
	if (v->ended || v->c == NULL)
		mono_lower(deadline, v->retry.ns > now.ns ? v->retry :
		    mono_add_ms(now, MOMENT_MS));
	/* What is being read stays where it is while more comes in below. */
	lines = emulator_lines(emulator_of(v));
	if (v->back > 0 && lines > v->held)
		v->back += lines - v->held;
	if (v->back > lines)
		v->back = lines;
	v->held = lines;
}

int
vmcon_refused(const struct vmcon *v, struct err *err)
{
	if (v->was_open)
		return 0;
	if (v->state == VMCON_LOCKED)
		return err_set(err, ERR_REFUSED, "%.380s Its log can be read "
		    "meanwhile: xendeck console NAME --log", v->why);
	if (v->state == VMCON_FAILED)
		return err_set(err, ERR_FAILED, "%s", v->why);
	return 0;
}

/* --- Keys -------------------------------------------------------------------------- */

bool
vmcon_takes_keys(const struct vmcon *v)
{
	return v->state == VMCON_LIVE;
}

void
vmcon_key(struct vmcon *v, uint32_t key)
{
	v->back = 0;
	emulator_key(emulator_of(v), key);
}

void
vmcon_paste(struct vmcon *v, const char *text, size_t n, bool first,
    bool last)
{
	v->back = 0;
	emulator_paste(emulator_of(v), text, n, first, last);
}

void
vmcon_scroll(struct vmcon *v, int lines)
{
	int most = emulator_lines(emulator_of(v));

	v->back += lines;
	v->back = v->back < 0 ? 0 : v->back > most ? most : v->back;
	v->held = most;
	v->turn++;
}

void
vmcon_tell_size(struct vmcon *v)
{
	char text[64];

	v->fitted = true;
	v->back = 0;
	fit(v);
	snprintf(text, sizeof text, "stty rows %d cols %d\r",
	    emulator_height(emulator_of(v)), emulator_width(emulator_of(v)));
	emulator_type(emulator_of(v), text);
}

uint64_t
vmcon_changes(const struct vmcon *v)
{
	return v->turn + (v->state != VMCON_CLOSED ?
	    emulator_changes(emulator_of(v)) : 0);
}

bool
vmcon_rang(struct vmcon *v)
{
	unsigned bells;

	if (v->state == VMCON_CLOSED)
		return false;
	bells = emulator_bells(emulator_of(v));
	if (bells == v->bells)
		return false;
	v->bells = bells;
	return true;
}
