/* libxenlight, for reading only. Nothing here waits for an event of libxl or
 * starts an operation, so its event loop is never run and it forks no child;
 * that it reaps only its own is set all the same, before anything else.
 *
 * libxl ends the process when memory runs out, and calls the disaster hook when
 * its own machinery breaks; then this process is of no more use and says so.
 * Only names that every Xen from 4.14 to 4.20 has are used; what came later is
 * behind its LIBXL_HAVE_ macro. */
#define LIBXL_API_VERSION 0x041400
#include "backends/agent/xl.h"

#include <errno.h>
#include <libxl.h>
#include <libxl_utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xentoollog.h>

#include "backends/agent/clock.h"
#include "core/buf.h"
#include "core/cpuset.h"
#include "core/mem.h"
#include "core/utf8.h"

/* Warnings on stderr, at most so many in a minute: a broken host repeats the
 * same one at every tick, and the console shows them all. */
enum { LOG_PER_MINUTE = 10 };

struct log {
	xentoollog_logger vtable; /* first: libxl hands this pointer back */
	struct mono minute;       /* when the present one began */
	unsigned lines, dropped;
};

struct xl {
	struct log log;
	libxl_ctx *ctx;
	bool broken;
};

#ifndef XENDECK_XEN_BUILT
#error "XENDECK_XEN_BUILT must name the Xen release of the headers, as \"4.17\""
#endif

const char *
xl_built_for(void)
{
	return XENDECK_XEN_BUILT;
}

/* --- Logging and disasters ------------------------------------------------ */

static bool
log_allows(struct log *l)
{
	struct mono now = clock_now();

	if (mono_diff_ms(now, l->minute) >= 60000) {
		if (l->dropped > 0)
			fprintf(stderr, "xendeck-agent: libxl: %u more "
			    "warnings\n", l->dropped);
		l->minute = now;
		l->lines = l->dropped = 0;
	}
	if (l->lines >= LOG_PER_MINUTE) {
		l->dropped++;
		return false;
	}
	l->lines++;
	return true;
}

__attribute__((format(printf, 5, 0)))
static void
log_message(xentoollog_logger *logger, xentoollog_level level, int errnoval,
    const char *context, const char *format, va_list al)
{
	char text[512];

	if (level < XTL_WARN || !log_allows((struct log *)logger))
		return;
	vsnprintf(text, sizeof text, format, al);
	fprintf(stderr, "xendeck-agent: %s: %s%s%s\n",
	    context != NULL ? context : "xen", text,
	    errnoval > 0 ? ": " : "", errnoval > 0 ? strerror(errnoval) : "");
}

static void
log_progress(xentoollog_logger *logger, const char *context,
    const char *doing_what, int percent, unsigned long done,
    unsigned long total)
{
	(void)logger, (void)context, (void)doing_what;
	(void)percent, (void)done, (void)total;
}

static void
log_destroy(xentoollog_logger *logger)
{
	(void)logger;
}

/* No libxl call is allowed in here. */
static void
on_disaster(void *user, libxl_event_type type, const char *msg, int errnoval)
{
	struct xl *x = user;

	(void)type;
	x->broken = true;
	fprintf(stderr, "xendeck-agent: libxl gave up: %s: %s\n", msg,
	    strerror(errnoval));
}

/* --- Opening -------------------------------------------------------------- */

struct xl *
xl_open(struct err *err)
{
	static const libxl_childproc_hooks children = {
		.chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
	};
	static const libxl_event_hooks hooks = { .disaster = on_disaster };
	struct xl *x = x_calloc(1, sizeof *x);

	x->log.vtable = (xentoollog_logger){
		.vmessage = log_message,
		.progress = log_progress,
		.destroy = log_destroy,
	};
	x->log.minute = clock_now();
	if (libxl_ctx_alloc(&x->ctx, LIBXL_VERSION, 0, &x->log.vtable) != 0) {
		err_set(err, ERR_FAILED, "libxenlight cannot start: are "
		    "/dev/xen/privcmd and xenstored there?");
		x_free(x);
		return NULL;
	}
	libxl_childproc_setmode(x->ctx, &children, NULL);
	libxl_event_register_callbacks(x->ctx, &hooks, x);
	return x;
}

