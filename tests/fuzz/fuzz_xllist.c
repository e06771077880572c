/* Any bytes as `xl list -v` and `xl info`: refused, or sound domains. A list
 * that was accepted and has its last line taken off must be another list or
 * none. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backends/xlparse.h"
#include "backends/xltopo.h"
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
	require(strlen(s) > 0 && strlen(s) <= max);
	utf8_clean(again, sizeof again, s, strlen(s));
	require(strcmp(again, s) == 0);
}

static void
check_dom(const struct obs_dom *d)
{
	check_text(d->name, OBS_NAME_MAX);
	require(d->mem_kb >= 0 && d->cpu_ns >= 0 && d->vcpus >= 0);
	require(d->flags < 32);
	require((d->flags & DOM_SHUTDOWN) != 0 || d->reason == REASON_NONE);
}

static void
check_topology(struct arena *a, const char *p, size_t n)
{
	struct obs o;

	obs_init(&o);
	xl_parse_topology(a, p, n, &o.host);
	require(o.host.nnuma <= OBS_NODES_MAX);
	require(o.host.npools <= OBS_POOLS_MAX);
	require(o.host.sockets == OBS_UNKNOWN || o.host.sockets > 0);
	for (size_t i = 0; i < o.host.nnuma; i++) {
		require(o.host.numa[i].mem_kb >= 0);
		check_text(o.host.numa[i].cpus, OBS_TEXT_MAX);
	}
	for (size_t i = 0; i < o.host.npools; i++) {
		check_text(o.host.pools[i].name, OBS_NAME_MAX);
		check_text(o.host.pools[i].cpus, OBS_TEXT_MAX);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data;
	const size_t size = n;
	struct arena a = { NULL };
	struct obs_dom *v;
	struct err e = { .msg = "" };
	struct obs o;
	size_t count, fewer;

	if (xl_parse_list(&a, p, n, &v, &count, &e) == 0) {
		require(count > 0);
		for (size_t i = 0; i < count; i++)
			check_dom(&v[i]);
		while (n > 0 && p[n - 1] == '\n')
			n--;
		while (n > 0 && p[n - 1] != '\n')
			n--;
		if (xl_parse_list(&a, p, n, &v, &fewer, &e) == 0)
			require(fewer < count);
	} else {
		require(e.msg[0] != '\0');
	}
	obs_init(&o);
	e.msg[0] = '\0';
	if (xl_parse_info(&a, p, n, &o.host, &e) == 0)
		require(o.host.cpus >= 0 && o.host.mem_kb >= 0 &&
		    o.host.free_kb >= 0);
	else
		require(e.msg[0] != '\0');
	check_text(o.host.hostname, OBS_TEXT_MAX);
	check_topology(&a, (const char *)data, size);
	check_text(o.host.virt_caps, OBS_TEXT_MAX);
	arena_free(&a);
	return 0;
}
