/* The columns that come in as the screen grows wider: rates, uptime, and what
 * is configured about a VM or known of its host. */
#include "tui/columns.h"

#include <stdio.h>
#include <string.h>

#include "tui/text.h"

/* --- Rates --------------------------------------------------------------------- */

/* of is which of the four: they lie in the same order in both structs. */
enum rate { RATE_RX, RATE_TX, RATE_RD, RATE_WR };

static int64_t
rate_of(const struct item *it, enum rate what)
{
	const struct vm_copy *c = it->copy;
	const struct sum *s = it->sum;

	switch (what) {
	case RATE_RX:
		return c != NULL ? c->net_rx : s != NULL ? s->net_rx : -1;
	case RATE_TX:
		return c != NULL ? c->net_tx : s != NULL ? s->net_tx : -1;
	case RATE_RD:
		return c != NULL ? c->disk_rd : s != NULL ? s->disk_rd : -1;
	case RATE_WR:
		return c != NULL ? c->disk_wr : s != NULL ? s->disk_wr : -1;
	}
	return -1;
}

static void
text_rate_of(const struct item *it, struct cell_text *out, enum rate what)
{
	int64_t v;

	if (it->row->id.kind == ROW_DOM0 ||
	    (it->row->id.kind == ROW_VM && it->copy == NULL))
		return;
	v = rate_of(it, what);
	text_rate(out->buf, v);
	/* Idle ones should not be looked at. */
	column_say(out, out->buf, v <= 0 ? STYLE_FAINT : STYLE_NORMAL);
}

void
column_rx(const struct item *it, struct cell_text *out)
{
	text_rate_of(it, out, RATE_RX);
}

void
column_tx(const struct item *it, struct cell_text *out)
{
	text_rate_of(it, out, RATE_TX);
}

void
column_rd(const struct item *it, struct cell_text *out)
{
	text_rate_of(it, out, RATE_RD);
}

void
column_wr(const struct item *it, struct cell_text *out)
{
	text_rate_of(it, out, RATE_WR);
}

struct sort_key
column_key_rx(const struct item *it)
{
	return column_by(rate_of(it, RATE_RX));
}

struct sort_key
column_key_tx(const struct item *it)
{
	return column_by(rate_of(it, RATE_TX));
}

struct sort_key
column_key_rd(const struct item *it)
{
	return column_by(rate_of(it, RATE_RD));
}

struct sort_key
column_key_wr(const struct item *it)
{
	return column_by(rate_of(it, RATE_WR));
}

/* --- Time ----------------------------------------------------------------------- */

static int64_t
uptime_s(const struct item *it)
{
	if (it->row->id.kind == ROW_HOST || it->row->id.kind == ROW_DOM0)
		return it->host->seen ? it->host->facts.uptime_s : -1;
	if (it->copy == NULL)
		return -1;
	return model_uptime_s(it->f->model, it->copy, it->f->now);
}

void
column_uptime(const struct item *it, struct cell_text *out)
{
	if (it->row->id.kind == ROW_CLUSTER || it->row->id.kind == ROW_DOM0 ||
	    (it->row->id.kind == ROW_VM && it->copy == NULL))
		return;
	text_uptime(out->buf, uptime_s(it));
	column_say(out, out->buf, STYLE_NORMAL);
}

struct sort_key
column_key_uptime(const struct item *it)
{
	int64_t s = it->copy != NULL ? uptime_s(it) : -1;

	return column_by(s < 0 ? INT64_MAX : s);
}

/* --- Who and where ---------------------------------------------------------------- */

void
column_host(const struct item *it, struct cell_text *out)
{
	column_say(out, it->host != NULL ? it->host->name : "-",
	    it->stale ? STYLE_STALE : STYLE_NORMAL);
}

struct sort_key
column_key_host(const struct item *it)
{
	return column_by(it->host != NULL ? it->host->id : INT64_MAX);
}

static uint32_t
cluster_of(const struct item *it)
{
	return it->host != NULL ? it->host->cluster :
	    it->vm != NULL ? it->vm->cluster : MODEL_NONE;
}

void
column_cluster(const struct item *it, struct cell_text *out)
{
	const struct conf *c = model_conf(it->f->model);
	uint32_t i = cluster_of(it);

	/* The row of the cluster itself has its name in front. */
	if (i < c->nclusters)
		column_say(out, c->clusters[i].name, STYLE_NORMAL);
}

struct sort_key
column_key_cluster(const struct item *it)
{
	return column_by(cluster_of(it));
}

/* Running and known ones; "5+3?/9" where 3 more ran when their host was last
 * heard of. */
