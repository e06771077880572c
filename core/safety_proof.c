/* Where a VM is, as far as anybody can tell. There are three answers: a domain
 * of it is seen, it is not there, nobody knows.
 *
 * A host can tell while it is live and has spoken after the moment in question.
 * What a silent host said last is no proof of anything but that a domain may
 * still be there: it leaves a gap, unless others know better: the VM was seen
 * elsewhere after that host's last word and was not sent away from there. Even
 * then the host may have been rebooted since and have started by itself what it
 * defines (xendomains): only one that had no definition of the VM is known not
 * to have it. Where definitions are kept in step that is a rare case, and a
 * host that is down makes the operator give his word for each start; silence
 * is no proof. */
#include "core/safety_priv.h"

#include <stdio.h>
#include <string.h>

#include "core/defs.h"

/* --- Where a VM is -------------------------------------------------------- */

static bool
is_current(const struct host *h, struct mono since)
{
	return h->health == HOST_LIVE && h->last.ns > since.ns;
}

static bool
same_name(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool
same_uuid(const struct uuid *a, const struct uuid *b)
{
	return !uuid_is_nil(a) && uuid_cmp(a, b) == 0;
}

/* By either: xl makes a UUID up for a definition that names none. */
static bool
is_meant(const struct question *q, const struct vm *vm)
{
	return vm->cluster == q->cluster &&
	    (same_uuid(q->uuid, &vm->uuid) || same_name(q->name, vm->name));
}

static bool
is_copy_meant(const struct question *q, const struct vm *vm,
    const struct vm_copy *c)
{
	return is_meant(q, vm) ||
	    (vm->cluster == q->cluster && same_name(q->name, c->name));
}

/* A domain that is being made has no name for a moment: it may be anybody's. */
static bool
is_nameless(const struct question *q, const struct vm *vm,
    const struct vm_copy *c)
{
	return vm->cluster == q->cluster && c->name == NULL &&
	    (c->flags & DOM_DYING) == 0;
}

struct sighting
safety_find(const struct question *q, const struct vm_copy *but)
{
	for (size_t i = 0; i < model_nvms(q->m); i++) {
		const struct vm *vm = model_vm_at(q->m, i);

		for (size_t k = 0; k < vm->ncopies; k++) {
			const struct vm_copy *c = &vm->copies[k];

			if (c != but && is_copy_meant(q, vm, c) &&
			    model_host(q->m, c->host)->health == HOST_LIVE)
				return (struct sighting){ vm, c };
		}
	}
	return (struct sighting){ NULL, NULL };
}

/* Whether the host's last word had a domain that is, or might be, of it. */
static bool
was_on(const struct question *q, uint32_t host, const struct vm_copy *but)
{
	for (size_t i = 0; i < model_nvms(q->m); i++) {
		const struct vm *vm = model_vm_at(q->m, i);

		for (size_t k = 0; k < vm->ncopies; k++) {
			const struct vm_copy *c = &vm->copies[k];

			if (c != but && c->host == host &&
			    (is_copy_meant(q, vm, c) || is_nameless(q, vm, c)))
				return true;
		}
	}
	return false;
}

/* The last that was seen of it, when it has no domain any more. */
static const struct vm *
find_last(const struct question *q)
{
	const struct vm *last = NULL;

	for (size_t i = 0; i < model_nvms(q->m); i++) {
		const struct vm *vm = model_vm_at(q->m, i);

		if (is_meant(q, vm) && vm->seen_on != MODEL_NONE &&
		    (last == NULL || mono_before(last->seen, vm->seen)))
			last = vm;
	}
	return last;
}

/* By itself, when it is booted. */
static bool
may_start(const struct question *q, const struct host *h)
{
	const struct defs *d = model_defs(q->m, h->id);

	return d == NULL || defs_find(d, q->uuid, q->name) != NULL;
}

/* Whether it is known by what others say that it is not on that silent host: it
 * was seen elsewhere after that host's last word, and there it was seen to end.
 * One that merely is not there any more may have left for the silent host. */
static bool
is_elsewhere_over(const struct question *q, const struct host *silent,
    const struct vm *last)
{
	return silent->seen && last != NULL && last->ncopies == 0 &&
	    !last->left && last->seen_on != silent->id &&
	    mono_before(silent->last, last->seen) &&
	    is_current(model_host(q->m, last->seen_on), q->since) &&
	    !may_start(q, silent);
}

static bool
is_gap(const struct question *q, const struct host *h, const struct vm *last,
    const struct vm_copy *but)
{
	if (is_current(h, q->since))
		return was_on(q, h->id, but); /* without a name */
	return was_on(q, h->id, but) || !is_elsewhere_over(q, h, last);
}

/* A guest that reboots, or a command that a person gave, makes a domain on the
 * host where one has just vanished: xl alone takes two seconds and more for it.
 * Only that host's own word counts, and only an end in order is known to be
 * one. There itself the two cannot both get the name. */
enum { RETURN_MS = 15000 };

int
safety_refuse_return(const struct question *q, uint32_t host, struct err *err)
{
	const struct vm *last = find_last(q);
	const struct host *h;
	int64_t left_ms;

	if (last == NULL || last->ncopies != 0 || last->shut_down ||
	    last->seen_on == host)
		return 0;
	h = model_host(q->m, last->seen_on);
	left_ms = RETURN_MS - mono_diff_ms(h->last, last->seen);
	if (h->health != HOST_LIVE || left_ms <= 0)
		return 0; /* a silent host is a gap */
	return err_set(err, ERR_REFUSED, "%.100s vanished from %.100s a moment "
	    "ago, which starts it again by itself if it reboots: wait %lld s, "
	    "or start it there", q->name, h->name,
	    (long long)(left_ms + 999) / 1000);
}

/* One that vanished may have turned up where was asked before that. */
static struct question
since_it_went(const struct question *q, const struct vm *last)
{
	struct question k = *q;

	if (last != NULL && last->ncopies == 0 && !last->shut_down &&
	    k.since.ns < last->gone_since.ns - 1)
		k.since.ns = last->gone_since.ns - 1;
	return k;
}

/* --- Sentences ------------------------------------------------------------ */

const char *
safety_copy_state(const struct vm_copy *c)
{
	if ((c->flags & DOM_DYING) != 0)
		return ", which is being torn down";
	if ((c->flags & DOM_SHUTDOWN) != 0 && c->reason == REASON_SUSPEND)
		return ", which is suspended";
	if ((c->flags & DOM_SHUTDOWN) != 0)
		return ", which has shut down but was not cleared away";
	if ((c->flags & DOM_PAUSED) != 0)
		return ", which is paused";
	return "";
}

static const char *
copy_suffix(enum copy_role role)
{
	return role == COPY_INCOMING ? "--incoming" :
	    role == COPY_MIGRATEDAWAY ? "--migratedaway" : "";
}

int
safety_refuse_seen(const struct question *q, struct sighting s, struct err *err)
{
	const char *host = model_host(q->m, s.copy->host)->name;
	char uuid[UUID_STR];

	uuid_format(uuid, &s.vm->uuid);
	if (!uuid_is_nil(q->uuid) && uuid_cmp(q->uuid, &s.vm->uuid) != 0)
		return err_set(err, ERR_REFUSED, "another VM by the name of "
		    "%.100s has domain %u on %.100s%s (UUID %s)", q->name,
		    s.copy->domid, host, safety_copy_state(s.copy), uuid);
	return err_set(err, ERR_REFUSED, "%.100s%s has domain %u on %.100s%s",
	    s.copy->name != NULL ? s.copy->name : s.vm->name,
	    copy_suffix(s.copy->role), s.copy->domid, host,
	    safety_copy_state(s.copy));
}

static const char *
gap_reason(const struct question *q, const struct host *h,
    const struct vm_copy *but)
{
	if (is_current(h, q->since))
		return "has a domain without a name yet";
	if (was_on(q, h->id, but))
		return "had it when it last answered";
	switch (h->health) {
	case HOST_LIVE:
		return "has not answered since";
	case HOST_WAITING:
		return "has not answered yet";
	case HOST_STALE:
		return "does not answer";
	case HOST_DOWN:
		return "cannot be reached";
	case HOST_REFUSED:
		return "waits for its key";
	}
	return "";
}

/* ", gamma cannot be reached, and may have got it from alpha" */
static size_t
put_gap(char *out, size_t size, const struct question *q, const struct host *h,
    const struct vm *last, const struct vm_copy *but)
{
	bool left = last != NULL && last->ncopies == 0 && last->left &&
	    last->seen_on != h->id && h->seen &&
	    mono_before(h->last, last->seen);

	return (size_t)snprintf(out, size, ", %.60s %s%s%.60s", h->name,
	    gap_reason(q, h, but), left ? ", and may have got it from " : "",
	    left ? model_host(q->m, last->seen_on)->name : "");
}

/* The first few by name, the rest by their number. */
int
safety_refuse_gaps(const struct question *q, const struct vm_copy *but,
    struct err *err)
{
	enum { NAMED = 3 };
	const struct vm *last = find_last(q);
	const struct question k = since_it_went(q, last);
	char list[480] = "";
	size_t n = 0, len = 0;

	for (uint32_t i = 0; i < model_nhosts(q->m); i++) {
		const struct host *h = model_host(q->m, i);

		if (h->cluster != q->cluster || !is_gap(&k, h, last, but))
			continue;
		if (n < NAMED)
			len += put_gap(list + len, sizeof list - len, &k, h,
			    last, but);
		n++;
	}
	if (n == 0)
		return 0;
	if (n > NAMED)
		snprintf(list + len, sizeof list - len, ", and %zu more",
		    n - NAMED);
	return err_set(err, ERR_REFUSED, "nobody can tell that %.80s runs "
	    "nowhere else: %s", q->name, list + 2);
}

int
safety_runs_nowhere(const struct model *m, uint32_t cluster,
    const struct uuid *uuid, const char *name, struct mono since,
    struct err *err)
{
	const struct question q = { m, cluster, uuid, name, since };
	struct sighting s = safety_find(&q, NULL);

	if (s.copy != NULL)
		return safety_refuse_seen(&q, s, err);
	return safety_refuse_return(&q, MODEL_NONE, err) != 0 ? -1 :
	    safety_refuse_gaps(&q, NULL, err);
}
