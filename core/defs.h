#ifndef CORE_DEFS_H
#define CORE_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/obs.h"

/* The definitions of one host: xl's configuration files (xl.cfg(5)) of the VMs
 * that it could start. Sources send the files' bytes; what is in them is read
 * here, once for all sources, by a tolerant parser of what matters for showing
 * and placing a VM. xl itself is the only judge of whether a file is right.
 *
 * Nothing of it changes once it is read. Hosts of a cluster have most files in
 * common, so a pool keeps each once, and whoever wants to keep a host's
 * definitions takes a reference instead of a copy. */

enum {
	DEFS_FILES_MAX = 2048,        /* per host */
	DEFS_FILE_MAX = 64 * 1024,    /* bytes; larger ones are left out */
	DEFS_BYTES_MAX = 2 * 1024 * 1024, /* together */
};

/* As a source has read it. */
struct def_file {
	const char *path;  /* absolute */
	const char *text;  /* its bytes */
	size_t len;
	int64_t mtime_s;   /* -1: unknown */
};

struct def {
	const char *path;     /* absolute, clean */
	const char *text;     /* as it is in the file, NUL-terminated: no NUL
	                       * is in it */
	size_t len;
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
	struct def_own *own;  /* defs.c's */
};

struct defs {
	const struct def **v; /* by name, then path */
	int64_t *mtime_s;     /* of each; -1: unknown */
	size_t n;
	const char *note;     /* what could not be read, clean; NULL */
	struct defs_own *own; /* defs.c's */
};

/* Keeps what several hosts have only once. It lasts until it is dropped and
 * nothing of it is in use any more. */
struct defpool *defpool_new(void);
void defpool_drop(struct defpool *p); /* NULL is fine */

/* Reads the files; the caller has one reference. A file without a name is no
 * definition and left out, so is what is above the limits. pool NULL: each is
 * kept for itself. */
const struct defs *defs_read(struct defpool *pool,
    const struct def_file *files, size_t n, const char *note);
/* Those of which keep is set. */
const struct defs *defs_some(const struct defs *d, const bool *keep);
const struct defs *defs_ref(const struct defs *d); /* NULL: NULL */
void defs_unref(const struct defs *d);             /* NULL is fine */
bool defs_equal(const struct defs *a, const struct defs *b); /* but mtimes */

/* The first one of that UUID, else of that name; or NULL. */
const struct def *defs_find(const struct defs *d, const struct uuid *uuid,
    const char *name);
const struct def *defs_at_path(const struct defs *d, const char *path);

/* A new one: as much as is known of it as xl.cfg(5). */
int def_compose(struct buf *out, const struct def *d);

/* The text with its passwords blanked out, for what leaves the house. */
int def_redact(struct buf *out, const char *text, size_t len);

#endif
