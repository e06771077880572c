/* Reading definitions: real files, old forms, and what no xl would take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/defs.h"
#include "core/mem.h"
#include "core/xlcfg.h"
#include "tests/lib/file.h"

static const struct defs *
read_text(const char *text)
{
	struct def_file f = { "/etc/xen/x.cfg", text, strlen(text), 5 };

	return defs_read(NULL, &f, 1, NULL);
}

/* --- The form --------------------------------------------------------------- */

static void
test_form(void **state)
{
	static const char text[] = "\xef\xbb\xbf# comment\n"
	    "name = \"a # b\"  # why\n"
	    "vcpus=2;memory = '0x200'\n"
	    "disk = [ 'one', # first\n\t\"two\",\n]\n"
	    "vnuma = [ [ \"pnode=0\",\"size=1\" ], [ 'x' ] ]\n"
	    "extra = 'a' \\\n  \"b\"\n"
	    "long = \"\"\"one\ntwo\"\"\"\n"
	    "name += 'c'\n"
	    "disk += [ 'three' ]\n"
	    "esc = 'a\\'b\\\\c'\n"
	    "empty = []\r\n"
	    "last = 7";
	const struct xlcfg_setting *s;
	struct arena a = { NULL };
	struct xlcfg c;

	(void)state;
	xlcfg_read(&c, &a, text, sizeof text - 1);
	assert_null(c.error);
	assert_int_equal(c.n, 10);
	assert_string_equal(xlcfg_string(&c, "name"), "a # bc");
	assert_int_equal(xlcfg_find(&c, "vcpus")->line, 3);
	assert_int_equal(xlcfg_number(&c, "memory"), 512);
	s = xlcfg_find(&c, "disk");
	assert_true(s->list);
	assert_int_equal(s->n, 3);
	assert_string_equal(s->v[1], "two");
	assert_string_equal(s->v[2], "three");
	s = xlcfg_find(&c, "vnuma");
	assert_int_equal(s->n, 2);
	assert_string_equal(s->v[0], "[pnode=0, size=1]");
	assert_string_equal(xlcfg_string(&c, "extra"), "ab");
	assert_string_equal(xlcfg_string(&c, "long"), "one\xef\xbf\xbdtwo");
	assert_string_equal(xlcfg_string(&c, "esc"), "a'b\\c");
	assert_int_equal(xlcfg_find(&c, "empty")->n, 0);
	assert_int_equal(xlcfg_number(&c, "last"), 7);
	assert_int_equal(xlcfg_number(&c, "name"), -1);
	assert_null(xlcfg_string(&c, "disk"));
	arena_free(&a);
}

static void
test_errors(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "name = \"a", "line 1: a string without end" },
		{ "a = 1\nname = [ 'a'", "line 2: a list without end" },
		{ "a = 1\n\nb\n", "line 3: = is missing" },
		{ "a = \n", "line 1: a value is missing" },
		{ "= 7\n", "line 1: no name of a setting" },
		{ "a = 1 2\n", "line 1: more than one value" },
		{ "a = [ 'b' 7 ]\n", "line 1: a comma or ] is missing in a list" },
		{ "a = [[[[[[[[[[", "line 1: lists in lists in lists" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena a = { NULL };
		struct xlcfg c;

		xlcfg_read(&c, &a, cases[i].text, strlen(cases[i].text));
		assert_string_equal(c.error, cases[i].error);
		arena_free(&a);
	}
}

/* What comes after a line that makes no sense still counts. */
static void
test_recovers(void **state)
{
	const struct defs *d = read_text("def f(): pass\nname = 'a'\n"
	    "memory = 64 * 4\nvcpus = 3\n");

	(void)state;
	assert_int_equal(d->n, 1);
	assert_string_equal(d->v[0]->name, "a");
	assert_int_equal(d->v[0]->vcpus, 3);
	assert_string_equal(d->v[0]->error, "line 1: = is missing");
	defs_unref(d);
}

/* --- What it says ----------------------------------------------------------- */

