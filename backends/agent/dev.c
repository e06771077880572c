/* One domain's name, type and devices, read from xenstore directly: libxl needs
 * one round trip per attribute it knows of, about 55 for a network card, this
 * takes four. Not for every tick all the same: xenstored is single-threaded and
 * serves the toolstack.
 *
 * Devices come from /libxl/N, which guests cannot write; addresses from the
 * guest's own attr/, of which only well-formed ones get through. */
#include "backends/agent/dev.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "core/mem.h"
#include "core/utf8.h"

struct dev {
	struct xs_handle *xs;
};

struct dev *
dev_open(struct err *err)
{
	struct dev *d = x_calloc(1, sizeof *d);

	d->xs = xs_open(0);
	if (d->xs == NULL) {
		err_set(err, ERR_FAILED, "cannot connect to xenstored: %s: is "
		    "it running?", strerror(errno));
		x_free(d);
		return NULL;
	}
	return d;
}

void
dev_close(struct dev *d)
{
	if (d == NULL)
		return;
	xs_close(d->xs);
	x_free(d);
}

/* --- Single values -------------------------------------------------------- */

/* The value, clean, in out; -1 when there is none or it is empty. */
__attribute__((format(printf, 4, 5)))
static int
get(struct dev *d, char *out, size_t size, const char *fmt, ...)
{
	char path[256];
	unsigned len;
	va_list ap;
	char *v;

	va_start(ap, fmt);
	vsnprintf(path, sizeof path, fmt, ap);
	va_end(ap);
	out[0] = '\0';
	v = xs_read(d->xs, XBT_NULL, path, &len);
	if (v == NULL)
		return -1;
	utf8_clean(out, size, v, strnlen(v, len));
	free(v);
	return out[0] != '\0' ? 0 : -1;
}

/* The number at the beginning of s; OBS_UNKNOWN when there is none. */
static int64_t
number(const char *s, int64_t max)
{
	long long v;
	char *end;

	errno = 0;
	v = strtoll(s, &end, 10);
	return end == s || errno != 0 || v < 0 || v > max ? OBS_UNKNOWN : v;
}

int
dev_name(struct dev *d, uint32_t domid, char out[OBS_NAME_MAX + 1])
{
	return get(d, out, OBS_NAME_MAX + 1, "/local/domain/%" PRIu32 "/name",
	    domid);
}

static enum vm_type
type_of(struct dev *d, uint32_t domid, enum vm_type otherwise)
{
	char v[16];

	if (get(d, v, sizeof v, "/libxl/%" PRIu32 "/type", domid) != 0)
		return otherwise;
	if (strcmp(v, "pv") == 0)
		return VM_TYPE_PV;
	if (strcmp(v, "pvh") == 0)
		return VM_TYPE_PVH;
	return strcmp(v, "hvm") == 0 ? VM_TYPE_HVM : otherwise;
}

/* --- Devices -------------------------------------------------------------- */

/* The first address in text that may be a list with prefix lengths; NULL when
 * it does not begin with one. */
static const char *
address(struct arena *a, char *text)
{
	unsigned char bin[sizeof(struct in6_addr)];

	text[strcspn(text, "/ ,")] = '\0';
	if (inet_pton(AF_INET, text, bin) != 1 &&
	    inet_pton(AF_INET6, text, bin) != 1)
		return NULL;
	return arena_strdup(a, text);
}

/* As docs/misc/xenstore-paths.pandoc has it; then as older guest tools do; at
 * last what the VM's configuration promises. */
static const char *
address_of(struct dev *d, struct arena *a, uint32_t domid, const char *id,
    bool talks)
{
	static const struct { const char *before, *after; } places[] = {
		{ "vif/", "/ipv4/0" },
		{ "eth", "/ip" },
		{ "vif/", "/ipv6/0" },
	};
	char v[OBS_NAME_MAX + 1];
	const char *ip = NULL;

	for (size_t i = 0; talks && ip == NULL &&
	    i < sizeof places / sizeof places[0]; i++)
		if (get(d, v, sizeof v, "/local/domain/%" PRIu32 "/attr/%s%s%s",
		    domid, places[i].before, id, places[i].after) == 0)
			ip = address(a, v);
	if (ip == NULL && get(d, v, sizeof v, "/libxl/%" PRIu32
	    "/device/vif/%s/ip", domid, id) == 0)
		ip = address(a, v);
	return ip;
}

