/* What can be done to simulated VMs, and when it is refused: as xl would refuse
 * it, for the host's own reasons. That a VM runs elsewhere is no reason here,
 * because on real hosts it is none. */
#include <stddef.h>

#include "backends/simworld.h"

static int
need_power(const struct simworld *w, uint32_t host, struct err *err)
{
	const struct simhost *h = &w->hosts[host];

	if (h->power == SIM_POWER_ON)
		return 0;
	return err_set(err, ERR_FAILED, "%s is not up", h->conf->name);
}

static int
need_idle(const struct simworld *w, uint32_t vm, struct err *err)
{
	static const char *const doing[] = {
		[SIM_IDLE] = "idle",
		[SIM_STOPPING] = "shutting down",
		[SIM_REBOOTING] = "rebooting",
		[SIM_COPYING] = "being migrated",
		[SIM_HANDOVER] = "being migrated",
	};

	uint32_t op = simop_of_vm(w, vm);

	if (op == SIM_NONE)
		return 0;
	return err_set(err, ERR_FAILED, "%s is %s", w->vms[vm].name,
	    doing[w->ops[op].busy]);
}

/* The VM's domain there, if it is in a state to be acted upon. */
static struct simdom *
need_dom(struct simworld *w, uint32_t host, uint32_t vm, struct err *err)
{
	struct simdom *d;

	if (need_power(w, host, err) != 0 || need_idle(w, vm, err) != 0)
		return NULL;
	d = simdom_of(&w->hosts[host], vm, SIM_PLAIN);
	if (d == NULL)
		err_set(err, ERR_FAILED, "%s does not run on %s",
		    w->vms[vm].name, w->hosts[host].conf->name);
	return d;
}

struct simdom *
simvm_make(struct simworld *w, uint32_t host, uint32_t vm, const char *name,
    int64_t mem_kb, int vcpus, struct err *err)
{
	struct simhost *h = &w->hosts[host];
	int64_t room = simworld_free_kb(h);
	struct simdom *d = simdom_named(h, name);

	if (d != NULL) {
		err_set(err, ERR_FAILED, "%s exists on %s already, as domain "
		    "%u", name, h->conf->name, d->domid);
		return NULL;
	}
	if (mem_kb > room) {
		err_set(err, ERR_FAILED, "%s needs %lld MiB, %s has %lld MiB "
		    "free", name, (long long)(mem_kb / 1024), h->conf->name,
		    (long long)(room / 1024));
		return NULL;
	}
	w->vms[vm].name = name;
	d = simdom_add(w, host, vm, SIM_PLAIN, mem_kb);
	d->vcpus_max = vcpus;
	simdom_set_vcpus(w, host, d, vcpus);
	return d;
}

int
simworld_start(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err)
{
	const struct simhost *h = &w->hosts[host];
	const struct simvm *v = &w->vms[vm];

	if (need_power(w, host, err) != 0 || need_idle(w, vm, err) != 0)
		return -1;
	for (size_t i = 0; i < h->ndoms; i++)
		if (h->doms[i].vm == vm)
			return err_set(err, ERR_FAILED, "%s exists on %s "
			    "already, as domain %u", v->name, h->conf->name,
			    h->doms[i].domid);
	return simvm_make(w, host, vm, v->name, v->conf->mem_kb,
	    v->conf->vcpus, err) != NULL ? 0 : -1;
}

int
simworld_shutdown(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err)
{
	struct simdom *d = need_dom(w, host, vm, err);

	if (d == NULL)
		return -1;
	if (d->paused)
		return err_set(err, ERR_FAILED, "%s is paused and does not "
		    "hear it", w->vms[vm].name);
	simdom_stop(w, host, d, false);
	return 0;
}

int
simworld_reboot(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err)
{
	struct simdom *d = need_dom(w, host, vm, err);
	struct simop how = { .busy = SIM_REBOOTING, .vm = vm, .host = host };

	if (d == NULL)
		return -1;
	how.domid = d->domid;
	simop_remember(&how, d);
	simdom_remove(w, host, d);
	simop_begin(w, &how, SIM_REBOOT_MS);
	return 0;
}

/* Its definition says on_crash = "preserve", so it is there to be looked at. */
int
simworld_crash(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err)
{
	struct simdom *d = need_dom(w, host, vm, err);

	if (d == NULL)
		return -1;
	simdom_fold(w, d);
	d->paused = false;
	d->reason = REASON_CRASH;
	simxen_logf(w, host, "Domain %u (vcpu#0) crashed on cpu#%d:", d->domid,
	    (int)(d->domid % (uint32_t)w->hosts[host].conf->cpus));
	simxen_logf(w, host, "----[ Xen-4.17.5  x86_64  debug=n  Not tainted "
	    "]----");
	simxen_logf(w, host, "CPU:    %d",
	    (int)(d->domid % (uint32_t)w->hosts[host].conf->cpus));
	simxen_logf(w, host, "RIP:    e033:[<ffffffff81001388>]");
	simxen_logf(w, host, "RFLAGS: 0000000000000246   EM: 0   CONTEXT: pv "
	    "guest (d%uv0)", d->domid);
	return 0;
}

int
simworld_pause(struct simworld *w, uint32_t host, uint32_t vm, bool pause,
    struct err *err)
{
	struct simdom *d = need_dom(w, host, vm, err);

	if (d == NULL)
		return -1;
	simdom_fold(w, d);
	d->paused = pause;
	return 0;
}

int
simworld_rename(struct simworld *w, uint32_t host, uint32_t vm,
    const char *name, struct err *err)
{
	uint32_t other = simworld_vm(w, name);
	struct simdom *d = need_dom(w, host, vm, err);

	if (d == NULL)
		return -1;
	if (other != SIM_NONE && other != vm)
		return err_set(err, ERR_FAILED, "the name %s is taken", name);
	w->vms[vm].name = simworld_text(w, name);
	simdom_rename(w, d, w->vms[vm].name, SIM_PLAIN);
	return 0;
}

int
simworld_destroy(struct simworld *w, uint32_t host, uint32_t domid,
    struct err *err)
{
	struct simhost *h = &w->hosts[host];

	if (need_power(w, host, err) != 0)
		return -1;
	for (size_t i = 0; i < h->ndoms; i++)
		if (h->doms[i].domid == domid && domid != 0) {
			simdom_remove(w, host, &h->doms[i]);
			return 0;
		}
	return err_set(err, ERR_FAILED, "%s has no domain %u to destroy",
	    h->conf->name, domid);
}
