/* What an xl.cfg(5) says of a VM: the few settings that matter for showing and
 * placing it. Disks are told by xl-disk-configuration(5), network interfaces by
 * xl-network-configuration(5), with the old forms that files out there still
 * have. */
#include "core/defread.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/xlcfg.h"

enum { SPEC_MAX = OBS_TEXT_MAX + 1 };

static bool
starts(const char *s, const char *with)
{
	return strncasecmp(s, with, strlen(with)) == 0;
}

static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	for (n = strlen(s); n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'); n--)
		s[n - 1] = '\0';
	return s;
}

/* --- Disks ---------------------------------------------------------------- */

enum disk_part { PART_TARGET, PART_FORMAT, PART_VDEV, PART_ACCESS, PARTS };

struct disk_spec {
	char *part[PARTS];
	bool cdrom;
};

static const char *const part_keys[PARTS] = {
	[PART_TARGET] = "target=",
	[PART_FORMAT] = "format=",
	[PART_VDEV] = "vdev=",
	[PART_ACCESS] = "access=",
};

/* Of these a word is taken for a flag or a key, not for the next part. */
static const char *const disk_words[] = { "cdrom", "discard", "no-discard",
	"direct-io-safe", "colo", "no-colo", "specification=", "grant_usage=" };
static const char *const disk_keys[] = { "backendtype=", "backend=",
	"devtype=", "script=", "trusted=", "discard=", "colo-host=",
	"colo-port=", "colo-export=", "active-disk=", "hidden-disk=",
	"transport=" };

static bool
is_disk_word(const char *s)
{
	for (size_t i = 0; i < sizeof disk_words / sizeof disk_words[0]; i++)
		if (strcasecmp(s, disk_words[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof disk_keys / sizeof disk_keys[0]; i++)
		if (starts(s, disk_keys[i]))
			return true;
	return false;
}

/* "phy:/dev/vg/web1": prefixes that say how it is reached. Returns whether
 * there was one that stands for a format, so that none follows. */
static bool
skip_prefixes(char **target)
{
	static const char *const prefixes[] = { "phy:", "file:", "raw:",
		"qcow:", "qcow2:", "vhd:", "qed:", "tap:", "tap2:", "tapdisk:",
		"aio:", "ioemu:" };
	/* These name a script; without them the rest would look like a path. */
	static const char *const scripts[] = { "drbd:", "iscsi:", "nbd:",
		"enbd:" };
	bool any = false, more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0];
		     i++)
			if (starts(*target, prefixes[i])) {
				*target += strlen(prefixes[i]);
				any = more = true;
			}
	}
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
		any |= starts(*target, scripts[i]);
	return any;
}

static void
take_word(struct disk_spec *d, char *s, size_t *next)
{
	for (size_t i = 0; i < PARTS; i++)
		if (starts(s, part_keys[i])) {
			d->part[i] = s + strlen(part_keys[i]);
			return;
		}
	if (strcasecmp(s, "cdrom") == 0 || strcasecmp(s, "devtype=cdrom") == 0)
		d->cdrom = true;
	if (is_disk_word(s) || *next == PARTS)
		return;
	d->part[*next] = s;
	if (*next == PART_TARGET && skip_prefixes(&d->part[PART_TARGET]))
		++*next;
	++*next;
}

static bool
read_disk(struct obs_disk *out, struct arena *a, const char *spec)
{
	struct disk_spec d = { .cdrom = false };
	char text[SPEC_MAX], *rest = text, *colon;
	size_t next = 0;

	snprintf(text, sizeof text, "%s", spec);
	while (rest != NULL) {
		char *s = rest + strspn(rest, " \t");

		/* The rest of it, commas and all. */
		rest = starts(s, part_keys[PART_TARGET]) ? NULL :
		    strchr(s, ',');
		if (rest != NULL)
			*rest++ = '\0';
		take_word(&d, trim(s), &next);
	}
	if (d.part[PART_TARGET] != NULL)
		skip_prefixes(&d.part[PART_TARGET]);
	if (d.part[PART_VDEV] == NULL || d.part[PART_VDEV][0] == '\0')
		return false;
	colon = strchr(d.part[PART_VDEV], ':');
	if (colon != NULL) {
		d.cdrom |= starts(colon, ":cdrom");
		*colon = '\0';
	}
	out->vdev = arena_strdup(a, d.part[PART_VDEV]);
	if (d.part[PART_TARGET] != NULL && d.part[PART_TARGET][0] != '\0')
		out->target = arena_strdup(a, d.part[PART_TARGET]);
	out->readonly = d.cdrom || (d.part[PART_ACCESS] != NULL &&
	    (strcmp(d.part[PART_ACCESS], "r") == 0 ||
	    strcmp(d.part[PART_ACCESS], "ro") == 0));
	return true;
}

static void
read_disks(struct def *d, struct arena *a, const struct xlcfg_setting *s)
{
	if (s == NULL)
		return;
	d->disks = arena_array(a, s->n, sizeof *d->disks);
	for (size_t i = 0; i < s->n && d->ndisks < OBS_DEVICES_MAX; i++)
		if (read_disk(&d->disks[d->ndisks], a, s->v[i]))
			d->ndisks++;
		else if (d->error == NULL)
			d->error = "a disk without virtual device";
}

