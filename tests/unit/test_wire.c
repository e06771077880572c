/* The wire format line by line: what is written for what, and what is made of
 * lines that nobody of ours wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/wire.h"
#include "backends/wire_int.h"
#include "core/mem.h"

struct fixture {
	struct buf out;
	struct wire_encoder *enc;
	struct wire_decoder *dec;
	struct obs obs;
	struct err err;
	enum wire_type type;
};

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof *f);

	buf_init(&f->out, 16u << 20);
	f->enc = wire_encoder_new();
	f->dec = wire_decoder_new();
	obs_init(&f->obs);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	buf_free(&f->out);
	wire_encoder_free(f->enc);
	wire_decoder_free(f->dec);
	obs_free(&f->obs);
	x_free(f);
	return 0;
}

static int
get(struct fixture *f, const char *line)
{
	return wire_get(f->dec, line, strlen(line), &f->type, &f->err);
}

static void
get_obs(struct fixture *f, const char *line)
{
	f->err.msg[0] = '\0';
	if (get(f, line) != 0)
		fail_msg("%s: %s", f->err.msg, line);
	assert_int_equal(f->type, WIRE_OBS);
}

static void
refused(struct fixture *f, const char *line, const char *why)
{
	if (get(f, line) == 0)
		fail_msg("taken: %s", line);
	assert_int_equal(f->err.kind, ERR_FAILED);
	if (strstr(f->err.msg, why) == NULL)
		fail_msg("'%s' is not in: %s", why, f->err.msg);
}

/* Writes the fixture's obs and expects the line, without its newline. */
static void
writes(struct fixture *f, const char *line)
{
	buf_clear(&f->out);
	assert_int_equal(wire_put_obs(&f->out, f->enc, &f->obs), 0);
	assert_int_equal(f->out.p[f->out.len - 1], '\n');
	f->out.p[f->out.len - 1] = '\0';
	assert_string_equal(f->out.p, line);
	get_obs(f, line);
	assert_true(obs_equal(wire_obs(f->dec), &f->obs));
}

static void
add_dom(struct fixture *f, uint32_t domid, const char *name)
{
	struct obs *o = &f->obs;
	struct obs_dom *v = arena_array(&o->mem, o->ndoms + 1, sizeof *v);

	if (o->ndoms != 0)
		memcpy(v, o->doms, o->ndoms * sizeof *v);
	o->doms = v;
	obs_dom_init(&v[o->ndoms]);
	v[o->ndoms].domid = domid;
	v[o->ndoms++].name = name;
}

/* --- Writing -------------------------------------------------------------- */

static void
test_hello(void **state)
{
	static const struct wire_hello h = {
		1, "0.1\"0", "4.17", "4.20", 1500
	};
	struct fixture *f = *state;

	assert_null(wire_hello(f->dec));
	assert_int_equal(wire_put_hello(&f->out, &h), 0);
	assert_string_equal(f->out.p, "{\"type\":\"hello\",\"v\":1,"
	    "\"agent\":\"0.1\\\"0\",\"xen_built\":\"4.17\","
	    "\"xen_found\":\"4.20\",\"interval_ms\":1500}\n");
	f->out.p[f->out.len - 1] = '\0';
	assert_int_equal(get(f, f->out.p), 0);
	assert_int_equal(f->type, WIRE_HELLO);
	assert_string_equal(wire_hello(f->dec)->agent, h.agent);
	assert_string_equal(wire_hello(f->dec)->xen_built, h.xen_built);
	assert_string_equal(wire_hello(f->dec)->xen_found, h.xen_found);
	assert_int_equal(wire_hello(f->dec)->interval_ms, 1500);
	assert_int_equal(wire_hello(f->dec)->version, 1);
}

