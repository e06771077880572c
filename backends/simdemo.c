/* The world of `xendeck --demo`, written as an operator would write it. It is
 * small enough to be known after a minute, and something happens in it now and
 * then: everything in the script is an ordinary day's event. */
#include "backends/sim.h"

#include <stddef.h>

#include "backends/confread.h"
#include "core/buf.h"

#define VM(name, host, memory, vcpus, load, more) \
	"{ name = \"" name "\"; host = \"" host "\"; memory = \"" memory \
	" MiB\"; vcpus = " #vcpus "; load = " #load "; " more " },\n",
#define PV "type = \"pv\";"
#define HVM "type = \"hvm\";"
#define DORMANT "dormant = true;"

/* In pieces, since a C compiler need not take longer ones. */
static const char *const demo[] = {
"clusters = (\n"
"  { name = \"berlin\"; production = true; hosts = (\n"
"    { name = \"adler\"; reserve = \"2 GiB\"; },\n"
"    { name = \"bussard\"; reserve = \"2 GiB\"; },\n"
"    { name = \"falke\"; reserve = \"2 GiB\"; },\n"
"    { name = \"habicht\"; reserve = \"2 GiB\"; } ); },\n"
"  { name = \"lab\"; hosts = (\n"
"    { name = \"spatz\"; },\n"
"    { name = \"zeisig\"; } ); }\n"
");\n"
"vms = (\n"
"  { match = \"db*\"; priority = 1; description = \"orders and accounts\"; },\n"
"  { match = \"mail\"; priority = 2; home = \"bussard\";\n"
"    description = \"mail for everybody\"; },\n"
"  { match = \"web*\"; priority = 3; description = \"front end\"; },\n"
"  { match = \"test-*\"; priority = 9; }\n"
");\n"
"simulator = {\n"
"  seed = 42;\n"
"  hosts = (\n"
"    { name = \"adler\"; memory = \"64 GiB\"; cpus = 32; },\n"
"    { name = \"bussard\"; memory = \"64 GiB\"; cpus = 32; },\n"
"    { name = \"falke\"; memory = \"96 GiB\"; cpus = 40; },\n"
"    { name = \"habicht\"; memory = \"48 GiB\"; cpus = 16;\n"
"      latency = \"40 ms\"; },\n"
"    { name = \"spatz\"; memory = \"16 GiB\"; cpus = 8; },\n"
"    { name = \"zeisig\"; memory = \"16 GiB\"; cpus = 8; } );\n"
"  vms = (\n",
VM("web1", "adler", "4096", 4, 35, "")
VM("web2", "bussard", "4096", 4, 32, "")
VM("web3", "falke", "4096", 4, 37, "")
VM("web4", "habicht", "4096", 4, 30, DORMANT)
VM("db1", "adler", "16384", 8, 40, "")
VM("db2", "falke", "16384", 8, 28, "")
VM("cache1", "adler", "8192", 2, 12, "")
VM("cache2", "falke", "8192", 2, 11, "")
VM("mail", "bussard", "4096", 2, 9, PV)
VM("imap", "bussard", "6144", 2, 14, "")
VM("dns1", "adler", "512", 1, 2, PV)
VM("dns2", "bussard", "512", 1, 2, PV)
VM("ldap1", "adler", "1024", 1, 3, "")
VM("ldap2", "habicht", "1024", 1, 3, "")
VM("proxy1", "falke", "1024", 2, 18, "")
VM("proxy2", "habicht", "1024", 2, 15, "")
VM("queue", "falke", "2048", 2, 22, "")
VM("search", "falke", "12288", 6, 30, "")
VM("files", "habicht", "4096", 2, 10, "")
VM("backup", "habicht", "2048", 2, 20, "")
VM("monitor", "bussard", "4096", 2, 16, "")
VM("logs", "bussard", "8192", 4, 21, "")
VM("wiki", "habicht", "2048", 1, 6, "")
VM("git", "bussard", "4096", 2, 12, "")
VM("win-ad1", "adler", "4096", 2, 8, HVM)
VM("win-ad2", "habicht", "4096", 2, 7, HVM)
VM("win-terminal", "falke", "16384", 8, 24, HVM)
VM("win-print", "bussard", "2048", 2, 4, HVM)
VM("erp-archive", "falke", "4096", 2, 0, DORMANT)
VM("win-old", "adler", "2048", 1, 0, HVM DORMANT)
VM("build1", "spatz", "4096", 4, 45, "")
VM("build2", "zeisig", "4096", 4, 40, "")
VM("ci", "spatz", "2048", 2, 15, "")
VM("test-web", "spatz", "1024", 1, 5, "")
VM("test-db", "zeisig", "2048", 2, 8, "")
VM("test-win", "zeisig", "4096", 2, 6, HVM)
VM("test-mail", "zeisig", "512", 1, 2, PV DORMANT)
VM("sandbox1", "spatz", "512", 1, 1, "")
VM("sandbox2", "zeisig", "512", 1, 1, "")
VM("template-deb12", "spatz", "1024", 1, 0, DORMANT)
VM("template-deb13", "zeisig", "1024", 1, 0, DORMANT)
"  );\n"
"  faults = (\n"
"    { at = \"20 s\"; every = \"8 min\"; what = \"reboot\";\n"
"      vm = \"test-web\"; },\n"
"    { at = \"35 s\"; every = \"6 min\"; what = \"migrate\";\n"
"      vm = \"web2\"; to = \"falke\"; },\n"
"    { at = \"75 s\"; every = \"10 min\"; what = \"break\";\n"
"      host = \"zeisig\"; },\n"
"    { at = \"95 s\"; every = \"10 min\"; what = \"heal\";\n"
"      host = \"zeisig\"; },\n"
"    { at = \"2 min\"; every = \"12 min\"; what = \"start\";\n"
"      vm = \"web4\"; },\n"
"    { at = \"150 s\"; every = \"10 min\"; what = \"crash\";\n"
"      vm = \"sandbox1\"; },\n"
"    { at = \"180 s\"; every = \"10 min\"; what = \"reboot\";\n"
"      vm = \"sandbox1\"; },\n"
"    { at = \"215 s\"; every = \"6 min\"; what = \"migrate\";\n"
"      vm = \"web2\"; to = \"bussard\"; },\n"
"    { at = \"260 s\"; every = \"10 min\"; what = \"slow\";\n"
"      host = \"habicht\"; },\n"
"    { at = \"300 s\"; every = \"10 min\"; what = \"heal\";\n"
"      host = \"habicht\"; },\n"
"    { at = \"8 min\"; every = \"12 min\"; what = \"stop\";\n"
"      vm = \"web4\"; }\n"
"  );\n"
"};\n",
};

int
sim_demo_conf(struct conf *c)
{
	struct conf_errors errs;
	struct buf text;
	int rc;

	conf_errors_init(&errs);
	buf_init(&text, 1 << 16);
	for (size_t i = 0; i < sizeof demo / sizeof demo[0]; i++)
		buf_puts(&text, demo[i]);
	rc = confread_text("demo", text.p, text.len, c, &errs);
	buf_free(&text);
	conf_errors_free(&errs);
	return rc;
}
