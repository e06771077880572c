/* The cluster that screens are drawn of. */
#include "tests/lib/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "core/jobs.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "tui/input.h"

static const struct {
	int host;
	uint32_t domid;
	unsigned uuid;
	int vcpus;
	const char *name;
	int mem_mb, max_mb;
	int load_pm; /* of one vCPU */
	enum vm_type type;
	const char *ip;
} vms[] = {
	{ ALPHA, 3, 1, 2, "web1", 2048, 2048, 312, VM_TYPE_PVH, "10.0.0.11" },
	{ ALPHA, 4, 2, 2, "web2", 2048, 4096, 875, VM_TYPE_PVH, "10.0.0.12" },
	{ ALPHA, 7, 3, 8, "db-primary", 16384, 16384, 431, VM_TYPE_PV,
	    "10.0.0.20" },
	{ ALPHA, 9, 4, 4, "build-agent-with-a-rather-long-name", 8192, 8192,
	    990, VM_TYPE_PVH, NULL },
	{ BETA, 1, 5, 2, "mail", 4096, 4096, 45, VM_TYPE_PV, "10.0.0.25" },
	{ BETA, 2, 6, 1, "\xe5\x8c\x97\xe4\xba\xac-cache", 1024, 1024, 120,
	    VM_TYPE_PVH, NULL },
	{ BETA, 5, 7, 4, "win2022", 12288, 12288, 77, VM_TYPE_HVM,
	    "2001:db8::15" },
	{ GAMMA, 12, 8, 1, "ns1", 512, 512, 3, VM_TYPE_PV, "10.0.0.2" },
	{ GAMMA, 13, 9, 1, "Zo\xc3\xab's b\xc3\xb6x", 768, 768, 15,
	    VM_TYPE_PVH, NULL },
	{ DELTA, 1, 10, 1, "test1", 512, 512, 5, VM_TYPE_PVH, NULL },
};

static const struct {
	const char *name;
	int64_t mem_mb;
	int cpus;
} hosts[SCENE_HOSTS] = {
	[ALPHA] = { "alpha", 65536, 16 },
	[BETA] = { "beta", 65536, 16 },
	[GAMMA] = { "gamma", 32768, 8 },
	[DELTA] = { "delta", 16384, 4 },
};

static void
make_conf(struct conf *c)
{
	conf_init(c);
	c->nclusters = 2;
	c->clusters = x_calloc(2, sizeof *c->clusters);
	c->clusters[0].name = x_strdup("prod");
	c->clusters[0].production = true;
	c->clusters[1].name = x_strdup("lab");
	c->nhosts = SCENE_HOSTS;
	c->hosts = x_calloc(SCENE_HOSTS, sizeof *c->hosts);
	for (int i = 0; i < SCENE_HOSTS; i++) {
		struct conf_host *h = &c->hosts[i];

		h->name = x_strdup(hosts[i].name);
		h->address = x_asprintf("%s.example.net", hosts[i].name);
		h->user = x_strdup("root");
		h->memory_alarm = h->cpu_alarm = -1;
		h->cluster = i == DELTA ? 1 : 0;
	}
	c->nvms = 1;
	c->vms = x_calloc(1, sizeof *c->vms);
	c->vms[0].match = x_strdup("db-*");
	c->vms[0].priority = 1;
	c->vms[0].watch = TRI_AUTO;
	c->vms[0].cpu_alarm = -1;
	c->vms[0].home = x_strdup("beta");
	c->vms[0].description = x_strdup("the customers' database");
	c->vms[0].template = x_strdup("debian-12");
	c->hosts[GAMMA].reserve_kb = 4 * 1024 * 1024;
	c->stale_ms = 5000;
}

static void
fill_topology(struct obs *o, int cpus, int64_t mem_kb)
{
	int nodes = cpus >= 16 ? 2 : 1, each = cpus / nodes;
	struct obs_host *h = &o->host;
	char text[32];

	h->nodes = h->sockets = nodes;
	h->cores_per_socket = each / 2;
	h->threads_per_core = 2;
	h->nnuma = (size_t)nodes;
	h->numa = arena_array(&o->mem, h->nnuma, sizeof *h->numa);
	for (int i = 0; i < nodes; i++) {
		snprintf(text, sizeof text, "%d-%d", i * each,
		    (i + 1) * each - 1);
		h->numa[i] = (struct obs_node){ i, mem_kb / nodes,
			mem_kb / nodes / (i + 2), arena_strdup(&o->mem, text) };
	}
	snprintf(text, sizeof text, "0-%d", cpus - 1);
	h->npools = 1;
	h->pools = arena_array(&o->mem, 1, sizeof *h->pools);
	h->pools[0] = (struct obs_pool){ "Pool-0", "credit2",
		arena_strdup(&o->mem, text), 5 };
}