static void
test_note_and_bye(void **state)
{
	struct fixture *f = *state;

	wire_put_note(&f->out, NOTE_ALARM, "a\\b\x1b[31m");
	assert_string_equal(f->out.p, "{\"type\":\"note\",\"level\":\"alarm\","
	    "\"text\":\"a\\\\b\xef\xbf\xbd[31m\"}\n");
	assert_int_equal(get(f, f->out.p), 0);
	assert_int_equal(f->type, WIRE_NOTE);
	assert_int_equal(wire_note(f->dec)->level, NOTE_ALARM);
	assert_string_equal(wire_note(f->dec)->text, "a\\b\xef\xbf\xbd[31m");

	buf_clear(&f->out);
	wire_put_note(&f->out, NOTE_INFO, NULL);
	assert_int_equal(wire_get(f->dec, f->out.p, f->out.len - 1, &f->type,
	    &f->err), 0);
	assert_null(wire_note(f->dec)->text);

	buf_clear(&f->out);
	wire_put_bye(&f->out, "enough");
	assert_string_equal(f->out.p, "{\"type\":\"bye\",\"why\":\"enough\"}\n");
	assert_int_equal(wire_get(f->dec, f->out.p, f->out.len - 1, &f->type,
	    &f->err), 0);
	assert_int_equal(f->type, WIRE_BYE);
	assert_string_equal(wire_bye(f->dec), "enough");
}

static void
test_answer(void **state)
{
	struct fixture *f = *state;
	struct event_answer a = { ASK_DMESG, "(XEN) \"a\"\n\nb\n", NULL };

	assert_int_equal(wire_put_answer(&f->out, &a), 0);
	assert_string_equal(f->out.p, "{\"type\":\"answer\",\"what\":\"dmesg\","
	    "\"lines\":[\"(XEN) \\\"a\\\"\",\"\",\"b\"]}\n");
	f->out.p[f->out.len - 1] = '\0';
	assert_int_equal(get(f, f->out.p), 0);
	assert_int_equal(f->type, WIRE_ANSWER);
	assert_string_equal(wire_answer(f->dec)->text, a.text);
	assert_null(wire_answer(f->dec)->error);
	buf_clear(&f->out);
	a = (struct event_answer){ ASK_DMESG, NULL, "no" };
	wire_put_answer(&f->out, &a);
	assert_string_equal(f->out.p, "{\"type\":\"answer\",\"what\":\"dmesg\","
	    "\"error\":\"no\"}\n");
	assert_int_equal(get(f, "{\"type\":\"answer\",\"what\":\"dmesg\","
	    "\"error\":7}"), 0);
	assert_int_equal(f->type, WIRE_IGNORE);
	assert_int_equal(get(f, "{\"type\":\"answer\",\"what\":\"later\","
	    "\"lines\":[]}"), 0);
	assert_int_equal(f->type, WIRE_IGNORE);
}

static void
test_full_then_deltas(void **state)
{
	static struct obs_nic nic = { 0, "00:16:3e:00:00:01", "xenbr0", NULL };
	struct fixture *f = *state;
	struct obs *o = &f->obs;

	o->t_ns = 10;
	o->host.cpus = 4;
	add_dom(f, 0, "Domain-0");
	o->doms[0].flags = DOM_RUNNING;
	writes(f, "{\"type\":\"obs\",\"seq\":1,\"t_ns\":10,\"full\":true,"
	    "\"host\":{\"cpus\":4},\"doms\":[{\"id\":0,"
	    "\"name\":\"Domain-0\",\"state\":\"r\"}]}");

	o->t_ns = 20;
	writes(f, "{\"type\":\"obs\",\"seq\":2,\"t_ns\":20}");

	add_dom(f, 3, NULL);
	o->doms[1].type = VM_TYPE_PVH;
	o->doms[1].cpu_ns = 7;
	writes(f, "{\"type\":\"obs\",\"seq\":3,\"t_ns\":20,\"doms\":[{\"id\":3,"
	    "\"type\":\"pvh\",\"state\":\"\",\"cpu_ns\":7}]}");

	o->doms[1].name = "web";
	o->doms[1].flags = DOM_SHUTDOWN | DOM_DYING;
	o->doms[1].reason = REASON_SOFT_RESET;
	o->doms[1].cpu_ns = OBS_UNKNOWN;
	o->doms[1].nics = &nic;
	o->doms[1].nnics = 1;
	o->host.cpus = OBS_UNKNOWN;
	writes(f, "{\"type\":\"obs\",\"seq\":4,\"t_ns\":20,\"host\":{"
	    "\"cpus\":null},\"doms\":[{\"id\":3,\"name\":\"web\","
	    "\"state\":\"sd\",\"reason\":\"soft-reset\",\"cpu_ns\":null,"
	    "\"nics\":[{\"devid\":0,\"mac\":\"00:16:3e:00:00:01\","
	    "\"bridge\":\"xenbr0\"}]}]}");

	o->doms[1].nnics = 0;
	o->doms[1].reason = REASON_NONE;
	writes(f, "{\"type\":\"obs\",\"seq\":5,\"t_ns\":20,\"doms\":[{\"id\":3,"
	    "\"reason\":null,\"nics\":[]}]}");

	o->ndoms = 1;
	writes(f, "{\"type\":\"obs\",\"seq\":6,\"t_ns\":20,\"gone\":[3]}");

	wire_encoder_restart(f->enc);
	o->wall_ms = 5;
	writes(f, "{\"type\":\"obs\",\"seq\":7,\"t_ns\":20,\"wall_ms\":5,"
	    "\"full\":true,\"host\":{},\"doms\":[{\"id\":0,"
	    "\"name\":\"Domain-0\",\"state\":\"r\"}]}");
}

