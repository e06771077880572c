/* The table of what operators ask for, and plans of one step out of it: the
 * domain that is meant, guarded by its UUID and its host's boot, checked by the
 * rules and by who knows the commands, before anybody sees it. Starting is in
 * action_start.c; what moves a VM is migrate.c's. */
#include "core/action.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/action_priv.h"
#include "core/command.h"
#include "core/mem.h"
#include "core/migrate.h"
#include "core/safety.h"

const struct action_info action_infos[ACTION_COUNT] = {
	[ACTION_START] = { "start", "start", "", "start it where it belongs, "
	    "or on the host that is said", DANGER_NONE, ARG_NONE, NULL },
	[ACTION_SHUTDOWN] = { "shutdown", "shut down", "", "ask it to shut "
	    "down", DANGER_ASK, ARG_NONE, NULL },
	[ACTION_REBOOT] = { "reboot", "reboot", "", "ask it to reboot",
	    DANGER_ASK, ARG_NONE, NULL },
	[ACTION_KILL] = { "kill", "kill", "", "destroy its domain at once, as "
	    "if its power was cut", DANGER_TYPED, ARG_NONE, NULL },
	[ACTION_PAUSE] = { "pause", "pause", "", "let none of its vCPUs run",
	    DANGER_ASK, ARG_NONE, NULL },
	[ACTION_UNPAUSE] = { "unpause", "unpause", "", "let it run again",
	    DANGER_NONE, ARG_NONE, NULL },
	[ACTION_SAVE] = { "save", "save", "[PATH]", "write its memory into a "
	    "file on its host and end it", DANGER_ASK, ARG_PATH,
	    "File on the host" },
	[ACTION_RESTORE] = { "restore", "restore", "PATH", "let it go on from "
	    "such a file", DANGER_ASK, ARG_PATH, "File on the host" },
	[ACTION_RENAME] = { "rename", "rename", "NEW-NAME", "give it another "
	    "name while it runs", DANGER_NONE, ARG_TEXT, "New name" },
	[ACTION_MEMORY] = { "mem-set", "set the memory of", "SIZE", "give it "
	    "that much memory: 2GiB", DANGER_NONE, ARG_MEMORY, "Memory" },
	[ACTION_VCPUS] = { "vcpu-set", "set the vCPUs of", "NUMBER", "let it "
	    "use that many vCPUs", DANGER_NONE, ARG_NUMBER, "vCPUs" },
	[ACTION_PIN] = { "vcpu-pin", "pin the vCPUs of", "[VCPU] CPUS", "on "
	    "which processors its vCPUs may run: 0-3, or 1 0-3, or all",
	    DANGER_NONE, ARG_TEXT, "[vCPU] processors" },
	[ACTION_SCHED] = { "sched", "set weight and cap of",
	    "[weight=N] [cap=PERCENT]", "its share of the processors",
	    DANGER_NONE, ARG_TEXT, "weight=N cap=PERCENT" },
	[ACTION_DISK_ATTACH] = { "disk-attach", "attach a disk to", "SPEC",
	    "attach a disk: phy:/dev/vg/lv,xvdb,w", DANGER_NONE, ARG_TEXT,
	    "xl-disk-configuration(5)" },
	[ACTION_DISK_DETACH] = { "disk-detach", "detach a disk from", "DEVICE",
	    "detach a disk: xvdb", DANGER_ASK, ARG_TEXT, "Device" },
	[ACTION_NIC_ATTACH] = { "nic-attach", "attach a network interface to",
	    "SPEC", "attach a network interface: bridge=xenbr0", DANGER_NONE,
	    ARG_TEXT, "xl-network-configuration(5)" },
	[ACTION_NIC_DETACH] = { "nic-detach",
	    "detach a network interface from", "MAC|NUMBER",
	    "detach a network interface", DANGER_ASK, ARG_TEXT,
	    "MAC or number" },
	[ACTION_CD_INSERT] = { "cd-insert", "insert a CD into", "DEVICE PATH",
	    "insert an image into a CD drive: hdc /srv/debian.iso",
	    DANGER_NONE, ARG_TEXT, "Device and image" },
	[ACTION_CD_EJECT] = { "cd-eject", "eject the CD from", "DEVICE",
	    "empty a CD drive", DANGER_NONE, ARG_TEXT, "Device" },
	[ACTION_TRIGGER] = { "trigger", "send a trigger to",
	    "nmi|reset|init|power|sleep|s3resume", "send such a trigger",
	    DANGER_TYPED, ARG_TEXT, "nmi, reset, init, power, ..." },
	[ACTION_SYSRQ] = { "sysrq", "send SysRq to", "LETTER", "send a SysRq "
	    "key to its Linux", DANGER_TYPED, ARG_TEXT, "Letter" },
	[ACTION_DUMP_CORE] = { "dump-core", "dump the memory of", "[PATH]",
	    "write its memory into a file on its host; it stands still "
	    "meanwhile", DANGER_ASK, ARG_PATH, "File on the host" },
	[ACTION_MIGRATE] = { "migrate", "migrate", "[HOST]", "take it to "
	    "another host while it runs", DANGER_ASK, ARG_HOST, "To" },
	[ACTION_MOVE] = { "move", "move", "[HOST]", "shut it down and start "
	    "it on another host", DANGER_ASK, ARG_HOST, "To" },
	[ACTION_REPAIR] = { "repair", "repair", "", "clear up what a broken "
	    "migration left", DANGER_ASK, ARG_NONE, NULL },
};

