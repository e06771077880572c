/* xl's commands that give devices to a domain and take them away. A domain that
 * never had its own list has the VM's; the first change makes it one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/simxl.h"
#include "core/prng.h"

enum { ATTACH_MS = 300 };

static struct simdom *
take_dom(struct simworld *w, struct simproc *p, size_t nargs)
{
	return simxl_take_dom(w, p, nargs, "libxl_device.c:");
}

static void
own_disks(struct simworld *w, struct simdom *d)
{
	const struct simvm *v = &w->vms[d->vm];

	if (d->disks != NULL)
		return;
	d->disks = arena_array(&w->mem, SIMDEVICES_MAX, sizeof *d->disks);
	d->ndisks = v->ndisks;
	memcpy(d->disks, v->disks, v->ndisks * sizeof *d->disks);
}

static void
own_nics(struct simworld *w, struct simdom *d)
{
	if (d->nics != NULL)
		return;
	d->nics = arena_array(&w->mem, SIMDEVICES_MAX, sizeof *d->nics);
	d->nics[0] = w->vms[d->vm].nic;
	d->nnics = 1;
}

static struct obs_disk *
find_disk(struct simdom *d, const char *vdev)
{
	for (size_t i = 0; i < d->ndisks; i++)
		if (strcmp(d->disks[i].vdev, vdev) == 0)
			return &d->disks[i];
	return NULL;
}

/* --- block-attach, block-detach ---------------------------------------------- */

/* xl-disk-configuration(5): by place, the target, its format, the virtual device
 * and the access; or by name; or in the old way, "phy:/dev/vg/lv,xvdb,w". */
static void
parse_disk(struct simworld *w, char *text, struct obs_disk *disk)
{
	static const char *const formats[] = { "raw", "qcow", "qcow2", "vhd",
		"qed" };
	char *save = NULL;
	bool has_target = false;

	*disk = (struct obs_disk){ 0 };
	for (char *t = strtok_r(text, ",", &save); t != NULL;
	    t = strtok_r(NULL, ",", &save)) {
		bool format = false;

		for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
			format = format || strcmp(t, formats[i]) == 0 ||
			    (strncmp(t, "format=", 7) == 0);
		if (strncmp(t, "target=", 7) == 0)
			disk->target = simworld_text(w, t + 7);
		else if (strncmp(t, "vdev=", 5) == 0)
			disk->vdev = simworld_text(w, t + 5);
		else if (strncmp(t, "access=", 7) == 0)
			disk->readonly = strcmp(t + 7, "ro") == 0 ||
			    strcmp(t + 7, "r") == 0;
		else if (strcmp(t, "r") == 0 || strcmp(t, "ro") == 0)
			disk->readonly = true;
		else if (strcmp(t, "w") == 0 || strcmp(t, "rw") == 0 || format)
			continue;
		else if (!has_target && disk->target == NULL)
			disk->target = simworld_text(w,
			    strncmp(t, "phy:", 4) == 0 ? t + 4 : t);
		else if (disk->vdev == NULL)
			disk->vdev = simworld_text(w, t);
		has_target = has_target || disk->target != NULL;
	}
}

static void
block_attach(struct simworld *w, struct simproc *p)
{
	struct simdom *d;
	struct obs_disk disk;

	if (p->phase == 0) {
		if (take_dom(w, p, 2) != NULL)
			simproc_wait(w, p, 1, ATTACH_MS);
		return;
	}
	d = simxl_dom(w, p);
	if (d == NULL) {
		simproc_fail(p, 1, "libxl_device_disk_add failed.\n");
		return;
	}
	parse_disk(w, p->args[0], &disk);
	if (disk.target == NULL || disk.vdev == NULL) {
		simproc_fail(p, 1, "config parsing error in disk "
		    "specification: no vdev specified in `%s'\n", p->args[0]);
		return;
	}
	if (!simhost_has_disk(&w->hosts[p->host], disk.target)) {
		simproc_fail(p, 1, "libxl: error: libxl_device.c:455:"
		    "libxl__device_disk_set_backend: Disk vdev=%s failed to "
		    "stat: %s: No such file or directory\n"
		    "libxl_device_disk_add failed.\n", disk.vdev, disk.target);
		return;
	}
	own_disks(w, d);
	if (find_disk(d, disk.vdev) != NULL || d->ndisks == SIMDEVICES_MAX) {
		simproc_fail(p, 1, "libxl: error: libxl_disk.c: "
		    "device_disk_add: Domain %u:device already exists in "
		    "xenstore\nlibxl_device_disk_add failed.\n", p->domid);
		return;
	}
	d->disks[d->ndisks++] = disk;
	simproc_end(p, 0);
}

static void
block_detach(struct simworld *w, struct simproc *p)
{
	struct simdom *d;
	struct obs_disk *disk;

	if (p->phase == 0) {
		if (take_dom(w, p, 2) != NULL)
			simproc_wait(w, p, 1, ATTACH_MS);
		return;
	}
	d = simxl_dom(w, p);
	if (d != NULL)
		own_disks(w, d);
	disk = d != NULL ? find_disk(d, p->args[0]) : NULL;
	if (disk == NULL) {
		simproc_fail(p, 1, "Error: Device %s not connected.\n",
		    p->args[0]);
		return;
	}
	if (!simdom_listens(w, d)) {
		simproc_fail(p, 1, "libxl: error: libxl_device.c: "
		    "libxl__xenbus_device_timeout: Domain %u:timed out\n"
		    "libxl_device_disk_remove failed.\n", p->domid);
		return;
	}
	*disk = d->disks[--d->ndisks];
	simproc_end(p, 0);
}

