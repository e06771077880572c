/* The table of all settings, and the few functions that use it to move values
 * in and out of the structs of core/conf.h. A new setting is one line here and
 * one field there. */
#include "core/conf_schema.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/mem.h"
#include "core/obs.h"

enum {
	SECOND = 1000,
	MINUTE = 60 * SECOND,
	HOUR = 3600 * SECOND,
	DAY = 24 * HOUR,
	MIB = 1024,
	GIB = 1024 * MIB,
};

#define TIB ((int64_t)1024 * GIB)

#define AT(type, field) .offset = offsetof(struct type, field), \
	.size = sizeof(((struct type *)0)->field)
#define TEXT(longest) .min = 1, .max = (longest)

static const struct conf_word transports[] = {
	{ "auto", TRANSPORT_AUTO },
	{ "libssh2", TRANSPORT_LIBSSH2 },
	{ "openssh", TRANSPORT_OPENSSH },
	{ "local", TRANSPORT_LOCAL },
	{ "sim", TRANSPORT_SIM },
	{ NULL, 0 },
};

static const struct conf_word observers[] = {
	{ "auto", OBSERVER_AUTO },
	{ "agent", OBSERVER_AGENT },
	{ "shell", OBSERVER_SHELL },
	{ NULL, 0 },
};

static const struct conf_word handovers[] = {
	{ "explicit", HANDOVER_EXPLICIT },
	{ "xl", HANDOVER_XL },
	{ NULL, 0 },
};

static const struct conf_word tristates[] = {
	{ "auto", TRI_AUTO },
	{ "yes", TRI_YES },
	{ "no", TRI_NO },
	{ NULL, 0 },
};

static const struct conf_word vm_types[] = {
	{ "pv", VM_TYPE_PV },
	{ "pvh", VM_TYPE_PVH },
	{ "hvm", VM_TYPE_HVM },
	{ NULL, 0 },
};

static const struct conf_word whats[] = {
	{ "die", SIM_DIE },
	{ "boot", SIM_BOOT },
	{ "break", SIM_BREAK },
	{ "slow", SIM_SLOW },
	{ "heal", SIM_HEAL },
	{ "start", SIM_START },
	{ "stop", SIM_STOP },
	{ "reboot", SIM_REBOOT },
	{ "crash", SIM_CRASH },
	{ "pause", SIM_PAUSE },
	{ "unpause", SIM_UNPAUSE },
	{ "rename", SIM_RENAME },
	{ "migrate", SIM_MIGRATE },
	{ "migrate-fail", SIM_MIGFAIL },
	{ "duplicate", SIM_DUPLICATE },
	{ "command-hangs", SIM_RUN_HANG },
	{ "command-lost", SIM_RUN_LOST },
	{ "answer-lost", SIM_RUN_MUTE },
	{ "copy-breaks", SIM_MIG_BREAK },
	{ "copy-stays", SIM_MIG_BOTH },
	{ "handshake-breaks", SIM_MIG_HAND },
	{ "handshake-mute", SIM_MIG_MUTE },
	{ "disk-full", SIM_DISK_FULL },
	{ "disk-free", SIM_DISK_FREE },
	{ "deaf", SIM_DEAF },
	{ "stubborn", SIM_STUBBORN },
	{ "willing", SIM_WILLING },
	{ NULL, 0 },
};

const struct conf_word conf_style_words[] = {
	{ "normal", 0 },
	{ "header", 1 },
	{ "header-warn", 2 },
	{ "columns", 3 },
	{ "sorted", 4 },
	{ "cluster", 5 },
	{ "host", 6 },
	{ "faint", 7 },
	{ "stale", 8 },
	{ "good", 9 },
	{ "busy", 10 },
	{ "warn", 11 },
	{ "alarm", 12 },
	{ "low", 13 },
	{ "mid", 14 },
	{ "high", 15 },
	{ "label", 16 },
	{ "title", 17 },
	{ "match", 18 },
	{ "input", 19 },
	{ "status", 20 },
	{ "key", 21 },
	{ "key-label", 22 },
	{ "box", 23 },
	{ "selected", CONF_STYLE_SELECTED },
	{ NULL, 0 },
};

