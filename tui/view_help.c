/* Help, made from the keymap, the columns and the words of states: the keys of
 * the view it was called from come first. */
#include <stdio.h>

#include "core/action.h"
#include "tui/command.h"
#include "tui/table.h"
#include "tui/view.h"

static void
keys_of(struct doc *d, const struct keymap_context *c, const struct frame *f)
{
	char title[80];

	snprintf(title, sizeof title, "Keys: %s", c->title);
	doc_title(d, title);
	for (size_t i = 0; i < f->keys->n; i++) {
		const struct binding *b = &f->keys->v[i];
		char keys[64];

		if (b->help == NULL || (b->contexts & (unsigned)c->ctx) == 0 ||
		    (b->demo && !f->demo))
			continue;
		if (b->key[0] == 0 && (b->contexts & CTX_VIEW) == 0)
			continue;
		keymap_keys(keys, sizeof keys, b);
		if (b->key[0] == 0)
			snprintf(keys, sizeof keys, ":%s", b->name);
		doc_fact(d, keys, STYLE_NORMAL, b->help);
	}
}

static void
commands(struct doc *d)
{
	doc_title(d, "Commands, after :");
	for (size_t i = 0; i < command_count; i++) {
		const struct console_command *k = &command_table[i];
		char text[240];

		snprintf(text, sizeof text, "%s%s%s", k->args,
		    k->args[0] != '\0' ? ": " : "", k->help);
		doc_fact(d, k->name, STYLE_NORMAL, text);
	}
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		const struct action_info *k = &action_infos[i];
		char text[240];

		snprintf(text, sizeof text, "[VM]%s%s: %s",
		    k->args[0] != '\0' ? " " : "", k->args, k->help);
		doc_fact(d, k->verb, STYLE_NORMAL, text);
	}
	doc_fact(d, "NAME", STYLE_NORMAL, "go to that host, cluster or VM "
	    "(VMs also by UUID)");
	doc_text(d, 1, STYLE_FAINT, "What has a key can be called by its name "
	    "as well, such as :tree; Tab shows all names.");
}

static void
states(struct doc *d)
{
	static const struct {
		const char *word, *means;
	} words[] = {
		{ "live", "the host's figures are current; with a * there is a "
		    "note about how it is watched, see its details" },
		{ "stale 12s", "no figures for so long; its VMs are shown as "
		    "they were, marked with the age: run? 12s" },
		{ "DOWN 3m", "no link; that says nothing about whether its VMs "
		    "run" },
		{ "REFUSED", "the link waits for you: changed host key, no "
		    "right; the reason stands beside it" },
		{ "->host", "the VM is migrating to that host" },
		{ "gone", "it vanished a moment ago: reboots, moves or "
		    "stopped" },
		{ "dormant", "defined on that host, not running" },
		{ "!! TWICE", "two domains claim its UUID: it runs twice, and "
		    "its disks may be in danger" },
		{ "! TWICE?", "the same, but one host's figures are old" },
		{ "! row", "an alarm is about it (a lists all); a dot instead: "
		    "somebody knows" },
		{ "! 2 NAMES", "another VM of the cluster runs by that name" },
	};

	doc_title(d, "States");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		doc_fact(d, words[i].word, STYLE_NORMAL, words[i].means);
}

static void
figures(struct doc *d)
{
	doc_title(d, "Figures");
	doc_fact(d, "VMs 29+6?/41", STYLE_NORMAL, "in the top line: 29 run, 6 "
	    "more did when their host was last heard of, 41 are known");
	doc_fact(d, "CPU%", STYLE_NORMAL, "of a host: of all its processors; "
	    "of a VM: of one processor, so 4 vCPUs can reach 400");
	doc_fact(d, "vCPU", STYLE_NORMAL, "of a VM; of a host its real "
	    "processors");
	doc_fact(d, "MEMORY", STYLE_NORMAL, "used/total of a host; of a VM "
	    "what it has, and /maximum where that is more");
	doc_fact(d, "rx tx rd wr", STYLE_NORMAL, "bytes per second as the VM "
	    "sees them: received, sent, read, written");
	doc_fact(d, "!97.3", STYLE_NORMAL, "from 90 per cent on of what it can "
	    "have; memory then has its ! in place of the /");
	doc_fact(d, "-", STYLE_NORMAL, "not known");
	doc_fact(d, "!host", STYLE_NORMAL, "under HOME: the VM is not at its "
	    "home host");
	doc_title(d, "Columns");
	for (size_t i = 0; i < table_ncolumns; i++)
		doc_fact(d, table_columns[i].title, STYLE_NORMAL,
		    table_columns[i].name);
}

static void
reader_note(struct doc *d)
{
	doc_title(d, "Screen-reader mode");
	doc_text(d, 1, STYLE_NORMAL, "One row to a line, in words; the cursor "
	    "is on the selected one, which alone tells figures. The last line "
	    "tells what happens and what a key did. The rest of the screen "
	    "stays as it is until a key is pressed; r makes it anew. :set "
	    "reader off, or --reader and reader in the configuration.");
	doc_blank(d);
}

static void
help_build(struct doc *d, const struct frame *f, const struct layer *l)
{
	size_t n = keymap_ncontexts, first = 0;
	bool home;

	for (size_t i = 0; i < n; i++)
		if (keymap_contexts[i].ctx == views[l->about_view]->ctx)
			first = i;
	home = keymap_contexts[first].ctx == CTX_HOME;
	if (f->ui->reader)
		reader_note(d);
	keys_of(d, &keymap_contexts[first], f);
	if (home) {
		states(d);
		figures(d);
	}
	commands(d);
	for (size_t i = 0; i < n; i++)
		if (i != first)
			keys_of(d, &keymap_contexts[i], f);
	if (!home) {
		states(d);
		figures(d);
	}
	doc_blank(d);
	doc_text(d, 1, STYLE_FAINT, "F-keys also as Esc and a digit. "
	    "With Shift the terminal itself selects and copies by mouse; "
	    ":set mouse off leaves it the mouse altogether.");
}

static void
help_title(char *out, size_t size, const struct frame *f,
    const struct layer *l)
{
	(void)f;
	(void)l;
	snprintf(out, size, "xendeck %s", XENDECK_VERSION);
}

const struct view view_help = {
	.name = "help",
	.ctx = CTX_HELP,
	.build = help_build,
	.title = help_title,
};
