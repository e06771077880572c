/* Reading recordings. They come by mail and are edited by hand, so they are
 * as foreign as what hosts send: every line may be anything, and one bad line
 * costs the frames up to that host's next full one, no more. */
#include <string.h>

#include "backends/wire.h"
#include "backends/wire_json.h"
#include "core/mem.h"

enum { HOSTS_MAX = 4096, VMS_MAX = 65536 };

/* A year of ms: keeps all later arithmetic far from its limits. */
static const int64_t AT_MAX = INT64_C(366) * 86400 * 1000;

struct host {
	char *name;
	struct wire_decoder *decoder;
	bool muted;
};

struct wire_reader {
	struct json_tokener *tok;
	struct wire_decoder *console; /* lines about no host */
	struct host *hosts;           /* as the conf's */
	size_t nhosts;
	int64_t wall_ms;              /* when it began */
	struct defpool *pool;         /* of all hosts' definitions */
	const struct defs *defs;      /* of the last line, or NULL */
	bool headed;
	bool full;                    /* the last event was a full frame */
};

struct wire_reader *
wire_reader_new(void)
{
	struct wire_reader *r = x_calloc(1, sizeof *r);

	r->tok = wire_tokener();
	r->console = wire_decoder_new();
	r->pool = defpool_new();
	return r;
}

void
wire_reader_free(struct wire_reader *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->nhosts; i++) {
		x_free(r->hosts[i].name);
		wire_decoder_free(r->hosts[i].decoder);
	}
	x_free(r->hosts);
	wire_decoder_free(r->console);
	defs_unref(r->defs);
	defpool_drop(r->pool);
	json_tokener_free(r->tok);
	x_free(r);
}

/* --- The head ------------------------------------------------------------- */

static void
own(char **slot, struct json_object *o, const char *key, size_t max)
{
	struct arena a = { 0 };

	x_replace(slot, wire_get_str(&a, o, key, max));
	arena_free(&a);
}

/* An array's length, 0 when there is none; -1 when it is too long. */
static int
count(struct json_object *array, size_t used, size_t max, const char *what,
    size_t *n, struct err *err)
{
	*n = array != NULL ? json_object_array_length(array) : 0;
	if (*n > max - used)
		return err_set(err, ERR_FAILED,
		    "the recording names more than %zu %s", max, what);
	return 0;
}

static int
head_host(struct conf *c, struct json_object *o, struct err *err)
{
	struct conf_host *h = conf_add_host(c);

	own(&h->name, o, "name", OBS_NAME_MAX);
	if (h->name == NULL || h->name[0] == '\0')
		return err_set(err, ERR_FAILED,
		    "the recording's head has a host without name");
	if (conf_find_host(c, h->name) != c->nhosts - 1)
		return err_set(err, ERR_FAILED,
		    "the recording's head has host %s twice", h->name);
	x_replace(&h->address, h->name);
	x_replace(&h->file, "recording");
	h->line = 1;
	wire_get_int(o, "reserve_kb", 0, INT64_MAX, &h->reserve_kb);
	return 0;
}

