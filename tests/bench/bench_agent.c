/* A dom0 that is not there: the forced command of the loopback sshd. Asked for
 * an agent it plays the stream of one, a frame at each interval, with the
 * counters of a busy host; asked for `xl ...` it says what xl would, once. Which
 * host it is stands in the command's name, bench-agent-17. The same host always
 * plays the same day, so that two runs can be compared. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backends/wire.h"
#include "core/mem.h"
#include "core/obs.h"
#include "core/prng.h"

enum { VMS = 100, MEM_KB = 1 << 20 };

struct dom0 {
	unsigned host;
	int interval_ms;
	struct prng random;
	struct obs obs;
	int load_pm[VMS + 1]; /* of one CPU, mean */
	struct wire_encoder *encoder;
	struct buf out;
};

static int64_t
clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct uuid
uuid_of(unsigned host, unsigned vm)
{
	struct uuid u = { { 0 } };

	u.b[0] = 0xbe;
	u.b[6] = 0x40;
	u.b[8] = 0x80;
	u.b[12] = (uint8_t)(host >> 8);
	u.b[13] = (uint8_t)host;
	u.b[14] = (uint8_t)(vm >> 8);
	u.b[15] = (uint8_t)vm;
	return u;
}

/* --- The population ----------------------------------------------------------- */