static const struct conf_setting top[] = {
	{ "refresh", CONF_MS, AT(conf, refresh_ms), .min = 100, .max = HOUR,
	    .def = SECOND, .doc = "How often each host is asked." },
	{ "stale", CONF_MS, AT(conf, stale_ms), .min = SECOND, .max = DAY,
	    .def = 10 * SECOND,
	    .doc = "Silence after which a host's figures count as old." },
	{ "connects", CONF_INT, AT(conf, connects), .min = 1, .max = 256,
	    .def = 16, .doc = "SSH handshakes that may run at once." },
	{ "tape", CONF_KB, AT(conf, tape_kb), .max = 64 * (int64_t)GIB,
	    .def = 64 * MIB, .doc = "Space for what is kept of the session, "
	    "to go back in time; 0: nothing is." },
	{ "tape_interval", CONF_MS, AT(conf, tape_interval_ms), .min = 100,
	    .max = HOUR, .def = 5 * SECOND, .doc = "How far apart a host's "
	    "figures on it are, half of stale at most; changes are kept "
	    "anyway." },
	{ "read_only", CONF_BOOL, AT(conf, read_only),
	    .doc = "Refuse every action, on all clusters." },
	{ "journal", CONF_PATH, AT(conf, journal), TEXT(1023),
	    .doc = "File of the journal, which all who act on the same hosts "
	    "from this machine should share; else journal.db below the state "
	    "directory, for root in /var/lib/xendeck." },
	{ "columns", CONF_LIST, AT(conf, columns), TEXT(1023),
	    .doc = "Columns of the home screen in order, each with a width if "
	    "wanted (\"name:24\"); else as many as fit." },
	{ "mouse", CONF_BOOL, AT(conf, mouse), .def = 1,
	    .doc = "Whether the console takes the mouse; without, the "
	    "terminal's own selection needs no Shift." },
	{ "theme", CONF_NAME, AT(conf, theme), TEXT(64),
	    .doc = "dark, light, colour-blind, mono, or one of themes; else "
	    "auto, which asks the terminal whether it is light." },
	{ "ascii", CONF_BOOL, AT(conf, ascii),
	    .doc = "Draw with ASCII characters only." },
	{ "reader", CONF_BOOL, AT(conf, reader),
	    .doc = "Sentences for a screen reader in place of a table." },
	{ "reader_refresh", CONF_MS, AT(conf, reader_refresh_ms), .max = DAY,
	    .doc = "How often a screen reader gets new figures; 0 s: only "
	    "when the selection moves." },
	{ .name = NULL },
};

static const struct conf_setting cluster[] = {
	{ "name", CONF_TEXT, true, AT(conf_cluster, name), TEXT(64),
	    .doc = "What the cluster is called; unique." },
	{ "production", CONF_BOOL, AT(conf_cluster, production),
	    .doc = "Ask for stricter confirmations." },
	{ "read_only", CONF_BOOL, AT(conf_cluster, read_only),
	    .doc = "Refuse every action on this cluster." },
	{ "definitions", CONF_LIST, AT(conf_cluster, definitions), TEXT(1023),
	    .doc = "Directories on its hosts where the VMs' files are, *.cfg, "
	    "unless a host has its own; else /etc/xen." },
	{ "handover", CONF_WORD, AT(conf_cluster, handover),
	    .words = handovers, .def = HANDOVER_EXPLICIT,
	    .doc = "Who lets a migrated VM go on: explicit, the console once "
	    "the source is seen to have nothing left of it; or xl, at once." },
	{ .name = NULL },
};

