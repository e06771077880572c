/* From a frame and the observation before it to the next observation. It is
 * built anew in an arena of its own, so that a frame that turns out wrong half
 * way leaves nothing behind; and a frame that is wrong in what it says of the
 * list of domains is refused as a whole, since a domain that is not in an
 * observation counts as not there. */
#include <string.h>

#include "backends/wire_json.h"
#include "core/uuid.h"

/* The field of that key, searched from `from` on and then from the start; else
 * the table's end. */
static const struct wire_field *
find(const struct wire_field *fields, const struct wire_field *from,
    const char *key)
{
	const struct wire_field *f = from;

	while (f->key != NULL && strcmp(f->key, key) != 0)
		f++;
	if (f->key != NULL || from == fields)
		return f;
	for (f = fields; f != from; f++)
		if (strcmp(f->key, key) == 0)
			return f;
	while (f->key != NULL)
		f++;
	return f;
}

/* Takes the members that the table knows, ignores the rest. They mostly come in
 * the table's order, so each search begins where the last one ended. */
static void
set_members(struct arena *a, const struct wire_field *fields, void *obj,
    struct json_object *o)
{
	const struct wire_field *f = fields;
	struct json_object_iterator it, end;

	if (!json_object_is_type(o, json_type_object))
		return;
	it = json_object_iter_begin(o);
	end = json_object_iter_end(o);
	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		f = find(fields, f, json_object_iter_peek_name(&it));
		if (f->key != NULL)
			wire_set(a, f, obj, json_object_iter_peek_value(&it));
	}
}

/* How many elements are worth reading; v is an array or anything else. */
static size_t
length(struct json_object *v, size_t max)
{
	size_t n = 0;

	if (json_object_is_type(v, json_type_array))
		n = json_object_array_length(v);
	return n < max ? n : max;
}

static void
set_nics(struct arena *a, struct obs_dom *d, struct json_object *v)
{
	d->nnics = length(v, OBS_DEVICES_MAX);
	d->nics = arena_array(a, d->nnics, sizeof *d->nics);
	for (size_t i = 0; i < d->nnics; i++) {
		d->nics[i].devid = OBS_UNKNOWN;
		set_members(a, wire_nic_fields, &d->nics[i],
		    json_object_array_get_idx(v, i));
	}
}

static void
set_disks(struct arena *a, struct obs_dom *d, struct json_object *v)
{
	d->ndisks = length(v, OBS_DEVICES_MAX);
	d->disks = arena_array(a, d->ndisks, sizeof *d->disks);
	for (size_t i = 0; i < d->ndisks; i++)
		set_members(a, wire_disk_fields, &d->disks[i],
		    json_object_array_get_idx(v, i));
}

static void
set_nodes(struct arena *a, struct obs_host *h, struct json_object *v)
{
	h->nnuma = length(v, OBS_NODES_MAX);
	h->numa = arena_array(a, h->nnuma, sizeof *h->numa);
	for (size_t i = 0; i < h->nnuma; i++) {
		h->numa[i] = (struct obs_node){ OBS_UNKNOWN, OBS_UNKNOWN,
			OBS_UNKNOWN, NULL };
		set_members(a, wire_node_fields, &h->numa[i],
		    json_object_array_get_idx(v, i));
	}
}

static void
set_pools(struct arena *a, struct obs_host *h, struct json_object *v)
{
	h->npools = length(v, OBS_POOLS_MAX);
	h->pools = arena_array(a, h->npools, sizeof *h->pools);
	for (size_t i = 0; i < h->npools; i++) {
		h->pools[i].doms = OBS_UNKNOWN;
		set_members(a, wire_pool_fields, &h->pools[i],
		    json_object_array_get_idx(v, i));
	}
}

static void
set_host(struct arena *a, struct obs_host *h, struct json_object *o)
{
	struct json_object *v;

	set_members(a, wire_host_fields, h, o);
	if (json_object_object_get_ex(o, "numa", &v))
		set_nodes(a, h, v);
	if (json_object_object_get_ex(o, "pools", &v))
		set_pools(a, h, v);
}

/* A domid that comes with another uuid is another domain. */
static bool
is_other(const struct obs_dom *d, struct json_object *o)
{
	struct json_object *v = wire_member(o, "uuid", json_type_string);
	struct uuid u;

	return v != NULL && uuid_parse(&u, json_object_get_string(v)) == 0 &&
	    uuid_cmp(&u, &d->uuid) != 0;
}

static void
set_dom(struct arena *a, struct obs_dom *d, struct json_object *o)
{
	struct json_object *v;

	if (is_other(d, o)) {
		uint32_t domid = d->domid;

		obs_dom_init(d);
		d->domid = domid;
	}
	set_members(a, wire_dom_fields, d, o);
	if (json_object_object_get_ex(o, "nics", &v))
		set_nics(a, d, v);
	if (json_object_object_get_ex(o, "disks", &v))
		set_disks(a, d, v);
}