void
action_init(struct action *a, enum action_kind kind, uint32_t vm)
{
	*a = (struct action){
		.kind = kind,
		.vm = vm,
		.host = MODEL_NONE,
		.to = MODEL_NONE,
		.value = -1,
		.cap = -1,
	};
}

/* --- What fits ------------------------------------------------------------ */

#define BIT(kind) (1UL << (kind))

bool
action_fits(enum action_kind kind, const struct vm *vm)
{
	static const unsigned long
	    at_rest = BIT(ACTION_START) | BIT(ACTION_RESTORE),
	    ended = BIT(ACTION_KILL) | BIT(ACTION_RENAME) |
	    BIT(ACTION_DUMP_CORE),
	    talks = BIT(ACTION_SHUTDOWN) | BIT(ACTION_REBOOT) |
	    BIT(ACTION_PAUSE),
	    moving = BIT(ACTION_KILL) | BIT(ACTION_PAUSE) |
	    BIT(ACTION_UNPAUSE) | BIT(ACTION_REPAIR),
	    there = (BIT(ACTION_COUNT) - 1) & ~(at_rest |
	    BIT(ACTION_UNPAUSE) | BIT(ACTION_REPAIR));
	unsigned long fits = 0;

	switch (vm->state) {
	case VM_RUNNING:
		fits = there;
		break;
	case VM_PAUSED:
		fits = (there & ~talks) | BIT(ACTION_UNPAUSE);
		break;
	case VM_SHUTDOWN:
		fits = ended;
		if (vm_main(vm)->reason == REASON_SUSPEND)
			fits |= BIT(ACTION_REPAIR);
		break;
	case VM_CRASHED:
		fits = ended;
		break;
	case VM_DYING:
		fits = BIT(ACTION_KILL);
		break;
	case VM_MIGRATING:
		fits = moving;
		break;
	case VM_GONE:
	case VM_DORMANT:
		fits = at_rest;
		break;
	}
	return (fits & BIT(kind)) != 0;
}

/* --- Which domain --------------------------------------------------------- */

static int
many(const struct vm *vm, const struct model *m, struct err *err)
{
	const char *a = model_host(m, vm->copies[0].host)->name;
	const char *b = model_host(m, vm->copies[vm->ncopies - 1].host)->name;

	return err_set(err, ERR_USAGE, "%.100s has domains on %.100s and "
	    "%.100s: say on which host (--on)", vm->name, a, b);
}

/* Only what is first aid may be about a copy that has to be told from others;
 * the rules refuse the rest by themselves. */
static int
find_copy(const struct vm_copy **copy, const struct action *a,
    const struct vm *vm, const struct model *m, struct err *err)
{
	bool aid = a->kind == ACTION_KILL || a->kind == ACTION_PAUSE ||
	    a->kind == ACTION_UNPAUSE;

	if (vm->ncopies == 0)
		return err_set(err, ERR_FAILED, "%.100s does not run: it is "
		    "%s", vm->name, vm_state_name(vm->state));
	if (a->host == MODEL_NONE && vm->ncopies > 1 && aid)
		return many(vm, m, err);
	*copy = vm_main(vm);
	if (a->host == MODEL_NONE || (*copy)->host == a->host)
		return 0;
	for (size_t i = 0; i < vm->ncopies; i++)
		if (vm->copies[i].host == a->host) {
			*copy = &vm->copies[i];
			return 0;
		}
	return err_set(err, ERR_FAILED, "%.100s has no domain on %.100s",
	    vm->name, model_host(m, a->host)->name);
}

void
action_request(struct request *r, enum request_op op, const struct vm *vm,
    const struct vm_copy *c, const struct model *m)
{
	const char *boot = model_host(m, c->host)->facts.boot_id;

	request_init(r, op);
	r->host = c->host;
	r->cluster = vm->cluster;
	r->uuid = vm->uuid;
	r->name = x_strdup(vm->name);
	r->domid = c->domid;
	r->boot_id = x_strdup(boot);
}

