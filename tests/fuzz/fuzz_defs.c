/* Any bytes as a definition: left out, or clean facts; a text composed of these
 * says them again; and no password survives its blanking. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/defs.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(int truth)
{
	if (!truth)
		abort();
}

static void
check_text(const char *s, size_t max)
{
	char again[OBS_TEXT_MAX + 1];

	if (s == NULL)
		return;
	require(strlen(s) <= max);
	utf8_clean(again, sizeof again, s, strlen(s));
	require(strcmp(again, s) == 0);
}

static void
check_def(const struct def *d)
{
	check_text(d->path, OBS_TEXT_MAX);
	check_text(d->name, OBS_NAME_MAX);
	check_text(d->error, OBS_TEXT_MAX);
	require(d->name[0] != '\0' && strlen(d->text) == d->len);
	require(d->vcpus >= 1 && d->vcpus_max >= d->vcpus);
	require(d->mem_kb >= OBS_UNKNOWN && d->mem_kb <= OBS_MEM_MAX_KB);
	require(d->maxmem_kb >= d->mem_kb);
	require(d->nnics <= OBS_DEVICES_MAX && d->ndisks <= OBS_DEVICES_MAX);
	for (size_t i = 0; i < d->nnics; i++) {
		check_text(d->nics[i].mac, OBS_TEXT_MAX);
		check_text(d->nics[i].bridge, OBS_TEXT_MAX);
		check_text(d->nics[i].ip, OBS_TEXT_MAX);
	}
	for (size_t i = 0; i < d->ndisks; i++) {
		require(d->disks[i].vdev[0] != '\0');
		check_text(d->disks[i].vdev, OBS_TEXT_MAX);
		check_text(d->disks[i].target, OBS_TEXT_MAX);
	}
}

static void
check_composed(const struct def *d)
{
	struct def_file f = { .path = "/b" };
	const struct defs *again;
	struct buf text;

	buf_init(&text, DEFS_FILE_MAX);
	if (def_compose(&text, d) == 0) {
		f.text = text.p;
		f.len = text.len;
		again = defs_read(NULL, &f, 1, NULL);
		require(again->n == 1);
		require(strcmp(again->v[0]->name, d->name) == 0);
		require(uuid_cmp(&again->v[0]->uuid, &d->uuid) == 0);
		require(again->v[0]->mem_kb == d->mem_kb ||
		    d->mem_kb % 1024 != 0 || d->mem_kb <= 0);
		defs_unref(again);
	}
	buf_free(&text);
}

/* Blanking twice is blanking once. */
static void
check_redacted(const char *p, size_t n)
{
	struct buf once, twice;

	buf_init(&once, 1 << 20);
	buf_init(&twice, 1 << 20);
	require(def_redact(&once, p, n) == 0);
	require(def_redact(&twice, once.p != NULL ? once.p : "",
	    once.len) == 0);
	require(once.len == twice.len && (once.len == 0 ||
	    memcmp(once.p, twice.p, once.len) == 0));
	buf_free(&once);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data;
	const struct def_file f = { "/etc/xen/a\n.cfg", p, n, 1 };
	const struct defs *d = defs_read(NULL, &f, 1, NULL);

	require(d->n <= 1);
	if (d->n == 1) {
		check_def(d->v[0]);
		check_composed(d->v[0]);
	}
	defs_unref(d);
	check_redacted(p, n);
	return 0;
}
