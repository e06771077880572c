/* The rules. They believe what hosts say of themselves and nothing else. A host
 * that does not answer leaves a gap in a proof, which an operator may close by
 * giving his word (REQUEST_SWORN); what a live host shows outranks any word. */
#include "core/safety.h"

#include <string.h>

#include "core/safety_priv.h"

/* --- Whether anything may be done at all ---------------------------------- */

int
safety_writable(const struct conf *conf, uint32_t cluster, struct err *err)
{
	if (conf->read_only)
		return err_set(err, ERR_REFUSED, "this xendeck is read-only "
		    "and acts on nothing; the configuration or --read-only "
		    "says so");
	if (cluster >= conf->nclusters)
		return err_set(err, ERR_REFUSED, "there is no such cluster");
	if (conf->clusters[cluster].read_only)
		return err_set(err, ERR_REFUSED, "the cluster %.100s is "
		    "read-only: the configuration says so",
		    conf->clusters[cluster].name);
	return 0;
}

/* --- A new domain --------------------------------------------------------- */

static int
check_new(const struct model *m, const struct request *r, struct mono since,
    struct err *err)
{
	const struct question q = { m, r->cluster, &r->uuid, r->name, since };
	struct sighting s = safety_find(&q, NULL);

	if (s.copy != NULL)
		return safety_refuse_seen(&q, s, err);
	if (safety_refuse_return(&q, r->host, err) != 0)
		return -1;
	return (r->flags & REQUEST_SWORN) != 0 ? 0 :
	    safety_refuse_gaps(&q, NULL, err);
}

/* --- A domain that is there ----------------------------------------------- */

static struct sighting
find_domain(const struct model *m, uint32_t host, uint32_t domid)
{
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		for (size_t k = 0; k < vm->ncopies; k++)
			if (vm->copies[k].host == host &&
			    vm->copies[k].domid == domid)
				return (struct sighting){ vm, &vm->copies[k] };
	}
	return (struct sighting){ NULL, NULL };
}

static int
check_guard(const struct model *m, const struct request *r,
    struct sighting *s, struct err *err)
{
	const struct host *h = model_host(m, r->host);

	if (r->boot_id != NULL && h->facts.boot_id != NULL &&
	    strcmp(r->boot_id, h->facts.boot_id) != 0)
		return err_set(err, ERR_REFUSED, "%.100s was rebooted "
		    "meanwhile: domain %u is another one, or none", h->name,
		    r->domid);
	*s = find_domain(m, r->host, r->domid);
	if (s->copy == NULL)
		return err_set(err, ERR_REFUSED, "%.100s has no domain %u any "
		    "more on %.100s", r->name, r->domid, h->name);
	if (s->vm->cluster != r->cluster ||
	    uuid_cmp(&s->vm->uuid, &r->uuid) != 0)
		return err_set(err, ERR_REFUSED, "domain %u on %.100s is "
		    "%.100s by now, and not %.100s", r->domid, h->name,
		    s->vm->name, r->name);
	return 0;
}

/* What may be done to a VM that runs twice, and to one on its way: nothing that
 * makes either worse. */
static bool
is_first_aid(enum request_op op)
{
	return op == REQ_PAUSE || op == REQ_UNPAUSE ||
	    op == REQ_RESUME || op == REQ_DESTROY;
}

static const char *
host_name(const struct model *m, uint32_t host)
{
	return host == MODEL_NONE ? "another host" : model_host(m, host)->name;
}

static int
check_conflict(const struct model *m, const struct request *r,
    const struct vm *vm, struct err *err)
{
	const char *a = host_name(m, vm->host);

	switch (vm->conflict) {
	case CONFLICT_NONE:
		return 0;
	case CONFLICT_NAME:
		return r->op != REQ_MIGRATE ? 0 : err_set(err, ERR_REFUSED,
		    "another VM by the name of %.100s runs in its cluster: "
		    "rename one of them first", vm->name);
	case CONFLICT_UUID:
	case CONFLICT_MAYBE:
		break;
	}
	if (is_first_aid(r->op))
		return 0;
	for (size_t i = 0; i < vm->ncopies; i++)
		if (vm->copies[i].host != vm->host)
			return err_set(err, ERR_REFUSED, "%.100s %s on %.100s "
			    "and %.100s at once: kill one of the two first",
			    vm->name, vm->conflict == CONFLICT_UUID ? "runs" :
			    "may run", a,
			    host_name(m, vm->copies[i].host));
	return err_set(err, ERR_REFUSED, "%.100s runs twice on %.100s: kill "
	    "one of the two first", vm->name, a);
}

static int
check_moving(const struct model *m, const struct request *r,
    const struct sighting *s, struct err *err)
{
	uint32_t from, to;

	if (s->vm->state != VM_MIGRATING || is_first_aid(r->op) ||
	    (r->op == REQ_RENAME && s->copy->role != COPY_PLAIN))
		return 0;
	vm_route(s->vm, &from, &to);
	return err_set(err, ERR_REFUSED, "%.100s is on its way from %.100s to "
	    "%.100s: wait for the end; if it is stuck, repair it",
	    s->vm->name, host_name(m, from), host_name(m, to));
}

/* What a repair destroys is what it was planned for, seen after the step that
 * made sure that xl is not at it any more: else it may be the VM by now, that
 * has arrived. One that waits to run is complete once the source says that it
 * has been sent. */
enum { SURE_MS = 1500 };

