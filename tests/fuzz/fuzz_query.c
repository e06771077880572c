/* Any bytes as a query: reading never fails, and what it prints reads back to
 * the same without complaint and finds the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct obs_nic nics[] = {
	{ .mac = "00:16:3e:00:00:01", .ip = "10.1.0.11" },
};
static const struct uuid uuid = { { 0xde, 0xad } };

static struct query_facts
vm(int i)
{
	struct query_facts f = { .name = i == 0 ? "web12" : "a.c\"\\ big one",
		.host = "cs1", .cluster = "prod", .home = "cs2",
		.desc = i == 0 ? NULL : "/etc", .uuid = &uuid, .nics = nics,
		.nnics = 1, .is_host = i == 2, .type = VM_TYPE_PVH };

	for (int k = 0; k < QUERY_NUMBERS; k++)
		f.n[k] = i == 1 ? -1 : k * 1000;
	return f;
}

static void
compare(const struct query *a, const struct query *b)
{
	size_t at, len;

	for (int i = 0; i < 3; i++) {
		struct query_facts f = vm(i);

		if (query_match(a, &f) != query_match(b, &f))
			abort();
		if (query_finds(a, f.name, &at, &len) &&
		    (len > strlen(f.name) || at > strlen(f.name) - len))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char text[QUERY_TEXT_MAX + 20];
	struct query *q, *again;
	struct buf once, twice;
	size_t len = n < sizeof text - 1 ? n : sizeof text - 1;

	memcpy(text, data, len);
	text[len] = '\0';
	q = query_new(text, NULL);
	if (query_begun(q) != SIZE_MAX && query_begun(q) >= strlen(text))
		abort();
	buf_init(&once, 1 << 16);
	buf_init(&twice, 1 << 16);
	if (query_print(q, &once) != 0)
		abort();
	/* Quoting may make it longer than a query may be. */
	again = query_new(once.p != NULL ? once.p : "", NULL);
	if (once.len <= QUERY_TEXT_MAX) {
		if (query_problem(again) != NULL ||
		    query_unfinished(again) != NULL)
			abort();
		compare(q, again);
		if (query_print(again, &twice) != 0 ||
		    once.len != twice.len ||
		    (once.len > 0 && memcmp(once.p, twice.p, once.len) != 0))
			abort();
	}
	buf_free(&once);
	buf_free(&twice);
	query_free(q);
	query_free(again);
	return 0;
}
