/* See defedit.h. xl judges whether a definition is right; only what xl cannot
 * know is looked at here: that it is still this VM's, and no other's. */
#include "core/defedit.h"

#include <string.h>

#include "core/defread.h"

int
defedit_take(struct def *d, struct arena *a, const struct model *m,
    const struct vm *vm, const char *text, size_t len, struct err *err)
{
	const struct vm *other;

	*d = (struct def){ .text = text, .len = len };
	if (len == 0)
		return err_set(err, ERR_USAGE, "the text is empty");
	if (len > DEFS_FILE_MAX)
		return err_set(err, ERR_USAGE, "the text is longer than %d "
		    "bytes", DEFS_FILE_MAX);
	if (memchr(text, '\0', len) != NULL)
		return err_set(err, ERR_USAGE, "the text has a NUL byte in it");
	if (!def_read(d, a, text, len))
		return 0;
	/* By nothing but the UUID: no VM is called "". */
	other = model_find_vm(m, vm->cluster, &d->uuid, "");
	if (other == NULL && strcmp(d->name, vm->name) != 0)
		other = model_find_vm(m, vm->cluster, &d->uuid, d->name);
	if (other == NULL || other->id == vm->id)
		return 0;
	return err_set(err, ERR_REFUSED, "the text is of %.100s, which is "
	    "another VM than %.100s", other->name, vm->name);
}

int
defedit_path(struct buf *out, const struct conf *conf, uint32_t host,
    const char *name, struct err *err)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+_.-";
	const struct conf_host *h = &conf->hosts[host];
	const char *dirs = h->definitions;
	size_t n;

	if (name[0] == '\0' || name[0] == '-' || name[0] == '.' ||
	    name[strspn(name, good)] != '\0')
		return err_set(err, ERR_USAGE, "a new VM's name has letters, "
		    "digits and + _ . - in it, and begins with neither . nor "
		    "-");
	if (dirs == NULL && h->cluster < conf->nclusters)
		dirs = conf->clusters[h->cluster].definitions;
	if (dirs == NULL)
		dirs = CONF_DEFINITIONS;
	n = strcspn(dirs, " ");
	while (n > 1 && dirs[n - 1] == '/')
		n--;
	return buf_printf(out, "%.*s/%s.cfg", (int)n, dirs, name) != 0 ?
	    err_set(err, ERR_USAGE, "the name is too long") : 0;
}

void
defedit_template(struct buf *out, const char *name)
{
	buf_printf(out, "# See xl.cfg(5). Nothing is written unless xl "
	    "understands it.\n"
	    "name = \"%s\"\n"
	    "type = \"pvh\"\n"
	    "memory = 512\n"
	    "vcpus = 1\n"
	    "kernel = \"/boot/vmlinuz\"\n"
	    "#ramdisk = \"/boot/initrd.img\"\n"
	    "#disk = [ '/dev/vg/%s,raw,xvda,rw' ]\n"
	    "#vif = [ 'bridge=xenbr0' ]\n", name, name);
}
