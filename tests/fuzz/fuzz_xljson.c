/* Any bytes as `xl list -l`: refused, or within the limits that an observation
 * promises. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backends/xljson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_text(const char *s, size_t max)
{
	if (s != NULL && (s[0] == '\0' || strlen(s) > max))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { NULL };
	struct obs_dom *v;
	size_t count;

	if (xljson_parse(&a, (const char *)data, n, &v, &count, NULL) != 0)
		count = 0;
	for (size_t i = 0; i < count; i++) {
		check_text(v[i].name, OBS_NAME_MAX);
		if (v[i].nnics > OBS_DEVICES_MAX ||
		    v[i].ndisks > OBS_DEVICES_MAX || v[i].maxmem_kb < -1)
			abort();
		for (size_t k = 0; k < v[i].nnics; k++) {
			check_text(v[i].nics[k].mac, OBS_TEXT_MAX);
			check_text(v[i].nics[k].ip, OBS_TEXT_MAX);
			if (v[i].nics[k].devid < 0)
				abort();
		}
		for (size_t k = 0; k < v[i].ndisks; k++)
			check_text(v[i].disks[k].target, OBS_TEXT_MAX);
	}
	arena_free(&a);
	return 0;
}
