/* Configurations of running domains out of xl's JSON. Anything of an
 * unexpected type is unknown rather than an error: the format is libxl's own
 * and grows with each release. */
#include "backends/xljson.h"

#include <json-c/json.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "backends/scan.h"
#include "core/uuid.h"

enum { DEPTH_MAX = 24 };

static struct json_object *
member(struct json_object *o, const char *key, enum json_type type)
{
	struct json_object *v;

	if (!json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, type))
		return NULL;
	return v;
}

static const char *
text(struct arena *a, struct json_object *o, const char *key, size_t max)
{
	struct json_object *v = member(o, key, json_type_string);

	if (v == NULL)
		return NULL;
	return scan_clean(a, json_object_get_string(v),
	    (size_t)json_object_get_string_len(v), max);
}

static const char *
address(struct arena *a, struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key, json_type_string);
	char ip[SCAN_ADDRESS];

	if (v == NULL || !scan_address(ip, json_object_get_string(v),
	    (size_t)json_object_get_string_len(v)))
		return NULL;
	return arena_strdup(a, ip);
}

/* OBS_UNKNOWN when it is not there or not within 0..max. */
static int64_t
number(struct json_object *o, const char *key, int64_t max)
{
	struct json_object *v = member(o, key, json_type_int);
	int64_t n = v != NULL ? json_object_get_int64(v) : OBS_UNKNOWN;

	return n >= 0 && n <= max ? n : OBS_UNKNOWN;
}

static enum vm_type
type_of(struct json_object *c_info)
{
	static const char *const names[] = { [VM_TYPE_PV] = "pv",
		[VM_TYPE_PVH] = "pvh", [VM_TYPE_HVM] = "hvm" };
	struct json_object *v = member(c_info, "type", json_type_string);

	if (v != NULL)
		for (int i = VM_TYPE_PV; i <= VM_TYPE_HVM; i++)
			if (strcmp(json_object_get_string(v), names[i]) == 0)
				return (enum vm_type)i;
	return VM_TYPE_UNKNOWN;
}

static size_t
devices(struct json_object *list)
{
	size_t n = list != NULL ? json_object_array_length(list) : 0;

	return n < OBS_DEVICES_MAX ? n : OBS_DEVICES_MAX;
}

static void
read_nics(struct arena *a, struct json_object *config, struct obs_dom *d)
{
	struct json_object *list = member(config, "nics", json_type_array);

	d->nnics = devices(list);
	d->nics = arena_array(a, d->nnics, sizeof *d->nics);
	for (size_t i = 0; i < d->nnics; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		int64_t devid = number(o, "devid", INT32_MAX);

		d->nics[i].devid = (int32_t)(devid >= 0 ? devid : (int64_t)i);
		d->nics[i].mac = text(a, o, "mac", OBS_TEXT_MAX);
		d->nics[i].bridge = text(a, o, "bridge", OBS_TEXT_MAX);
		d->nics[i].ip = address(a, o, "ip");
	}
}

static void
read_disks(struct arena *a, struct json_object *config, struct obs_dom *d)
{
	struct json_object *list = member(config, "disks", json_type_array);

	d->ndisks = devices(list);
	d->disks = arena_array(a, d->ndisks, sizeof *d->disks);
	for (size_t i = 0; i < d->ndisks; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		d->disks[i].vdev = text(a, o, "vdev", OBS_TEXT_MAX);
		d->disks[i].target = text(a, o, "pdev_path", OBS_TEXT_MAX);
		d->disks[i].readonly = number(o, "readwrite", INT_MAX) <= 0;
	}
}

static bool
read_domain(struct arena *a, struct json_object *o, struct obs_dom *d)
{
	struct json_object *config = member(o, "config", json_type_object);
	struct json_object *c_info = member(config, "c_info",
	    json_type_object);
	struct json_object *b_info = member(config, "b_info",
	    json_type_object);
	int64_t domid = number(o, "domid", UINT32_MAX);
	struct json_object *uuid = member(c_info, "uuid", json_type_string);

	obs_dom_init(d);
	if (domid < 0 || c_info == NULL)
		return false;
	if (uuid != NULL &&
	    uuid_parse(&d->uuid, json_object_get_string(uuid)) != 0)
		return false;
	d->domid = (uint32_t)domid;
	d->name = text(a, c_info, "name", OBS_NAME_MAX);
	d->type = type_of(c_info);
	d->vcpus_max = (int32_t)number(b_info, "max_vcpus", INT32_MAX);
	d->maxmem_kb = number(b_info, "max_memkb", INT64_MAX - 1);
	read_nics(a, config, d);
	read_disks(a, config, d);
	return true;
}

int
xljson_parse(struct arena *a, const char *p, size_t n, struct obs_dom **doms,
    size_t *ndoms, struct err *e)
{
	struct json_tokener *tok = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *root = NULL;
	size_t len;
	int rc = -1;

	*doms = NULL;
	*ndoms = 0;
	if (tok != NULL && n <= INT_MAX)
		root = json_tokener_parse_ex(tok, p, (int)n);
	if (!json_object_is_type(root, json_type_array)) {
		err_set(e, ERR_FAILED,
		    "`xl list -l` printed no list in JSON (output_format in "
		    "/etc/xen/xl.conf must be \"json\")");
		goto out;
	}
	len = json_object_array_length(root);
	if (len > OBS_DOMS_MAX)
		len = OBS_DOMS_MAX;
	*doms = arena_array(a, len, sizeof **doms);
	for (size_t i = 0; i < len; i++)
		*ndoms += read_domain(a, json_object_array_get_idx(root, i),
		    &(*doms)[*ndoms]);
	rc = 0;
out:
	json_object_put(root);
	if (tok != NULL)
		json_tokener_free(tok);
	return rc;
}
