/* See journal_frame.h. All frames have the same fields in the same order, few of
 * which are used by each: the reader has one path, which a fuzzer can walk to
 * its end. */
#include "backends/journal_frame.h"

#include <string.h>

#include "core/mem.h"

int
frame_put(struct buf *out, const struct frame *f, const struct ledger_job *job)
{
	static const struct ledger_job none;
	struct buf body;
	int rc = 0;

	buf_init(&body, FRAME_MAX);
	rc |= bytes_put_u32(&body, (uint32_t)f->type);
	rc |= bytes_put_i64(&body, (int64_t)f->number);
	rc |= bytes_put_u32(&body, f->step);
	rc |= bytes_put_i64(&body, f->value);
	for (size_t i = 0; i < FRAME_TEXTS; i++)
		rc |= bytes_put_text(&body, f->text[i]);
	rc |= ledger_pack(&body, job != NULL ? job : &none);
	if (rc == 0 && out->len + FRAME_HEAD + body.len <= out->max)
		rc = bytes_put_u32(out, (uint32_t)body.len) != 0 ||
		    buf_add(out, body.p, body.len) != 0 ? -1 : 0;
	else
		rc = -1;
	buf_free(&body);
	return rc;
}

int64_t
frame_length(const void *p, size_t n)
{
	struct bytes_in in = { .p = p, .n = n };
	uint32_t len = bytes_u32(&in);

	if (in.bad)
		return 0;
	if (len > FRAME_MAX)
		return -1;
	return n - FRAME_HEAD >= len ? (int64_t)len + FRAME_HEAD : 0;
}

int
frame_get(struct frame *f, const void *p, size_t n)
{
	struct bytes_in in = { .p = p, .n = n };
	uint32_t type;

	*f = (struct frame){ 0 };
	bytes_u32(&in);
	type = bytes_u32(&in);
	in.bad |= type >= FRAME_TYPES;
	f->type = in.bad ? FRAME_JOB : (enum frame_type)type;
	f->number = (uint64_t)bytes_i64(&in);
	f->step = bytes_u32(&in);
	f->value = bytes_i64(&in);
	for (size_t i = 0; i < FRAME_TEXTS; i++)
		f->text[i] = f->owned[i] = bytes_text(&in);
	if (!in.bad && ledger_unpack(&f->job, in.p, in.n) == 0)
		return 0;
	frame_free(f);
	return -1;
}

void
frame_free(struct frame *f)
{
	for (size_t i = 0; i < FRAME_TEXTS; i++)
		x_free(f->owned[i]);
	ledger_job_free(&f->job);
	*f = (struct frame){ 0 };
}

uint32_t
frame_mtime_step(int64_t mtime_s)
{
	return mtime_s < 0 || mtime_s >= UINT32_MAX ? 0 :
	    (uint32_t)mtime_s + 1;
}

int64_t
frame_mtime(const struct frame *f)
{
	return (int64_t)f->step - 1;
}