static void
fill_host(struct obs *o, int host)
{
	obs_init(o);
	o->host.hostname = arena_strdup(&o->mem, hosts[host].name);
	o->host.boot_id = "6c1e1f5e-0000-4000-8000-000000000001";
	o->host.xen_version = "4.17.7";
	o->host.kernel = "6.1.0-49-amd64";
	o->host.virt_caps = "pv hvm hap";
	o->host.scheduler = "credit2";
	o->host.cpus = hosts[host].cpus;
	o->host.cpu_mhz = 2900;
	fill_topology(o, hosts[host].cpus, hosts[host].mem_mb * 1024);
	o->host.mem_kb = hosts[host].mem_mb * 1024;
	o->host.claimed_kb = 0;
	o->host.load_pm = 420;
	o->host.uptime_s = 86400 * 12 + 3 * 3600;
}

struct obs_dom *
scene_dom(struct scene *s, int host, uint32_t domid, unsigned uuid,
    const char *name)
{
	struct obs *o = &s->obs[host];
	struct obs_dom *d, *v;

	v = arena_array(&o->mem, o->ndoms + 1, sizeof *v);
	if (o->ndoms > 0)
		memcpy(v, o->doms, o->ndoms * sizeof *v);
	o->doms = v;
	d = &v[o->ndoms++];
	obs_dom_init(d);
	d->domid = domid;
	d->name = arena_strdup(&o->mem, name);
	d->uuid.b[0] = 0xab;
	d->uuid.b[15] = (uint8_t)uuid;
	d->type = VM_TYPE_PVH;
	d->flags = DOM_BLOCKED;
	d->vcpus = d->vcpus_max = 1;
	d->mem_kb = d->maxmem_kb = 1024 * 1024;
	d->cpu_ns = 0;
	d->net_rx = d->net_tx = d->disk_rd = d->disk_wr = 0;
	d->start_s = s->wall_ms / 1000 - 3600 * 5 - domid * 1000;
	return d;
}

void
scene_define(struct scene *s, int host, unsigned uuid, const char *name)
{
	struct def d = { .name = name, .vcpus = 1, .mem_kb = 1024 * 1024,
		.type = VM_TYPE_PVH, .uuid.b = { [0] = 0xab,
		[15] = (uint8_t)uuid } };

	defset_add(&s->defs[host], &d, NULL);
}

void
scene_undefine(struct scene *s, int host, const char *name)
{
	defset_drop(&s->defs[host], name);
}

struct obs_dom *
scene_find(struct scene *s, int host, const char *name)
{
	for (size_t i = 0; i < s->obs[host].ndoms; i++)
		if (strcmp(s->obs[host].doms[i].name, name) == 0)
			return &s->obs[host].doms[i];
	return NULL;
}

void
scene_drop(struct scene *s, int host, const char *name)
{
	struct obs *o = &s->obs[host];
	struct obs_dom *d = scene_find(s, host, name);
	size_t after;

	if (d == NULL)
		return;
	after = o->ndoms - 1 - (size_t)(d - o->doms);
	memmove(d, d + 1, after * sizeof *d);
	o->ndoms--;
}

static void
add_vms(struct scene *s)
{
	for (size_t i = 0; i < sizeof vms / sizeof vms[0]; i++) {
		struct obs *o = &s->obs[vms[i].host];
		struct obs_dom *d = scene_dom(s, vms[i].host, vms[i].domid,
		    vms[i].uuid, vms[i].name);

		d->type = vms[i].type;
		d->vcpus = d->vcpus_max = vms[i].vcpus;
		d->mem_kb = (int64_t)vms[i].mem_mb * 1024;
		d->maxmem_kb = (int64_t)vms[i].max_mb * 1024;
		d->nics = arena_array(&o->mem, 1, sizeof *d->nics);
		d->nnics = 1;
		d->nics[0].mac = "00:16:3e:12:34:56";
		d->nics[0].bridge = "xenbr0";
		d->nics[0].ip = vms[i].ip;
		d->disks = arena_array(&o->mem, 1, sizeof *d->disks);
		d->ndisks = 1;
		d->disks[0].vdev = "xvda";
		d->disks[0].target = "/dev/vgs/disk";
	}
}