static void
test_disks(void **state)
{
	static const struct {
		const char *spec, *vdev, *target;
		bool readonly;
	} cases[] = {
		{ "phy:/dev/vg/a,xvda,w", "xvda", "/dev/vg/a", false },
		{ "file:/srv/a.img,hda,r", "hda", "/srv/a.img", true },
		{ "tap:aio:/srv/a.img,xvdb,w", "xvdb", "/srv/a.img", false },
		{ "/dev/vg/a,raw,xvda,rw", "xvda", "/dev/vg/a", false },
		{ "/dev/vg/a,,xvda", "xvda", "/dev/vg/a", false },
		{ "/srv/cd.iso,,hdc,cdrom", "hdc", "/srv/cd.iso", true },
		{ "file:/srv/cd.iso,hdc:cdrom,r", "hdc", "/srv/cd.iso", true },
		{ ",empty,hdc,cdrom", "hdc", NULL, true },
		{ "format=raw, vdev=xvda, access=ro, target=/dev/a,b", "xvda",
		    "/dev/a,b", true },
		{ "vdev=sda,devtype=cdrom,format=raw,target=/x", "sda", "/x",
		    true },
		{ "/dev/vg/a,qcow2,xvda,w,backendtype=qdisk,discard", "xvda",
		    "/dev/vg/a", false },
		{ "drbd:web1,xvda,w", "xvda", "drbd:web1", false },
		{ "/dev/vg/a", NULL, NULL, false },
		{ "script=block-drbd,vdev=xvda,target=web1", "xvda", "web1",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct obs_disk *k;
		const struct defs *d;
		char text[200];

		snprintf(text, sizeof text, "name='a'\ndisk=['%s']\n",
		    cases[i].spec);
		d = read_text(text);
		k = d->v[0]->disks;
		assert_int_equal(d->v[0]->ndisks, cases[i].vdev != NULL);
		if (cases[i].vdev != NULL) {
			assert_string_equal(k->vdev, cases[i].vdev);
			assert_int_equal(k->readonly, cases[i].readonly);
			assert_int_equal(k->target != NULL,
			    cases[i].target != NULL);
			if (k->target != NULL)
				assert_string_equal(k->target,
				    cases[i].target);
		}
		defs_unref(d);
	}
}

static void
test_types(void **state)
{
	static const struct {
		const char *line;
		enum vm_type type;
	} cases[] = {
		{ "", VM_TYPE_PV },
		{ "type = \"pvh\"", VM_TYPE_PVH },
		{ "builder = 'hvm'", VM_TYPE_HVM },
		{ "builder = 'hvm'\ntype = 'pv'", VM_TYPE_PV },
		{ "builder = 'generic'", VM_TYPE_PV },
		{ "pvh = 1", VM_TYPE_PVH },
		{ "type = 'vax'", VM_TYPE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct defs *d;
		char text[100];

		snprintf(text, sizeof text, "name='a'\n%s\n", cases[i].line);
		d = read_text(text);
		assert_int_equal(d->v[0]->type, cases[i].type);
		assert_int_equal(d->v[0]->vcpus, 1);
		assert_int_equal(d->v[0]->mem_kb, OBS_UNKNOWN);
		assert_false(d->v[0]->pinned);
		defs_unref(d);
	}
}

static void
test_real_file(void **state)
{
	char *text = file_text("tests/fixtures/defs/db1.cfg");
	const struct defs *d = read_text(text);
	const struct def *f = d->v[0];

	(void)state;
	assert_int_equal(d->n, 1);
	assert_null(f->error);
	assert_string_equal(f->name, "db-1.prod_ex");
	assert_int_equal(f->type, VM_TYPE_PV);
	assert_int_equal(f->mem_kb, 128 * 1024);
	assert_int_equal(f->maxmem_kb, 192 * 1024);
	assert_int_equal(f->vcpus, 2);
	assert_int_equal(f->vcpus_max, 4);
	assert_int_equal(f->ndisks, 2);
	assert_string_equal(f->disks[1].target, "/dev/vgl/db1-log");
	assert_true(f->disks[1].readonly);
	assert_int_equal(f->nnics, 2);
	assert_string_equal(f->nics[1].mac, "00:16:3e:01:02:04");
	assert_string_equal(f->nics[0].bridge, "xenbr0");
	assert_string_equal(f->text, text);
	defs_unref(d);
	x_free(text);
}

/* As xen-tools of Debian writes them, and a Windows of old. */
static void
test_fixtures(void **state)
{
	char *text = file_text("tests/fixtures/defs/mail.cfg");
	const struct defs *d = read_text(text);

	(void)state;
	assert_null(d->v[0]->error);
	assert_string_equal(d->v[0]->name, "mail.example.org");
	assert_int_equal(d->v[0]->ndisks, 2);
	assert_string_equal(d->v[0]->nics[0].ip, "192.0.2.25");
	defs_unref(d);
	x_free(text);
	text = file_text("tests/fixtures/defs/win.cfg");
	d = read_text(text);
	assert_null(d->v[0]->error);
	assert_int_equal(d->v[0]->type, VM_TYPE_HVM);
	assert_true(d->v[0]->pinned);
	assert_int_equal(d->v[0]->mem_kb, 4096 * 1024);
	assert_string_equal(d->v[0]->disks[1].vdev, "hdc");
	assert_int_equal(d->v[0]->uuid.b[0], 0x5a);
	defs_unref(d);
	x_free(text);
}

/* --- Many of them ----------------------------------------------------------- */

static void
test_no_definitions(void **state)
{
	char *nul = x_calloc(1, 32);
	const struct def_file files[] = {
		{ "/etc/xen/xl.conf", "autoballoon=0\n", 14, 1 },
		{ "/etc/xen/empty.cfg", "", 0, 1 },
		{ "/etc/xen/noname.cfg", "name = ''\n", 10, 1 },
		{ "/etc/xen/nul.cfg", nul, 20, 1 },
		{ "/etc/xen/good.cfg", "name='good'\n", 12, 9 },
	};
	const struct defs *d;

	(void)state;
	memcpy(nul, "name='nul'\n", 11);
	d = defs_read(NULL, files, 5, "a\nb");
	assert_int_equal(d->n, 1);
	assert_string_equal(d->v[0]->name, "good");
	assert_int_equal(d->mtime_s[0], 9);
	assert_string_equal(d->note, "a\xef\xbf\xbd""b");
	defs_unref(d);
	x_free(nul);
}

static void
test_pool(void **state)
{
	const struct def_file files[] = {
		{ "/etc/xen/b.cfg", "name='b'\n", 9, 1 },
		{ "/etc/xen/a.cfg", "name='a'\nuuid="
		    "'5a9b7c1e-0f34-4c55-8a57-6ed6b1c1d2e3'\n", 53, 2 },
	};
	struct defpool *pool = defpool_new();
	const struct defs *x = defs_read(pool, files, 2, NULL);
	const struct defs *y = defs_read(pool, files, 2, NULL);
	const struct defs *z = defs_read(pool, files, 1, NULL), *some;
	struct uuid none = { { 0 } }, u = x->v[0]->uuid;
	const bool keep[] = { false, true };

	(void)state;
	assert_string_equal(x->v[0]->name, "a");
	assert_ptr_equal(x->v[0], y->v[0]);
	assert_ptr_equal(x->v[1], z->v[0]);
	assert_true(defs_equal(x, y));
	assert_false(defs_equal(x, z));
	assert_ptr_equal(defs_find(x, &none, "b"), x->v[1]);
	assert_ptr_equal(defs_find(x, &u, "b"), x->v[0]);
	assert_null(defs_find(z, &u, "c"));
	assert_null(defs_find(NULL, &none, "a"));
	assert_ptr_equal(defs_at_path(x, "/etc/xen/b.cfg"), x->v[1]);
	some = defs_some(x, keep);
	defs_unref(x);
	defpool_drop(pool); /* what is in use lives on */
	defs_unref(z);
	assert_int_equal(some->n, 1);
	assert_string_equal(some->v[0]->name, "b");
	assert_string_equal(y->v[0]->text, files[1].text);
	defs_unref(y);
	defs_unref(some);
}

static void
test_limits(void **state)
{
	struct def_file *files = x_calloc(DEFS_FILES_MAX + 9, sizeof *files);
	char *big = x_malloc(DEFS_FILE_MAX + 1), name[32];
	const struct defs *d;

	(void)state;
	for (size_t i = 0; i < DEFS_FILES_MAX + 9; i++)
		files[i] = (struct def_file){ "/a", "name='a'\n", 9, 1 };
	d = defs_read(NULL, files, DEFS_FILES_MAX + 9, NULL);
	assert_int_equal(d->n, DEFS_FILES_MAX);
	defs_unref(d);

	memset(big, '\n', DEFS_FILE_MAX + 1);
	memcpy(big, "name='a'", 8);
	for (size_t i = 0; i < 40; i++)
		files[i] = (struct def_file){ "/a", big, DEFS_FILE_MAX +
			(i == 0), 1 };
	d = defs_read(NULL, files, 40, NULL);
	assert_int_equal(d->n, DEFS_BYTES_MAX / DEFS_FILE_MAX);
	defs_unref(d);

	snprintf(name, sizeof name, "name='");
	memset(big, 'n', 300);
	memcpy(big, name, 6);
	memcpy(big + 300, "'\n", 2);
	files[0].len = 302;
	d = defs_read(NULL, files, 1, NULL);
	assert_int_equal(d->n, 0); /* no VM has such a name */
	defs_unref(d);
	x_free(files);
	x_free(big);
}

/* --- Texts ------------------------------------------------------------------ */

static void
test_compose(void **state)
{
	struct obs_disk disk = { "xvda", "/dev/vg/a", true };
	struct obs_nic nics[2] = { { 0, "00:16:3e:00:00:01", "br0", NULL },
		{ 1, NULL, "br1", "192.0.2.1" } };
	struct def from = { .name = "a\"b\\", .uuid.b = { 1, 2 },
		.type = VM_TYPE_HVM, .vcpus = 2, .vcpus_max = 4,
		.mem_kb = 512 * 1024, .maxmem_kb = 1024 * 1024, .nics = nics,
		.nnics = 2, .disks = &disk, .ndisks = 1 };
	const struct defs *d;
	struct buf text;

	(void)state;
	buf_init(&text, 4096);
	assert_int_equal(def_compose(&text, &from), 0);
	d = read_text(text.p);
	assert_int_equal(d->n, 1);
	assert_null(d->v[0]->error);
	assert_string_equal(d->v[0]->name, from.name);
	assert_memory_equal(&d->v[0]->uuid, &from.uuid, sizeof from.uuid);
	assert_int_equal(d->v[0]->type, VM_TYPE_HVM);
	assert_int_equal(d->v[0]->vcpus_max, 4);
	assert_int_equal(d->v[0]->maxmem_kb, 1024 * 1024);
	assert_string_equal(d->v[0]->nics[1].ip, "192.0.2.1");
	assert_null(d->v[0]->nics[1].mac);
	assert_string_equal(d->v[0]->disks[0].target, "/dev/vg/a");
	assert_true(d->v[0]->disks[0].readonly);
	defs_unref(d);
	buf_free(&text);
}

static void
test_redact(void **state)
{
	static const char *const cases[][2] = {
		{ "name='a'\nvnc=1\n", "name='a'\nvnc=1\n" },
		{ "vncpasswd=\"s3,'t\"\nx=1", "vncpasswd=\"***\"\nx=1" },
		{ "vncpasswd = 's\\'t' ; x=1", "vncpasswd = \"***\" ; x=1" },
		{ "spicepasswd='''a\nb''' # c", "spicepasswd=\"***\" # c" },
		{ "vncpasswd='a' \"b\"\n", "vncpasswd=\"***\"\n" },
		{ "vfb=['vnc=1,vncpasswd=s3t,keymap=de']",
		    "vfb=['vnc=1,vncpasswd=***,keymap=de']" },
		{ "# vncpasswd=old\n", "# vncpasswd=***\n" },
		{ "vncpasswd=\"cut", "vncpasswd=\"***\"" },
		{ "vncpasswd", "vncpasswd" },
		{ "VNCPasswd=abc", "VNCPasswd=***" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out;

		buf_init(&out, 4096);
		assert_int_equal(def_redact(&out, cases[i][0],
		    strlen(cases[i][0])), 0);
		assert_string_equal(out.p, cases[i][1]);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_recovers),
		cmocka_unit_test(test_disks),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_real_file),
		cmocka_unit_test(test_fixtures),
		cmocka_unit_test(test_no_definitions),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_compose),
		cmocka_unit_test(test_redact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