static void
test_domid_of_another(void **state)
{
	struct fixture *f = *state;

	add_dom(f, 5, "a");
	f->obs.doms[0].cpu_ns = 3;
	f->obs.doms[0].uuid.b[15] = 1;
	writes(f, "{\"type\":\"obs\",\"seq\":1,\"t_ns\":0,\"full\":true,"
	    "\"host\":{},\"doms\":[{\"id\":5,"
	    "\"uuid\":\"00000000-0000-0000-0000-000000000001\","
	    "\"name\":\"a\",\"state\":\"\",\"cpu_ns\":3}]}");
	f->obs.doms[0].uuid.b[15] = 2;
	writes(f, "{\"type\":\"obs\",\"seq\":2,\"t_ns\":0,\"gone\":[5],"
	    "\"doms\":[{\"id\":5,"
	    "\"uuid\":\"00000000-0000-0000-0000-000000000002\","
	    "\"name\":\"a\",\"state\":\"\",\"cpu_ns\":3}]}");
	/* A writer that forgets "gone" does not mix the two either. */
	get_obs(f, "{\"type\":\"obs\",\"seq\":3,\"doms\":[{\"id\":5,"
	    "\"uuid\":\"00000000-0000-0000-0000-000000000003\"}]}");
	assert_null(wire_obs(f->dec)->doms[0].name);
	assert_int_equal(wire_obs(f->dec)->doms[0].cpu_ns, OBS_UNKNOWN);
}

static void
test_definitions(void **state)
{
	static const char latin1[] = "name = \"b\" # caf\xe9\n";
	struct fixture *f = *state;
	const struct def_file files[] = {
		{ "/etc/xen/a.cfg", "name = 'a'\n\t\x01\\", 14, 7 },
		{ "/etc/xen/b.cfg", latin1, sizeof latin1 - 1, OBS_UNKNOWN },
	};
	const struct wire_defs *d = wire_defs(f->dec);

	assert_int_equal(wire_put_defs(&f->out, files, 2, "no /srv"), 0);
	assert_string_equal(f->out.p, "{\"type\":\"defs\",\"files\":["
	    "{\"path\":\"/etc/xen/a.cfg\",\"mtime_s\":7,"
	    "\"text\":\"name = 'a'\\n\\t\\u0001\\\\\"},"
	    "{\"path\":\"/etc/xen/b.cfg\",\"latin1\":true,"
	    "\"text\":\"name = \\\"b\\\" # caf\xc3\xa9\\n\"}],"
	    "\"note\":\"no /srv\"}\n");
	f->out.p[f->out.len - 1] = '\0';
	assert_int_equal(get(f, f->out.p), 0);
	assert_int_equal(f->type, WIRE_DEFS);
	assert_int_equal(d->n, 2);
	assert_string_equal(d->note, "no /srv");
	for (int i = 0; i < 2; i++) {
		assert_string_equal(d->files[i].path, files[i].path);
		assert_int_equal(d->files[i].len, files[i].len);
		assert_memory_equal(d->files[i].text, files[i].text,
		    files[i].len);
		assert_int_equal(d->files[i].mtime_s, files[i].mtime_s);
	}
	/* What is no file is left out. */
	assert_int_equal(get(f, "{\"type\":\"defs\",\"files\":[7,{},"
	    "{\"path\":\"/a\"},{\"text\":\"\"},{\"path\":\"/a\",\"text\":\"\"},"
	    "{\"path\":\"/b\",\"latin1\":true,\"text\":\"\xe2\x82\xac\"}]}"),
	    0);
	assert_int_equal(d->n, 1);
	assert_null(d->note);
	assert_int_equal(get(f, "{\"type\":\"defs\"}"), 0);
	assert_int_equal(f->type, WIRE_DEFS);
	assert_int_equal(d->n, 0);
}

