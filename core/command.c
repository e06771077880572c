/* From a request to an argv. One row per operation says how long it may take
 * and whether it may be repeated; one function per kind of operation adds its
 * words: command_life.c, command_set.c, command_host.c. */
#include "core/command.h"

#include "core/command_priv.h"
#include "core/mem.h"
#include "core/quote.h"

#define S COMMAND_S
#define MIN COMMAND_MIN
#define HOUR (60 * MIN)

enum op_needs { NEEDS_HOST, NEEDS_VM, NEEDS_DOMAIN, NEEDS_BODY };

/* Pausing counts: what was paused twice has to be unpaused twice
 * (domain_pause_by_systemcontroller). */
static const struct op_row {
	command_put *put;
	int64_t limit_ms;            /* 0: a minute */
	enum op_needs needs;
	bool progress, safe_again;
} rows[REQ_OPS] = {
	[REQ_START] = { command_start, 3 * MIN, NEEDS_VM, false, false },
	[REQ_RESTORE] = { command_restore, 30 * MIN, NEEDS_VM, false, false },
	/* xl itself waits a minute for the guest's word. */
	[REQ_SHUTDOWN] = { command_shutdown, 75 * S, NEEDS_DOMAIN, false,
	    true },
	[REQ_REBOOT] = { command_plain, 75 * S, NEEDS_DOMAIN, false, true },
	[REQ_DESTROY] = { command_plain, 0, NEEDS_DOMAIN, false, true },
	[REQ_PAUSE] = { command_plain, 0, NEEDS_DOMAIN, false, false },
	[REQ_UNPAUSE] = { command_plain, 0, NEEDS_DOMAIN, false, false },
	[REQ_RESUME] = { command_resume, 30 * MIN, NEEDS_DOMAIN, false, false },
	[REQ_SAVE] = { command_save, 30 * MIN, NEEDS_DOMAIN, true, false },
	[REQ_RENAME] = { command_rename, 0, NEEDS_DOMAIN, false, true },
	[REQ_MEM_SET] = { command_memory, 0, NEEDS_DOMAIN, false, true },
	[REQ_VCPU_SET] = { command_vcpus, 0, NEEDS_DOMAIN, false, true },
	[REQ_VCPU_PIN] = { command_pin, 0, NEEDS_DOMAIN, false, true },
	[REQ_SCHED] = { command_sched, 0, NEEDS_DOMAIN, false, true },
	[REQ_DISK_ATTACH] = { command_disk, 0, NEEDS_DOMAIN, false, false },
	[REQ_DISK_DETACH] = { command_disk, 0, NEEDS_DOMAIN, false, false },
	[REQ_NIC_ATTACH] = { command_nic_attach, 0, NEEDS_DOMAIN, false,
	    false },
	[REQ_NIC_DETACH] = { command_nic_detach, 0, NEEDS_DOMAIN, false,
	    false },
	[REQ_CD_INSERT] = { command_cd, 0, NEEDS_DOMAIN, false, true },
	[REQ_CD_EJECT] = { command_cd, 0, NEEDS_DOMAIN, false, true },
	[REQ_TRIGGER] = { command_trigger, 0, NEEDS_DOMAIN, false, false },
	[REQ_SYSRQ] = { command_sysrq, 0, NEEDS_DOMAIN, false, false },
	[REQ_DUMP_CORE] = { command_dump, 30 * MIN, NEEDS_DOMAIN, false,
	    false },
	[REQ_MIGRATE] = { command_migrate, HOUR, NEEDS_DOMAIN, true, false },
	[REQ_DEF_CHECK] = { command_def_check, 0, NEEDS_BODY, false, true },
	[REQ_DEF_WRITE] = { command_def_write, 0, NEEDS_BODY, false, true },
	[REQ_PROBE] = { command_probe, 0, NEEDS_HOST, false, true },
	[REQ_LV_ACTIVATE] = { command_volume, 0, NEEDS_HOST, false, true },
	[REQ_LV_DEACTIVATE] = { command_volume, 0, NEEDS_HOST, false, true },
};

static int
check_request(const struct conf *conf, const struct request *r,
    struct err *err)
{
	enum op_needs needs;

	if (r->op <= REQ_NONE || r->op >= REQ_OPS)
		return err_set(err, ERR_USAGE, "nothing is asked for");
	if (r->host >= conf->nhosts)
		return err_set(err, ERR_USAGE, "%s: on which host is not said",
		    request_op_name(r->op));
	needs = rows[r->op].needs;
	if ((needs == NEEDS_VM || needs == NEEDS_DOMAIN) &&
	    (r->name == NULL || r->name[0] == '\0'))
		return err_set(err, ERR_USAGE, "%s: of which VM is not said",
		    request_op_name(r->op));
	if (needs == NEEDS_DOMAIN &&
	    (r->domid == 0 || r->domid == REQUEST_NO_DOMID))
		return err_set(err, ERR_USAGE, "%s: %.200s has no domain on %s",
		    request_op_name(r->op), r->name, conf->hosts[r->host].name);
	if (needs == NEEDS_DOMAIN && r->domid == REQUEST_LATER_DOMID)
		return err_set(err, ERR_USAGE, "%s: which domain is %.200s's "
		    "on %s will be known when its turn comes",
		    request_op_name(r->op), r->name, conf->hosts[r->host].name);
	if (needs == NEEDS_BODY && (r->body == NULL || r->body[0] == '\0'))
		return err_set(err, ERR_USAGE, "%s: the text is missing",
		    request_op_name(r->op));
	return 0;
}

int
command_build(struct command *c, const struct conf *conf,
    const struct request *r, struct err *err)
{
	struct argv w = { .c = c, .conf = conf, .r = r, .err = err };
	const struct op_row *row;
	int rc;

	*c = (struct command){ 0 };
	if (check_request(conf, r, err) != 0)
		return -1;
	row = &rows[r->op];
	c->argv = x_calloc(ARGV_MAX + 1, sizeof *c->argv);
	c->input = row->needs == NEEDS_BODY ? r->body : NULL;
	c->limit_ms = row->limit_ms != 0 ? row->limit_ms : MIN;
	c->progress = row->progress;
	c->safe_again = row->safe_again;
	rc = row->put != NULL ? row->put(&w) : err_set(err, ERR_FAILED,
	    "%s: there is no command for it", request_op_name(r->op));
	if (rc == 0 && w.n == ARGV_MAX)
		rc = err_set(err, ERR_USAGE, "%s: too many words",
		    request_op_name(r->op));
	if (rc != 0)
		command_free(c);
	return rc;
}

void
command_free(struct command *c)
{
	for (size_t i = 0; c->argv != NULL && c->argv[i] != NULL; i++)
		x_free(c->argv[i]);
	x_free(c->argv);
	*c = (struct command){ 0 };
}

int
command_text(struct buf *out, const struct command *c)
{
	return quote_argv(out, (const char *const *)c->argv);
}
