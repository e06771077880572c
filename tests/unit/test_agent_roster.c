/* The agent's memory of domains, and its output to slow readers. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/agent/out.h"
#include "backends/agent/roster.h"
#include "core/mem.h"

static struct mono
at(int64_t ms)
{
	return (struct mono){ ms * 1000000 };
}

static struct obs_dom
dom(uint32_t domid, uint8_t uuid)
{
	struct obs_dom d;

	obs_dom_init(&d);
	d.domid = domid;
	d.uuid.b[0] = uuid;
	d.vcpus = d.vcpus_max = 2;
	d.flags = DOM_BLOCKED;
	d.mem_kb = 1000 + domid;
	return d;
}

static void
list(struct roster *r, struct mono now, size_t n, struct obs_dom *doms)
{
	struct obs o = { .doms = doms, .ndoms = n };

	roster_inventory(r, &o, now);
	assert_int_equal(r->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(r->v[i].d.domid, doms[i].domid);
		assert_int_equal(r->v[i].d.mem_kb, doms[i].mem_kb);
	}
}

static void
a_domain_stays_while_its_uuid_does(void **state)
{
	struct roster r = { 0 };
	struct obs_dom first[] = { dom(0, 0), dom(3, 3), dom(5, 5) };
	struct obs_dom second[] = { dom(0, 0), dom(2, 2), dom(3, 33),
	    dom(5, 5), dom(7, 7) };

	(void)state;
	list(&r, at(1), 3, first);
	roster_name(&r.v[1], "three");
	roster_name(&r.v[2], "five");
	r.v[2].d.type = VM_TYPE_PVH;
	r.v[2].d.nics = arena_array(&r.v[2].mem, 1, sizeof *r.v[2].d.nics);
	r.v[2].d.nnics = 1;
	list(&r, at(2), 5, second);
	assert_null(r.v[1].name);
	assert_null(r.v[2].name); /* same domid, another VM */
	assert_string_equal(r.v[3].d.name, "five");
	assert_int_equal(r.v[3].d.type, VM_TYPE_PVH);
	assert_int_equal(r.v[3].d.nnics, 1);
	assert_int_equal(r.v[3].since.ns, at(1).ns);
	assert_int_equal(r.v[4].since.ns, at(2).ns);
	list(&r, at(3), 1, first);
	roster_free(&r);
}

static void
figures_are_taken_and_knowledge_stays(void **state)
{
	struct roster r = { 0 };
	struct obs_dom doms[] = { dom(0, 0), dom(3, 3) };

	(void)state;
	list(&r, at(1), 2, doms);
	roster_name(&r.v[1], "web");
	r.v[1].d.type = VM_TYPE_PVH;
	doms[1].flags = DOM_SHUTDOWN;
	doms[1].reason = REASON_CRASH;
	doms[1].cpu_ns = 21;
	doms[1].mem_kb = 22;
	doms[1].maxmem_kb = 23;
	doms[1].vcpus = 1;
	list(&r, at(2), 2, doms);
	assert_string_equal(r.v[1].d.name, "web");
	assert_int_equal(r.v[1].d.type, VM_TYPE_PVH);
	assert_int_equal(r.v[1].d.flags, DOM_SHUTDOWN);
	assert_int_equal(r.v[1].d.reason, REASON_CRASH);
	assert_int_equal(r.v[1].d.cpu_ns, 21);
	assert_int_equal(r.v[1].d.mem_kb, 22);
	assert_int_equal(r.v[1].d.maxmem_kb, 23);
	assert_int_equal(r.v[1].d.vcpus, 1);
	roster_free(&r);
}

static void
null_is_no_name(void **state)
{
	static const char *const none[] = { NULL, "", "(null)" };
	struct roster r = { 0 };
	struct obs_dom doms[] = { dom(3, 3) };

	(void)state;
	list(&r, at(1), 1, doms);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		roster_name(&r.v[0], "web");
		assert_non_null(r.v[0].d.name);
		roster_name(&r.v[0], none[i]);
		assert_null(r.v[0].d.name);
	}
	roster_free(&r);
}