/* Every byte takes six in JSON, so not all of them have room in a line. */
static void
test_definitions_too_large(void **state)
{
	struct fixture *f = *state;
	struct def_file files[32];
	char *text = x_malloc(DEFS_FILE_MAX);

	memset(text, 1, DEFS_FILE_MAX);
	for (size_t i = 0; i < 32; i++)
		files[i] = (struct def_file){ "/a", text, DEFS_FILE_MAX, 1 };
	buf_free(&f->out);
	buf_init(&f->out, 2 * WIRE_LINE_MAX);
	assert_int_equal(wire_put_defs(&f->out, files, 32, NULL), 0);
	assert_true(f->out.len <= WIRE_LINE_MAX + 1);
	assert_int_equal(wire_get(f->dec, f->out.p, f->out.len - 1, &f->type,
	    &f->err), 0);
	assert_int_equal(wire_defs(f->dec)->n, 21);
	assert_string_equal(wire_defs(f->dec)->note,
	    "11 definitions left out: too much together");
	x_free(text);
}

static void
test_writer_scrubs(void **state)
{
	struct fixture *f = *state;
	struct obs_nic nics[70];
	char name[400];
	const struct obs_dom *d;

	memset(name, 'x', sizeof name);
	name[sizeof name - 1] = '\0';
	for (size_t i = 0; i < 70; i++)
		nics[i] = (struct obs_nic){ (int32_t)i, NULL, "br\n0", NULL };
	add_dom(f, 7, name);
	add_dom(f, 2, "\x1b]0;evil\a\xff");
	f->obs.doms[0].nics = nics;
	f->obs.doms[0].nnics = 70;
	f->obs.doms[0].flags = ~0u;
	f->obs.doms[0].mem_kb = -77;
	for (int i = 0; i < 2; i++) {
		buf_clear(&f->out);
		wire_put_obs(&f->out, f->enc, &f->obs);
		assert_null(memchr(f->out.p, '\x1b', f->out.len));
		assert_ptr_equal(memchr(f->out.p, '\n', f->out.len),
		    f->out.p + f->out.len - 1);
		f->out.p[f->out.len - 1] = '\0';
		get_obs(f, f->out.p);
	}
	/* The second time nothing had changed. */
	assert_string_equal(f->out.p, "{\"type\":\"obs\",\"seq\":2,\"t_ns\":0}");
	d = wire_obs(f->dec)->doms;
	assert_int_equal(d[0].domid, 2);
	assert_string_equal(d[0].name,
	    "\xef\xbf\xbd]0;evil\xef\xbf\xbd\xef\xbf\xbd");
	assert_int_equal(strlen(d[1].name), OBS_NAME_MAX);
	assert_int_equal(d[1].nnics, OBS_DEVICES_MAX);
	assert_string_equal(d[1].nics[63].bridge, "br\xef\xbf\xbd" "0");
	assert_int_equal(d[1].flags, 31);
	assert_int_equal(d[1].mem_kb, OBS_UNKNOWN);
}