static void
read_nic(struct dev *d, struct arena *a, uint32_t domid, const char *id,
    bool talks, struct obs_nic *nic)
{
	char v[OBS_NAME_MAX + 1];

	nic->devid = (int32_t)number(id, INT32_MAX);
	if (get(d, v, sizeof v, "/libxl/%" PRIu32 "/device/vif/%s/mac", domid,
	    id) == 0)
		nic->mac = arena_strdup(a, v);
	if (get(d, v, sizeof v, "/libxl/%" PRIu32 "/device/vif/%s/bridge",
	    domid, id) == 0)
		nic->bridge = arena_strdup(a, v);
	nic->ip = address_of(d, a, domid, id, talks);
}

static void
read_disk(struct dev *d, struct arena *a, uint32_t domid, const char *id,
    struct obs_disk *disk)
{
	char v[OBS_TEXT_MAX + 1], type[32];
	const char *target = v;

	if (get(d, v, sizeof v, "/libxl/%" PRIu32 "/device/vbd/%s/dev", domid,
	    id) == 0)
		disk->vdev = arena_strdup(a, v);
	disk->readonly = get(d, v, sizeof v, "/libxl/%" PRIu32
	    "/device/vbd/%s/mode", domid, id) == 0 && v[0] == 'r';
	get(d, type, sizeof type, "/libxl/%" PRIu32 "/device/vbd/%s/type",
	    domid, id);
	if (get(d, v, sizeof v, "/libxl/%" PRIu32 "/device/vbd/%s/params",
	    domid, id) != 0)
		return; /* an empty CD drive */
	/* QEMU's have their image format in front. */
	if (strcmp(type, "phy") != 0 && strchr(v, ':') != NULL)
		target = strchr(v, ':') + 1;
	disk->target = arena_strdup(a, target);
}

/* What is inside, *n at most max; the caller frees the array. */
static char **
list(struct dev *d, const char *path, size_t *n, size_t max)
{
	unsigned len = 0;
	char **names = xs_directory(d->xs, XBT_NULL, path, &len);

	*n = names == NULL ? 0 : len;
	if (*n > max)
		*n = max;
	return names;
}

static void
read_nics(struct dev *d, struct obs_dom *o, struct arena *a)
{
	char path[64];
	char **ids;
	size_t n;

	/* Most guests have no tools to tell their address: one question
	 * instead of three for each card. */
	snprintf(path, sizeof path, "/local/domain/%" PRIu32 "/attr",
	    o->domid);
	free(list(d, path, &n, 1));
	snprintf(path, sizeof path, "/libxl/%" PRIu32 "/device/vif", o->domid);
	ids = list(d, path, &o->nnics, OBS_DEVICES_MAX);
	o->nics = arena_array(a, o->nnics, sizeof *o->nics);
	for (size_t i = 0; i < o->nnics; i++)
		read_nic(d, a, o->domid, ids[i], n > 0, &o->nics[i]);
	free(ids);
}

static void
read_disks(struct dev *d, struct obs_dom *o, struct arena *a)
{
	char path[64];
	char **ids;

	snprintf(path, sizeof path, "/libxl/%" PRIu32 "/device/vbd", o->domid);
	ids = list(d, path, &o->ndisks, OBS_DEVICES_MAX);
	o->disks = arena_array(a, o->ndisks, sizeof *o->disks);
	for (size_t i = 0; i < o->ndisks; i++)
		read_disk(d, a, o->domid, ids[i], &o->disks[i]);
	free(ids);
}

void
dev_read(struct dev *d, struct obs_dom *o, struct arena *a, bool again)
{
	char v[64], uuid[UUID_STR];

	/* The toolstack writes these some time after the domain is there. */
	if (!again || o->type == VM_TYPE_UNKNOWN)
		o->type = type_of(d, o->domid, o->type);
	get(d, v, sizeof v, "/local/domain/%" PRIu32 "/target", o->domid);
	o->stubdom_of = (int32_t)number(v, INT32_MAX);
	uuid_format(uuid, &o->uuid);
	get(d, v, sizeof v, "/vm/%s/start_time", uuid);
	o->start_s = number(v, INT64_MAX);
	if (o->type != VM_TYPE_PV || !again) {
		get(d, v, sizeof v, "/local/domain/%" PRIu32
		    "/console/vnc-port", o->domid);
		o->vnc_port = (int32_t)number(v, UINT16_MAX);
	}
	read_nics(d, o, a);
	read_disks(d, o, a);
}