/* --- Network interfaces --------------------------------------------------- */

static void
read_nic(struct obs_nic *nic, struct arena *a, const char *spec)
{
	char text[SPEC_MAX], *rest = text;

	snprintf(text, sizeof text, "%s", spec);
	while (rest != NULL) {
		char *key = rest, *value;

		rest = strchr(key, ',');
		if (rest != NULL)
			*rest++ = '\0';
		value = strchr(key, '=');
		if (value == NULL)
			continue;
		*value++ = '\0';
		key = trim(key);
		value = trim(value);
		if (strcmp(key, "mac") == 0)
			nic->mac = arena_strdup(a, value);
		else if (strcmp(key, "bridge") == 0)
			nic->bridge = arena_strdup(a, value);
		else if (strcmp(key, "ip") == 0)
			nic->ip = arena_strdup(a, value);
	}
}

static void
read_nics(struct def *d, struct arena *a, const struct xlcfg_setting *s)
{
	if (s == NULL)
		return;
	d->nics = arena_array(a, s->n, sizeof *d->nics);
	for (; d->nnics < s->n && d->nnics < OBS_DEVICES_MAX; d->nnics++) {
		d->nics[d->nnics].devid = (int32_t)d->nnics;
		read_nic(&d->nics[d->nnics], a, s->v[d->nnics]);
	}
}

/* --- The VM --------------------------------------------------------------- */

/* xl_parse.c: type, else builder, else PV. */
static enum vm_type
read_type(const struct xlcfg *c)
{
	static const char *const words[] = { [VM_TYPE_PV] = "pv",
		[VM_TYPE_PVH] = "pvh", [VM_TYPE_HVM] = "hvm" };
	const char *s = xlcfg_string(c, "type");

	for (int i = VM_TYPE_PV; s != NULL && i <= VM_TYPE_HVM; i++)
		if (strcmp(words[i], s) == 0)
			return (enum vm_type)i;
	if (s != NULL)
		return VM_TYPE_UNKNOWN;
	s = xlcfg_string(c, "builder");
	if (s != NULL && strcmp(s, "hvm") == 0)
		return VM_TYPE_HVM;
	return xlcfg_number(c, "pvh") == 1 ? VM_TYPE_PVH : VM_TYPE_PV;
}

static int64_t
read_mib(const struct xlcfg *c, const char *key)
{
	long long v = xlcfg_number(c, key);

	return v < 0 || v > OBS_MEM_MAX_KB / 1024 ? OBS_UNKNOWN : v * 1024;
}

static int32_t
read_count(const struct xlcfg *c, const char *key)
{
	long long v = xlcfg_number(c, key);

	return v < 1 || v > 4096 ? OBS_UNKNOWN : (int32_t)v;
}

static bool
has_any(const struct xlcfg *c, const char *key)
{
	const struct xlcfg_setting *s = xlcfg_find(c, key);

	return s != NULL && s->list && s->n > 0;
}

static bool
is_pinned(const struct xlcfg *c)
{
	const struct xlcfg_setting *s = xlcfg_find(c, "usbdevice");
	bool usb = false;

	for (size_t i = 0; s != NULL && i < s->n; i++)
		usb |= starts(s->v[i], "host:");
	return usb || has_any(c, "pci") || has_any(c, "usbdev") ||
	    has_any(c, "dtdev") || has_any(c, "iomem") ||
	    has_any(c, "ioports") || has_any(c, "irqs");
}

bool
def_read(struct def *d, struct arena *a, const char *text, size_t len)
{
	struct xlcfg c;
	const char *s;

	*d = (struct def){ .text = text, .len = len };
	xlcfg_read(&c, a, text, len);
	d->name = xlcfg_string(&c, "name");
	if (d->name == NULL || d->name[0] == '\0')
		return false;
	if (strlen(d->name) > OBS_NAME_MAX)
		return false; /* Xenstore's paths would not take it either */
	s = xlcfg_string(&c, "uuid");
	if (s != NULL && uuid_parse(&d->uuid, s) != 0)
		d->uuid = (struct uuid){ { 0 } };
	d->type = read_type(&c);
	d->vcpus = read_count(&c, "vcpus");
	d->vcpus_max = read_count(&c, "maxvcpus");
	if (d->vcpus < 0)
		d->vcpus = d->vcpus_max > 0 ? d->vcpus_max : 1;
	if (d->vcpus_max < d->vcpus)
		d->vcpus_max = d->vcpus;
	d->mem_kb = read_mib(&c, "memory");
	d->maxmem_kb = read_mib(&c, "maxmem");
	if (d->mem_kb < 0)
		d->mem_kb = d->maxmem_kb;
	if (d->maxmem_kb < d->mem_kb)
		d->maxmem_kb = d->mem_kb;
	read_disks(d, a, xlcfg_find(&c, "disk"));
	read_nics(d, a, xlcfg_find(&c, "vif"));
	d->pinned = is_pinned(&c);
	if (c.error != NULL)
		d->error = c.error;
	return true;
}
