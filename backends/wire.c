/* What encoder and decoder of the wire format share: one table per struct that
 * says which member is called what, so that the two cannot disagree, and the
 * writing of JSON text. Text is written here by hand, not by json-c: the
 * strings are clean already, a delta needs no tree, and so the agent needs no
 * library on a dom0 for it. */
#include "backends/wire.h"

#include <assert.h>
#include <string.h>

#include "backends/wire_int.h"
#include "core/utf8.h"

static_assert(sizeof(enum vm_type) == sizeof(int) &&
    sizeof(enum shutdown_reason) == sizeof(int), "WIRE_WORD is an int");

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const char *const type_words[] = {
	[VM_TYPE_PV] = "pv",
	[VM_TYPE_PVH] = "pvh",
	[VM_TYPE_HVM] = "hvm",
};

static const struct wire_words types = {
	type_words, COUNT(type_words), VM_TYPE_UNKNOWN
};

static const char *const reason_words[] = {
	[REASON_POWEROFF] = "poweroff",
	[REASON_REBOOT] = "reboot",
	[REASON_SUSPEND] = "suspend",
	[REASON_CRASH] = "crash",
	[REASON_WATCHDOG] = "watchdog",
	[REASON_SOFT_RESET] = "soft-reset",
};

static const struct wire_words reasons = {
	reason_words, COUNT(reason_words), REASON_NONE
};

static const char *const level_words[] = {
	[NOTE_INFO] = "info",
	[NOTE_WARNING] = "warning",
	[NOTE_ALARM] = "alarm",
};

const struct wire_words wire_levels = {
	level_words, COUNT(level_words), NOTE_INFO
};

