/* Three hash tables with one set of nodes. All grow together, so that there is
 * one load factor to think about. */
#include "core/vmindex.h"

#include <string.h>

#include "core/mem.h"

static uint64_t
mix(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < n; i++) /* FNV-1a */
		h = (h ^ p[i]) * 0x100000001b3u;
	return h;
}

static size_t
hash_id(const struct vmindex *x, uint32_t id)
{
	return (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 32) &
	    (x->nbuckets - 1);
}

static size_t
hash_uuid(const struct vmindex *x, uint32_t cluster, const struct uuid *uuid)
{
	uint64_t h = mix(0xcbf29ce484222325u ^ cluster, uuid->b, sizeof uuid->b);

	return (size_t)(h ^ h >> 32) & (x->nbuckets - 1);
}

static size_t
hash_name(const struct vmindex *x, uint32_t cluster, const char *name)
{
	uint64_t h = mix(0xcbf29ce484222325u ^ cluster, name, strlen(name));

	return (size_t)(h ^ h >> 32) & (x->nbuckets - 1);
}

static void
link_uuid(struct vmindex *x, struct vm_node *v)
{
	size_t b = hash_uuid(x, v->vm.cluster, &v->vm.uuid);

	v->by_uuid = x->uuids[b];
	x->uuids[b] = v;
}

static void
link_name(struct vmindex *x, struct vm_node *v)
{
	size_t b = hash_name(x, v->vm.cluster, v->vm.name);

	v->by_name = x->names[b];
	x->names[b] = v;
}

static void
link_id(struct vmindex *x, struct vm_node *v)
{
	size_t b = hash_id(x, v->vm.id);

	v->by_id = x->ids[b];
	x->ids[b] = v;
}

static void
unlink_uuid(struct vmindex *x, struct vm_node *v)
{
	struct vm_node **p =
	    &x->uuids[hash_uuid(x, v->vm.cluster, &v->vm.uuid)];

	while (*p != v)
		p = &(*p)->by_uuid;
	*p = v->by_uuid;
}

static void
unlink_name(struct vmindex *x, struct vm_node *v)
{
	struct vm_node **p = &x->names[hash_name(x, v->vm.cluster, v->vm.name)];

	while (*p != v)
		p = &(*p)->by_name;
	*p = v->by_name;
}

static void
unlink_id(struct vmindex *x, struct vm_node *v)
{
	struct vm_node **p = &x->ids[hash_id(x, v->vm.id)];

	while (*p != v)
		p = &(*p)->by_id;
	*p = v->by_id;
}

static void
rehash(struct vmindex *x, size_t nbuckets)
{
	x_free(x->ids);
	x_free(x->uuids);
	x_free(x->names);
	x->nbuckets = nbuckets;
	x->ids = x_calloc(nbuckets, sizeof *x->ids);
	x->uuids = x_calloc(nbuckets, sizeof *x->uuids);
	x->names = x_calloc(nbuckets, sizeof *x->names);
	for (size_t i = 0; i < x->n; i++) {
		link_id(x, x->all[i]);
		link_uuid(x, x->all[i]);
		link_name(x, x->all[i]);
	}
}

struct vm_node *
vmindex_add(struct vmindex *x, uint32_t cluster, const struct uuid *uuid,
    const char *name)
{
	struct vm_node *v = x_calloc(1, sizeof *v);

	if (x->n >= x->nbuckets)
		rehash(x, x->nbuckets != 0 ? x->nbuckets * 2 : 64);
	v->vm.id = x->next_id++;
	v->vm.cluster = cluster;
	v->vm.uuid = *uuid;
	v->vm.name = x_strdup(name);
	x->all = x_grow(x->all, x->n, &x->cap, sizeof(struct vm_node *));
	v->at = x->n;
	x->all[x->n++] = v;
	link_id(x, v);
	link_uuid(x, v);
	link_name(x, v);
	return v;
}

static void
node_free(struct vm_node *v)
{
	for (size_t i = 0; i < v->vm.ncopies; i++)
		x_free(v->vm.copies[i].name);
	x_free(v->vm.name);
	x_free(v->vm.def_path);
	x_free(v->vm.copies);
	arena_free(&v->vm.detail_mem);
	x_free(v);
}

void
vmindex_remove(struct vmindex *x, struct vm_node *v)
{
	unlink_id(x, v);
	unlink_uuid(x, v);
	unlink_name(x, v);
	x->all[v->at] = x->all[--x->n];
	x->all[v->at]->at = v->at;
	node_free(v);
}

void
vmindex_free(struct vmindex *x)
{
	for (size_t i = 0; i < x->n; i++)
		node_free(x->all[i]);
	x_free(x->all);
	x_free(x->ids);
	x_free(x->uuids);
	x_free(x->names);
	*x = (struct vmindex){ 0 };
}

void
vmindex_set_uuid(struct vmindex *x, struct vm_node *v, const struct uuid *uuid)
{
	unlink_uuid(x, v);
	v->vm.uuid = *uuid;
	link_uuid(x, v);
}

void
vmindex_set_name(struct vmindex *x, struct vm_node *v, const char *name)
{
	unlink_name(x, v);
	x_replace(&v->vm.name, name);
	link_name(x, v);
}

struct vm_node *
vmindex_by_id(const struct vmindex *x, uint32_t id)
{
	struct vm_node *v;

	if (x->nbuckets == 0)
		return NULL;
	for (v = x->ids[hash_id(x, id)]; v != NULL; v = v->by_id)
		if (v->vm.id == id)
			return v;
	return NULL;
}

struct vm_node *
vmindex_by_uuid(const struct vmindex *x, uint32_t cluster,
    const struct uuid *uuid)
{
	struct vm_node *v;

	if (x->nbuckets == 0 || uuid_is_nil(uuid))
		return NULL;
	for (v = x->uuids[hash_uuid(x, cluster, uuid)]; v != NULL;
	     v = v->by_uuid)
		if (v->vm.cluster == cluster &&
		    uuid_cmp(&v->vm.uuid, uuid) == 0)
			return v;
	return NULL;
}

static struct vm_node *
first_of(struct vm_node *v, uint32_t cluster, const char *name)
{
	while (v != NULL &&
	    (v->vm.cluster != cluster || strcmp(v->vm.name, name) != 0))
		v = v->by_name;
	return v;
}

struct vm_node *
vmindex_by_name(const struct vmindex *x, uint32_t cluster, const char *name)
{
	if (x->nbuckets == 0)
		return NULL;
	return first_of(x->names[hash_name(x, cluster, name)], cluster, name);
}

struct vm_node *
vmindex_next_by_name(const struct vm_node *v)
{
	return first_of(v->by_name, v->vm.cluster, v->vm.name);
}