/* --- What is in the way, beyond the rules --------------------------------- */

static int
check_state(const struct action *a, const struct vm *vm,
    const struct vm_copy *c, struct err *err)
{
	bool paused = (c->flags & DOM_PAUSED) != 0;
	const char *n = vm->name;

	if (a->kind == ACTION_KILL || a->kind == ACTION_DUMP_CORE ||
	    a->kind == ACTION_RENAME)
		return 0;
	if ((c->flags & DOM_DYING) != 0)
		return err_set(err, ERR_FAILED, "%.100s is being torn down",
		    n);
	if ((c->flags & DOM_SHUTDOWN) != 0 && c->reason == REASON_SUSPEND)
		return err_set(err, ERR_FAILED, "%.100s is suspended: wait for "
		    "the end if it is being saved or migrated, else repair it",
		    n);
	if ((c->flags & DOM_SHUTDOWN) != 0)
		return err_set(err, ERR_FAILED, "%.100s %s, and its domain was "
		    "not cleared away: kill it", n, vm->state == VM_CRASHED ?
		    "has crashed" : "has shut down");
	/* It could not hear it: xl would wait a minute for nothing. */
	if (paused && (a->kind == ACTION_SHUTDOWN || a->kind == ACTION_REBOOT))
		return err_set(err, ERR_FAILED, "%.100s is paused and cannot "
		    "hear that it is to end: unpause it, or kill it", n);
	if (paused && a->kind == ACTION_PAUSE)
		return err_set(err, ERR_FAILED, "%.100s is paused already", n);
	if (!paused && a->kind == ACTION_UNPAUSE)
		return err_set(err, ERR_FAILED, "%.100s is not paused", n);
	return 0;
}

static int
check_memory(const struct action *a, const struct vm *vm,
    const struct vm_copy *c, const struct plan *p, const struct model *m,
    struct err *err)
{
	if (c->mem_kb < 0 || a->value <= c->mem_kb)
		return 0;
	return action_has_room(p, vm, c->host, a->value - c->mem_kb, m, err);
}

static int
check_vcpus(const struct action *a, const struct vm *vm,
    const struct vm_copy *c, struct err *err)
{
	if (c->vcpus_max <= 0 || a->value < 0 ||
	    a->value + (a->kind == ACTION_PIN) <= c->vcpus_max)
		return 0;
	if (a->kind == ACTION_PIN)
		return err_set(err, ERR_USAGE, "%.100s has no vCPU %lld: it "
		    "has 0 to %d", vm->name, (long long)a->value,
		    (int)c->vcpus_max - 1);
	return err_set(err, ERR_FAILED, "%.100s was started with %d vCPUs at "
	    "most", vm->name, (int)c->vcpus_max);
}

/* --- Requests ------------------------------------------------------------- */

/* "/var/lib/xen/NAME-20261121-083400.save": a new one each time, and not where
 * xendomains would restore it by itself. */
static char *
default_path(const char *dir, const char *suffix, const struct vm *vm,
    const struct vm_copy *c, const struct model *m)
{
	const struct host *h = model_host(m, c->host);
	int64_t ms = h->clock_ms >= 0 ? h->clock_ms : h->last_wall_ms;
	time_t s = (time_t)((ms + mono_diff_ms(model_now(m), h->last)) / 1000);
	char stamp[32] = "", *path, *name;
	struct tm tm;

	if (gmtime_r(&s, &tm) != NULL)
		strftime(stamp, sizeof stamp, "-%Y%m%d-%H%M%S", &tm);
	path = x_asprintf("%s/%.100s%s.%s", dir, vm->name, stamp, suffix);
	name = path + strlen(dir) + 1;
	for (char *p = name; *p != '\0'; p++)
		if (strchr("/= ", *p) != NULL || (p == name && *p == '.') ||
		    (unsigned char)*p >= 0x80)
			*p = '_';
	return path;
}

