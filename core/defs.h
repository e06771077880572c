#ifndef CORE_DEFS_H
#define CORE_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/obs.h"

/* The definitions of one host: xl's configuration files (xl.cfg(5)) of the VMs
 * that it could start. Sources send the files' bytes; what is in them is read
 * here, once for all sources, by a tolerant parser of what matters for showing
 * and placing a VM. xl itself is the only judge of whether a file is right. */

enum {
	DEFS_FILES_MAX = 2048,        /* per host */
	DEFS_FILE_MAX = 64 * 1024,    /* bytes; larger ones are left out */
	DEFS_BYTES_MAX = 16 * 1024 * 1024,
};

struct def_file {
	const char *path;  /* absolute, clean text; the real name is its own */
	const char *text;  /* as it is in the file, NUL-terminated: no NUL in it */
	size_t len;
	int64_t mtime_s;
};

struct def {
	struct def_file file;
	const char *name;     /* the VM's, clean */
	struct uuid uuid;     /* nil when the file names none */
	enum vm_type type;
	int32_t vcpus, vcpus_max;
	int64_t mem_kb, maxmem_kb;
	struct obs_nic *nics;
	size_t nnics;
	struct obs_disk *disks;
	size_t ndisks;
	bool pinned;          /* has a PCI or USB device of the host */
	const char *error;    /* what in it was not understood; NULL */
};

struct defs {
	struct arena mem;
	struct def *v;        /* by name, then path */
	size_t n;
	const char *note;     /* what could not be read; NULL */
};

void defs_init(struct defs *d);
void defs_free(struct defs *d);
void defs_copy(struct defs *to, const struct defs *from);
/* Reads the files into an initialised defs. A file without a name is no
 * definition and left out. */
void defs_read(struct defs *d, const struct def_file *files, size_t n,
    const char *note);

#endif