static void
add_dom0(struct scene *s, int host)
{
	struct obs_dom *d = scene_dom(s, host, 0, 0, "Domain-0");

	memset(&d->uuid, 0, sizeof d->uuid);
	d->type = VM_TYPE_PV;
	d->vcpus = 4;
	d->mem_kb = 4096 * 1024;
}

static int
load_of(const struct obs_dom *d)
{
	for (size_t i = 0; i < sizeof vms / sizeof vms[0]; i++)
		if (strcmp(vms[i].name, d->name) == 0)
			return vms[i].load_pm * vms[i].vcpus;
	return d->domid == 0 ? 61 : 10;
}

/* Counters move on by one second; the load waves a little. */
static void
count(struct scene *s, struct obs *o)
{
	int64_t used_kb = 0;

	for (size_t i = 0; i < o->ndoms; i++) {
		struct obs_dom *d = &o->doms[i];
		int64_t load = load_of(d), wave = s->now.ns / 1000000000 % 10;

		d->cpu_ns += load * (90 + wave) / 100 * 1000000;
		d->net_rx += load * 1500 * (wave + 1);
		d->net_tx += load * 700;
		d->disk_rd += load * 10;
		d->disk_wr += load * 4000 * (wave % 3);
		used_kb += d->mem_kb;
	}
	o->host.free_kb = o->host.mem_kb - used_kb - 256 * 1024;
	o->t_ns += 1000000000;
}

static void
emit(struct scene *s, const struct event *e)
{
	if (s->tee.emit != NULL)
		s->tee.emit(s->tee.arg, e);
	model_apply(s->model, e);
}

static void
send_defs(struct scene *s, int host)
{
	const struct defs *d = defset_read(&s->defs[host]);

	emit(s, &(struct event){ .type = EVENT_DEFS,
		.host = (uint32_t)host, .at = s->now, .wall_ms = s->wall_ms,
		.u.defs = d });
	defs_unref(d);
}

void
scene_send(struct scene *s, int host)
{
	struct obs whole;

	obs_init(&whole);
	s->obs[host].seq++;
	s->obs[host].wall_ms = s->wall_ms + s->clock_ahead_ms;
	obs_copy(&whole, &s->obs[host]);
	obs_normalise(&whole);
	send_defs(s, host);
	emit(s, &(struct event){ .type = EVENT_OBS,
		.host = (uint32_t)host, .at = s->now, .wall_ms = s->wall_ms,
		.u.obs = &whole });
	obs_free(&whole);
}

void
scene_link(struct scene *s, int host, enum link_state state,
    const char *reason, const char *note)
{
	emit(s, &(struct event){ .type = EVENT_LINK,
		.host = (uint32_t)host, .at = s->now, .wall_ms = s->wall_ms,
		.u.link = { .state = state, .reason = reason, .note = note,
		    .transport = "libssh2",
		    .observer = state == LINK_LIVE ? "agent" : NULL,
		    .retry = state == LINK_DOWN ? mono_add_ms(s->now, 8000) :
		    MONO_NEVER } });
}

void
scene_answer(struct scene *s, int host, const char *text, const char *error)
{
	model_apply(s->model, &(struct event){ .type = EVENT_ANSWER,
		.host = (uint32_t)host, .at = s->now, .wall_ms = s->wall_ms,
		.u.answer = { ASK_DMESG, text, error } });
}

void
scene_xenlog(struct scene *s, int host)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_puts(&b, "(XEN) Xen version 4.17.7 (Debian 4.17.7-1) "
	    "(pkg-xen-devel@lists.alioth.debian.org) (x86_64-linux-gnu-gcc "
	    "(Debian 12.2.0-14) 12.2.0) debug=n\n"
	    "(XEN) Bootloader: GRUB 2.06-13+deb12u1\n"
	    "(XEN) Command line: placeholder dom0_mem=4096M,max:4096M\n\n");
	for (int i = 0; i < 64; i++)
		buf_printf(&b, "(XEN) SRAT: PXM %d -> APIC %02x -> Node %d\n",
		    i / 32, (unsigned)i, i / 32);
	buf_puts(&b, "(XEN) Brought up 16 CPUs\n"
	    "(XEN) *** Building a PV Dom0 ***\n"
	    "(XEN) Domain 4 (vcpu#0) crashed on cpu#3:\n"
	    "(XEN) d4v0 \xef\xbf\xbd[31m Z\xc3\xbcrich\n");
	scene_answer(s, host, b.p, NULL);
	buf_free(&b);
}