void
column_vms(const struct item *it, struct cell_text *out)
{
	const struct sum *s = it->sum;

	if (s == NULL || it->row->id.kind == ROW_DOM0)
		return;
	if (s->unsure == 0)
		snprintf(out->buf, sizeof out->buf, "%u/%u", s->running,
		    s->vms);
	else if (s->running == 0)
		snprintf(out->buf, sizeof out->buf, "%u?/%u", s->unsure,
		    s->vms);
	else
		snprintf(out->buf, sizeof out->buf, "%u+%u?/%u", s->running,
		    s->unsure, s->vms);
	column_say(out, out->buf, STYLE_NORMAL);
}

static enum vm_type
type_of(const struct item *it)
{
	return it->copy != NULL ? it->copy->type : it->vm->def_type;
}

void
column_type(const struct item *it, struct cell_text *out)
{
	if (it->row->id.kind == ROW_VM && it->vm != NULL)
		column_say(out, vm_type_name(type_of(it)), STYLE_NORMAL);
}

struct sort_key
column_key_type(const struct item *it)
{
	return column_by(type_of(it));
}

void
column_domid(const struct item *it, struct cell_text *out)
{
	if (it->copy == NULL)
		return;
	snprintf(out->buf, sizeof out->buf, "%u", it->copy->domid);
	column_say(out, out->buf, STYLE_NORMAL);
}

struct sort_key
column_key_domid(const struct item *it)
{
	return column_by(it->copy != NULL ? it->copy->domid : UINT32_MAX);
}

void
column_priority(const struct item *it, struct cell_text *out)
{
	if (it->vm == NULL || it->vm->conf == NULL ||
	    it->vm->conf->priority <= 0)
		return;
	snprintf(out->buf, sizeof out->buf, "%d", it->vm->conf->priority);
	column_say(out, out->buf, STYLE_NORMAL);
}

struct sort_key
column_key_priority(const struct item *it)
{
	return column_by(it->vm->conf != NULL && it->vm->conf->priority > 0 ?
	    it->vm->conf->priority : 10);
}

static const char *
home_of(const struct item *it)
{
	if (it->vm == NULL || it->vm->home >= model_nhosts(it->f->model))
		return NULL;
	return model_host(it->f->model, it->vm->home)->name;
}

/* A VM away from its home is marked: that is what one looks for here. */
void
column_home(const struct item *it, struct cell_text *out)
{
	const char *home = home_of(it);
	bool away;

	if (home == NULL)
		return;
	away = it->copy != NULL && it->row->id.host != it->vm->home;
	snprintf(out->buf, sizeof out->buf, "%s%.60s", away ? "!" : "", home);
	column_say(out, out->buf, away ? STYLE_WARN : STYLE_NORMAL);
}

struct sort_key
column_key_home(const struct item *it)
{
	return column_by_text(home_of(it));
}

static const char *
ip_of(const struct item *it)
{
	if (it->vm == NULL)
		return NULL;
	for (size_t i = 0; i < it->vm->detail.nnics; i++)
		if (it->vm->detail.nics[i].ip != NULL)
			return it->vm->detail.nics[i].ip;
	return NULL;
}

void
column_ip(const struct item *it, struct cell_text *out)
{
	if (it->row->id.kind == ROW_HOST)
		column_say(out, model_conf(it->f->model)->hosts[it->host->id].address,
		    STYLE_FAINT);
	else
		column_say(out, ip_of(it), STYLE_NORMAL);
}

struct sort_key
column_key_ip(const struct item *it)
{
	return column_by_text(ip_of(it));
}

void
column_uuid(const struct item *it, struct cell_text *out)
{
	if (it->vm == NULL || uuid_is_nil(&it->vm->uuid))
		return;
	uuid_format(out->buf, &it->vm->uuid);
	out->buf[8] = '\0';
	column_say(out, out->buf, STYLE_FAINT);
}

struct sort_key
column_key_uuid(const struct item *it)
{
	int64_t head = 0;

	for (int i = 0; i < 7; i++)
		head = head << 8 | it->vm->uuid.b[i];
	return column_by(head);
}

/* --- In words ------------------------------------------------------------------------ */

static void
host_info(const struct item *it, struct cell_text *out)
{
	const struct host *h = it->host;

	if (h->note != NULL) {
		column_say(out, h->note, STYLE_WARN);
		return;
	}
	snprintf(out->buf, sizeof out->buf, "Xen %.16s, %.12s over %.12s",
	    h->seen && h->facts.xen_version != NULL ? h->facts.xen_version :
	    "?", h->observer != NULL ? h->observer : "?",
	    h->transport != NULL ? h->transport : "?");
	column_say(out, out->buf, STYLE_FAINT);
}

void
column_info(const struct item *it, struct cell_text *out)
{
	if (it->row->id.kind == ROW_HOST)
		host_info(it, out);
	else if (it->vm != NULL && it->vm->conf != NULL)
		column_say(out, it->vm->conf->description, STYLE_FAINT);
}

struct sort_key
column_key_info(const struct item *it)
{
	return column_by_text(it->vm->conf != NULL ?
	    it->vm->conf->description : NULL);
}
