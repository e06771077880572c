/* What the hosts show of what a request wanted: one look per op. A look tells
 * only what is there; whether the observation is recent enough to prove
 * anything is for jobs_settle.c to say.
 *
 * NO is a positive answer as well: the host shows a world in which it has not
 * happened. Whatever is in between is NOT_YET. */
#include <stdio.h>
#include <string.h>

#include "core/jobs_priv.h"

/* --- Domains ---------------------------------------------------------------- */

static bool
is_up(const struct vm_copy *c)
{
	return (c->flags & (DOM_SHUTDOWN | DOM_DYING)) == 0;
}

/* Whether that domain is one of the VM the request is about. A VM that never
 * ran has no UUID yet, and one whose definition names none gets a new one. */
static bool
is_of(const struct request *r, const struct vm *vm, const struct vm_copy *c,
    bool by_name)
{
	if (!uuid_is_nil(&r->uuid) && uuid_cmp(&vm->uuid, &r->uuid) == 0)
		return true;
	return (by_name || uuid_is_nil(&r->uuid)) && r->name != NULL &&
	    strcmp(c->name != NULL ? c->name : vm->name, r->name) == 0;
}

/* The next such domain on that host: *i counts VMs, *k copies. */
static const struct vm_copy *
next_copy(const struct model *m, const struct request *r, uint32_t host,
    bool by_name, size_t *i, size_t *k)
{
	for (; *i < model_nvms(m); ++*i, *k = 0) {
		const struct vm *vm = model_vm_at(m, *i);

		for (; vm->cluster == r->cluster && *k < vm->ncopies; ++*k) {
			const struct vm_copy *c = &vm->copies[*k];

			if (c->host == host && is_of(r, vm, c, by_name)) {
				++*k;
				return c;
			}
		}
	}
	return NULL;
}

const struct vm_copy *
jobs_copy_on(const struct model *m, const struct request *r, uint32_t host,
    struct uuid *uuid)
{
	const struct vm_copy *c, *only = NULL;
	size_t i = 0, k = 0;

	while ((c = next_copy(m, r, host, false, &i, &k)) != NULL) {
		if (c->role != COPY_PLAIN || (c->flags & DOM_DYING) != 0)
			continue;
		if (only != NULL)
			return NULL;
		only = c;
		*uuid = model_vm_at(m, i)->uuid;
	}
	return only;
}

/* The very domain that the request is about. */
static const struct vm_copy *
find_domain(const struct model *m, const struct request *r)
{
	const struct vm_copy *c;
	size_t i = 0, k = 0;

	while ((c = next_copy(m, r, r->host, false, &i, &k)) != NULL)
		if (c->domid == r->domid)
			return c;
	return NULL;
}

static size_t
count_copies(const struct model *m, const struct request *r, uint32_t host)
{
	size_t n = 0, i = 0, k = 0;

	while (next_copy(m, r, host, false, &i, &k) != NULL)
		n++;
	return n;
}

bool
jobs_host_live(const struct model *m, uint32_t host)
{
	return host < model_nhosts(m) &&
	    model_host(m, host)->health == HOST_LIVE;
}

/* --- A look for each op ----------------------------------------------------- */

typedef enum jobs_sight look(const struct model *m, const struct request *r,
    struct mono began);

static enum jobs_sight
see_start(const struct model *m, const struct request *r, struct mono began)
{
	bool paused = (r->flags & REQUEST_PAUSED) != 0;
	const struct vm_copy *c;
	size_t i = 0, k = 0, n = 0;

	while ((c = next_copy(m, r, r->host, true, &i, &k)) != NULL) {
		/* Another VM by that name, and why it failed. */
		bool stranger = uuid_cmp(&model_vm_at(m, i)->uuid,
		    &r->uuid) != 0 && mono_before(c->first, began);

		if (stranger)
			continue;
		n++;
		if (c->role == COPY_PLAIN && c->name != NULL && is_up(c) &&
		    ((c->flags & DOM_PAUSED) != 0) == paused)
			return SIGHT_YES;
	}
	return n == 0 ? SIGHT_NO : SIGHT_NOT_YET;
}

static enum jobs_sight
see_shutdown(const struct model *m, const struct request *r,
    struct mono began)
{
	const struct vm_copy *c = find_domain(m, r);
	struct uuid uuid;

	(void)began;
	/* Another one there: it was rebooted, by itself or by its monitor. */
	if (c == NULL && jobs_copy_on(m, r, r->host, &uuid) != NULL)
		return SIGHT_NOT_YET;
	if (c == NULL || ((c->flags & DOM_SHUTDOWN) != 0 &&
	    c->reason == REASON_POWEROFF))
		return SIGHT_YES;
	return is_up(c) ? SIGHT_NO : SIGHT_NOT_YET;
}

static enum jobs_sight
see_reboot(const struct model *m, const struct request *r, struct mono began)
{
	const struct vm_copy *c;
	size_t i = 0, k = 0;
	bool old = false;

	(void)began;
	while ((c = next_copy(m, r, r->host, false, &i, &k)) != NULL) {
		if (c->domid != r->domid && c->role == COPY_PLAIN && is_up(c))
			return SIGHT_YES;
		old = old || (c->domid == r->domid && is_up(c));
	}
	return old ? SIGHT_NO : SIGHT_NOT_YET;
}

static enum jobs_sight
see_gone(const struct model *m, const struct request *r, struct mono began)
{
	const struct vm_copy *c = find_domain(m, r);

	(void)began;
	if (c == NULL)
		return SIGHT_YES;
	return (c->flags & DOM_DYING) != 0 ? SIGHT_NOT_YET : SIGHT_NO;
}