static const struct conf_setting host[] = {
	{ "name", CONF_NAME, true, AT(conf_host, name), TEXT(64),
	    .doc = "What the host is called; unique in the whole file." },
	{ "address", CONF_NAME, AT(conf_host, address), TEXT(255),
	    .doc = "Name or address to connect to; else its name." },
	{ "port", CONF_INT, AT(conf_host, port), .min = 1, .max = 65535,
	    .doc = "TCP port of its SSH server; else ssh_config's." },
	{ "user", CONF_NAME, AT(conf_host, user), TEXT(64),
	    .doc = "User to log in as; else ssh_config's." },
	{ "key", CONF_PATH, AT(conf_host, key), TEXT(1023),
	    .doc = "Private key; else ssh_config's and ssh-agent's." },
	{ "known_hosts", CONF_PATH, AT(conf_host, known_hosts), TEXT(1023),
	    .doc = "Known host keys; else the user's and the system's." },
	{ "ssh_config", CONF_PATH, AT(conf_host, ssh_config), TEXT(1023),
	    .doc = "OpenSSH configuration; else the user's and the system's." },
	{ "jump", CONF_NAME, AT(conf_host, jump), TEXT(1023),
	    .doc = "Hosts to go through, as for ssh -J; else ssh_config's." },
	{ "migration_address", CONF_NAME, AT(conf_host, migration_address),
	    TEXT(255), .doc = "What other hosts call it when they send it "
	    "VMs; else its address." },
	{ "transport", CONF_WORD, AT(conf_host, transport),
	    .words = transports, .def = TRANSPORT_AUTO,
	    .doc = "How to reach it; auto finds out." },
	{ "observer", CONF_WORD, AT(conf_host, observer), .words = observers,
	    .def = OBSERVER_AUTO,
	    .doc = "Who looks there: xendeck-agent, or xl in a shell." },
	{ "agent", CONF_TEXT, AT(conf_host, agent), TEXT(1023),
	    .text = "xendeck-agent", .doc = "The agent's command on the host." },
	{ "definitions", CONF_LIST, AT(conf_host, definitions), TEXT(1023),
	    .doc = "Directories there where its VMs' files are, *.cfg; else "
	    "the cluster's." },
	{ "sudo", CONF_WORD, AT(conf_host, sudo), .words = tristates,
	    .def = TRI_AUTO,
	    .doc = "Whether to use sudo; auto: when the user is not root." },
	{ "reserve", CONF_KB, AT(conf_host, reserve_kb), .max = 1024 * TIB,
	    .doc = "Memory that is never planned for VMs." },
	{ "memory_alarm", CONF_INT, AT(conf_host, memory_alarm), .max = 100,
	    .def = -1, .doc = "Its own limit in place of alarms.host_memory." },
	{ "cpu_alarm", CONF_INT, AT(conf_host, cpu_alarm), .max = 100,
	    .def = -1, .doc = "Its own limit in place of alarms.host_cpu." },
	{ .name = NULL },
};

static const struct conf_setting vm[] = {
	{ "match", CONF_TEXT, true, AT(conf_vm, match), TEXT(255),
	    .doc = "Name of the VM, or a pattern with * ? []; first fit wins." },
	{ "priority", CONF_INT, AT(conf_vm, priority), .min = 1, .max = 9,
	    .def = 5, .doc = "1 is the most important, 9 the least." },
	{ "home", CONF_NAME, AT(conf_vm, home), TEXT(64),
	    .doc = "Host on which it should normally run." },
	{ "description", CONF_TEXT, AT(conf_vm, description), TEXT(1023),
	    .doc = "What it is for." },
	{ "template", CONF_TEXT, AT(conf_vm, template), TEXT(255),
	    .doc = "What it was made from." },
	{ "watch", CONF_WORD, AT(conf_vm, watch), .words = tristates,
	    .def = TRI_AUTO,
	    .doc = "Whether it is an alarm when it is gone; auto: when it has "
	    "a home or priority 1 to 3; no: neither when it crashes." },
	{ "cpu_alarm", CONF_INT, AT(conf_vm, cpu_alarm), .max = 100,
	    .def = -1, .doc = "Its own limit in place of alarms.vm_cpu." },
	{ .name = NULL },
};

