/* See defplan.h. That the file is still what the operator saw is checked twice:
 * here by what the host said last, and there, right before it is replaced, by
 * its sum. */
#include "core/defplan.h"

#include <string.h>

#include "core/cksum.h"
#include "core/defdiff.h"
#include "core/mem.h"
#include "core/safety.h"

static void
fill(struct request *r, enum request_op op, const struct vm *vm,
    uint32_t host, const char *path, const char *text)
{
	request_init(r, op);
	r->host = host;
	r->cluster = vm->cluster;
	r->uuid = vm->uuid;
	r->name = x_strdup(vm->name);
	r->arg = x_strdup(path);
	r->body = x_strdup(text);
}

static int
check_host(const struct model *m, const struct vm *vm, uint32_t host,
    struct err *err)
{
	const struct host *h = model_host(m, host);

	if (safety_writable(model_conf(m), vm->cluster, err) != 0)
		return -1;
	if (h->cluster != vm->cluster)
		return err_set(err, ERR_USAGE, "%s is not in %.200s's cluster",
		    h->name, vm->name);
	if (h->health != HOST_LIVE)
		return err_set(err, ERR_UNREACHABLE, "%s does not answer: "
		    "nothing can be written there", h->name);
	if (model_defs(m, host) == NULL)
		return err_set(err, ERR_UNREACHABLE, "%s has not said what it "
		    "defines", h->name);
	return 0;
}

/* What the host has now is what the operator saw. */
static int
check_seen(const struct model *m, uint32_t host, const char *path,
    const struct def *was, struct err *err)
{
	const struct def *now = defs_at_path(model_defs(m, host), path);

	if (was == NULL && now == NULL)
		return 0;
	if (was != NULL && now != NULL && was->len == now->len &&
	    memcmp(was->text, now->text, was->len) == 0)
		return 0;
	return err_set(err, ERR_REFUSED, "%.200s on %s %s: nothing is written",
	    path, model_host(m, host)->name, was == NULL ?
	    "is there already" : now == NULL ? "is not there any more" :
	    "has changed since it was read");
}

int
defplan_write(struct plan *p, const struct model *m, const struct vm *vm,
    uint32_t host, const char *path, const struct def *was, const char *text,
    struct err *err)
{
	char sum[CKSUM_TEXT] = "-";
	struct request r;
	uint32_t checked, written;

	if (text[0] == '\0' || strlen(text) > DEFS_FILE_MAX)
		return err_set(err, ERR_USAGE, "a definition has from 1 to %d "
		    "bytes", DEFS_FILE_MAX);
	if (check_host(m, vm, host, err) != 0 ||
	    check_seen(m, host, path, was, err) != 0)
		return -1;
	if (was != NULL)
		cksum_text(sum, was->text, was->len);
	fill(&r, REQ_DEF_CHECK, vm, host, path, text);
	checked = plan_add(p, &r, "xl must understand it");
	fill(&r, REQ_DEF_WRITE, vm, host, path, text);
	r.arg2 = x_strdup(sum);
	written = plan_add(p, &r, was != NULL ? "what was there is kept "
	    "beside it" : NULL);
	plan_after(p, written, checked);
	return 0;
}

int
defplan_copy(struct plan *p, const struct model *m, const struct vm *vm,
    uint32_t from, uint32_t to, struct err *err)
{
	const struct def *d = def_of_vm(m, vm, from);
	const struct def *was = def_of_vm(m, vm, to);
	struct def_changes c;
	size_t n;

	if (d == NULL)
		return err_set(err, model_defs(m, from) != NULL ? ERR_FAILED :
		    ERR_UNREACHABLE, "%s %s %.200s", model_host(m, from)->name,
		    model_defs(m, from) != NULL ? "does not define" :
		    "has not said whether it defines", vm->name);
	if (from == to)
		return err_set(err, ERR_USAGE, "from %s to itself",
		    model_host(m, from)->name);
	if (was != NULL) {
		def_diff(&c, d, was);
		n = c.n;
		def_changes_free(&c);
		if (n == 0)
			return err_set(err, ERR_REFUSED, "%s has the same "
			    "definition of %.200s already",
			    model_host(m, to)->name, vm->name);
	}
	return defplan_write(p, m, vm, to, was != NULL ? was->path : d->path,
	    was, d->text, err);
}