/* --- network-attach, network-detach ------------------------------------------ */

static void
network_attach(struct simworld *w, struct simproc *p)
{
	struct obs_nic nic = { .devid = 0, .bridge = "xenbr0" };
	struct simdom *d;
	char mac[24];

	if (p->phase == 0) {
		if (take_dom(w, p, 1) != NULL)
			simproc_wait(w, p, 1, ATTACH_MS);
		return;
	}
	d = simxl_dom(w, p);
	if (d == NULL) {
		simproc_fail(p, 1, "libxl_device_nic_add failed.\n");
		return;
	}
	own_nics(w, d);
	for (char **a = p->args; *a != NULL; a++)
		if (strncmp(*a, "bridge=", 7) == 0)
			nic.bridge = simworld_text(w, *a + 7);
		else if (strncmp(*a, "mac=", 4) == 0)
			nic.mac = simworld_text(w, *a + 4);
		else if (strchr(*a, '=') == NULL) {
			simproc_fail(p, 1, "unrecognized argument `%s'\n", *a);
			return;
		}
	if (strcmp(nic.bridge, "xenbr0") != 0 || d->nnics == SIMDEVICES_MAX) {
		simproc_fail(p, 1, "libxl: error: libxl_device.c:1337:"
		    "device_hotplug_child_death_cb: script: Could not find "
		    "bridge device %s\nlibxl_device_nic_add failed.\n",
		    nic.bridge);
		return;
	}
	for (size_t i = 0; i < d->nnics; i++)
		if (d->nics[i].devid >= nic.devid)
			nic.devid = d->nics[i].devid + 1;
	if (nic.mac == NULL) {
		uint64_t r = prng_hash(w->vms[d->vm].seed, (uint64_t)w->now);

		snprintf(mac, sizeof mac, "00:16:3e:%02x:%02x:%02x",
		    (unsigned)(r & 0x7f), (unsigned)(r >> 8 & 0xff),
		    (unsigned)(r >> 16 & 0xff));
		nic.mac = simworld_text(w, mac);
	}
	d->nics[d->nnics++] = nic;
	simproc_end(p, 0);
}

static void
network_detach(struct simworld *w, struct simproc *p)
{
	struct simdom *d;

	if (p->phase == 0) {
		if (take_dom(w, p, 2) != NULL)
			simproc_wait(w, p, 1, ATTACH_MS);
		return;
	}
	d = simxl_dom(w, p);
	if (d != NULL)
		own_nics(w, d);
	for (size_t i = 0; d != NULL && i < d->nnics; i++) {
		bool mac = strchr(p->args[0], ':') != NULL;

		if (mac ? strcmp(d->nics[i].mac, p->args[0]) != 0 :
		    d->nics[i].devid != atoi(p->args[0]))
			continue;
		d->nnics--;
		memmove(&d->nics[i], &d->nics[i + 1],
		    (d->nnics - i) * sizeof *d->nics);
		simproc_end(p, 0);
		return;
	}
	simproc_fail(p, 1, "Unknown device %s.\n", p->args[0]);
}

/* --- cd-insert, cd-eject ----------------------------------------------------- */

static void
change_cd(struct simworld *w, struct simproc *p, bool insert)
{
	struct simdom *d = take_dom(w, p, insert ? 3 : 2);
	struct obs_disk *disk;
	const char *vdev = p->args[0];

	if (d == NULL)
		return;
	own_disks(w, d);
	disk = find_disk(d, vdev);
	if (w->vms[d->vm].conf->type != VM_TYPE_HVM) {
		simproc_fail(p, 1, "libxl: error: libxl_disk.c: "
		    "libxl_cdrom_insert: Domain %u:cdrom-insert requires an "
		    "HVM domain\n", p->domid);
		return;
	}
	/* Every simulated machine with firmware has one drive, hdc. */
	if (disk == NULL && strcmp(vdev, "hdc") == 0 &&
	    d->ndisks < SIMDEVICES_MAX) {
		disk = &d->disks[d->ndisks++];
		*disk = (struct obs_disk){ .vdev = "hdc", .readonly = true };
	}
	if (disk == NULL || !disk->readonly) {
		simproc_fail(p, 1, "libxl: error: libxl_disk.c: "
		    "libxl_cdrom_insert: Domain %u:Virtual device not found\n",
		    p->domid);
		return;
	}
	disk->target = insert ? simworld_text(w, p->args[1]) : NULL;
	simproc_end(p, 0);
}

static void
cd_insert(struct simworld *w, struct simproc *p)
{
	change_cd(w, p, true);
}

static void
cd_eject(struct simworld *w, struct simproc *p)
{
	change_cd(w, p, false);
}

const struct simxl_command simxl_devices[] = {
	{ "block-attach", block_attach },
	{ "block-detach", block_detach },
	{ "network-attach", network_attach },
	{ "network-detach", network_detach },
	{ "cd-insert", cd_insert },
	{ "cd-eject", cd_eject },
	{ NULL, NULL },
};