/* The keys are the members' names: whoever reads a line finds the code. */
#define I32(s, m)  { .key = #m, .kind = WIRE_I32, .offset = offsetof(s, m) }
#define I64(s, m)  { .key = #m, .kind = WIRE_I64, .offset = offsetof(s, m) }
#define UUID(s, m) { .key = #m, .kind = WIRE_UUID, .offset = offsetof(s, m) }
#define STR(s, m, limit) \
	{ .key = #m, .kind = WIRE_STR, .offset = offsetof(s, m), .max = limit }
#define WORD(s, m, w) \
	{ .key = #m, .kind = WIRE_WORD, .offset = offsetof(s, m), .words = w }
#define END { .key = NULL }

const struct wire_field wire_host_fields[] = {
	STR(struct obs_host, hostname, OBS_NAME_MAX),
	STR(struct obs_host, boot_id, OBS_TEXT_MAX),
	STR(struct obs_host, xen_version, OBS_TEXT_MAX),
	STR(struct obs_host, kernel, OBS_TEXT_MAX),
	STR(struct obs_host, virt_caps, OBS_TEXT_MAX),
	STR(struct obs_host, scheduler, OBS_TEXT_MAX),
	I32(struct obs_host, cpus),
	I32(struct obs_host, cpu_mhz),
	I32(struct obs_host, nodes),
	I32(struct obs_host, sockets),
	I32(struct obs_host, cores_per_socket),
	I32(struct obs_host, threads_per_core),
	I64(struct obs_host, mem_kb),
	I64(struct obs_host, free_kb),
	I64(struct obs_host, claimed_kb),
	I32(struct obs_host, load_pm),
	I64(struct obs_host, uptime_s),
	END
};

const struct wire_field wire_node_fields[] = {
	I32(struct obs_node, id),
	I64(struct obs_node, mem_kb),
	I64(struct obs_node, free_kb),
	STR(struct obs_node, cpus, OBS_TEXT_MAX),
	END
};

const struct wire_field wire_pool_fields[] = {
	STR(struct obs_pool, name, OBS_NAME_MAX),
	STR(struct obs_pool, scheduler, OBS_NAME_MAX),
	STR(struct obs_pool, cpus, OBS_TEXT_MAX),
	I32(struct obs_pool, doms),
	END
};

const struct wire_field wire_dom_fields[] = {
	UUID(struct obs_dom, uuid),
	STR(struct obs_dom, name, OBS_NAME_MAX),
	WORD(struct obs_dom, type, &types),
	{ .key = "state", .kind = WIRE_STATE,
	    .offset = offsetof(struct obs_dom, flags) },
	WORD(struct obs_dom, reason, &reasons),
	I32(struct obs_dom, vcpus),
	I32(struct obs_dom, vcpus_max),
	I64(struct obs_dom, mem_kb),
	I64(struct obs_dom, maxmem_kb),
	I64(struct obs_dom, cpu_ns),
	I32(struct obs_dom, cpu_pm),
	I64(struct obs_dom, net_rx),
	I64(struct obs_dom, net_tx),
	I64(struct obs_dom, disk_rd),
	I64(struct obs_dom, disk_wr),
	I64(struct obs_dom, start_s),
	I32(struct obs_dom, vnc_port),
	I32(struct obs_dom, stubdom_of),
	END
};

const struct wire_field wire_nic_fields[] = {
	I32(struct obs_nic, devid),
	STR(struct obs_nic, mac, OBS_TEXT_MAX),
	STR(struct obs_nic, bridge, OBS_TEXT_MAX),
	STR(struct obs_nic, ip, OBS_TEXT_MAX),
	END
};

const struct wire_field wire_disk_fields[] = {
	STR(struct obs_disk, vdev, OBS_TEXT_MAX),
	STR(struct obs_disk, target, OBS_TEXT_MAX),
	{ .key = "readonly", .kind = WIRE_BOOL,
	    .offset = offsetof(struct obs_disk, readonly) },
	END
};

int
wire_word(const struct wire_words *words, const char *s)
{
	for (int i = 0; i < words->n; i++)
		if (words->v[i] != NULL && strcmp(words->v[i], s) == 0)
			return i;
	return words->unknown;
}

static void
add(struct wire_out *w, const char *s, size_t n)
{
	if (w->b->len - w->start + n > WIRE_LINE_MAX || buf_add(w->b, s, n) != 0)
		w->failed = true;
}

/* The comma and the key in front of a value. */
static void
before(struct wire_out *w, const char *key)
{
	if (w->comma)
		add(w, ",", 1);
	w->comma = true;
	if (key != NULL) {
		add(w, "\"", 1);
		add(w, key, strlen(key));
		add(w, "\":", 2);
	}
}

void
wire_line_begin(struct wire_out *w, struct buf *b)
{
	*w = (struct wire_out){ .b = b, .start = b->len };
	add(w, "{", 1);
}

int
wire_line_end(struct wire_out *w)
{
	struct buf *b = w->b;

	add(w, "}", 1);
	if (!w->failed && buf_add(b, "\n", 1) == 0)
		return 0;
	b->len = w->start;
	if (b->p != NULL)
		b->p[b->len] = '\0';
	return -1;
}

void
wire_open(struct wire_out *w, const char *key, char bracket)
{
	before(w, key);
	add(w, &bracket, 1);
	w->comma = false;
}

void
wire_close(struct wire_out *w, char bracket)
{
	add(w, &bracket, 1);
	w->comma = true;
}

void
wire_int(struct wire_out *w, const char *key, int64_t v)
{
	char text[24], *end = text + sizeof text, *p = end;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (v < 0)
		*--p = '-';
	before(w, key);
	add(w, p, (size_t)(end - p));
}

void
wire_bool(struct wire_out *w, const char *key, bool v)
{
	before(w, key);
	add(w, v ? "true" : "false", v ? 4 : 5);
}

void
wire_raw(struct wire_out *w, const char *s, size_t n)
{
	add(w, s, n);
}

void
wire_key(struct wire_out *w, const char *key)
{
	before(w, key);
}

void
wire_null(struct wire_out *w, const char *key)
{
	before(w, key);
	add(w, "null", 4);
}

void
wire_str(struct wire_out *w, const char *key, const char *s, size_t max)
{
	char clean[OBS_TEXT_MAX + 1];
	size_t n, done = 0;

	if (s == NULL)
		return;
	assert(max < sizeof clean);
	n = utf8_clean(clean, max + 1, s, strlen(s));
	before(w, key);
	add(w, "\"", 1);
	for (size_t i = 0; i < n; i++)
		if (clean[i] == '"' || clean[i] == '\\') {
			add(w, clean + done, i - done);
			add(w, "\\", 1);
			done = i;
		}
	add(w, clean + done, n - done);
	add(w, "\"", 1);
}