static const enum request_op ops[ACTION_COUNT] = {
	[ACTION_SHUTDOWN] = REQ_SHUTDOWN,
	[ACTION_REBOOT] = REQ_REBOOT,
	[ACTION_KILL] = REQ_DESTROY,
	[ACTION_PAUSE] = REQ_PAUSE,
	[ACTION_UNPAUSE] = REQ_UNPAUSE,
	[ACTION_SAVE] = REQ_SAVE,
	[ACTION_RENAME] = REQ_RENAME,
	[ACTION_MEMORY] = REQ_MEM_SET,
	[ACTION_VCPUS] = REQ_VCPU_SET,
	[ACTION_PIN] = REQ_VCPU_PIN,
	[ACTION_SCHED] = REQ_SCHED,
	[ACTION_DISK_ATTACH] = REQ_DISK_ATTACH,
	[ACTION_DISK_DETACH] = REQ_DISK_DETACH,
	[ACTION_NIC_ATTACH] = REQ_NIC_ATTACH,
	[ACTION_NIC_DETACH] = REQ_NIC_DETACH,
	[ACTION_CD_INSERT] = REQ_CD_INSERT,
	[ACTION_CD_EJECT] = REQ_CD_EJECT,
	[ACTION_TRIGGER] = REQ_TRIGGER,
	[ACTION_SYSRQ] = REQ_SYSRQ,
	[ACTION_DUMP_CORE] = REQ_DUMP_CORE,
};

enum { HARD_AFTER_S = 60 };

static void
fill(struct request *r, const struct action *a, const struct vm *vm,
    const struct vm_copy *c, const struct model *m)
{
	action_request(r, ops[a->kind], vm, c, m);
	r->value = a->value;
	r->cap = a->cap;
	r->arg = x_strdup(a->arg);
	r->arg2 = x_strdup(a->arg2);
	if (a->sworn)
		r->flags |= REQUEST_SWORN;
	if ((r->op == REQ_SHUTDOWN || r->op == REQ_REBOOT) &&
	    c->type != VM_TYPE_PV && c->type != VM_TYPE_PVH)
		r->flags |= REQUEST_FALLBACK;
	if (r->op == REQ_SHUTDOWN && a->hard) {
		r->flags |= REQUEST_HARD;
		if (a->value <= 0)
			r->value = HARD_AFTER_S;
	}
	if (r->op == REQ_SCHED)
		x_replace(&r->arg, model_host(m, c->host)->facts.scheduler);
	if (r->op == REQ_SAVE && r->arg == NULL)
		r->arg = default_path("/var/lib/xen", "save", vm, c, m);
	if (r->op == REQ_DUMP_CORE && r->arg == NULL)
		r->arg = default_path("/var/lib/xen/dump", "core", vm, c, m);
	if (r->op == REQ_CD_INSERT && r->arg != NULL)
		r->arg[strcspn(r->arg, " ")] = '\0'; /* the device alone */
}

int
action_add(struct plan *p, struct request *r, const char *why,
    const struct model *m, struct err *err)
{
	struct command c;

	if (safety_check(m, r, MONO_ZERO, err) != 0 ||
	    command_build(&c, model_conf(m), r, err) != 0) {
		request_free(r);
		return -1;
	}
	command_free(&c);
	plan_add(p, r, why);
	return 0;
}

static int
plan_domain(struct plan *p, const struct action *a, const struct vm *vm,
    const struct model *m, struct err *err)
{
	const struct vm_copy *c = NULL;
	struct request r;

	if (find_copy(&c, a, vm, m, err) != 0)
		return -1;
	fill(&r, a, vm, c, m);
	/* What the rules say comes first. */
	if (safety_check(m, &r, MONO_ZERO, err) != 0 ||
	    check_state(a, vm, c, err) != 0 ||
	    (a->kind == ACTION_MEMORY &&
	    check_memory(a, vm, c, p, m, err) != 0) ||
	    ((a->kind == ACTION_VCPUS || a->kind == ACTION_PIN) &&
	    check_vcpus(a, vm, c, err) != 0)) {
		request_free(&r);
		return -1;
	}
	return action_add(p, &r, NULL, m, err);
}

/* "shut web1 down on alpha", of the first step; of several VMs the caller knows
 * better. */
static void
give_title(struct plan *p, const struct model *m)
{
	/* What went before was for that. */
	const struct request *r = &p->steps[p->n - 1].req;
	char text[400];

	if (p->title != NULL)
		return;
	request_text(text, sizeof text, r);
	p->title = x_asprintf("%s on %s", text, model_host(m, r->host)->name);
}

int
action_plan(struct plan *p, const struct action *a, const struct model *m,
    struct err *err)
{
	const struct vm *vm = model_vm(m, a->vm);
	int rc;

	if (vm == NULL)
		return err_set(err, ERR_FAILED, "the VM is not there any more");
	if (safety_writable(model_conf(m), vm->cluster, err) != 0)
		return -1;
	if (a->kind == ACTION_MIGRATE || a->kind == ACTION_MOVE ||
	    a->kind == ACTION_REPAIR)
		return migrate_plan(p, a, m, err);
	rc = a->kind == ACTION_START || a->kind == ACTION_RESTORE ?
	    action_plan_start(p, a, vm, m, err) :
	    plan_domain(p, a, vm, m, err);
	if (rc == 0)
		give_title(p, m);
	return rc;
}
