/* What an action's argument may be now: a sentence from what the hosts say of
 * that VM, and what it has at present, to begin the line with. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/obs.h"
#include "tui/act.h"
#include "tui/text.h"

static const struct vm_copy *
copy_of(const struct act *x, const struct model *m, const struct vm **vm)
{
	*vm = x->n == 1 ? model_vm(m, x->v[0].vm) : NULL;
	return *vm != NULL ? vm_main(*vm) : NULL;
}

void
act_present(char *out, size_t size, const struct act *x, const struct model *m)
{
	const struct vm *vm;
	const struct vm_copy *c = copy_of(x, m, &vm);

	out[0] = '\0';
	if (c == NULL)
		return;
	if (x->action.kind == ACTION_MEMORY && c->mem_kb > 0)
		snprintf(out, size, "%" PRId64 "MiB", c->mem_kb / 1024);
	else if (x->action.kind == ACTION_VCPUS && c->vcpus > 0)
		snprintf(out, size, "%d", (int)c->vcpus);
	else if (x->action.kind == ACTION_RENAME)
		snprintf(out, size, "%s", vm->name);
}

/* Joins the devices that it has. */
static void
add_word(char *out, size_t size, const char *word)
{
	size_t n = strlen(out);

	if (word != NULL && n < size)
		snprintf(out + n, size - n, "%s%s", n > 0 ? ", " : "", word);
}

static void
disks(char *out, size_t size, const struct obs_dom *o, bool cds)
{
	for (size_t i = 0; i < o->ndisks; i++)
		if (!cds || o->disks[i].readonly)
			add_word(out, size, o->disks[i].vdev);
}

static void
devices(char *out, size_t size, enum action_kind kind,
    const struct obs_dom *o)
{
	char list[300] = "";

	if (kind == ACTION_NIC_DETACH)
		for (size_t i = 0; i < o->nnics; i++)
			add_word(list, sizeof list, o->nics[i].mac);
	else
		disks(list, sizeof list, o, kind != ACTION_DISK_DETACH);
	snprintf(out, size, list[0] != '\0' ? "It has %s." :
	    "None of it is known.", list);
}

static void
memory(char *out, size_t size, const struct vm_copy *c, const struct model *m)
{
	const struct host *h = model_host(m, c->host);
	char has[TEXT_MAX], most[TEXT_MAX], host[TEXT_MAX];

	text_kib(has, c->mem_kb);
	text_kib(most, c->maxmem_kb);
	text_kib(host, h->facts.free_kb);
	snprintf(out, size, "It has %s and may have %s; %s has %s free.", has,
	    most, h->name, host);
}

void
act_hint(char *out, size_t size, const struct act *x, const struct model *m)
{
	const struct vm *vm;
	const struct vm_copy *c = copy_of(x, m, &vm);
	enum action_kind kind = x->action.kind;

	out[0] = '\0';
	if (c == NULL)
		return;
	if (kind == ACTION_MEMORY)
		memory(out, size, c, m);
	else if (kind == ACTION_VCPUS)
		snprintf(out, size, "It uses %d of the %d vCPUs that it was "
		    "started with.", (int)c->vcpus, (int)c->vcpus_max);
	else if (kind == ACTION_PIN)
		snprintf(out, size, "It has vCPUs 0 to %d; %s has processors 0 "
		    "to %d.", (int)c->vcpus_max - 1,
		    model_host(m, c->host)->name,
		    (int)model_host(m, c->host)->facts.cpus - 1);
	else if (kind == ACTION_DISK_DETACH || kind == ACTION_NIC_DETACH ||
	    kind == ACTION_CD_INSERT || kind == ACTION_CD_EJECT)
		devices(out, size, kind, &vm->detail);
}