void
xl_close(struct xl *x)
{
	if (x == NULL)
		return;
	libxl_ctx_free(x->ctx);
	x_free(x);
}

static int
check(const struct xl *x, bool fine, const char *call, struct err *err)
{
	if (x->broken)
		return err_set(err, ERR_FAILED, "libxenlight broke down, see "
		    "its message on the agent's error output");
	if (!fine)
		return err_set(err, ERR_FAILED, "Xen refuses to answer %s: try "
		    "`xl list` on that host", call);
	return 0;
}

/* --- Host ----------------------------------------------------------------- */

static int
physinfo(struct xl *x, libxl_physinfo *p, struct err *err)
{
	libxl_physinfo_init(p);
	return check(x, libxl_get_physinfo(x->ctx, p) == 0,
	    "what the machine has", err);
}

static int
version(struct xl *x, const libxl_version_info **v, struct err *err)
{
	*v = libxl_get_version_info(x->ctx);
	return check(x, *v != NULL, "its version", err);
}

/* The words that `xl info` prints as virt_caps (tools/xl/xl_info.c). */
static char *
virt_caps(const libxl_physinfo *p, struct arena *a)
{
	const struct { bool is; const char *word; } caps[] = {
		{ p->cap_pv, "pv" },
		{ p->cap_hvm, "hvm" },
		{ p->cap_hvm && p->cap_hvm_directio, "hvm_directio" },
		{ p->cap_pv && p->cap_hvm_directio, "pv_directio" },
		{ p->cap_hap, "hap" },
		{ p->cap_shadow, "shadow" },
		{ p->cap_iommu_hap_pt_share, "iommu_hap_pt_share" },
#ifdef LIBXL_HAVE_PHYSINFO_CAP_VMTRACE
		{ p->cap_vmtrace, "vmtrace" },
#endif
#ifdef LIBXL_HAVE_PHYSINFO_CAP_VPMU
		{ p->cap_vpmu, "vpmu" },
#endif
#ifdef LIBXL_HAVE_PHYSINFO_CAP_GNTTAB
		{ p->cap_gnttab_v1, "gnttab-v1" },
		{ p->cap_gnttab_v2, "gnttab-v2" },
#endif
	};
	struct buf b;
	char *text;

	buf_init(&b, OBS_TEXT_MAX);
	for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++)
		if (caps[i].is)
			buf_printf(&b, "%s%s", b.len > 0 ? " " : "",
			    caps[i].word);
	text = arena_strndup(a, b.len > 0 ? b.p : "", b.len);
	buf_free(&b);
	return text;
}

int
xl_host(struct xl *x, struct obs_host *h, struct arena *a, struct err *err)
{
	const libxl_version_info *v;
	libxl_physinfo p;
	char text[128];
	int sched, rc = -1;

	if (physinfo(x, &p, err) != 0 || version(x, &v, err) != 0)
		goto out;
	snprintf(text, sizeof text, "%d.%d%s", v->xen_version_major,
	    v->xen_version_minor,
	    v->xen_version_extra != NULL ? v->xen_version_extra : "");
	h->xen_version = arena_strdup(a, text);
	sched = libxl_get_scheduler(x->ctx);
	if (sched >= 0)
		h->scheduler = arena_strdup(a, libxl_scheduler_to_string(
		    (libxl_scheduler)sched));
	h->virt_caps = virt_caps(&p, a);
	h->cpus = (int32_t)p.nr_cpus;
	h->cpu_mhz = (int32_t)(p.cpu_khz / 1000);
	h->nodes = (int32_t)p.nr_nodes;
	h->cores_per_socket = (int32_t)p.cores_per_socket;
	h->threads_per_core = (int32_t)p.threads_per_core;
	rc = 0;
out:
	libxl_physinfo_dispose(&p);
	return rc;
}