static void
young_domains_are_read_often(void **state)
{
	struct roster r = { 0 };
	struct obs_dom doms[] = { dom(0, 0), dom(3, 3) };
	struct roster_dom *rd;
	int reads = 0;

	(void)state;
	list(&r, at(0), 2, doms);
	rd = roster_due(&r, at(0));
	assert_non_null(rd);
	roster_done(rd, at(0), 1000);
	assert_ptr_not_equal(roster_due(&r, at(0)), rd);
	roster_done(roster_due(&r, at(0)), at(0), 1000);
	assert_null(roster_due(&r, at(0)));
	for (int64_t ms = 0; ms < 1000000; ms += 100)
		while ((rd = roster_due(&r, at(ms))) != NULL) {
			if (rd == &r.v[1])
				reads++;
			roster_done(rd, at(ms), 1000 + ms / 1000);
		}
	/* After 1, 2, 4 ... 256, 512, 812 s. */
	assert_int_equal(reads, 11);
	roster_free(&r);
}

static void
old_domains_are_not(void **state)
{
	struct roster r = { 0 };
	struct obs_dom doms[] = { dom(3, 3), dom(4, 4) };

	(void)state;
	list(&r, at(0), 2, doms);
	r.v[0].d.start_s = 100; /* before this process */
	r.v[1].d.start_s = 999;
	roster_done(&r.v[0], at(0), 1000);
	roster_done(&r.v[1], at(0), 1000);
	assert_int_equal(r.v[0].due.ns, at(300000).ns);
	assert_int_equal(r.v[1].due.ns, at(1000).ns);
	roster_free(&r);
}

/* --- Output --------------------------------------------------------------- */

enum { BIG = 1 << 20 };

static void
a_slow_reader_costs_nothing(void **state)
{
	char *block = x_calloc(BIG, 1), got[4096];
	struct out o;
	size_t all = 0;
	ssize_t n;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	out_init(&o, fd[1], BIG);
	assert_true(out_idle(&o));
	memset(block, 'x', BIG);
	assert_int_equal(buf_add(&o.buf, block, BIG), 0);
	assert_int_equal(out_flush(&o), 0); /* does not block */
	assert_false(out_idle(&o));
	assert_int_equal(out_drain(&o, 1), -1);
	while (!out_idle(&o) || all < BIG) {
		n = read(fd[0], got, sizeof got);
		assert_true(n > 0);
		all += (size_t)n;
		assert_int_equal(out_flush(&o), 0);
	}
	assert_int_equal(all, BIG);
	assert_int_equal(buf_add(&o.buf, block, BIG), 0); /* room again */
	close(fd[0]);
	assert_int_equal(out_flush(&o), -1);
	out_free(&o);
	assert_false(fcntl(fd[1], F_GETFL) & O_NONBLOCK); /* as it was */
	close(fd[1]);
	x_free(block);
}

static void
sockets_too(void **state)
{
	char got[8];
	struct out o;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	out_init(&o, fd[1], 64);
	buf_puts(&o.buf, "{}\n");
	assert_int_equal(out_drain(&o, 1000), 0);
	assert_int_equal(read(fd[0], got, sizeof got), 3);
	close(fd[0]);
	buf_puts(&o.buf, "{}\n");
	assert_int_equal(out_drain(&o, 1000), -1);
	out_free(&o);
	close(fd[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_domain_stays_while_its_uuid_does),
		cmocka_unit_test(figures_are_taken_and_knowledge_stays),
		cmocka_unit_test(null_is_no_name),
		cmocka_unit_test(young_domains_are_read_often),
		cmocka_unit_test(old_domains_are_not),
		cmocka_unit_test(a_slow_reader_costs_nothing),
		cmocka_unit_test(sockets_too),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
