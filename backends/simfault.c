/* The fault script's words as actions on the world and its links. The script
 * is careful where the world is not: only "duplicate" starts a VM twice. */
#include "backends/simfault.h"

#include <stdio.h>

#include "core/conf_schema.h"

/* What is only noted down, and happens when somebody acts on the host. */
static const struct later {
	enum simrunfault run;
	enum simmig mig;
} laters[SIM_NWHATS] = {
	[SIM_RUN_HANG] = { .run = SIMRUN_HANGS },
	[SIM_RUN_LOST] = { .run = SIMRUN_LOST },
	[SIM_RUN_MUTE] = { .run = SIMRUN_MUTE },
	[SIM_MIG_BREAK] = { .mig = SIMMIG_EMPTY },
	[SIM_MIG_BOTH] = { .mig = SIMMIG_BOTH },
	[SIM_MIG_HAND] = { .mig = SIMMIG_HANDSHAKE },
	[SIM_MIG_MUTE] = { .mig = SIMMIG_UNHEARD },
};

static void
note_for_later(struct simhost *h, enum sim_what what)
{
	if (laters[what].run != SIMRUN_WELL)
		h->next_run = laters[what].run;
	if (laters[what].mig != SIMMIG_WELL)
		h->next_mig = laters[what].mig;
	if (laters[what].mig == SIMMIG_EMPTY)
		h->next_mig_pm = 500;
	if (what == SIM_DISK_FULL || what == SIM_DISK_FREE)
		h->disk_full = what == SIM_DISK_FULL;
}

static void
host_fault(struct simworld *w, struct simlinks *l, enum sim_what what,
    uint32_t host)
{
	switch ((int)what) {
	case SIM_DIE:
		simworld_power_off(w, host);
		break;
	case SIM_BOOT:
		simworld_power_on(w, host);
		break;
	case SIM_BREAK:
		simlinks_break(l, host, true);
		break;
	case SIM_SLOW:
		simlinks_slow(l, host, true);
		break;
	case SIM_HEAL:
		simlinks_break(l, host, false);
		simlinks_slow(l, host, false);
		break;
	default:
		note_for_later(&w->hosts[host], what);
		break;
	}
	simlinks_check(l, host);
}

static int
start(struct simworld *w, const struct conf_sim_fault *f, uint32_t vm,
    struct err *err)
{
	uint32_t at = simworld_where(w, vm), host = w->vms[vm].home;

	if (at != SIM_NONE)
		return err_set(err, ERR_FAILED, "it runs on %s",
		    w->hosts[at].conf->name);
	if (f->host != NULL)
		host = simworld_host(w, f->host);
	if (host == SIM_NONE)
		return err_set(err, ERR_FAILED, "there is no host %s", f->host);
	return simworld_start(w, host, vm, err);
}

/* What is done to a VM on a host, perhaps with another one. */
static int
vm_action(struct simworld *w, const struct conf_sim_fault *f, uint32_t host,
    uint32_t vm, uint32_t to, struct err *err)
{
	switch ((int)f->what) {
	case SIM_STOP:
		return simworld_shutdown(w, host, vm, err);
	case SIM_REBOOT:
		return simworld_reboot(w, host, vm, err);
	case SIM_CRASH:
		return simworld_crash(w, host, vm, err);
	case SIM_PAUSE:
		return simworld_pause(w, host, vm, true, err);
	case SIM_UNPAUSE:
		return simworld_pause(w, host, vm, false, err);
	case SIM_RENAME:
		return simworld_rename(w, host, vm, f->to, err);
	case SIM_MIGRATE:
	case SIM_MIGFAIL:
		return simworld_migrate(w, host, vm, to,
		    f->what == SIM_MIGFAIL, err);
	case SIM_DUPLICATE:
		return simworld_start(w, to, vm, err);
	}
	return err_set(err, ERR_FAILED, "it is nothing to do to a VM");
}

static int
vm_fault(struct simworld *w, const struct conf_sim_fault *f, uint32_t vm,
    struct err *err)
{
	uint32_t host, to = SIM_NONE;

	if (f->what == SIM_START)
		return start(w, f, vm, err);
	if (f->what == SIM_DEAF || f->what == SIM_STUBBORN ||
	    f->what == SIM_WILLING) {
		w->vms[vm].hung = f->what == SIM_DEAF;
		w->vms[vm].stubborn = f->what == SIM_STUBBORN;
		return 0;
	}
	host = simworld_where(w, vm);
	if (host == SIM_NONE)
		return err_set(err, ERR_FAILED, "it does not run");
	if ((sim_what_wants(f->what) & SIM_WANTS_TO_HOST) != 0) {
		to = simworld_host(w, f->to);
		if (to == SIM_NONE)
			return err_set(err, ERR_FAILED, "there is no host %s",
			    f->to);
		if (to == host)
			return err_set(err, ERR_FAILED, "it is there already");
	}
	return vm_action(w, f, host, vm, to, err);
}

void
simfault_apply(struct simworld *w, struct simlinks *l,
    const struct conf_sim_fault *f)
{
	char text[700];
	struct err err;
	uint32_t at;

	if (f->vm == NULL) {
		at = simworld_host(w, f->host);
		if (at != SIM_NONE)
			host_fault(w, l, f->what, at);
		return;
	}
	at = simworld_vm(w, f->vm);
	if (at != SIM_NONE && vm_fault(w, f, at, &err) == 0)
		return;
	if (at == SIM_NONE)
		err_set(&err, ERR_FAILED, "there is no such VM");
	snprintf(text, sizeof text, "simulator: cannot %s %s: %s",
	    sim_what_name(f->what), f->vm, err.msg);
	simlinks_note(l, at == SIM_NONE ? SIM_NONE : w->vms[at].home,
	    NOTE_WARNING, text);
}