static enum jobs_sight
see_pause(const struct model *m, const struct request *r, struct mono began)
{
	const struct vm_copy *c = find_domain(m, r);
	bool want = r->op == REQ_PAUSE;

	(void)began;
	return c != NULL && is_up(c) &&
	    ((c->flags & DOM_PAUSED) != 0) == want ? SIGHT_YES : SIGHT_NO;
}

static enum jobs_sight
see_rename(const struct model *m, const struct request *r, struct mono began)
{
	const struct vm_copy *c = find_domain(m, r);

	(void)began;
	if (c == NULL || c->name == NULL || r->arg == NULL)
		return c == NULL ? SIGHT_NO : SIGHT_NOT_YET;
	/* Of a copy in migration the name is told without what xl adds. */
	return c->role == COPY_PLAIN && strcmp(c->name, r->arg) == 0 ?
	    SIGHT_YES : SIGHT_NO;
}

/* What the balloon driver does not reach to the page is reached. */
enum { MEM_NEAR_KB = 4 * 1024 };

static enum jobs_sight
see_figure(const struct model *m, const struct request *r, struct mono began)
{
	const struct vm_copy *c = find_domain(m, r);
	int64_t off;

	(void)began;
	if (c == NULL)
		return SIGHT_NO;
	off = (r->op == REQ_MEM_SET ? c->mem_kb : c->vcpus) - r->value;
	if (off < 0)
		off = -off;
	return off <= (r->op == REQ_MEM_SET ? MEM_NEAR_KB : 0) ? SIGHT_YES :
	    SIGHT_NO;
}

/* Whoever has the VM at all must have it plain, and alone. */
static enum jobs_sight
see_migrate(const struct model *m, const struct request *r,
    struct mono began)
{
	bool paused = (r->flags & REQUEST_PAUSED) != 0;
	size_t here = count_copies(m, r, r->host);
	size_t there = count_copies(m, r, r->to);
	const struct vm_copy *c;
	struct uuid uuid;

	(void)began;
	if (here == 0 && there == 1) {
		c = jobs_copy_on(m, r, r->to, &uuid);
		return c != NULL && is_up(c) && (paused ||
		    (c->flags & DOM_PAUSED) == 0) ? SIGHT_YES :
		    SIGHT_NOT_YET;
	}
	if (here == 1 && there == 0) {
		c = jobs_copy_on(m, r, r->host, &uuid);
		return c != NULL && is_up(c) && c->domid == r->domid ?
		    SIGHT_NO : SIGHT_NOT_YET;
	}
	return SIGHT_NOT_YET;
}

static look *const looks[REQ_OPS] = {
	[REQ_START] = see_start,
	[REQ_RESTORE] = see_start,
	[REQ_SHUTDOWN] = see_shutdown,
	[REQ_REBOOT] = see_reboot,
	[REQ_DESTROY] = see_gone,
	[REQ_PAUSE] = see_pause,
	[REQ_UNPAUSE] = see_pause,
	[REQ_RESUME] = see_pause,
	[REQ_SAVE] = see_gone,
	[REQ_RENAME] = see_rename,
	[REQ_MEM_SET] = see_figure,
	[REQ_VCPU_SET] = see_figure,
	[REQ_MIGRATE] = see_migrate,
};

bool
jobs_sees(enum request_op op)
{
	return looks[op] != NULL;
}

enum jobs_sight
jobs_see(const struct model *m, const struct request *r, struct mono began)
{
	return looks[r->op](m, r, began);
}

/* --- In words --------------------------------------------------------------- */

bool
jobs_sight_left(const struct model *m, const struct request *r)
{
	const struct vm_copy *c = find_domain(m, r);

	return c != NULL && (c->flags & DOM_SHUTDOWN) != 0;
}

static const char *
condition(const struct vm_copy *c)
{
	if ((c->flags & DOM_DYING) != 0)
		return "dying";
	if ((c->flags & DOM_SHUTDOWN) != 0)
		return c->reason == REASON_CRASH ? "crashed" :
		    c->reason == REASON_SUSPEND ? "suspended" :
		    c->reason == REASON_REBOOT ? "stopped to be rebooted" :
		    "stopped";
	return (c->flags & DOM_PAUSED) != 0 ? "paused" : "running";
}

static size_t
put_host(char *out, size_t size, const struct model *m,
    const struct request *r, uint32_t host)
{
	static const char *const roles[] = { "", " as --incoming",
		" as --migratedaway" };
	const char *name = host < model_nhosts(m) ?
	    model_host(m, host)->name : "?";
	const struct vm_copy *c;
	size_t i = 0, k = 0, n = 0, len;

	if (!jobs_host_live(m, host))
		return (size_t)snprintf(out, size, "%s is not heard from",
		    name);
	len = (size_t)snprintf(out, size, "%s shows it", name);
	while ((c = next_copy(m, r, host, true, &i, &k)) != NULL && len < size)
		len += (size_t)snprintf(out + len, size - len,
		    "%s %s%s (domain %u)", n++ == 0 ? "" : " and",
		    condition(c), roles[c->role], (unsigned)c->domid);
	return n != 0 ? len : (size_t)snprintf(out, size,
	    "%s does not show it", name);
}

void
jobs_sight_text(char *out, size_t size, const struct model *m,
    const struct request *r)
{
	size_t n = put_host(out, size, m, r, r->host);

	if (r->op != REQ_MIGRATE || n + 8 >= size)
		return;
	n += (size_t)snprintf(out + n, size - n, ", ");
	put_host(out + n, size - n, m, r, r->to);
}