__attribute__((format(printf, 2, 3)))
static const char *
text(struct dom0 *d, const char *fmt, ...)
{
	char line[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return arena_strdup(&d->obs.mem, line);
}

static void
make_vm(struct dom0 *d, unsigned i)
{
	struct obs_dom *o = &d->obs.doms[i];

	obs_dom_init(o);
	o->domid = i;
	o->type = i == 0 ? VM_TYPE_PV : VM_TYPE_PVH;
	o->vcpus = o->vcpus_max = i == 0 ? 4 : 1 + (int32_t)(i % 4);
	o->flags = DOM_BLOCKED;
	o->mem_kb = o->maxmem_kb = MEM_KB;
	o->cpu_ns = 0;
	d->load_pm[i] = 5 + (int)prng_below(&d->random, i % 5 == 0 ? 600 : 60);
	if (i == 0) {
		o->name = "Domain-0";
		return;
	}
	o->uuid = uuid_of(d->host, i);
	o->name = text(d, "vm%03u-%03u", d->host, i);
	o->start_s = 1767225600 + i;
	o->net_rx = o->net_tx = o->disk_rd = o->disk_wr = 0;
	o->nics = arena_array(&d->obs.mem, 1, sizeof *o->nics);
	o->nnics = 1;
	o->nics[0].mac = text(d, "00:16:3e:00:%02x:%02x", d->host, i);
	o->nics[0].bridge = "xenbr0";
	o->disks = arena_array(&d->obs.mem, 1, sizeof *o->disks);
	o->ndisks = 1;
	o->disks[0].vdev = "xvda";
	o->disks[0].target = text(d, "/dev/vgs/vm%03u-%03u", d->host, i);
}

static void
make_host(struct dom0 *d)
{
	struct obs_host *h = &d->obs.host;

	h->hostname = text(d, "bench%03u", d->host);
	h->boot_id = text(d, "00000000-0000-4000-8000-%012u", d->host);
	h->xen_version = "4.17.5";
	h->kernel = "6.1.0-28-amd64";
	h->virt_caps = "pv hvm hap";
	h->scheduler = "credit2";
	h->cpus = 64;
	h->cpu_mhz = 2400;
	h->nodes = 2;
	h->mem_kb = INT64_C(256) * MEM_KB;
	h->free_kb = INT64_C(140) * MEM_KB;
	h->claimed_kb = 0;
	h->uptime_s = 1000;
	h->load_pm = 300;
	d->obs.ndoms = VMS + 1;
	d->obs.doms = arena_array(&d->obs.mem, VMS + 1, sizeof *d->obs.doms);
	for (unsigned i = 0; i <= VMS; i++)
		make_vm(d, i);
}

/* --- Time passes -------------------------------------------------------------- */

static void
work(struct dom0 *d, struct obs_dom *o, int load_pm)
{
	uint32_t pm = prng_below(&d->random, 2 * (uint32_t)load_pm);

	o->cpu_ns += (int64_t)pm * d->interval_ms * 1000;
	o->flags = prng_below(&d->random, 1000) < pm ? DOM_RUNNING :
	    DOM_BLOCKED;
	if (o->domid == 0)
		return;
	/* Two of three have traffic in a second, one of three uses its disk. */
	if (prng_below(&d->random, 3) != 0) {
		o->net_rx += prng_below(&d->random, 4000 * pm + 100);
		o->net_tx += prng_below(&d->random, 2000 * pm + 100);
	}
	if (prng_below(&d->random, 3) == 0)
		o->disk_wr += 4096 * (int64_t)prng_below(&d->random, pm + 2);
	if (prng_below(&d->random, 10) == 0)
		o->disk_rd += 4096 * (int64_t)prng_below(&d->random, pm + 2);
}

static void
send_frame(struct dom0 *d)
{
	size_t done = 0;

	d->obs.t_ns += (int64_t)d->interval_ms * 1000000;
	d->obs.wall_ms = clock_ms(CLOCK_REALTIME);
	d->obs.host.uptime_s += d->interval_ms / 1000;
	d->obs.host.load_pm = (int32_t)prng_below(&d->random, 900);
	for (size_t i = 0; i < d->obs.ndoms; i++)
		work(d, &d->obs.doms[i], d->load_pm[i]);
	if (wire_put_obs(&d->out, d->encoder, &d->obs) != 0)
		exit(1);
	while (done < d->out.len) {
		ssize_t n = write(STDOUT_FILENO, d->out.p + done,
		    d->out.len - done);

		if (n <= 0)
			exit(0);
		done += (size_t)n;
	}
	buf_clear(&d->out);
}

static int
play(unsigned host, int interval_ms)
{
	struct dom0 d = { .host = host, .interval_ms = interval_ms };
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	struct wire_hello hello = { .version = WIRE_VERSION, .agent = "bench",
	    .xen_built = "4.17", .xen_found = "4.17",
	    .interval_ms = interval_ms };
	int64_t due = clock_ms(CLOCK_MONOTONIC);
	char junk[64];

	prng_init(&d.random, host);
	obs_init(&d.obs);
	make_host(&d);
	d.encoder = wire_encoder_new();
	buf_init(&d.out, WIRE_LINE_MAX);
	wire_put_hello(&d.out, &hello);
	for (;;) {
		int64_t wait = due - clock_ms(CLOCK_MONOTONIC);

		if (wait <= 0) {
			send_frame(&d);
			due += interval_ms;
		} else if (poll(&in, 1, (int)wait) > 0 &&
		    read(STDIN_FILENO, junk, sizeof junk) <= 0) {
			return 0;
		}
	}
}

/* --- What xl says ------------------------------------------------------------- */

static void
say_list(void)
{
	puts("Name                                        ID   Mem VCPUs\tState"
	    "\tTime(s)\t                                UUID"
	    "                            Reason-Code\tSecurity Label");
	for (unsigned i = 0; i <= VMS; i++) {
		char name[16] = "Domain-0";

		if (i > 0)
			snprintf(name, sizeof name, "vm%03u", i);
		printf("%-40s %5u  1024     2     -b----  %8.1f "
		    "be000000-0000-4000-8000-%012u        -                -\n",
		    name, i, i * 17.3, i);
	}
}

static void
say_info(void)
{
	static const char *const lines[] = {
		"host", "release", "version", "machine", "nr_cpus",
		"max_cpu_id", "nr_nodes", "cores_per_socket",
		"threads_per_core", "cpu_mhz", "hw_caps", "virt_caps",
		"total_memory", "free_memory", "sharing_freed_memory",
		"sharing_used_memory", "outstanding_claims", "free_cpus",
		"xen_major", "xen_minor", "xen_extra", "xen_version",
		"xen_caps", "xen_scheduler", "xen_pagesize",
		"platform_params", "xen_changeset", "xen_commandline",
		"cc_compiler", "cc_compile_by", "cc_compile_domain",
		"cc_compile_date", "build_id", "xend_config_format",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		printf("%-23s: some thirty bytes of words\n", lines[i]);
}

int
main(int argc, char **argv)
{
	const char *asked = getenv("SSH_ORIGINAL_COMMAND");
	const char *name, *interval;

	if (argc > 1)
		asked = argv[1];
	if (asked == NULL)
		return 2;
	if (strncmp(asked, "xl ", 3) == 0) {
		say_list();
		say_info();
		return 0;
	}
	name = strstr(asked, "bench-agent-");
	interval = strstr(asked, "--interval ");
	if (name == NULL)
		return 127; /* no such command */
	return play((unsigned)atoi(name + strlen("bench-agent-")),
	    interval != NULL ? atoi(interval + strlen("--interval ")) : 1000);
}