static const struct conf_setting alarms[] = {
	{ "host_down", CONF_MS, AT(conf, alarms.host_down_ms), .max = DAY,
	    .def = 30 * SECOND,
	    .doc = "Time without figures that is an alarm; 0 s: never." },
	{ "host_memory", CONF_INT, AT(conf, alarms.host_memory), .max = 100,
	    .def = 95, .doc = "Per cent of a host's memory in use; 0: never." },
	{ "host_memory_clear", CONF_INT, AT(conf, alarms.host_memory_clear),
	    .max = 100, .def = 90, .doc = "Below this it is over." },
	{ "host_memory_for", CONF_MS, AT(conf, alarms.host_memory_for_ms),
	    .max = DAY, .def = MINUTE, .doc = "How long it must last." },
	{ "host_cpu", CONF_INT, AT(conf, alarms.host_cpu), .max = 100,
	    .def = 95, .doc = "Per cent of all a host's CPUs; 0: never." },
	{ "host_cpu_clear", CONF_INT, AT(conf, alarms.host_cpu_clear),
	    .max = 100, .def = 85, .doc = "Below this it is over." },
	{ "host_cpu_for", CONF_MS, AT(conf, alarms.host_cpu_for_ms),
	    .max = DAY, .def = MINUTE, .doc = "How long it must last." },
	{ "vm_cpu", CONF_INT, AT(conf, alarms.vm_cpu), .max = 100,
	    .doc = "Per cent of a VM's vCPUs; 0: never." },
	{ "vm_cpu_clear", CONF_INT, AT(conf, alarms.vm_cpu_clear), .max = 100,
	    .def = 80, .doc = "Below this it is over." },
	{ "vm_cpu_for", CONF_MS, AT(conf, alarms.vm_cpu_for_ms), .max = DAY,
	    .def = 5 * MINUTE, .doc = "How long it must last." },
	{ "vm_missing", CONF_MS, AT(conf, alarms.vm_missing_ms), .max = 10 * DAY,
	    .def = 8 * HOUR, .doc = "How long it is told that a VM is gone, "
	    "unless somebody acknowledges it; 0 s: for ever." },
	{ "min_duration", CONF_MS, AT(conf, alarms.min_duration_ms),
	    .max = HOUR, .def = 6 * SECOND,
	    .doc = "Shorter troubles are not told, but for crashes, refused "
	    "links and VMs that are gone or run twice." },
	{ "min_interval", CONF_MS, AT(conf, alarms.min_interval_ms),
	    .max = HOUR, .def = 6 * SECOND,
	    .doc = "What returns sooner did not end." },
	{ "bell", CONF_BOOL, AT(conf, alarms.bell),
	    .doc = "Ring the terminal's bell for a new alarm." },
	{ .name = NULL },
};

static const struct conf_setting keys[] = {
	{ "action", CONF_NAME, true, AT(conf_key, action), TEXT(64),
	    .doc = "What gets other keys." },
	{ "keys", CONF_TEXT, AT(conf_key, keys), .max = 63, .text = "",
	    .doc = "Named as help shows them, with a blank between; none: "
	    "it has no key." },
	{ .name = NULL },
};

static const struct conf_setting theme[] = {
	{ "name", CONF_NAME, true, AT(conf_theme, name), TEXT(64),
	    .doc = "What the theme is called; unique." },
	{ "base", CONF_NAME, AT(conf_theme, base), TEXT(64), .text = "dark",
	    .doc = "The theme that it changes: dark, light, colour-blind or "
	    "mono." },
	{ .name = NULL },
};

#define ATTRIBUTE(field, text) { #field, CONF_WORD, \
	AT(conf_style, field), .words = tristates, .def = TRI_AUTO, \
	.doc = text " Auto: as in base." }

static const struct conf_setting style[] = {
	{ "style", CONF_WORD, true, AT(conf_style, style),
	    .words = conf_style_words, .doc = "What looks so." },
	{ "fg", CONF_INT, AT(conf_style, fg), .min = -1, .max = 255,
	    .def = -2, .doc = "Colour of the letters in xterm's palette of "
	    "256; -1: the terminal's own." },
	{ "bg", CONF_INT, AT(conf_style, bg), .min = -1, .max = 255,
	    .def = -2, .doc = "Colour behind them." },
	ATTRIBUTE(bold, "Whether it is bold."),
	ATTRIBUTE(dim, "Whether it is dim."),
	ATTRIBUTE(underline, "Whether it is underlined."),
	ATTRIBUTE(reverse, "Whether it is reversed."),
	{ .name = NULL },
};

