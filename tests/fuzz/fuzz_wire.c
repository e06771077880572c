/* Any lines, as the stream of an agent and as a recording. Whatever they make
 * an observation of has to survive being written and read once more. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backends/wire.h"
#include "core/answer.h"
#include "core/mem.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int good)
{
	if (!good)
		abort();
}

static void
check_text(const char *s, size_t max)
{
	char clean[OBS_TEXT_MAX + 1];

	if (s == NULL)
		return;
	check(strlen(s) <= max);
	utf8_clean(clean, sizeof clean, s, strlen(s));
	check(strcmp(clean, s) == 0);
}

static void
check_obs(const struct obs *o)
{
	struct wire_encoder *e = wire_encoder_new();
	struct wire_decoder *d = wire_decoder_new();
	enum wire_type type;
	struct buf line;

	check(o->ndoms <= OBS_DOMS_MAX);
	check_text(o->host.hostname, OBS_NAME_MAX);
	for (size_t i = 0; i < o->ndoms; i++) {
		check(i == 0 || o->doms[i - 1].domid < o->doms[i].domid);
		check_text(o->doms[i].name, OBS_NAME_MAX);
		check(o->doms[i].cpu_ns >= -1 && o->doms[i].vcpus >= -1);
	}
	buf_init(&line, WIRE_LINE_MAX + 1);
	check(wire_put_obs(&line, e, o) == 0);
	check(wire_get(d, line.p, line.len - 1, &type, NULL) == 0);
	check(type == WIRE_OBS && obs_equal(wire_obs(d), o));
	buf_free(&line);
	wire_encoder_free(e);
	wire_decoder_free(d);
}

static void
check_answer(const struct event_answer *a)
{
	size_t lines = 0;

	check(a->what < ASK_COUNT);
	check((a->text != NULL) != (a->error != NULL));
	check_text(a->error, OBS_TEXT_MAX);
	for (const char *p = a->text; p != NULL && *p != '\0'; p++) {
		check(*p == '\n' || (unsigned char)*p >= ' ');
		lines += *p == '\n';
	}
	check(lines <= ANSWER_LINES);
	check(a->text == NULL || strlen(a->text) <= ANSWER_MAX);
}

static void
as_stream(const char *p, size_t n)
{
	struct wire_decoder *d = wire_decoder_new();
	enum wire_type type;
	struct err err;

	while (n != 0) {
		const char *nl = memchr(p, '\n', n);
		size_t len = nl != NULL ? (size_t)(nl - p) : n;

		if (wire_get(d, p, len, &type, &err) != 0)
			check(err.kind != ERR_NONE && err.msg[0] != '\0');
		else if (type == WIRE_OBS)
			check_obs(wire_obs(d));
		else if (type == WIRE_NOTE)
			check_text(wire_note(d)->text, OBS_TEXT_MAX);
		else if (type == WIRE_ANSWER)
			check_answer(wire_answer(d));
		len += nl != NULL;
		p += len;
		n -= len;
	}
	wire_decoder_free(d);
}

static void
as_recording(const char *p, size_t n)
{
	struct wire_reader *r = wire_reader_new();
	struct wire_writer *w = NULL;
	struct conf conf;
	struct buf out;

	conf_init(&conf);
	buf_init(&out, 64u << 20);
	while (n != 0) {
		const char *nl = memchr(p, '\n', n);
		size_t len = nl != NULL ? (size_t)(nl - p) : n;
		struct event e;
		int64_t wall;

		if (w == NULL) {
			if (wire_read_head(r, p, len, &conf, &wall, NULL) != 0)
				break;
			w = wire_writer_new(&conf);
			check(wire_write_head(w, &out, wall) == 0);
		} else if (wire_read_event(r, p, len, &e, NULL) == 1) {
			check(e.host == EVENT_NO_HOST || e.host < conf.nhosts);
			check(wire_write_event(w, &out, &e, MONO_ZERO) == 0);
			buf_clear(&out);
		}
		len += nl != NULL;
		p += len;
		n -= len;
	}
	wire_writer_free(w);
	wire_reader_free(r);
	conf_free(&conf);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	as_stream((const char *)data, n);
	as_recording((const char *)data, n);
	return 0;
}
