#ifndef CORE_MIGRATE_PRIV_H
#define CORE_MIGRATE_PRIV_H

/* What migrate's own files share; nobody else includes this. */

#include "core/migrate.h"

/* One VM on its way from here to there. */
struct passage {
	const struct action *a;
	const struct model *m;
	const struct vm *vm;
	const struct vm_copy *copy; /* NULL: it does not run */
	const struct host *from, *to; /* to: NULL in what is about here */
	bool live;
};

/* NULL copy when it runs nowhere; vm NULL: there is no such VM. */
struct passage passage_of(const struct action *a, const struct model *m,
    uint32_t to);
const char *passage_address(const struct passage *p); /* of to */
/* The VM's devices, or NULL while those of that domain are not known. */
const struct obs_dom *passage_devices(const struct passage *p);
bool migrate_asks_disk(const struct obs_disk *d);
/* Its definition on that host, or NULL; and anywhere in the cluster. */
const struct def *migrate_def_on(const struct passage *p, uint32_t host);
const struct def *migrate_def_known(const struct passage *p);
/* "VG/LV" of a path like /dev/VG/LV; false: it is no such path. */
bool migrate_volume(char *out, size_t size, const char *path);
/* 1536 MiB: "1.5 GiB". */
enum { MIGRATE_SIZE = 32 };
const char *migrate_size(char out[MIGRATE_SIZE], int64_t kb);

/* Adds a step on that host, about that domain of the VM or, copy NULL, about
 * none; returns its index. */
uint32_t migrate_step(struct plan *p, const struct model *m,
    const struct vm *vm, enum request_op op, uint32_t host,
    const struct vm_copy *copy, const char *arg, const char *why);

void migrate_judge_here(struct migrate_target *t, const struct passage *p);
void migrate_judge_there(struct migrate_target *t, const struct passage *p);
void migrate_say(struct migrate_target *t, enum migrate_weight weight,
    const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
