/* Definitions on simulated hosts. Each host has its own files, so those of one VM
 * may differ, and a VM is made as the file says that is on that host. */
#include "backends/simdef.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/prng.h"

enum { DEFAULT_KB = 32 * 1024, DEFAULT_LOAD = 5 };

static void
keep_old(struct simworld *w, uint32_t host, const char *path)
{
	char name[OBS_TEXT_MAX + 16];

	for (int n = 1;; n++) {
		snprintf(name, sizeof name, "%s.~%d~", path, n);
		if (simhost_file(&w->hosts[host], name) == NULL)
			break;
	}
	simhost_save(w, host, name, SIM_NONE);
}

int
simdef_write(struct simworld *w, uint32_t host, const char *path,
    const char *text, size_t len)
{
	struct simhost *h = &w->hosts[host];
	const struct defs *old = h->defs;
	const struct def *before = defs_at_path(old, path);
	struct def_file *files;
	size_t n = 0;

	if (len > DEFS_FILE_MAX)
		return -1;
	if (before != NULL && before->len == len &&
	    memcmp(before->text, text, len) == 0)
		return 0;
	files = x_calloc(old->n + 1, sizeof *files);
	for (size_t i = 0; i < old->n; i++)
		if (old->v[i] != before)
			files[n++] = (struct def_file){ old->v[i]->path,
				old->v[i]->text, old->v[i]->len,
				old->mtime_s[i] };
	files[n++] = (struct def_file){ path, text, len, OBS_UNKNOWN };
	if (before != NULL)
		keep_old(w, host, path);
	h->defs = defs_read(w->pool, files, n, old->note);
	defs_unref(old);
	x_free(files);
	return 0;
}

/* --- What is made of one ---------------------------------------------------- */

int64_t
simdef_mem_kb(const struct def *def)
{
	return def->mem_kb > 0 ? def->mem_kb : DEFAULT_KB;
}

static uint32_t
new_vm(struct simworld *w, uint32_t host, const struct def *def)
{
	struct conf_sim_vm *c = arena_array(&w->mem, 1, sizeof *c);
	struct simvm *v;

	*c = (struct conf_sim_vm){
		.name = arena_strdup(&w->mem, def->name),
		.mem_kb = simdef_mem_kb(def),
		.vcpus = def->vcpus > 0 ? def->vcpus : 1,
		.load_pc = DEFAULT_LOAD,
		.type = def->type == VM_TYPE_UNKNOWN ? VM_TYPE_PV :
		    (int)def->type,
	};
	if (w->nvms == w->vms_cap)
		return SIM_NONE;
	v = &w->vms[w->nvms];
	*v = (struct simvm){
		.conf = c,
		.name = c->name,
		.uuid = def->uuid,
		.seed = prng_hash(w->hosts[host].seed, (uint64_t)w->now),
		.home = host,
		.path = simworld_text(w, def->path),
	};
	if (uuid_is_nil(&v->uuid))
		for (size_t i = 0; i < sizeof v->uuid.b; i++)
			v->uuid.b[i] = (uint8_t)(prng_hash(v->seed, i) >> 8);
	v->nic.mac = "00:16:3e:00:00:01";
	v->nic.bridge = "xenbr0";
	v->nic_up = v->nic;
	return (uint32_t)w->nvms++;
}

uint32_t
simdef_vm(struct simworld *w, uint32_t host, const struct def *def)
{
	for (uint32_t i = 0; i < w->nvms; i++)
		if (uuid_is_nil(&def->uuid) ?
		    strcmp(w->vms[i].conf->name, def->name) == 0 :
		    uuid_cmp(&w->vms[i].uuid, &def->uuid) == 0)
			return i;
	return new_vm(w, host, def);
}

static void
make_devices(struct simworld *w, struct simdom *d, const struct def *def)
{
	d->ndisks = def->ndisks < SIMDEVICES_MAX ? def->ndisks :
	    SIMDEVICES_MAX;
	d->disks = arena_array(&w->mem, SIMDEVICES_MAX, sizeof *d->disks);
	for (size_t i = 0; i < d->ndisks; i++) {
		d->disks[i] = def->disks[i];
		d->disks[i].vdev = simworld_text(w, def->disks[i].vdev);
		d->disks[i].target = simworld_text(w,
		    def->disks[i].target);
	}
	d->nnics = def->nnics < SIMDEVICES_MAX ? def->nnics : SIMDEVICES_MAX;
	d->nics = arena_array(&w->mem, SIMDEVICES_MAX, sizeof *d->nics);
	for (size_t i = 0; i < d->nnics; i++) {
		const struct obs_nic *from = &def->nics[i];

		d->nics[i] = (struct obs_nic){
			.devid = (int32_t)i,
			.mac = from->mac == NULL ? w->vms[d->vm].nic.mac :
			    simworld_text(w, from->mac),
			.bridge = from->bridge == NULL ? "xenbr0" :
			    simworld_text(w, from->bridge),
		};
	}
}

struct simdom *
simdef_make(struct simworld *w, uint32_t host, const struct def *def)
{
	uint32_t vm = simdef_vm(w, host, def);
	struct simdom *d;

	if (vm == SIM_NONE)
		return NULL;
	d = simvm_make(w, host, vm, simworld_text(w, def->name),
	    simdef_mem_kb(def), def->vcpus > 0 ? def->vcpus : 1, NULL);
	d->paused = true;
	if (def->vcpus_max > d->vcpus_max)
		d->vcpus_max = def->vcpus_max;
	if (def->maxmem_kb > d->max_kb)
		d->max_kb = def->maxmem_kb;
	make_devices(w, d, def);
	return d;
}
