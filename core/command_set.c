/* Commands that change what a domain has: memory, processors, devices; and the
 * keys and buttons of its machine. */
#include "core/command_priv.h"

#include <string.h>

#include "core/mem.h"
#include "core/obs.h"

int
command_memory(struct argv *w)
{
	if (argv_check_range(w, "memory in KiB", w->r->value, 1024,
	    OBS_MEM_MAX_KB) != 0)
		return -1;
	argv_add_xl(w, "mem-set");
	argv_add_domid(w);
	argv_add_number(w, w->r->value, "k");
	return 0;
}

enum { VCPUS_MAX = 4096 };

/* How many there may be was decided when the domain was made: that the host has
 * fewer processors is no reason any more. */
int
command_vcpus(struct argv *w)
{
	if (argv_check_range(w, "vCPUs", w->r->value, 1, VCPUS_MAX) != 0)
		return -1;
	argv_add_xl(w, "vcpu-set");
	argv_add(w, "--ignore-host");
	argv_add_domid(w);
	argv_add_number(w, w->r->value, "");
	return 0;
}

int
command_pin(struct argv *w)
{
	if (argv_check_range(w, "vCPU", w->r->value, -1, VCPUS_MAX - 1) != 0 ||
	    argv_check_chars(w, "processors", w->r->arg,
	    ARGV_LOWER ARGV_DIGITS ",:^-", 256) != 0)
		return -1;
	argv_add_xl(w, "vcpu-pin");
	argv_add_domid(w);
	if (w->r->value < 0)
		argv_add(w, "all");
	else
		argv_add_number(w, w->r->value, "");
	argv_add(w, w->r->arg);
	return 0;
}

/* A cap may be more than 100 per cent: it is of one processor. */
int
command_sched(struct argv *w)
{
	const char *scheduler = w->r->arg != NULL ? w->r->arg : "credit2";
	bool old = strcmp(scheduler, "credit") == 0;

	if (!old && strcmp(scheduler, "credit2") != 0)
		return err_set(w->err, ERR_USAGE, "the scheduler %.40s has no "
		    "weight and no cap", scheduler);
	if (w->r->value < 0 && w->r->cap < 0)
		return argv_bad(w, "scheduler", "neither a weight nor a cap "
		    "is given");
	if ((w->r->value >= 0 &&
	    argv_check_range(w, "weight", w->r->value, 1, 65535) != 0) ||
	    (w->r->cap >= 0 &&
	    argv_check_range(w, "cap in per cent", w->r->cap, 0, 65535) != 0))
		return -1;
	argv_add_xl(w, old ? "sched-credit" : "sched-credit2");
	argv_add(w, "-d");
	argv_add_domid(w);
	if (w->r->value >= 0) {
		argv_add(w, "-w");
		argv_add_number(w, w->r->value, "");
	}
	if (w->r->cap >= 0) {
		argv_add(w, "-c");
		argv_add_number(w, w->r->cap, "");
	}
	return 0;
}

int
command_disk(struct argv *w)
{
	bool attach = w->r->op == REQ_DISK_ATTACH;

	if (attach ?
	    argv_check_text(w, "disk", w->r->arg, ARGV_SPEC_MAX) != 0 :
	    argv_check_vdev(w) != 0)
		return -1;
	argv_add_xl(w, attach ? "block-attach" : "block-detach");
	argv_add_domid(w);
	argv_add(w, w->r->arg);
	return 0;
}

/* xl wants each setting of a vif as a word of its own. */
int
command_nic_attach(struct argv *w)
{
	const char *s = w->r->arg;

	if (argv_check_text(w, "network interface", s, ARGV_SPEC_MAX) != 0)
		return -1;
	argv_add_xl(w, "network-attach");
	argv_add_domid(w);
	while (*s != '\0') {
		size_t n = strcspn(s, ",");
		char *word = x_strndup(s, n);
		bool ok = strchr(word, '=') > word;

		if (ok)
			argv_add(w, word);
		x_free(word);
		if (!ok)
			return err_set(w->err, ERR_USAGE, "network interface: "
			    "'%.*s' is not like bridge=xenbr0", (int)(n < 100 ?
			    n : 100), s);
		s += n + (s[n] == ',');
	}
	return 0;
}

int
command_nic_detach(struct argv *w)
{
	if (argv_check_chars(w, "network interface", w->r->arg,
	    ARGV_DIGITS "abcdefABCDEF:", 32) != 0)
		return -1;
	argv_add_xl(w, "network-detach");
	argv_add_domid(w);
	argv_add(w, w->r->arg);
	return 0;
}

int
command_cd(struct argv *w)
{
	bool insert = w->r->op == REQ_CD_INSERT;

	if (argv_check_vdev(w) != 0 ||
	    (insert && argv_check_path(w, "image", w->r->arg2) != 0))
		return -1;
	argv_add_xl(w, insert ? "cd-insert" : "cd-eject");
	argv_add_domid(w);
	argv_add(w, w->r->arg);
	if (insert)
		argv_add(w, w->r->arg2);
	return 0;
}

int
command_trigger(struct argv *w)
{
	static const char *const known[] = { "nmi", "reset", "init", "power",
		"sleep", "s3resume" };

	if (argv_check_text(w, "trigger", w->r->arg, 32) != 0)
		return -1;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i], w->r->arg) == 0) {
			argv_add_xl(w, "trigger");
			argv_add_domid(w);
			argv_add(w, w->r->arg);
			return 0;
		}
	return err_set(w->err, ERR_USAGE, "trigger: '%.40s' is none of nmi, "
	    "reset, init, power, sleep and s3resume", w->r->arg);
}

int
command_sysrq(struct argv *w)
{
	if (argv_check_chars(w, "sysrq", w->r->arg, ARGV_LOWER ARGV_DIGITS,
	    32) != 0)
		return -1;
	if (w->r->arg[1] != '\0')
		return argv_bad(w, "sysrq", "one letter or digit is wanted");
	argv_add_xl(w, "sysrq");
	argv_add_domid(w);
	argv_add(w, w->r->arg);
	return 0;
}
