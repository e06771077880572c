/* Requests as data: copying them and comparing them, and their words. One table
 * has both words of each op, so that none can be forgotten. */
#include "core/request.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"

/* How the sentence goes on after the verb. */
enum tail { TAIL_VM, TAIL_VM_ARG, TAIL_ARG_VM, TAIL_ARG, TAIL_NUMBER,
	TAIL_MEMORY, TAIL_NONE };

static const struct op {
	const char *name;          /* for the journal: never changed */
	const char *doing, *rest;  /* "shut" NAME "down" */
	enum tail tail;
} ops[REQ_OPS] = {
	[REQ_NONE] = { "none", "do nothing", "", TAIL_NONE },
	[REQ_START] = { "start", "start", "", TAIL_VM },
	[REQ_RESTORE] = { "restore", "restore", "from", TAIL_VM_ARG },
	[REQ_SHUTDOWN] = { "shutdown", "shut", "down", TAIL_VM },
	[REQ_REBOOT] = { "reboot", "reboot", "", TAIL_VM },
	[REQ_DESTROY] = { "destroy", "kill", "", TAIL_VM },
	[REQ_PAUSE] = { "pause", "pause", "", TAIL_VM },
	[REQ_UNPAUSE] = { "unpause", "unpause", "", TAIL_VM },
	[REQ_RESUME] = { "resume", "wake", "", TAIL_VM },
	[REQ_SAVE] = { "save", "save", "to", TAIL_VM_ARG },
	[REQ_RENAME] = { "rename", "rename", "to", TAIL_VM_ARG },
	[REQ_MEM_SET] = { "mem-set", "set the memory of", "to", TAIL_MEMORY },
	[REQ_VCPU_SET] = { "vcpu-set", "set the vCPUs of", "to", TAIL_NUMBER },
	[REQ_VCPU_PIN] = { "vcpu-pin", "pin the vCPUs of", "to", TAIL_VM_ARG },
	[REQ_SCHED] = { "sched", "set weight and cap of", "", TAIL_VM },
	[REQ_DISK_ATTACH] = { "disk-attach", "attach the disk", "to",
	    TAIL_ARG_VM },
	[REQ_DISK_DETACH] = { "disk-detach", "detach the disk", "from",
	    TAIL_ARG_VM },
	[REQ_NIC_ATTACH] = { "nic-attach", "attach the network interface",
	    "to", TAIL_ARG_VM },
	[REQ_NIC_DETACH] = { "nic-detach", "detach the network interface",
	    "from", TAIL_ARG_VM },
	[REQ_CD_INSERT] = { "cd-insert", "insert a CD into", "of",
	    TAIL_ARG_VM },
	[REQ_CD_EJECT] = { "cd-eject", "eject the CD from", "of",
	    TAIL_ARG_VM },
	[REQ_TRIGGER] = { "trigger", "send the trigger", "to", TAIL_ARG_VM },
	[REQ_SYSRQ] = { "sysrq", "send SysRq", "to", TAIL_ARG_VM },
	[REQ_DUMP_CORE] = { "dump-core", "dump the memory of", "to",
	    TAIL_VM_ARG },
	[REQ_MIGRATE] = { "migrate", "migrate", "to", TAIL_VM_ARG },
	[REQ_DEF_CHECK] = { "def-check", "check the definition", "", TAIL_ARG },
	[REQ_DEF_WRITE] = { "def-write", "write the definition", "", TAIL_ARG },
	[REQ_PROBE] = { "probe", "look around", "", TAIL_NONE },
	[REQ_LV_ACTIVATE] = { "lv-activate", "activate the volume", "",
	    TAIL_ARG },
	[REQ_LV_DEACTIVATE] = { "lv-deactivate", "deactivate the volume", "",
	    TAIL_ARG },
};

void
request_init(struct request *r, enum request_op op)
{
	*r = (struct request){
		.op = op,
		.host = REQUEST_NO_HOST,
		.domid = REQUEST_NO_DOMID,
		.to = REQUEST_NO_HOST,
		.value = -1,
		.cap = -1,
	};
}

void
request_copy(struct request *to, const struct request *from)
{
	*to = *from;
	to->name = x_strdup(from->name);
	to->boot_id = x_strdup(from->boot_id);
	to->arg = x_strdup(from->arg);
	to->arg2 = x_strdup(from->arg2);
	to->body = x_strdup(from->body);
}

void
request_free(struct request *r)
{
	x_free(r->name);
	x_free(r->boot_id);
	x_free(r->arg);
	x_free(r->arg2);
	x_free(r->body);
	request_init(r, REQ_NONE);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
request_equal(const struct request *a, const struct request *b)
{
	return a->op == b->op && a->host == b->host &&
	    a->cluster == b->cluster && uuid_cmp(&a->uuid, &b->uuid) == 0 &&
	    same(a->name, b->name) && a->domid == b->domid &&
	    same(a->boot_id, b->boot_id) && a->to == b->to &&
	    a->value == b->value && a->cap == b->cap && a->flags == b->flags &&
	    same(a->arg, b->arg) && same(a->arg2, b->arg2) &&
	    same(a->body, b->body);
}

const char *
request_op_name(enum request_op op)
{
	return ops[op].name;
}

enum request_op
request_op_find(const char *name)
{
	for (int op = REQ_NONE + 1; op < REQ_OPS; op++)
		if (strcmp(ops[op].name, name) == 0)
			return (enum request_op)op;
	return REQ_NONE;
}

static void
put_value(char *out, size_t size, const struct request *r)
{
	if (r->value < 0)
		snprintf(out, size, "?");
	else if (ops[r->op].tail == TAIL_MEMORY)
		snprintf(out, size, "%lld MiB", (long long)r->value / 1024);
	else
		snprintf(out, size, "%lld", (long long)r->value);
}

void
request_text(char *out, size_t size, const struct request *r)
{
	const struct op *op = &ops[r->op];
	const char *vm = r->name != NULL ? r->name : "?";
	const char *arg = r->arg != NULL ? r->arg : "?";
	const char *blank = op->rest[0] != '\0' ? " " : "";
	char value[32];

	switch (op->tail) {
	case TAIL_NONE:
		snprintf(out, size, "%s", op->doing);
		break;
	case TAIL_VM:
		snprintf(out, size, "%s %s%s%s", op->doing, vm, blank,
		    op->rest);
		break;
	case TAIL_VM_ARG:
		snprintf(out, size, "%s %s %s %s", op->doing, vm, op->rest,
		    arg);
		break;
	case TAIL_ARG_VM:
		snprintf(out, size, "%s %s %s %s", op->doing, arg, op->rest,
		    vm);
		break;
	case TAIL_ARG:
		snprintf(out, size, "%s %s", op->doing, arg);
		break;
	case TAIL_NUMBER:
	case TAIL_MEMORY:
		put_value(value, sizeof value, r);
		snprintf(out, size, "%s %s %s %s", op->doing, vm, op->rest,
		    value);
		break;
	}
}
