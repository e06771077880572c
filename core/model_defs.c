/* Definitions: the VMs that hosts could start. A VM that is defined somewhere
 * in its cluster and runs nowhere is dormant, and keeps a row.
 *
 * Many hosts report the same definitions at the same moment, so they are only
 * stored when they come, and worked through once per turn. */
#include <string.h>

#include "core/mem.h"
#include "core/model_priv.h"

void
model_apply_defs(struct model *m, struct host_node *h, const struct defs *d)
{
	if (h->defs != NULL && defs_equal(h->defs, d))
		return;
	defs_unref(h->defs);
	h->defs = defs_ref(d);
	m->stale_defs[h->pub.cluster] = true;
	m->generation++;
}

const struct defs *
model_defs(const struct model *m, uint32_t host)
{
	return host < m->nhosts ? m->hosts[host].defs : NULL;
}

bool
model_keeps_dormant(const struct model *m, const struct vm_node *v)
{
	const struct vm_node *w =
	    vmindex_by_name(&m->vms, v->vm.cluster, v->vm.name);

	if (!v->vm.defined)
		return false;
	for (; w != NULL; w = vmindex_next_by_name(w))
		if (w != v && (w->vm.ncopies > 0 ||
		    uuid_cmp(&w->vm.uuid, &v->vm.uuid) > 0))
			return false;
	return true;
}

/* Whose definition counts most. */
static int
rank(const struct vm *vm, uint32_t host)
{
	return host == vm->home ? 2 : host == vm->host;
}

/* One is quoted; which definitions differ is for whoever edits them. */
static void
define(struct vm *vm, const struct def *d, uint32_t host)
{
	if (vm->defined && rank(vm, host) <= rank(vm, vm->def_host))
		return;
	vm->defined = true;
	vm->def_mem_kb = d->mem_kb;
	vm->def_vcpus = d->vcpus;
	vm->def_type = d->type;
	vm->def_host = host;
	x_replace(&vm->def_path, d->path);
}

static void
apply_def(struct model *m, const struct host_node *h, const struct def *d)
{
	uint32_t cluster = h->pub.cluster;
	struct vm_node *v = vmindex_by_uuid(&m->vms, cluster, &d->uuid);

	if (v != NULL) {
		define(&v->vm, d, h->pub.id);
		return;
	}
	v = vmindex_by_name(&m->vms, cluster, d->name);
	if (v == NULL) {
		v = model_add_vm(m, h->pub.id, &d->uuid, d->name);
		if (v->vm.home != MODEL_NONE)
			v->vm.host = v->vm.home;
	}
	for (; v != NULL; v = vmindex_next_by_name(v))
		define(&v->vm, d, h->pub.id);
}

static void
settle_cluster(struct model *m, uint32_t cluster)
{
	for (size_t i = 0; i < m->vms.n; i++)
		if (m->vms.all[i]->vm.cluster == cluster)
			m->vms.all[i]->vm.defined = false;
	for (size_t i = 0; i < m->nhosts; i++) {
		const struct host_node *h = &m->hosts[i];

		if (h->pub.cluster != cluster || h->defs == NULL)
			continue;
		for (size_t k = 0; k < h->defs->n; k++)
			apply_def(m, h, h->defs->v[k]);
	}
	for (size_t i = m->vms.n; i-- > 0;) {
		struct vm_node *v = m->vms.all[i];

		if (v->vm.cluster == cluster && v->vm.state == VM_DORMANT &&
		    !model_keeps_dormant(m, v))
			model_remove_vm(m, v);
	}
	m->generation++;
	m->shape++;
}

bool
model_settle_defs(struct model *m)
{
	bool changed = false;

	for (uint32_t c = 0; c < m->conf->nclusters; c++) {
		if (!m->stale_defs[c])
			continue;
		settle_cluster(m, c);
		m->stale_defs[c] = false; /* what it did itself is settled */
		changed = true;
	}
	return changed;
}
