/* The agent's view of sysfs and /proc, against trees made for the purpose. */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/agent/dom0.h"
#include "backends/agent/sysfs.h"

struct tree {
	char root[64];
};

static int
make_tree(void **state)
{
	struct tree *t = malloc(sizeof *t);

	assert_non_null(t);
	strcpy(t->root, "/tmp/xendeck-test.XXXXXX");
	assert_non_null(mkdtemp(t->root));
	*state = t;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void
drop(const struct tree *t, const char *path)
{
	char full[512];

	snprintf(full, sizeof full, "%s%s", t->root, path);
	assert_int_equal(nftw(full, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static int
remove_tree(void **state)
{
	drop(*state, "");
	free(*state);
	return 0;
}

/* Writes a file and the directories above it. */
static void
put(const struct tree *t, const char *path, const char *text)
{
	char full[512];
	FILE *f;

	snprintf(full, sizeof full, "%s%s", t->root, path);
	for (char *p = full + strlen(t->root) + 1;
	    (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* --- Counters ------------------------------------------------------------- */

#define DEVICES "/bus/xen-backend/devices"

static void
put_vif(const struct tree *t, const char *device, const char *name,
    const char *rx, const char *tx)
{
	char path[256];

	snprintf(path, sizeof path, DEVICES "/%s/net/%s/statistics/rx_bytes",
	    device, name);
	put(t, path, rx);
	snprintf(path, sizeof path, DEVICES "/%s/net/%s/statistics/tx_bytes",
	    device, name);
	put(t, path, tx);
}

static void
put_vbd(const struct tree *t, const char *device, const char *rd,
    const char *wr)
{
	char path[256];

	snprintf(path, sizeof path, DEVICES "/%s/statistics/rd_sect", device);
	put(t, path, rd);
	snprintf(path, sizeof path, DEVICES "/%s/statistics/wr_sect", device);
	put(t, path, wr);
}

static void
check_io(struct sysfs *s, uint32_t domid, struct sysfs_io want)
{
	struct sysfs_io io;

	sysfs_scan(s);
	sysfs_read(s, domid, &io);
	assert_int_equal(io.net_rx, want.net_rx);
	assert_int_equal(io.net_tx, want.net_tx);
	assert_int_equal(io.disk_rd, want.disk_rd);
	assert_int_equal(io.disk_wr, want.disk_wr);
	assert_int_equal(io.vifs, want.vifs);
	assert_int_equal(io.vbds, want.vbds);
}

/* With files kept open, and with none. */
static const size_t budgets[] = { 64, 0 };

static void
counters_are_the_guests(void **state)
{
	const struct tree *t = *state;

	put_vif(t, "vif-3-0", "vif3.0", "100\n", "2000\n");
	put_vif(t, "vif-3-1", "renamed", "7\n", "70\n");
	put_vif(t, "vif-31-0", "vif31.0", "5\n", "6\n");
	put_vbd(t, "vbd-3-51712", "10\n", "1\n");
	put_vbd(t, "vbd-3-51728", "2\n", "3\n");
	put(t, DEVICES "/vkbd-3-0/state", "4\n");
	put(t, DEVICES "/vif-3-0x/state", "4\n");
	put(t, DEVICES "/vbd-99999999999-1/state", "4\n");
	for (size_t i = 0; i < 2; i++) {
		struct sysfs *s = sysfs_open(t->root, budgets[i]);

		/* dom0's reception is the guest's transmission */
		check_io(s, 3, (struct sysfs_io){ .net_rx = 2070,
		    .net_tx = 107, .disk_rd = 12 * 512, .disk_wr = 4 * 512,
		    .vifs = 2, .vbds = 2 });
		check_io(s, 31, (struct sysfs_io){ .net_rx = 6, .net_tx = 5,
		    .vifs = 1 });
		check_io(s, 4, (struct sysfs_io){ 0 });
		sysfs_close(s);
	}
}

static void
counters_are_live(void **state)
{
	const struct tree *t = *state;

	for (size_t i = 0; i < 2; i++) {
		struct sysfs *s = sysfs_open(t->root, budgets[i]);

		put_vbd(t, "vbd-1-51712", "1\n", "2\n");
		check_io(s, 1, (struct sysfs_io){ .disk_rd = 512,
		    .disk_wr = 1024, .vbds = 1 });
		put_vbd(t, "vbd-1-51712", "100\n", "2\n");
		check_io(s, 1, (struct sysfs_io){ .disk_rd = 51200,
		    .disk_wr = 1024, .vbds = 1 });
		sysfs_close(s);
	}
}

static void
the_emulated_card_counts(void **state)
{
	const struct tree *t = *state;
	struct sysfs *s = sysfs_open(t->root, 64);

	put_vif(t, "vif-9-0", "v-web", "1\n", "2\n");
	put(t, "/class/net/v-web-emu/statistics/rx_bytes", "10\n");
	put(t, "/class/net/v-web-emu/statistics/tx_bytes", "20\n");
	check_io(s, 9, (struct sysfs_io){ .net_rx = 22, .net_tx = 11,
	    .vifs = 1 });
	sysfs_close(s);
}

static void
devices_come_and_go(void **state)
{
	const struct tree *t = *state;
	struct sysfs *s = sysfs_open(t->root, 64);

	check_io(s, 1, (struct sysfs_io){ 0 }); /* not even the directory */
	put(t, DEVICES "/vif-1-0/state", "2\n");
	check_io(s, 1, (struct sysfs_io){ .vifs = 1 }); /* no interface yet */
	put_vif(t, "vif-1-0", "vif1.0", "1\n", "2\n");
	check_io(s, 1, (struct sysfs_io){ .net_rx = 2, .net_tx = 1,
	    .vifs = 1 });
	put_vbd(t, "vbd-1-51712", "1\n", "1\n");
	check_io(s, 1, (struct sysfs_io){ .net_rx = 2, .net_tx = 1,
	    .disk_rd = 512, .disk_wr = 512, .vifs = 1, .vbds = 1 });
	drop(t, DEVICES "/vif-1-0");
	check_io(s, 1, (struct sysfs_io){ .disk_rd = 512, .disk_wr = 512,
	    .vbds = 1 });
	sysfs_close(s);
}

static void
nonsense_counts_nothing(void **state)
{
	static const char *const nonsense[] = { "", "\n", "-\n", "abc\n",
	    "12 13\n" };
	const struct tree *t = *state;
	struct sysfs *s = sysfs_open(t->root, 64);

	for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
		put_vbd(t, "vbd-1-51712", nonsense[i], "3\n");
		check_io(s, 1, (struct sysfs_io){ .disk_wr = 1536,
		    .vbds = 1 });
	}
	put_vbd(t, "vbd-1-51712", "99999999999999999999999\n",
	    "18446744073709551615\n");
	check_io(s, 1, (struct sysfs_io){ .disk_rd = INT64_MAX,
	    .disk_wr = INT64_MAX, .vbds = 1 });
	sysfs_close(s);
}

static void
many_devices_with_few_files(void **state)
{
	const struct tree *t = *state;
	char name[64], rd[16];
	struct sysfs *s;

	for (int i = 40; i >= 1; i--) {
		snprintf(name, sizeof name, "vbd-%d-51712", i);
		snprintf(rd, sizeof rd, "%d\n", i);
		put_vbd(t, name, rd, "0\n");
	}
	s = sysfs_open(t->root, 10);
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 1; i <= 40; i++)
			check_io(s, i, (struct sysfs_io){
			    .disk_rd = (int64_t)i * 512, .vbds = 1 });
	sysfs_close(s);
}

/* --- The machine ---------------------------------------------------------- */

static void
machines_are_told_apart(void **state)
{
	const struct tree *t = *state;
	char release[16];

	assert_int_equal(dom0_kind(t->root), DOM0_NO_XEN);
	dom0_xen_release(t->root, release, sizeof release);
	assert_string_equal(release, "");
	put(t, "/sys/hypervisor/type", "kvm\n");
	assert_int_equal(dom0_kind(t->root), DOM0_NO_XEN);

	put(t, "/sys/hypervisor/type", "xen\n");
	put(t, "/sys/hypervisor/version/major", "4\n");
	put(t, "/sys/hypervisor/version/minor", "20\n");
	dom0_xen_release(t->root, release, sizeof release);
	assert_string_equal(release, "4.20");

	put(t, "/proc/xen/capabilities", "");
	assert_int_equal(dom0_kind(t->root), DOM0_GUEST);
	put(t, "/proc/xen/capabilities", "control_d\n");
	assert_int_equal(dom0_kind(t->root), DOM0_NO_DEVICE);
	put(t, "/proc/xen/privcmd", "");
	assert_int_equal(dom0_kind(t->root), DOM0_YES);
	put(t, "/dev/xen/privcmd", "");
	drop(t, "/proc");
	assert_int_equal(dom0_kind(t->root), DOM0_YES);
}

static void
a_host_knows_itself(void **state)
{
	const struct tree *t = *state;
	struct obs o;

	put(t, "/proc/sys/kernel/random/boot_id",
	    "01ea86c5-798f-4b6b-8c82-8604ecf07ae9\n");
	obs_init(&o);
	dom0_identity(t->root, &o.host, &o.mem);
	dom0_load(&o.host);
	assert_non_null(o.host.hostname);
	assert_non_null(o.host.kernel);
	assert_string_equal(o.host.boot_id,
	    "01ea86c5-798f-4b6b-8c82-8604ecf07ae9");
	assert_true(o.host.load_pm >= 0);
	assert_true(o.host.uptime_s > 0);
	obs_free(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_TREE(f) cmocka_unit_test_setup_teardown(f, make_tree, remove_tree)
		IN_TREE(counters_are_the_guests),
		IN_TREE(counters_are_live),
		IN_TREE(the_emulated_card_counts),
		IN_TREE(devices_come_and_go),
		IN_TREE(nonsense_counts_nothing),
		IN_TREE(many_devices_with_few_files),
		IN_TREE(machines_are_told_apart),
		IN_TREE(a_host_knows_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
