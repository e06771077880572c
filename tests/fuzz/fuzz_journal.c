/* Any bytes between console and journal: a frame that is taken can be written
 * and read to the same again, and a job out of it has nothing that this program
 * could not carry out. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backends/journal_frame.h"
#include "core/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(int truth)
{
	if (!truth)
		abort();
}

/* What jobs_adopt relies on. */
static void
check_job(const struct ledger_job *l)
{
	struct conf conf;
	struct err err;
	struct job *job;

	conf_init(&conf);
	conf_add_cluster(&conf)->name = x_strdup("prod");
	conf_add_host(&conf)->name = x_strdup("alpha");
	conf_add_host(&conf)->name = x_strdup("beta");
	job = ledger_to_job(l, &conf, &err);
	for (size_t i = 0; job != NULL && i < job->nsteps; i++) {
		const struct job_step *s = &job->steps[i];
		const struct request *r = &s->plan.req;

		require(r->op > REQ_NONE && r->op < REQ_OPS);
		require(r->host == REQUEST_NO_HOST || r->host < conf.nhosts);
		require(r->to == REQUEST_NO_HOST || r->to < conf.nhosts);
		require(strlen(s->run_id) <= RUN_ID_MAX);
		for (size_t k = 0; k < s->plan.nafter; k++)
			require(s->plan.after[k] < i);
	}
	job_free(job);
	conf_free(&conf);
}

static void
check_frame(const struct frame *f)
{
	struct buf once, twice;
	struct frame again;

	buf_init(&once, 2 * FRAME_MAX);
	buf_init(&twice, 2 * FRAME_MAX);
	require(frame_put(&once, f, &f->job) == 0);
	require(frame_length(once.p, once.len) == (int64_t)once.len);
	require(frame_get(&again, once.p, once.len) == 0);
	require(frame_put(&twice, &again, &again.job) == 0);
	require(once.len == twice.len &&
	    memcmp(once.p, twice.p, once.len) == 0);
	frame_free(&again);
	buf_free(&once);
	buf_free(&twice);
}

static void
check_one(const uint8_t *data, size_t n)
{
	struct frame f;

	if (frame_get(&f, data, n) != 0)
		return;
	check_frame(&f);
	check_job(&f.job);
	frame_free(&f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ledger_job l;
	int64_t len;

	/* Whatever its length says: else few inputs would get any further. */
	check_one(data, n);
	if (ledger_unpack(&l, data, n) == 0) {
		check_job(&l);
		ledger_job_free(&l);
	}
	while ((len = frame_length(data, n)) > 0) {
		check_one(data, (size_t)len);
		data += len;
		n -= (size_t)len;
	}
	return 0;
}