/* How many of the n domains of a frame are not among those of base that stay.
 * Room for all of them would double what every host's decoder keeps. */
static size_t
count_new(const struct obs *base, const bool *drop, struct json_object *doms,
    size_t n)
{
	size_t count = 0;

	if (base == NULL || base->ndoms == 0)
		return n;
	for (size_t i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(doms, i);
		const struct obs_dom *d = NULL;
		int64_t id;

		if (json_object_is_type(o, json_type_object) &&
		    wire_get_int(o, "id", 0, UINT32_MAX, &id))
			d = obs_find(base, (uint32_t)id);
		count += d == NULL || drop[d - base->doms];
	}
	return count;
}

/* Copies the domains of base that are not gone; room for the n of the frame. */
static void
keep_doms(struct obs *next, const struct obs *base, struct json_object *frame,
    struct json_object *doms, size_t ndoms)
{
	size_t had = base != NULL ? base->ndoms : 0, n;
	struct json_object *gone = wire_member(frame, "gone", json_type_array);
	bool *drop = arena_array(&next->mem, had, sizeof *drop);

	n = had != 0 ? length(gone, OBS_DOMS_MAX) : 0;
	for (size_t i = 0; i < n; i++) {
		const struct obs_dom *d;
		int64_t id;

		if (!wire_to_int(json_object_array_get_idx(gone, i), 0,
		    UINT32_MAX, &id))
			continue;
		d = obs_find(base, (uint32_t)id);
		if (d != NULL)
			drop[d - base->doms] = true;
	}
	next->doms = arena_array(&next->mem, had +
	    count_new(base, drop, doms, ndoms), sizeof *next->doms);
	for (size_t i = 0; i < had; i++)
		if (!drop[i])
			next->doms[next->ndoms++] =
			    obs_dom_dup(&next->mem, &base->doms[i]);
}

/* kept is what next was before the frame's first domain: still sorted, so that
 * it can be searched while next grows. */
static int
apply_dom(struct obs *next, const struct obs *kept, struct json_object *o,
    struct err *err)
{
	const struct obs_dom *known;
	struct obs_dom *d;
	int64_t id;

	if (!json_object_is_type(o, json_type_object) ||
	    !wire_get_int(o, "id", 0, UINT32_MAX, &id))
		return err_set(err, ERR_FAILED, "a domain without id");
	known = obs_find(kept, (uint32_t)id);
	if (known != NULL) {
		d = &next->doms[known - kept->doms];
	} else {
		d = &next->doms[next->ndoms++];
		obs_dom_init(d);
		d->domid = (uint32_t)id;
	}
	set_dom(&next->mem, d, o);
	return 0;
}

static int
apply_doms(struct obs *next, const struct obs *base, struct json_object *frame,
    struct err *err)
{
	struct json_object *v = NULL;
	struct obs kept;
	size_t n = 0;

	if (json_object_object_get_ex(frame, "doms", &v)) {
		if (!json_object_is_type(v, json_type_array))
			return err_set(err, ERR_FAILED, "doms is no array");
		n = json_object_array_length(v);
	} else if (base == NULL) {
		return err_set(err, ERR_FAILED, "a full frame without doms");
	}
	if (n > OBS_DOMS_MAX)
		return err_set(err, ERR_FAILED,
		    "a frame with more than %d domains", OBS_DOMS_MAX);
	keep_doms(next, base, frame, v, n);
	kept = *next;
	for (size_t i = 0; i < n; i++)
		if (apply_dom(next, &kept, json_object_array_get_idx(v, i),
		    err) != 0)
			return -1;
	return 0;
}

int
wire_apply(struct obs *next, const struct obs *base, struct json_object *frame,
    struct err *err)
{
	struct arena mem = next->mem;
	struct json_object *host = wire_member(frame, "host",
	    json_type_object);
	size_t doms;

	arena_reset(&mem);
	obs_init(next);
	next->mem = mem;
	wire_get_int(frame, "t_ns", 0, INT64_MAX, &next->t_ns);
	wire_get_int(frame, "wall_ms", 0, INT64_MAX, &next->wall_ms);
	if (base != NULL)
		next->host = obs_host_dup(&next->mem, &base->host);
	if (host != NULL)
		set_host(&next->mem, &next->host, host);
	if (apply_doms(next, base, frame, err) != 0)
		return -1;
	doms = next->ndoms;
	obs_normalise(next);
	if (next->ndoms != doms)
		return err_set(err, ERR_FAILED, "a domain twice, or more than "
		    "%d of them", OBS_DOMS_MAX);
	return 0;
}
