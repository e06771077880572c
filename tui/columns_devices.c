/* Columns of what a VM is made from and has: its template, first disk, first
 * network interface. What there is more of is in its details. */
#include "tui/columns.h"

#include <stdio.h>
#include <string.h>

/* The first of n, and how many more there are. */
static void
say_first(struct cell_text *out, const char *first, size_t n)
{
	column_say(out, first, STYLE_NORMAL);
	if (first != NULL && n > 1 && strlen(first) < sizeof out->buf / 2) {
		snprintf(out->buf, sizeof out->buf, "%.*s +%zu",
		    (int)sizeof out->buf / 2, first, n - 1);
		out->s = out->buf;
	}
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
	say_first(out, disk_of(it), it->vm != NULL ? it->vm->detail.ndisks :
	    0);
}

struct sort_key
column_key_disk(const struct item *it)
{
	return column_by_text(disk_of(it));
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
	say_first(out, mac_of(it), it->vm != NULL ? it->vm->detail.nnics : 0);
}

struct sort_key
column_key_mac(const struct item *it)
{
	return column_by_text(mac_of(it));
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
	column_say(out, template_of(it), STYLE_NORMAL);
}

struct sort_key
column_key_template(const struct item *it)
{
	return column_by_text(template_of(it));
}
