#ifndef CORE_VMINDEX_H
#define CORE_VMINDEX_H

#include <stddef.h>
#include <stdint.h>

#include "core/model.h"

/* All VMs of a model, found by id, by (cluster, UUID) and by (cluster, name).
 * It owns the nodes. Keys are taken from the vm when it is linked: unlink
 * before changing cluster, uuid or name, link again after. */

struct vm_node {
	struct vm vm; /* first: a node is its vm */
	size_t at;    /* in vmindex.all */
	struct vm_node *by_id, *by_uuid, *by_name; /* chains */
	bool counts;  /* model_state.c: its namesakes know that it is live */
};

struct vmindex {
	struct vm_node **all;
	size_t n, cap;
	struct vm_node **ids, **uuids, **names;
	size_t nbuckets; /* a power of two, or 0 */
	uint32_t next_id;
};

void vmindex_free(struct vmindex *x);

/* A new VM with an id of its own and the keys given; linked. */
struct vm_node *vmindex_add(struct vmindex *x, uint32_t cluster,
    const struct uuid *uuid, const char *name);
void vmindex_remove(struct vmindex *x, struct vm_node *v); /* frees it */

void vmindex_set_uuid(struct vmindex *x, struct vm_node *v,
    const struct uuid *uuid);
void vmindex_set_name(struct vmindex *x, struct vm_node *v, const char *name);

struct vm_node *vmindex_by_id(const struct vmindex *x, uint32_t id);
/* NULL for the nil UUID. */
struct vm_node *vmindex_by_uuid(const struct vmindex *x, uint32_t cluster,
    const struct uuid *uuid);
/* Several VMs may share a name: the first one, and the next after v. */
struct vm_node *vmindex_by_name(const struct vmindex *x, uint32_t cluster,
    const char *name);
struct vm_node *vmindex_next_by_name(const struct vm_node *v);

#endif
