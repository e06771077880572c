/* Names of what events carry, the same on screens, in recordings and in
 * documentation. */
#include "core/event.h"

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
