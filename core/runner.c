/* Names, and several runners as one. See runner.h. */
#include "core/runner.h"

const char *
run_what_name(enum run_what w)
{
	static const char *const names[] = {
		[RUN_STARTED] = "started",
		[RUN_OUTPUT] = "output",
		[RUN_ENDED] = "ended",
		[RUN_GUARDED] = "guarded",
		[RUN_ABSENT] = "absent",
		[RUN_GONE] = "gone",
		[RUN_UNHEARD] = "unheard",
	};

	return names[w];
}

int
runners_start(const struct runners *rs, const struct run *run,
    struct mono now)
{
	for (size_t i = 0; i < rs->n; i++)
		if (rs->v[i]->ops->start(rs->v[i], run, now) == 0)
			return 0;
	return -1;
}

int
runners_attach(const struct runners *rs, const struct run *run,
    struct mono now)
{
	for (size_t i = 0; i < rs->n; i++)
		if (rs->v[i]->ops->attach(rs->v[i], run->host, run->id,
		    run->boot_id, now) == 0)
			return 0;
	return -1;
}

int
runners_cancel(const struct runners *rs, const struct run *run)
{
	for (size_t i = 0; i < rs->n; i++)
		if (rs->v[i]->ops->cancel(rs->v[i], run->host, run->id) == 0)
			return 0;
	return -1;
}

/* Only one of them has the host; to the others this is nothing. */
void
runners_forget(const struct runners *rs, const struct run *run)
{
	for (size_t i = 0; i < rs->n; i++)
		rs->v[i]->ops->forget(rs->v[i], run->host, run->id);
}

void
runners_tick(const struct runners *rs, struct mono now,
    struct mono *deadline)
{
	for (size_t i = 0; i < rs->n; i++)
		rs->v[i]->ops->tick(rs->v[i], now, deadline);
}

void
runners_free(struct runners *rs)
{
	for (size_t i = 0; i < rs->n; i++)
		rs->v[i]->ops->free(rs->v[i]);
	*rs = (struct runners){ .n = 0 };
}