void
scene_pass(struct scene *s, int seconds, unsigned answer)
{
	struct mono next = MONO_NEVER;

	for (int i = 0; i < seconds; i++) {
		s->now = mono_add_ms(s->now, 1000);
		s->wall_ms += 1000;
		for (int h = 0; h < SCENE_HOSTS; h++) {
			if ((answer & 1u << h) == 0)
				continue;
			count(s, &s->obs[h]);
			scene_send(s, h);
		}
		model_tick(s->model, s->now, s->wall_ms, &next);
		alarms_update(s->alarms, s->model, s->now, s->wall_ms, &next);
	}
	app_tick(&s->app, s->now, s->wall_ms);
}

void
scene_init_empty(struct scene *s)
{
	memset(s, 0, sizeof *s);
	make_conf(&s->conf);
	s->model = model_new(&s->conf);
	s->now = (struct mono){ 1000000000000 };
	s->wall_ms = 1790000000000; /* 2026-09-21 14:13:20 UTC */
	app_init(&s->app, s->model);
	s->alarms = alarms_new(&s->conf);
	s->app.alarms = s->alarms;
	for (int h = 0; h < SCENE_HOSTS; h++) {
		fill_host(&s->obs[h], h);
		add_dom0(s, h);
	}
	app_tick(&s->app, s->now, s->wall_ms);
}

void
scene_init(struct scene *s)
{
	scene_init_empty(s);
	add_vms(s);
	for (int i = 0; i < 2; i++)
		defset_add(&s->defs[GAMMA], &(struct def){
			.name = i == 0 ? "ns1" : "old-mail",
			.uuid.b = { [0] = 0xab, [15] = i == 0 ? 8 : 99 },
			.vcpus = 2, .mem_kb = 2048 * 1024, .type = VM_TYPE_PV,
		}, "/etc/xen/x.cfg");
	for (int h = 0; h < SCENE_HOSTS; h++)
		scene_link(s, h, LINK_LIVE, NULL, h != BETA ? NULL :
		    "xendeck-agent is not installed there: watched through xl");
	scene_pass(s, 60, 0xf);
}

void
scene_free(struct scene *s)
{
	jobs_free(s->jobs);
	app_free(&s->app);
	alarms_free(s->alarms);
	model_free(s->model);
	for (int h = 0; h < SCENE_HOSTS; h++) {
		obs_free(&s->obs[h]);
		defset_free(&s->defs[h]);
	}
	conf_free(&s->conf);
}

void
scene_keys(struct scene *s, const uint32_t *keys)
{
	for (; *keys != 0; keys++) {
		app_key(&s->app, *keys);
		app_tick(&s->app, s->now, s->wall_ms);
	}
}

void
scene_type(struct scene *s, const char *text)
{
	size_t n = strlen(text), step;
	uint32_t cp;

	for (; (step = utf8_decode(&cp, text, n)) != 0; text += step, n -= step)
		scene_keys(s, (const uint32_t[]){ cp, 0 });
}

static uint32_t
key_called(const char *name, size_t n)
{
	char of[16];

	if (n == 2 && memcmp(name, "lt", 2) == 0)
		return '<';
	for (uint32_t key = 1; key < KEYC_END_OF_LIST;
	     key = key == 0x7f ? KEYC_UP : key + 1) {
		input_key_name(of, key);
		if (strlen(of) == n && memcmp(of, name, n) == 0)
			return key;
	}
	fprintf(stderr, "there is no key <%.*s>\n", (int)n, name);
	abort();
}

void
scene_press(struct scene *s, const char *keys)
{
	while (*keys != '\0') {
		const char *end = *keys == '<' ? strchr(keys, '>') : NULL;
		uint32_t key = end != NULL ? key_called(keys + 1,
		    (size_t)(end - keys) - 1) : (uint8_t)*keys;

		scene_keys(s, (const uint32_t[]){ key, 0 });
		keys = end != NULL ? end + 1 : keys + 1;
	}
}