static const struct conf_setting filter[] = {
	{ "name", CONF_TEXT, true, AT(conf_filter, name), TEXT(64),
	    .doc = "What the filter is called; unique." },
	{ "query", CONF_TEXT, true, AT(conf_filter, query), TEXT(255),
	    .doc = "What it shows, as it would be typed behind /." },
	{ .name = NULL },
};

static const struct conf_setting command[] = {
	{ "name", CONF_NAME, true, AT(conf_command, name), TEXT(64),
	    .doc = "What the command is called; unique." },
	{ "command", CONF_TEXT, true, AT(conf_command, command), TEXT(1000),
	    .doc = "A program and its arguments; quotes keep blanks, no shell "
	    "sees it. {ip}, {name} and {host} stand for the VM's address, its "
	    "name, and the address of the host where it runs." },
	{ .name = NULL },
};

static const struct conf_setting sim[] = {
	{ "seed", CONF_INT, AT(conf, sim.seed), .max = INT64_MAX, .def = 1,
	    .doc = "Same seed, same world." },
	{ .name = NULL },
};

static const struct conf_setting generate[] = {
	{ "clusters", CONF_INT, AT(conf_generate, clusters), .min = 1,
	    .max = 100, .def = 1, .doc = "Clusters to make up." },
	{ "hosts", CONF_INT, AT(conf_generate, hosts), .min = 1, .max = 1000,
	    .def = 4, .doc = "Hosts to make up, over all clusters." },
	{ "vms", CONF_INT, AT(conf_generate, vms), .max = 20000, .def = 40,
	    .doc = "VMs to make up, over all hosts." },
	{ .name = NULL },
};

static const struct conf_setting sim_host[] = {
	{ "name", CONF_NAME, true, AT(conf_sim_host, name), TEXT(64),
	    .doc = "Name of a host; in a cluster too, unless there is none." },
	{ "memory", CONF_KB, AT(conf_sim_host, mem_kb), .min = GIB,
	    .max = 64 * TIB, .def = 32 * GIB, .doc = "Memory of the host." },
	{ "cpus", CONF_INT, AT(conf_sim_host, cpus), .min = 1, .max = 4096,
	    .def = 8, .doc = "Physical CPUs of the host." },
	{ "latency", CONF_MS, AT(conf_sim_host, latency_ms),
	    .max = 60 * SECOND, .def = 2, .doc = "How late its answers come." },
	{ .name = NULL },
};

static const struct conf_setting sim_vm[] = {
	{ "name", CONF_TEXT, true, AT(conf_sim_vm, name), TEXT(255),
	    .doc = "Name of the VM; unique." },
	{ "host", CONF_NAME, true, AT(conf_sim_vm, host), TEXT(64),
	    .doc = "Where it runs, or would." },
	{ "memory", CONF_KB, AT(conf_sim_vm, mem_kb), .min = 4 * MIB,
	    .max = 16 * TIB, .def = GIB, .doc = "Memory of the VM." },
	{ "vcpus", CONF_INT, AT(conf_sim_vm, vcpus), .min = 1, .max = 512,
	    .def = 1, .doc = "Its virtual CPUs." },
	{ "load", CONF_INT, AT(conf_sim_vm, load_pc), .max = 100, .def = 10,
	    .doc = "Mean load of each vCPU in per cent." },
	{ "type", CONF_WORD, AT(conf_sim_vm, type), .words = vm_types,
	    .def = VM_TYPE_PVH, .doc = "Kind of guest." },
	{ "dormant", CONF_BOOL, AT(conf_sim_vm, dormant),
	    .doc = "Defined, but not started." },
	{ .name = NULL },
};