static int
head_cluster(struct conf *c, struct json_object *o, struct err *err)
{
	struct json_object *hosts = wire_member(o, "hosts", json_type_array);
	struct conf_cluster *cl = conf_add_cluster(c);
	size_t n;

	own(&cl->name, o, "name", OBS_NAME_MAX);
	if (cl->name == NULL)
		return err_set(err, ERR_FAILED,
		    "the recording's head has a cluster without name");
	cl->production = wire_get_bool(o, "production");
	cl->read_only = wire_get_bool(o, "read_only");
	x_replace(&cl->file, "recording");
	cl->line = 1;
	if (count(hosts, c->nhosts, HOSTS_MAX, "hosts", &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (head_host(c, json_object_array_get_idx(hosts, i), err) != 0)
			return -1;
	return 0;
}

static int
head_vm(struct conf *c, struct json_object *o, struct err *err)
{
	struct conf_vm *vm = conf_add_vm(c);
	int64_t priority;

	own(&vm->match, o, "match", OBS_NAME_MAX);
	if (vm->match == NULL)
		return err_set(err, ERR_FAILED,
		    "the recording's head has a VM without match");
	if (wire_get_int(o, "priority", 1, 9, &priority))
		vm->priority = (int)priority;
	own(&vm->home, o, "home", OBS_NAME_MAX);
	own(&vm->description, o, "description", OBS_TEXT_MAX);
	x_replace(&vm->file, "recording");
	vm->line = 1;
	return 0;
}

static void
head_times(struct conf *c, struct json_object *o)
{
	int64_t ms;

	if (wire_get_int(o, "refresh_ms", 1, INT32_MAX, &ms))
		c->refresh_ms = (int)ms;
	if (wire_get_int(o, "stale_ms", 1, INT32_MAX, &ms))
		c->stale_ms = (int)ms;
}

static int
head_conf(struct conf *c, struct json_object *o, struct err *err)
{
	struct json_object *clusters, *vms;
	size_t n;

	head_times(c, o);
	clusters = wire_member(o, "clusters", json_type_array);
	if (count(clusters, 0, HOSTS_MAX, "clusters", &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (head_cluster(c, json_object_array_get_idx(clusters, i),
		    err) != 0)
			return -1;
	vms = wire_member(o, "vms", json_type_array);
	if (count(vms, 0, VMS_MAX, "VMs", &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (head_vm(c, json_object_array_get_idx(vms, i), err) != 0)
			return -1;
	return 0;
}

static int
check_head(struct json_object *o, struct err *err)
{
	struct json_object *type = wire_member(o, "type", json_type_string);
	int64_t v;

	if (type == NULL ||
	    strcmp(json_object_get_string(type), "recording") != 0 ||
	    !wire_get_int(o, "v", 1, INT32_MAX, &v))
		return err_set(err, ERR_FAILED, "not a recording of xendeck: "
		    "its first line is no head");
	if (v > WIRE_VERSION)
		return err_set(err, ERR_FAILED, "the recording has version %d, "
		    "this xendeck only reads up to %d: update xendeck", (int)v,
		    WIRE_VERSION);
	return 0;
}

void
wire_reader_begin(struct wire_reader *r, const struct conf *conf,
    int64_t wall_ms)
{
	r->wall_ms = wall_ms;
	r->hosts = x_calloc(conf->nhosts, sizeof *r->hosts);
	r->nhosts = conf->nhosts;
	for (size_t i = 0; i < r->nhosts; i++) {
		r->hosts[i].name = x_strdup(conf->hosts[i].name);
		r->hosts[i].decoder = wire_decoder_new();
	}
	r->headed = true;
}

void
wire_reader_mute(struct wire_reader *r, size_t host, bool muted)
{
	r->hosts[host].muted = muted;
}

bool
wire_reader_full(const struct wire_reader *r)
{
	return r->full;
}

int
wire_read_head(struct wire_reader *r, const char *line, size_t n,
    struct conf *conf, int64_t *wall_ms, struct err *err)
{
	struct json_object *o = wire_parse(r->tok, line, n, err);
	int rc = -1;

	if (o == NULL)
		return err_prefix(err, "not a recording of xendeck");
	if (check_head(o, err) != 0 || head_conf(conf, o, err) != 0)
		goto out;
	*wall_ms = 0;
	wire_get_int(o, "wall_ms", 0, INT64_MAX / 2, wall_ms);
	wire_reader_begin(r, conf, *wall_ms);
	rc = 0;
out:
	json_object_put(o);
	return rc;
}

/* --- Events --------------------------------------------------------------- */

static int
find_host(const struct wire_reader *r, struct json_object *o, uint32_t *host,
    struct err *err)
{
	struct json_object *on;
	const char *name;

	*host = EVENT_NO_HOST;
	if (!json_object_object_get_ex(o, "on", &on))
		return 0;
	name = json_object_is_type(on, json_type_string) ?
	    json_object_get_string(on) : "";
	for (size_t i = 0; i < r->nhosts; i++)
		if (strcmp(r->hosts[i].name, name) == 0) {
			*host = (uint32_t)i;
			return 0;
		}
	return err_set(err, ERR_FAILED,
	    "a line about a host that the recording's head does not name");
}

/* A delta that cannot be used is no news: the line that is to blame for it has
 * been complained about. */
static bool
is_useless(const struct wire_decoder *d, struct json_object *o, bool muted)
{
	struct json_object *type = wire_member(o, "type", json_type_string);

	return type != NULL &&
	    strcmp(json_object_get_string(type), "obs") == 0 &&
	    (muted || (wire_waiting(d) && !wire_get_bool(o, "full")));
}

static const struct defs *
read_defs(struct wire_reader *r, const struct wire_defs *d)
{
	defs_unref(r->defs);
	r->defs = defs_read(r->pool, d->files, d->n, d->note);
	return r->defs;
}

static int
fill(struct wire_reader *r, const struct wire_decoder *d, enum wire_type type,
    struct event *e)
{
	switch (type) {
	case WIRE_OBS:
		if (e->host == EVENT_NO_HOST)
			return 0;
		e->type = EVENT_OBS;
		e->u.obs = wire_obs(d);
		return 1;
	case WIRE_LINK:
		if (e->host == EVENT_NO_HOST)
			return 0;
		e->type = EVENT_LINK;
		e->u.link = *wire_link(d);
		if (e->u.link.retry.ns != MONO_NEVER.ns)
			e->u.link.retry.ns += e->at.ns;
		return 1;
	case WIRE_NOTE:
		e->type = EVENT_NOTE;
		e->u.note = *wire_note(d);
		return e->u.note.text != NULL;
	case WIRE_ANSWER:
		if (e->host == EVENT_NO_HOST)
			return 0;
		e->type = EVENT_ANSWER;
		e->u.answer = *wire_answer(d);
		return 1;
	case WIRE_DEFS:
		if (e->host == EVENT_NO_HOST)
			return 0;
		e->type = EVENT_DEFS;
		e->u.defs = read_defs(r, wire_defs(d));
		return 1;
	case WIRE_HELLO:
	case WIRE_BYE:
	case WIRE_IGNORE:
		break;
	}
	return 0;
}

static int
read_object(struct wire_reader *r, struct json_object *o, struct event *e,
    struct err *err)
{
	struct wire_decoder *d = r->console;
	enum wire_type type;
	bool muted = false;
	int64_t at;

	if (find_host(r, o, &e->host, err) != 0)
		return -1;
	if (!wire_get_int(o, "at", 0, AT_MAX, &at))
		return err_set(err, ERR_FAILED, "a line without time");
	e->at = mono_add_ms(MONO_ZERO, at);
	e->wall_ms = r->wall_ms + at;
	if (e->host != EVENT_NO_HOST) {
		d = r->hosts[e->host].decoder;
		muted = r->hosts[e->host].muted;
	}
	if (is_useless(d, o, muted))
		return 0;
	r->full = wire_get_bool(o, "full");
	if (wire_decode(d, o, &type, err) != 0)
		return e->host == EVENT_NO_HOST ? -1 :
		    err_prefix(err, "%s", r->hosts[e->host].name);
	return fill(r, d, type, e);
}

int
wire_read_event(struct wire_reader *r, const char *line, size_t n,
    struct event *e, struct err *err)
{
	struct json_object *o;
	int rc;

	if (!r->headed)
		return err_set(err, ERR_FAILED, "the recording has no head");
	o = wire_parse(r->tok, line, n, err);
	if (o == NULL)
		return -1;
	rc = read_object(r, o, e, err);
	json_object_put(o);
	return rc;
}