static void
test_full_buffer(void **state)
{
	static const struct wire_hello hello = { 1, "0", "", "", 1 };
	struct fixture *f = *state;
	struct buf tight;

	add_dom(f, 1, "a name of some length");
	wire_put_obs(&f->out, f->enc, &f->obs);
	for (size_t max = 0; max < 80; max++) {
		buf_init(&tight, max);
		f->obs.t_ns++;
		f->obs.doms[0].cpu_ns = (int64_t)max;
		if (wire_put_obs(&tight, f->enc, &f->obs) != 0) {
			assert_int_equal(tight.len, 0);
		} else {
			/* The failures before took no number away. */
			assert_non_null(strstr(tight.p, "\"seq\":2,"));
			buf_free(&tight);
			break;
		}
		assert_int_equal(wire_put_hello(&tight, &hello), -1);
		assert_int_equal(wire_put_note(&tight, NOTE_INFO, "1234567890"
		    "1234567890123456789012345678901234567890"), -1);
		assert_int_equal(tight.len, 0);
		buf_free(&tight);
		assert_true(max < 79);
	}
}

/* A line that the other end would refuse is not written at all. */
static void
test_endless_line(void **state)
{
	enum { DEVICES = 64, DOMS = 200 };
	struct fixture *f = *state;
	struct obs_disk disks[DEVICES];
	char target[1024];
	struct buf out;

	memset(target, 't', sizeof target);
	target[sizeof target - 1] = '\0';
	for (size_t i = 0; i < DEVICES; i++)
		disks[i] = (struct obs_disk){ "xvda", target, false };
	for (uint32_t i = 0; i < DOMS; i++) {
		add_dom(f, i, "a");
		f->obs.doms[i].disks = disks;
		f->obs.doms[i].ndisks = DEVICES;
	}
	buf_init(&out, 64u << 20);
	assert_int_equal(wire_put_obs(&out, f->enc, &f->obs), -1);
	assert_int_equal(out.len, 0);
	f->obs.ndoms = 100;
	assert_int_equal(wire_put_obs(&out, f->enc, &f->obs), 0);
	assert_non_null(strstr(out.p, "\"seq\":1,"));
	buf_free(&out);
}

static void
test_full_every(void **state)
{
	struct fixture *f = *state;

	for (int i = 1; i <= 3 * WIRE_FULL_EVERY; i++) {
		bool full;

		buf_clear(&f->out);
		wire_put_obs(&f->out, f->enc, &f->obs);
		full = strstr(f->out.p, "\"full\":true") != NULL;
		assert_int_equal(full, i % WIRE_FULL_EVERY == 1);
	}
}

/* --- Reading -------------------------------------------------------------- */

#define FULL(seq, doms) "{\"type\":\"obs\",\"full\":true,\"seq\":" #seq \
	",\"doms\":" doms "}"
#define DELTA(seq, doms) "{\"type\":\"obs\",\"seq\":" #seq \
	",\"doms\":" doms "}"

static int64_t
cpu_ns_of(struct fixture *f, const char *number)
{
	char line[256];

	snprintf(line, sizeof line, "{\"type\":\"hello\",\"v\":1}");
	assert_int_equal(get(f, line), 0);
	snprintf(line, sizeof line, FULL(1, "[{\"id\":1,\"cpu_ns\":%s}]"),
	    number);
	get_obs(f, line);
	return wire_obs(f->dec)->doms[0].cpu_ns;
}

static void
test_numbers(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(cpu_ns_of(f, "0"), 0);
	assert_int_equal(cpu_ns_of(f, "9007199254740993"), 9007199254740993);
	assert_true(cpu_ns_of(f, "9223372036854775807") == INT64_MAX);
	assert_int_equal(cpu_ns_of(f, "9223372036854775808"), -1);
	assert_int_equal(cpu_ns_of(f, "18446744073709551615"), -1);
	assert_int_equal(cpu_ns_of(f, "99999999999999999999999"), -1);
	assert_int_equal(cpu_ns_of(f, "-1"), -1);
	assert_int_equal(cpu_ns_of(f, "-5"), -1);
	assert_int_equal(cpu_ns_of(f, "-99999999999999999999999"), -1);
	assert_int_equal(cpu_ns_of(f, "1.0"), -1);
	assert_int_equal(cpu_ns_of(f, "1e3"), -1);
	assert_int_equal(cpu_ns_of(f, "\"5\""), -1);
	assert_int_equal(cpu_ns_of(f, "true"), -1);
	assert_int_equal(cpu_ns_of(f, "[5]"), -1);
	assert_int_equal(cpu_ns_of(f, "null"), -1);
	get_obs(f, DELTA(2, "[{\"id\":1,\"vcpus\":2147483648,"
	    "\"vcpus_max\":2147483647}]"));
	assert_int_equal(wire_obs(f->dec)->doms[0].vcpus, -1);
	assert_int_equal(wire_obs(f->dec)->doms[0].vcpus_max, INT32_MAX);
}

