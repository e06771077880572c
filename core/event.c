/* Names of what events carry, the same on screens, in recordings and in
 * documentation. */
#include "core/event.h"

#include <string.h>

const char *
link_state_name(enum link_state s)
{
	static const char *const names[] = {
		[LINK_IDLE] = "idle",
		[LINK_CONNECTING] = "connecting",
		[LINK_LIVE] = "live",
		[LINK_DOWN] = "down",
		[LINK_REFUSED] = "refused",
	};

	return names[s];
}

static const char *const ask_names[ASK_COUNT] = {
	[ASK_DMESG] = "dmesg",
};

const char *
backend_ask_name(enum backend_ask what)
{
	return ask_names[what];
}

int
backend_ask_find(const char *name)
{
	for (int i = 0; i < ASK_COUNT; i++)
		if (strcmp(ask_names[i], name) == 0)
			return i;
	return -1;
}