/* --- Topology ------------------------------------------------------------- */

static const char *
cpus_text(struct arena *a, const struct cpuset *set)
{
	char text[OBS_TEXT_MAX + 1];

	return cpuset_format(text, sizeof text, set) != 0 ?
	    arena_strdup(a, text) : NULL;
}

/* Which processors each node has. */
static void
read_cpus(struct xl *x, struct obs_host *h, struct cpuset *nodes, int nnodes)
{
	struct cpuset sockets = { { 0 } };
	libxl_cputopology *v;
	int n = 0;

	h->sockets = OBS_UNKNOWN;
	v = libxl_get_cpu_topology(x->ctx, &n);
	if (v == NULL)
		return;
	for (int i = 0; i < n; i++) {
		if (v[i].core == LIBXL_CPUTOPOLOGY_INVALID_ENTRY)
			continue; /* offline */
		cpuset_add(&sockets, v[i].socket);
		if (v[i].node < (uint32_t)nnodes)
			cpuset_add(&nodes[v[i].node], i);
	}
	libxl_cputopology_list_free(v, n);
	if (cpuset_count(&sockets) > 0)
		h->sockets = cpuset_count(&sockets);
}

static void
read_nodes(struct xl *x, struct obs_host *h, struct arena *a)
{
	struct cpuset *cpus = x_calloc(OBS_NODES_MAX, sizeof *cpus);
	libxl_numainfo *v;
	int n = 0;

	h->nnuma = 0;
	h->numa = arena_array(a, OBS_NODES_MAX, sizeof *h->numa);
	read_cpus(x, h, cpus, OBS_NODES_MAX);
	v = libxl_get_numainfo(x->ctx, &n);
	for (int i = 0; v != NULL && i < n && i < OBS_NODES_MAX; i++) {
		if (v[i].size == LIBXL_NUMAINFO_INVALID_ENTRY)
			continue;
		h->numa[h->nnuma++] = (struct obs_node){
			.id = i,
			.mem_kb = (int64_t)(v[i].size / 1024),
			.free_kb = (int64_t)(v[i].free / 1024),
			.cpus = cpus_text(a, &cpus[i]),
		};
	}
	if (v != NULL)
		libxl_numainfo_list_free(v, n);
	x_free(cpus);
}

static struct obs_pool
pool_of(const libxl_cpupoolinfo *p, struct arena *a)
{
	struct cpuset cpus = { { 0 } };
	char name[OBS_NAME_MAX + 1] = "";

	/* libxl's own loop compares an int with an unsigned. */
	for (uint32_t i = 0; i < p->cpumap.size * 8; i++)
		if (libxl_bitmap_test(&p->cpumap, (int)i))
			cpuset_add(&cpus, i);
	if (p->pool_name != NULL)
		utf8_clean(name, sizeof name, p->pool_name,
		    strlen(p->pool_name));
	return (struct obs_pool){
		.name = name[0] != '\0' ? arena_strdup(a, name) : NULL,
		.scheduler = arena_strdup(a,
		    libxl_scheduler_to_string(p->sched)),
		.cpus = cpus_text(a, &cpus),
		.doms = (int32_t)p->n_dom,
	};
}

static void
read_pools(struct xl *x, struct obs_host *h, struct arena *a)
{
	libxl_cpupoolinfo *v;
	int n = 0;

	h->npools = 0;
	v = libxl_list_cpupool(x->ctx, &n);
	if (v == NULL)
		return;
	h->pools = arena_array(a, OBS_POOLS_MAX, sizeof *h->pools);
	for (int i = 0; i < n && i < OBS_POOLS_MAX; i++)
		h->pools[h->npools++] = pool_of(&v[i], a);
	libxl_cpupoolinfo_list_free(v, n);
}

void
xl_topology(struct xl *x, struct obs_host *h, struct arena *a)
{
	read_nodes(x, h, a);
	read_pools(x, h, a);
}