static const struct conf_setting sim_fault[] = {
	{ "at", CONF_MS, true, AT(conf_sim_fault, at_ms),
	    .max = INT64_C(3660) * DAY,
	    .doc = "When, from the simulator's start." },
	{ "every", CONF_MS, AT(conf_sim_fault, every_ms), .min = SECOND,
	    .max = INT64_C(3660) * DAY,
	    .doc = "How often it happens again; else once." },
	{ "what", CONF_WORD, true, AT(conf_sim_fault, what), .words = whats,
	    .doc = "What happens." },
	{ "host", CONF_NAME, AT(conf_sim_fault, host), TEXT(64),
	    .doc = "To which host." },
	{ "vm", CONF_TEXT, AT(conf_sim_fault, vm), TEXT(255),
	    .doc = "To which VM." },
	{ "to", CONF_TEXT, AT(conf_sim_fault, to), TEXT(255),
	    .doc = "Where a VM goes, or its new name." },
	{ .name = NULL },
};

const struct conf_section conf_sections[CONF_NSECTIONS] = {
	[CONF_TOP] = { NULL, "the configuration", CONF_TOP, FORM_GROUP, top,
	    "Settings for everything." },
	[CONF_CLUSTER] = { "clusters", "a cluster", CONF_TOP, FORM_LIST, cluster,
	    "Hosts that can run each other's VMs." },
	[CONF_HOST] = { "hosts", "a host", CONF_CLUSTER, FORM_LIST, host,
	    "A Xen machine, reached through its dom0." },
	[CONF_VM] = { "vms", "an entry of vms", CONF_TOP, FORM_LIST, vm,
	    "What there is to know of VMs, by name." },
	[CONF_FILTER] = { "filters", "a filter", CONF_TOP, FORM_LIST, filter,
	    "Filters to choose from by name." },
	[CONF_COMMAND] = { "commands", "a command", CONF_TOP, FORM_LIST, command,
	    "Commands to be run for a VM, on this machine: xendeck run "
	    "COMMAND VM." },
	[CONF_ALARMS] = { "alarms", "alarms", CONF_TOP, FORM_GROUP, alarms,
	    "What counts as trouble." },
	[CONF_KEYS] = { "keys", "keys", CONF_TOP, FORM_MAP, keys,
	    "Other keys for actions." },
	[CONF_THEME] = { "themes", "a theme", CONF_TOP, FORM_LIST, theme,
	    "Themes of your own." },
	[CONF_STYLE] = { "styles", "a style", CONF_THEME, FORM_LIST,
	    style,
	    "What it changes." },
	[CONF_SIM] = { "simulator", "the simulator", CONF_TOP, FORM_GROUP, sim,
	    "A world without Xen." },
	[CONF_GENERATE] = { "generate", "generate", CONF_SIM, FORM_GROUP, generate,
	    "Hosts and VMs by the number." },
	[CONF_SIM_HOST] = { "hosts", "a simulated host", CONF_SIM, FORM_LIST,
	    sim_host, "Hosts that are simulated." },
	[CONF_SIM_VM] = { "vms", "a simulated VM", CONF_SIM, FORM_LIST, sim_vm,
	    "VMs on them." },
	[CONF_SIM_FAULT] = { "faults", "a fault", CONF_SIM, FORM_LIST, sim_fault,
	    "What happens to them, and when." },
};

bool
conf_is_text(const struct conf_setting *s)
{
	return s->type == CONF_TEXT || s->type == CONF_NAME ||
	    s->type == CONF_PATH || s->type == CONF_LIST;
}

int64_t
conf_get(const struct conf_setting *s, const void *at)
{
	const char *p = (const char *)at + s->offset;
	int64_t value;
	int i;

	if (s->type == CONF_BOOL)
		return *(const bool *)p;
	if (s->size == sizeof value) {
		memcpy(&value, p, sizeof value);
		return value;
	}
	assert(s->size == sizeof i);
	memcpy(&i, p, sizeof i);
	return i;
}

void
conf_set(const struct conf_setting *s, void *at, int64_t value)
{
	char *p = (char *)at + s->offset;
	int i = (int)value;

	if (s->type == CONF_BOOL)
		*(bool *)p = value != 0;
	else if (s->size == sizeof value)
		memcpy(p, &value, sizeof value);
	else
		memcpy(p, &i, sizeof i);
}