static void
test_foreign_strings(void **state)
{
	struct fixture *f = *state;
	struct buf line;
	const struct obs_dom *d;

	get_obs(f, FULL(1, "[{\"id\":1,\"name\":\"a\\u0000b\\u001b\\n\xff\xc3"
	    "\\ud800\\u202e\",\"type\":\"vax\",\"state\":\"bX\\u0000p\","
	    "\"uuid\":\"zz\",\"reason\":7,\"nics\":\"no\",\"disks\":["
	    "null,{\"target\":5},{\"readonly\":true}]}]"));
	d = &wire_obs(f->dec)->doms[0];
	assert_int_equal(strncmp(d->name, "a\xef\xbf\xbd" "b\xef\xbf\xbd"
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 17), 0);
	assert_null(strpbrk(d->name, "\x1b\n\xff"));
	assert_int_equal(d->type, VM_TYPE_UNKNOWN);
	assert_int_equal(d->flags, DOM_BLOCKED);
	assert_true(uuid_is_nil(&d->uuid));
	assert_int_equal(d->reason, REASON_NONE);
	assert_int_equal(d->nnics, 0);
	assert_int_equal(d->ndisks, 3);
	assert_null(d->disks[1].target);
	assert_true(d->disks[2].readonly);

	buf_init(&line, 1 << 20);
	buf_puts(&line, "{\"type\":\"obs\",\"seq\":2,\"doms\":[{\"id\":1,"
	    "\"name\":\"");
	for (int i = 0; i < 200; i++)
		buf_puts(&line, "\xc3\xa9");
	buf_puts(&line, "\",\"nics\":[");
	for (int i = 0; i < 100; i++)
		buf_puts(&line, "{\"devid\":1},");
	buf_puts(&line, "{}]}]}");
	get_obs(f, line.p);
	d = &wire_obs(f->dec)->doms[0];
	assert_int_equal(strlen(d->name), 254); /* no half character */
	assert_int_equal(d->nnics, OBS_DEVICES_MAX);
	buf_free(&line);
}

static void
test_order_of_frames(void **state)
{
	struct fixture *f = *state;

	refused(f, DELTA(1, "[]"), "not understood");
	get_obs(f, FULL(3, "[{\"id\":1,\"name\":\"a\"}]"));
	assert_int_equal(get(f, FULL(3, "[]")), 0);
	assert_int_equal(f->type, WIRE_IGNORE);
	assert_int_equal(get(f, DELTA(2, "[]")), 0);
	assert_int_equal(f->type, WIRE_IGNORE);
	get_obs(f, DELTA(4, "[]"));
	refused(f, DELTA(6, "[]"), "missing between 4 and 6");
	refused(f, DELTA(7, "[]"), "not understood");
	assert_int_equal(wire_obs(f->dec)->ndoms, 1);
	assert_int_equal(wire_obs(f->dec)->seq, 4);
	get_obs(f, FULL(9, "[]"));
	get_obs(f, DELTA(10, "[]"));
	/* A new agent counts anew, and begins with a full frame. */
	assert_int_equal(get(f, "{\"type\":\"hello\",\"v\":1}"), 0);
	refused(f, DELTA(11, "[]"), "not understood");
	get_obs(f, FULL(1, "[]"));
}

