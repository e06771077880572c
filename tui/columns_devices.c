/* Columns of what a VM is made from and has: its template, first disk, first
 * network interface. What there is more of is in its details. */
#include "tui/columns.h"

#include <stdio.h>
#include <string.h>

static void
say(struct cell_text *out, const char *s)
{
	out->s = s;
	out->style = STYLE_NORMAL;
}

static struct sort_key
by_text(const char *s)
{
	/* Those that have none come last. */
	return (struct sort_key){ .num = s == NULL, .str = s };
}

/* --- Disk --------------------------------------------------------------------- */

/* "/dev/vgs/web1" is known by "vgs/web1". */
static const char *
disk_of(const struct item *it)
{
	const char *target;

	if (it->vm == NULL || it->vm->detail.ndisks == 0)
		return NULL;
	target = it->vm->detail.disks[0].target;
	if (target == NULL)
		return it->vm->detail.disks[0].vdev;
	if (strncmp(target, "/dev/", 5) == 0)
		target += 5;
	return strncmp(target, "mapper/", 7) == 0 ? target + 7 : target;
}

void
column_disk(const struct item *it, struct cell_text *out)
{
	const char *disk = disk_of(it);

	if (disk == NULL)
		return;
	if (it->vm->detail.ndisks == 1 || strlen(disk) > 54)
		say(out, disk);
	else {
		snprintf(out->buf, sizeof out->buf, "%s +%zu", disk,
		    it->vm->detail.ndisks - 1);
		say(out, out->buf);
	}
}

struct sort_key
column_key_disk(const struct item *it)
{
	return by_text(disk_of(it));
}

/* --- Network -------------------------------------------------------------------- */

static const char *
mac_of(const struct item *it)
{
	return it->vm != NULL && it->vm->detail.nnics > 0 ?
	    it->vm->detail.nics[0].mac : NULL;
}

void
column_mac(const struct item *it, struct cell_text *out)
{
	const char *mac = mac_of(it);

	if (mac == NULL)
		return;
	if (it->vm->detail.nnics == 1 || strlen(mac) > 54)
		say(out, mac);
	else {
		snprintf(out->buf, sizeof out->buf, "%s +%zu", mac,
		    it->vm->detail.nnics - 1);
		say(out, out->buf);
	}
}

struct sort_key
column_key_mac(const struct item *it)
{
	return by_text(mac_of(it));
}

/* --- Template ------------------------------------------------------------------- */

static const char *
template_of(const struct item *it)
{
	return it->vm != NULL && it->vm->conf != NULL ?
	    it->vm->conf->template : NULL;
}

void
column_template(const struct item *it, struct cell_text *out)
{
	say(out, template_of(it));
}

struct sort_key
column_key_template(const struct item *it)
{
	return by_text(template_of(it));
}