char **
conf_text(const struct conf_setting *s, void *at)
{
	assert(conf_is_text(s));
	return (char **)(void *)((char *)at + s->offset);
}

const char *
conf_get_text(const struct conf_setting *s, const void *at)
{
	const char *text;

	assert(conf_is_text(s));
	memcpy(&text, (const char *)at + s->offset, sizeof text);
	return text;
}

void
conf_section_defaults(enum conf_section_id id, void *at)
{
	const struct conf_setting *s = conf_sections[id].settings;

	for (; s->name != NULL; s++)
		if (conf_is_text(s))
			*conf_text(s, at) = x_strdup(s->text);
		else
			conf_set(s, at, s->def);
}

void
conf_section_free(enum conf_section_id id, void *at)
{
	const struct conf_setting *s = conf_sections[id].settings;

	for (; s->name != NULL; s++)
		if (conf_is_text(s)) {
			x_free(*conf_text(s, at));
			*conf_text(s, at) = NULL;
		}
}

bool
conf_section_equal(enum conf_section_id id, const void *a, const void *b)
{
	const struct conf_setting *s = conf_sections[id].settings;

	for (; s->name != NULL; s++) {
		const char *x, *y;

		if (!conf_is_text(s)) {
			if (conf_get(s, a) != conf_get(s, b))
				return false;
			continue;
		}
		x = conf_get_text(s, a);
		y = conf_get_text(s, b);
		if (x != y && (x == NULL || y == NULL || strcmp(x, y) != 0))
			return false;
	}
	return true;
}

const char *
conf_word_of(const struct conf_word *words, int64_t value)
{
	while (words->word != NULL && words->value != value)
		words++;
	return words->word;
}

const char *
sim_what_name(enum sim_what what)
{
	return conf_word_of(whats, what);
}

unsigned
sim_what_wants(enum sim_what what)
{
	static const unsigned wants[SIM_NWHATS] = {
		[SIM_DIE] = SIM_WANTS_HOST,
		[SIM_BOOT] = SIM_WANTS_HOST,
		[SIM_BREAK] = SIM_WANTS_HOST,
		[SIM_SLOW] = SIM_WANTS_HOST,
		[SIM_HEAL] = SIM_WANTS_HOST,
		[SIM_START] = SIM_WANTS_VM | SIM_MAY_HOST,
		[SIM_STOP] = SIM_WANTS_VM,
		[SIM_REBOOT] = SIM_WANTS_VM,
		[SIM_CRASH] = SIM_WANTS_VM,
		[SIM_PAUSE] = SIM_WANTS_VM,
		[SIM_UNPAUSE] = SIM_WANTS_VM,
		[SIM_RENAME] = SIM_WANTS_VM | SIM_WANTS_TO_NAME,
		[SIM_MIGRATE] = SIM_WANTS_VM | SIM_WANTS_TO_HOST,
		[SIM_MIGFAIL] = SIM_WANTS_VM | SIM_WANTS_TO_HOST,
		[SIM_DUPLICATE] = SIM_WANTS_VM | SIM_WANTS_TO_HOST,
		[SIM_RUN_HANG] = SIM_WANTS_HOST,
		[SIM_RUN_LOST] = SIM_WANTS_HOST,
		[SIM_RUN_MUTE] = SIM_WANTS_HOST,
		[SIM_MIG_BREAK] = SIM_WANTS_HOST,
		[SIM_MIG_BOTH] = SIM_WANTS_HOST,
		[SIM_MIG_HAND] = SIM_WANTS_HOST,
		[SIM_MIG_MUTE] = SIM_WANTS_HOST,
		[SIM_DISK_FULL] = SIM_WANTS_HOST,
		[SIM_DISK_FREE] = SIM_WANTS_HOST,
		[SIM_DEAF] = SIM_WANTS_VM,
		[SIM_STUBBORN] = SIM_WANTS_VM,
		[SIM_WILLING] = SIM_WANTS_VM,
	};

	return wants[what];
}