static void
test_bad_lines(void **state)
{
	static const struct {
		const char *line, *why;
	} bad[] = {
		{ "", "JSON" },
		{ "   ", "JSON" },
		{ "hello", "JSON" },
		{ "42", "JSON" },
		{ "[]", "JSON" },
		{ "null", "JSON" },
		{ "{", "cut short" },
		{ "{} {}", "JSON" },
		{ "{}x", "JSON" },
		{ "{'type':'obs'}", "JSON" },
		{ "{\"type\":\"obs\",}", "JSON" },
		{ "/* */{\"type\":\"x\"}", "JSON" },
		{ "{\"a\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", "JSON" },
		{ "{}", "without type" },
		{ "{\"type\":5}", "without type" },
		{ "{\"type\":null}", "without type" },
		{ "{\"type\":\"obs\"}", "without number" },
		{ "{\"type\":\"obs\",\"seq\":0}", "without number" },
		{ "{\"type\":\"obs\",\"seq\":9223372036854775808}",
		    "without number" },
		{ "{\"type\":\"obs\",\"full\":true,\"seq\":3}",
		    "without doms" },
		{ FULL(3, "{}"), "no array" },
		{ FULL(3, "null"), "no array" },
		{ FULL(3, "[{}]"), "without id" },
		{ FULL(3, "[5]"), "without id" },
		{ FULL(3, "[{\"id\":-1}]"), "without id" },
		{ FULL(3, "[{\"id\":4294967296}]"), "without id" },
		{ FULL(3, "[{\"id\":1},{\"id\":1}]"), "twice" },
		{ DELTA(3, "7"), "no array" },
		{ DELTA(3, "[{\"name\":\"x\"}]"), "without id" },
		{ DELTA(3, "[{\"id\":8},{\"id\":8}]"), "twice" },
		{ "{\"type\":\"hello\"}", "without version" },
		{ "{\"type\":\"hello\",\"v\":2,\"agent\":\"9.9\"}",
		    "agent 9.9 speaks version 2" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		wire_decoder_free(f->dec);
		f->dec = wire_decoder_new();
		get_obs(f, FULL(1, "[{\"id\":1,\"name\":\"a\"}]"));
		get_obs(f, DELTA(2, "[{\"id\":1,\"cpu_ns\":5}]"));
		refused(f, bad[i].line, bad[i].why);
		/* What was known stays, and no delta is put on it. */
		assert_int_equal(wire_obs(f->dec)->ndoms, 1);
		assert_string_equal(wire_obs(f->dec)->doms[0].name, "a");
		refused(f, DELTA(3, "[]"), "not understood");
		get_obs(f, FULL(4, "[]"));
	}
	assert_int_equal(wire_get(f->dec, "{\"type\":\0\"x\"}", 14, &f->type,
	    &f->err), -1);
}

static void
test_too_much(void **state)
{
	struct fixture *f = *state;
	struct buf line;

	buf_init(&line, WIRE_LINE_MAX + 64);
	buf_puts(&line, "{\"type\":\"obs\",\"full\":true,\"seq\":1,\"doms\":[");
	for (int i = 0; i <= OBS_DOMS_MAX; i++)
		buf_printf(&line, "%s{\"id\":%d}", i != 0 ? "," : "", i);
	buf_puts(&line, "]}");
	refused(f, line.p, "more than 4096 domains");

	/* Two frames that together name too many. */
	buf_clear(&line);
	buf_puts(&line, "{\"type\":\"obs\",\"full\":true,\"seq\":1,\"doms\":[");
	for (int i = 0; i < OBS_DOMS_MAX; i++)
		buf_printf(&line, "%s{\"id\":%d}", i != 0 ? "," : "", i);
	buf_puts(&line, "]}");
	get_obs(f, line.p);
	refused(f, DELTA(2, "[{\"id\":5000}]"), "4096");

	buf_clear(&line);
	while (line.len <= WIRE_LINE_MAX)
		buf_puts(&line, "                                ");
	refused(f, line.p, "longer than");
	buf_free(&line);
}

/* Eight megabytes of nothings would be gigabytes of objects. */
static void
test_swarm(void **state)
{
	static const char *const things[] = { "{},", "[],", "0," };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
		struct buf line;

		buf_init(&line, WIRE_LINE_MAX);
		buf_puts(&line, "{\"type\":\"obs\",\"doms\":[");
		while (line.len < WIRE_LINE_MAX - 16)
			buf_puts(&line, things[i]);
		buf_puts(&line, "0]}");
		refused(f, line.p, "too many things");
		buf_free(&line);
	}
}