static int
check_left(const struct model *m, const struct request *r, struct mono since,
    const struct sighting *s, struct err *err)
{
	const struct vm_copy *c = s->copy;
	const char *host = model_host(m, c->host)->name;
	size_t len;

	if (r->op != REQ_DESTROY || r->arg == NULL)
		return 0;
	if (c->role != copy_role_of(r->arg, &len) ||
	    (c->flags & (DOM_PAUSED | DOM_SHUTDOWN | DOM_DYING)) == 0)
		return err_set(err, ERR_REFUSED, "domain %u of %.100s on %.100s "
		    "is not what a broken migration left any more: see where "
		    "it runs", c->domid, s->vm->name, host);
	for (size_t i = 0; i < s->vm->ncopies; i++) {
		const struct vm_copy *o = &s->vm->copies[i];
		const struct host *h = model_host(m, o->host);

		if (since.ns != 0 && mono_diff_ms(h->last, since) < SURE_MS)
			return err_set(err, ERR_REFUSED, "%.100s has not "
			    "answered since it was made sure that nobody "
			    "migrates %.100s", h->name, s->vm->name);
		if (c->role == COPY_INCOMING && o->role == COPY_MIGRATEDAWAY)
			return err_set(err, ERR_REFUSED, "%.100s has been sent "
			    "to %.100s completely by now: repair it anew",
			    s->vm->name, host);
	}
	return 0;
}

/* Only one copy is ever let run: with another one anywhere, or where a half
 * migration's other end cannot be seen, this is no plain unpausing. */
static int
check_unpause(const struct model *m, const struct request *r,
    struct mono since, const struct sighting *s, struct err *err)
{
	const struct question q = { m, r->cluster, &r->uuid, s->vm->name,
		since };
	struct sighting other = safety_find(&q, s->copy);

	if (other.copy != NULL && other.vm != s->vm)
		return safety_refuse_seen(&q, other, err);
	if (other.copy != NULL)
		return err_set(err, ERR_REFUSED, "%.100s has another copy, "
		    "domain %u on %.100s%s: at most one may run, repair it",
		    s->vm->name, other.copy->domid,
		    host_name(m, other.copy->host), safety_copy_state(other.copy));
	if ((r->flags & REQUEST_SWORN) != 0 ||
	    (r->op == REQ_UNPAUSE && s->copy->role == COPY_PLAIN &&
	    s->vm->ncopies == 1))
		return 0;
	return safety_refuse_gaps(&q, s->copy, err);
}

/* A name is one VM's in the whole cluster. */
static int
check_rename(const struct model *m, const struct request *r,
    const struct vm *self, struct err *err)
{
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		if (vm != self && vm->cluster == r->cluster &&
		    r->arg != NULL && strcmp(vm->name, r->arg) == 0)
			return err_set(err, ERR_REFUSED, "there is a VM by the "
			    "name of %.100s already, %s %.100s", vm->name,
			    vm->ncopies > 0 ? "on" : "defined on",
			    host_name(m, vm->host));
	}
	return 0;
}

static int
check_target(const struct model *m, const struct request *r,
    const struct sighting *s, struct err *err)
{
	const struct host *to;

	if (r->to >= model_nhosts(m))
		return err_set(err, ERR_REFUSED, "where %.100s is to go is not "
		    "said", s->vm->name);
	to = model_host(m, r->to);
	if (r->to == r->host)
		return err_set(err, ERR_REFUSED, "%.100s is on %.100s already",
		    s->vm->name, to->name);
	if (to->cluster != r->cluster)
		return err_set(err, ERR_REFUSED, "%.100s is in another cluster "
		    "than %.100s", to->name, s->vm->name);
	if (to->health != HOST_LIVE)
		return err_set(err, ERR_UNREACHABLE, "%.100s gives no current "
		    "figures (%s): nothing can go there", to->name,
		    host_health_name(to->health));
	return 0;
}

static int
check_domain(const struct model *m, const struct request *r,
    struct mono since, struct err *err)
{
	struct sighting s = { NULL, NULL };

	if (r->domid == REQUEST_LATER_DOMID)
		return 0; /* it is asked again when that is known */
	if (check_guard(m, r, &s, err) != 0 ||
	    check_conflict(m, r, s.vm, err) != 0 ||
	    check_moving(m, r, &s, err) != 0)
		return -1;
	if (r->op == REQ_DESTROY)
		return check_left(m, r, since, &s, err);
	if (r->op == REQ_UNPAUSE || r->op == REQ_RESUME)
		return check_unpause(m, r, since, &s, err);
	if (r->op == REQ_RENAME)
		return check_rename(m, r, s.vm, err);
	if (r->op == REQ_MIGRATE)
		return check_target(m, r, &s, err);
	return 0;
}

/* --- All of them ---------------------------------------------------------- */

static bool
is_of_vm(enum request_op op)
{
	return op >= REQ_START && op <= REQ_MIGRATE;
}

int
safety_check(const struct model *m, const struct request *r,
    struct mono since, struct err *err)
{
	const struct host *h;

	if (r->host >= model_nhosts(m))
		return err_set(err, ERR_REFUSED, "there is no such host");
	h = model_host(m, r->host);
	if (safety_writable(model_conf(m), h->cluster, err) != 0)
		return -1;
	if (h->health != HOST_LIVE)
		return err_set(err, ERR_UNREACHABLE, "%.100s gives no current "
		    "figures (%s): nothing can be done there", h->name,
		    host_health_name(h->health));
	if (!is_of_vm(r->op))
		return 0;
	if (r->name == NULL || r->cluster != h->cluster)
		return err_set(err, ERR_REFUSED, "%.100s is in another cluster "
		    "than %.100s", h->name, r->name != NULL ? r->name :
		    "what is meant");
	if (r->op == REQ_START || r->op == REQ_RESTORE)
		return check_new(m, r, since, err);
	return check_domain(m, r, since, err);
}
