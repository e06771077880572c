/* The lasting truth of a model as text. Tests compare it, so it must not hold
 * anything that depends on the order or the moment in which events came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/model_priv.h"

static void
dump_host(const struct host *h, struct buf *out)
{
	buf_printf(out, "host %s %s", h->name, host_health_name(h->health));
	if (h->seen)
		buf_printf(out, " xen=%s cpus=%d mem=%lld free=%lld vms=%u",
		    h->facts.xen_version != NULL ? h->facts.xen_version : "?",
		    h->facts.cpus, (long long)h->facts.mem_kb,
		    (long long)h->facts.free_kb, h->ncopies);
	buf_puts(out, "\n");
}

static void
dump_copy(const struct model *m, const struct vm_copy *c, struct buf *out)
{
	static const char *const roles[] = {
		[COPY_PLAIN] = "", [COPY_INCOMING] = ":incoming",
		[COPY_MIGRATEDAWAY] = ":migratedaway",
	};

	buf_printf(out, " %s/%u%s:%s:%x:%lld", m->hosts[c->host].pub.name,
	    c->domid, roles[c->role], vm_type_name(c->type), c->flags,
	    (long long)c->mem_kb);
}

static void
dump_vm(const struct model *m, const struct vm *vm, struct buf *out)
{
	static const char *const conflicts[] = {
		[CONFLICT_NONE] = "", [CONFLICT_UUID] = " TWICE",
		[CONFLICT_MAYBE] = " MAYBE-TWICE",
		[CONFLICT_NAME] = " SAME-NAME",
	};
	char uuid[UUID_STR];

	uuid_format(uuid, &vm->uuid);
	if (vm->ncopies == 0) /* what it had last, if it ever ran */
		snprintf(uuid, sizeof uuid, "-");
	buf_printf(out, "vm %s %s %s%s%s", vm->name, uuid,
	    vm_state_name(vm->state), vm->defined ? " defined" : "",
	    conflicts[vm->conflict]);
	if (vm->peer != MODEL_NONE)
		buf_printf(out, " %s->%s", m->hosts[vm->host].pub.name,
		    m->hosts[vm->peer].pub.name);
	for (size_t i = 0; i < vm->ncopies; i++)
		dump_copy(m, &vm->copies[i], out);
	buf_puts(out, "\n");
}

static int
by_name(const void *a, const void *b)
{
	const struct vm *x = *(const struct vm *const *)a;
	const struct vm *y = *(const struct vm *const *)b;
	int c = strcmp(x->name, y->name);

	if (x->cluster != y->cluster)
		return x->cluster < y->cluster ? -1 : 1;
	return c != 0 ? c : uuid_cmp(&x->uuid, &y->uuid);
}

void
model_dump(const struct model *m, struct buf *out)
{
	const struct vm **all = x_calloc(m->vms.n, sizeof *all);

	for (size_t i = 0; i < m->nhosts; i++)
		dump_host(&m->hosts[i].pub, out);
	for (size_t i = 0; i < m->vms.n; i++)
		all[i] = &m->vms.all[i]->vm;
	qsort(all, m->vms.n, sizeof(const struct vm *), by_name);
	for (size_t i = 0; i < m->vms.n; i++)
		dump_vm(m, all[i], out);
	x_free(all);
}