static void
test_what_later_versions_add(void **state)
{
	struct fixture *f = *state;

	get_obs(f, "{\"new\":{\"a\":[1]},\"type\":\"obs\",\"full\":true,"
	    "\"seq\":1,\"host\":{\"color\":\"red\",\"cpus\":2},\"doms\":["
	    "{\"id\":1,\"tags\":[\"x\"],\"name\":\"a\"}]}");
	assert_int_equal(wire_obs(f->dec)->host.cpus, 2);
	assert_string_equal(wire_obs(f->dec)->doms[0].name, "a");
	assert_int_equal(get(f, "{\"type\":\"weather\",\"seq\":77}"), 0);
	assert_int_equal(f->type, WIRE_IGNORE);
	assert_int_equal(get(f, "{\"type\":\"link\",\"state\":\"odd\"}"), 0);
	assert_int_equal(f->type, WIRE_IGNORE);
	assert_int_equal(get(f, "{\"type\":\"note\",\"level\":\"doom\","
	    "\"text\":\"x\"}"), 0);
	assert_int_equal(wire_note(f->dec)->level, NOTE_INFO);
	get_obs(f, DELTA(2, "[]") "\r");
}

/* --- The document --------------------------------------------------------- */

static char *
read_doc(void)
{
	FILE *fp = fopen("share/doc/wire.md", "r");
	char *text = x_calloc(1, 1 << 17);
	size_t n;

	assert_non_null(fp);
	n = fread(text, 1, (1 << 17) - 1, fp);
	assert_true(n > 0 && n < (1 << 17) - 1);
	fclose(fp);
	return text;
}

static void
doc_line(struct fixture *f, struct wire_reader **r, struct conf *conf,
    const char *line)
{
	struct event e;
	int64_t wall;
	int rc;

	f->err.msg[0] = '\0';
	if (*r != NULL) {
		rc = wire_read_event(*r, line, strlen(line), &e, &f->err) - 1;
	} else if (strstr(line, "\"recording\"") != NULL) {
		*r = wire_reader_new();
		rc = wire_read_head(*r, line, strlen(line), conf, &wall,
		    &f->err);
	} else {
		rc = get(f, line);
		assert_int_not_equal(f->type, WIRE_IGNORE);
	}
	if (rc != 0)
		fail_msg("wire.md: %s: %s", f->err.msg, line);
}

static void
test_examples_of_the_document(void **state)
{
	struct fixture *f = *state;
	char *text = read_doc(), *line, *save = NULL;
	struct wire_reader *r = NULL;
	struct conf conf;
	bool json = false;
	int lines = 0;

	conf_init(&conf);
	for (line = strtok_r(text, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, "```", 3) == 0) {
			json = strcmp(line, "```json") == 0;
		} else if (json) {
			doc_line(f, &r, &conf, line);
			lines++;
		}
	}
	assert_true(lines >= 15);
	assert_non_null(r);
	assert_int_equal(conf.nhosts, 3);
	/* What the stream said in the end. */
	assert_int_equal(wire_obs(f->dec)->seq, 5);
	assert_int_equal(wire_obs(f->dec)->ndoms, 2);
	assert_int_equal(wire_obs(f->dec)->doms[1].domid, 4);
	wire_reader_free(r);
	conf_free(&conf);
	x_free(text);
}

static void
test_document_names_all(void **state)
{
	const struct wire_field *const tables[] = { wire_host_fields,
		wire_node_fields, wire_pool_fields, wire_dom_fields,
		wire_nic_fields, wire_disk_fields };
	char *text = read_doc();

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (const struct wire_field *f = tables[i]; f->key; f++) {
			char quoted[64];

			snprintf(quoted, sizeof quoted, "`%s`", f->key);
			if (strstr(text, quoted) == NULL)
				fail_msg("wire.md does not name %s", f->key);
		}
	x_free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hello),
		TEST(test_note_and_bye),
		TEST(test_answer),
		TEST(test_full_then_deltas),
		TEST(test_domid_of_another),
		TEST(test_definitions),
		TEST(test_definitions_too_large),
		TEST(test_writer_scrubs),
		TEST(test_full_buffer),
		TEST(test_endless_line),
		TEST(test_full_every),
		TEST(test_numbers),
		TEST(test_foreign_strings),
		TEST(test_order_of_frames),
		TEST(test_bad_lines),
		TEST(test_too_much),
		TEST(test_swarm),
		TEST(test_what_later_versions_add),
		TEST(test_examples_of_the_document),
		TEST(test_document_names_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
