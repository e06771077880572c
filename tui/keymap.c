/* The keymap. F-keys have letters as twins, since terminals and screens eat
 * some of them; Esc and a digit is an F-key too (input.c). */
#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "tui/input.h"
#include "tui/keymap_conf.h"

#define CTRL(c) KEYC_CTRL_OF(c)

const struct keymap_context keymap_contexts[] = {
	{ CTX_HOME, "The home screen" },
	{ CTX_DETAIL, "Details" },
	{ CTX_LOG, "The log" },
	{ CTX_ALARMS, "Alarms" },
	{ CTX_XENLOG, "Xen's log" },
	{ CTX_OUTPUT, "What a command told" },
	{ CTX_VMCONSOLE, "The console of a VM" },
	{ CTX_VMCONSOLE_IDLE, "The console of a VM that is not open now" },
	{ CTX_MENU, "Menus" },
	{ CTX_COLUMNS, "While columns are chosen" },
	{ CTX_ACT, "Before something is done" },
	{ CTX_ACT_LINE, "While a word of it is typed" },
	{ CTX_JOBS, "Jobs" },
	{ CTX_JOB, "A job" },
	{ CTX_INPUT, "While a filter is typed" },
	{ CTX_COMMAND, "While a command is typed" },
};

const size_t keymap_ncontexts =
    sizeof keymap_contexts / sizeof keymap_contexts[0];

const struct binding keymap_defaults[] = {
	{ { KEYC_UP, 'k', CTRL('P') }, CMD_UP, CTX_VIEW | CTX_BOX, "up",
	    "one line up", NULL, false },
	{ { KEYC_UP }, CMD_UP, CTX_INPUT, "filter-up", NULL, NULL, false },
	{ { KEYC_DOWN, 'j', CTRL('N') }, CMD_DOWN, CTX_VIEW | CTX_BOX, "down",
	    "one line down", NULL, false },
	{ { KEYC_DOWN }, CMD_DOWN, CTX_INPUT, "filter-down", NULL, NULL,
	    false },
	{ { KEYC_PGUP, CTRL('B') }, CMD_PAGE_UP, CTX_VIEW | CTX_BOX,
	    "page-up", "one page up", NULL, false },
	{ { KEYC_PGUP }, CMD_PAGE_UP, CTX_INPUT, "filter-page-up", NULL, NULL,
	    false },
	{ { KEYC_PGDN, CTRL('F') }, CMD_PAGE_DOWN, CTX_VIEW | CTX_BOX,
	    "page-down", "one page down", NULL, false },
	{ { KEYC_PGDN }, CMD_PAGE_DOWN, CTX_INPUT, "filter-page-down", NULL,
	    NULL, false },
	{ { ' ' }, CMD_PAGE_DOWN, CTX_TEXT, "page", NULL, NULL, false },
	{ { KEYC_HOME, 'g' }, CMD_FIRST, CTX_VIEW | CTX_BOX, "first",
	    "to the first line", NULL, false },
	{ { KEYC_END, 'G' }, CMD_LAST, CTX_VIEW | CTX_BOX, "last",
	    "to the last line", NULL, false },
	{ { KEYC_LEFT, 'h' }, CMD_SIDE_LEFT, CTX_OUTPUT, "side-left",
	    "back to the left, in a table", NULL, false },
	{ { KEYC_RIGHT, 'l' }, CMD_SIDE_RIGHT, CTX_OUTPUT, "side-right",
	    "to what is beyond the right edge", NULL, false },
	{ { KEYC_TAB }, CMD_TROUBLE_NEXT, CTX_HOME, "next-trouble",
	    "to the next row in trouble (conflict, crash, host not live)",
	    NULL, false },
	{ { KEYC_BACKTAB }, CMD_TROUBLE_PREV, CTX_HOME, "previous-trouble",
	    "to the one before", NULL, false },

	{ { KEYC_F(1), '?' }, CMD_HELP,
	    CTX_HOME | CTX_DETAIL | CTX_LOG | CTX_OUTPUT | CTX_LIST |
	    CTX_XENLOG | CTX_JOB | CTX_ACT |
	    CTX_MENU, "help",
	    "this help", "Help", false },
	{ { KEYC_F(3), KEYC_ENTER }, CMD_OPEN, CTX_HOME, "open",
	    "details of the selected host or VM", "Details", false },
	{ { KEYC_ENTER }, CMD_OPEN, CTX_MENU, "choose", "choose", "Choose",
	    false },
	{ { KEYC_F(4), '/' }, CMD_FILTER, CTX_HOME, "filter",
	    "show only: text, /regex/, state:running, cpu>50, !not", "Filter",
	    false },
	{ { KEYC_ENTER }, CMD_ACCEPT, CTX_INPUT, "accept",
	    "keep the filter", "Keep", false },
	{ { ':' }, CMD_COMMAND, CTX_VIEW, "command",
	    "type a command, or the name of a host or VM to go to", "Command",
	    false },
	{ { KEYC_ENTER }, CMD_ACCEPT, CTX_COMMAND, "run", "carry it out",
	    "Run", false },
	{ { KEYC_TAB }, CMD_EDIT_COMPLETE, CTX_INPUT | CTX_COMMAND, "complete",
	    "complete it; again: the next candidate", "Complete", false },
	{ { KEYC_BACKTAB }, CMD_EDIT_COMPLETE_BACK, CTX_INPUT | CTX_COMMAND,
	    "complete-back", "the candidate before", NULL, false },
	{ { KEYC_UP, CTRL('P') }, CMD_EDIT_OLDER, CTX_COMMAND, "older",
	    "the last one that began like this", "Older", false },
	{ { KEYC_DOWN, CTRL('N') }, CMD_EDIT_NEWER, CTX_COMMAND, "newer",
	    "the one after it", NULL, false },
	{ { KEYC_LEFT, CTRL('B') }, CMD_EDIT_LEFT, CTX_LINE, "edit-left",
	    "one character to the left", NULL, false },
	{ { KEYC_RIGHT, CTRL('F') }, CMD_EDIT_RIGHT, CTX_LINE, "edit-right",
	    "one to the right", NULL, false },
	{ { KEYC_HOME, CTRL('A') }, CMD_EDIT_HOME, CTX_LINE, "edit-home",
	    "to the beginning", NULL, false },
	{ { KEYC_END, CTRL('E') }, CMD_EDIT_END, CTX_LINE, "edit-end",
	    "to the end", NULL, false },
	{ { KEYC_BACKSPACE }, CMD_EDIT_ERASE, CTX_LINE, "edit-erase",
	    "erase to the left; when nothing is left, that was it", NULL,
	    false },
	{ { KEYC_DELETE, CTRL('D') }, CMD_EDIT_DELETE, CTX_LINE, "edit-delete",
	    "erase under the cursor", NULL, false },
	{ { CTRL('W') }, CMD_EDIT_ERASE_WORD, CTX_LINE, "edit-erase-word",
	    "erase the word to the left", NULL, false },
	{ { CTRL('U') }, CMD_EDIT_ERASE_BEFORE, CTX_LINE, "edit-erase-before",
	    "erase all to the left", NULL, false },
	{ { CTRL('K') }, CMD_EDIT_ERASE_AFTER, CTX_LINE, "edit-erase-after",
	    "erase all to the right", NULL, false },
	{ { 'f' }, CMD_FILTERS, CTX_HOME, "filters",
	    "choose a filter by its name", NULL, false },
	{ { 'n' }, CMD_HIT_NEXT, CTX_HOME, "next-hit",
	    "to the next row that the last filter found, in the whole tree",
	    NULL, false },
	{ { 'N' }, CMD_HIT_PREV, CTX_HOME, "previous-hit",
	    "to the one before", NULL, false },
	{ { ' ' }, CMD_MARK, CTX_HOME, "mark",
	    "mark the VM, or the VMs shown of a host; again: unmark", NULL,
	    false },
	{ { '*' }, CMD_MARK_INVERT, CTX_HOME, "invert-marks",
	    "mark what is not and unmark what is, of the VMs shown", NULL,
	    false },
	{ { 'U' }, CMD_UNMARK_ALL, CTX_HOME, "unmark-all", "unmark all VMs",
	    NULL, false },
	{ { KEYC_F(5), 't' }, CMD_TREE, CTX_HOME, "tree",
	    "the tree, or all VMs as one list", "Tree", false },
	{ { KEYC_F(6), 's' }, CMD_SORT_MENU, CTX_HOME, "sort",
	    "choose what to sort by", "Sort", false },
	{ { '<', ',' }, CMD_SORT_PREV, CTX_HOME, "sort-previous",
	    "sort by the column to the left", NULL, false },
	{ { '>', '.' }, CMD_SORT_NEXT, CTX_HOME, "sort-next",
	    "sort by the column to the right", NULL, false },
	{ { 'I' }, CMD_INVERT, CTX_HOME, "invert", "sort the other way round",
	    NULL, false },
	{ { KEYC_F(2), 'C' }, CMD_COLUMNS, CTX_HOME, "columns",
	    "choose columns, their order and widths", NULL, false },
	{ { 'o' }, CMD_MORE_COLUMNS, CTX_HOME, "more-columns",
	    "the columns that have no room beside these", NULL, false },
	{ { ' ', KEYC_ENTER }, CMD_COLUMN_TOGGLE, CTX_COLUMNS,
	    "column-toggle", "show it or not", "Show", false },
	{ { KEYC_LEFT, '<', ',', 'h' }, CMD_COLUMN_LEFT, CTX_COLUMNS,
	    "column-left", "one place to the left", NULL, false },
	{ { KEYC_RIGHT, '>', '.', 'l' }, CMD_COLUMN_RIGHT, CTX_COLUMNS,
	    "column-right", "one place to the right", "Move", false },
	{ { '+', '=' }, CMD_COLUMN_WIDER, CTX_COLUMNS, "column-wider",
	    "wider", "Wider", false },
	{ { '-' }, CMD_COLUMN_NARROWER, CTX_COLUMNS, "column-narrower",
	    "narrower", "Narrower", false },
	{ { 'r' }, CMD_COLUMNS_RESET, CTX_COLUMNS, "columns-reset",
	    "as the configuration has them, else as many as fit", "Default",
	    false },
	{ { KEYC_RIGHT, 'l' }, CMD_RIGHT, CTX_HOME, "right",
	    "unfold, then the first row inside", NULL, false },
	{ { KEYC_LEFT, 'h' }, CMD_LEFT, CTX_HOME, "left",
	    "fold, or to the row this one belongs to", NULL, false },
	{ { '+', '=' }, CMD_UNFOLD, CTX_HOME, "unfold", "unfold", NULL,
	    false },
	{ { '-' }, CMD_FOLD, CTX_HOME, "fold", "fold", NULL, false },
	{ { '[' }, CMD_FOLD_ALL, CTX_HOME, "fold-all", "fold every host",
	    NULL, false },
	{ { ']' }, CMD_UNFOLD_ALL, CTX_HOME, "unfold-all", "unfold every host and cluster",
	    NULL, false },
	{ { 'D' }, CMD_DORMANT, CTX_HOME, "dormant",
	    "unfold or fold all dormant VMs", NULL, false },
	{ { 'i' }, CMD_DETAILS_PANE, CTX_HOME, "details-pane",
	    "show or hide the details beside or below the list", NULL, false },
	{ { 'e' }, CMD_EVENTS_PANE, CTX_HOME, "events-pane",
	    "show or hide the last events below it", NULL, false },
	{ { KEYC_F(7), 'L' }, CMD_LOG, CTX_HOME | CTX_DETAIL | CTX_HELP |
	    CTX_OUTPUT | CTX_ALARMS, "log",
	    "what happened, the newest first", "Log", false },
	{ { 'a' }, CMD_ALARMS, CTX_HOME | CTX_DETAIL | CTX_LOG, "alarms",
	    "what is wrong, and what was; acknowledge, silence", NULL, false },
	{ { 'a', KEYC_ENTER }, CMD_ALARM_ACK, CTX_ALARMS, "acknowledge",
	    "acknowledge: somebody takes care of it", "Acknowledge", false },
	{ { 'A' }, CMD_ALARM_ACK_ALL, CTX_ALARMS, "acknowledge-all",
	    "acknowledge all", "All", false },
	{ { 's' }, CMD_ALARM_SILENCE, CTX_ALARMS, "silence",
	    "silence it for a time", "Silence", false },
	{ { 'o' }, CMD_ALARM_GO, CTX_ALARMS, "go-to-row",
	    "to the row of the host or VM", "Go to", false },
	{ { 'u' }, CMD_VM_START, CTX_HOME | CTX_DETAIL, "start",
	    "start the VM, or all marked ones", NULL, false },
	{ { 'd' }, CMD_VM_SHUTDOWN, CTX_HOME | CTX_DETAIL, "shutdown",
	    "shut it down", NULL, false },
	{ { 'R' }, CMD_VM_REBOOT, CTX_HOME | CTX_DETAIL, "reboot",
	    "reboot it", NULL, false },
	{ { 'K' }, CMD_VM_KILL, CTX_HOME | CTX_DETAIL, "kill",
	    "destroy it: as if its power were cut", NULL, false },
	{ { 'F' }, CMD_VM_PAUSE, CTX_HOME | CTX_DETAIL, "pause-vm",
	    "pause it; a paused one: let it go on", NULL, false },
	{ { 'm' }, CMD_VM_MIGRATE, CTX_HOME | CTX_DETAIL, "migrate",
	    "migrate it to another host", NULL, false },
	{ { 'x' }, CMD_VM_ACTIONS, CTX_HOME | CTX_DETAIL, "actions",
	    "all that can be done to it", "Act", false },
	{ { 'v' }, CMD_DEF, CTX_HOME | CTX_DETAIL, "def",
	    "the VM's definition, and where the hosts' differ", NULL, false },
	{ { 'E' }, CMD_EDIT_DEF, CTX_HOME | CTX_DETAIL, "edit",
	    "edit it; xl checks it, and the old one is kept", NULL, false },
	{ { 'y' }, CMD_ACT_YES, CTX_ACT, "do-it", "do what is shown", "Do it",
	    false },
	{ { KEYC_ENTER }, CMD_ACT_CHOOSE, CTX_ACT, "there",
	    "to that host", NULL, false },
	{ { 'd' }, CMD_ACT_DRY, CTX_ACT, "dry-run",
	    "only show what would run where", "Dry run", false },
	{ { '!' }, CMD_ACT_SWEAR, CTX_ACT, "swear",
	    "it was refused since a host is silent: swear that the VM does "
	    "not run there", NULL, false },
	{ { 'J' }, CMD_JOBS, CTX_HOME | CTX_DETAIL | CTX_LOG | CTX_ALARMS,
	    "jobs", "what is being done, and what was, from this console",
	    NULL, false },
	{ { 'T' }, CMD_HISTORY, CTX_HOME | CTX_DETAIL | CTX_JOBS | CTX_JOB,
	    "history", "what was done to it, by whom, and the outcome",
	    NULL, false },
	{ { KEYC_ENTER }, CMD_JOB_OPEN, CTX_JOBS, "job-details",
	    "all of its steps", "Details", false },
	{ { 'x', KEYC_DELETE }, CMD_JOB_CANCEL, CTX_JOBS | CTX_JOB, "cancel-job",
	    "begin no further step of it", "Cancel", false },
	{ { KEYC_ESC, 'n', 'q', KEYC_F(10) }, CMD_BACK, CTX_ACT, "leave-it",
	    "leave it: nothing is done", "Leave it", false },
	{ { KEYC_ENTER }, CMD_ACCEPT, CTX_ACT_LINE, "word-typed",
	    "that was the word", "Go on", false },
	{ { KEYC_ESC }, CMD_BACK, CTX_ACT_LINE, "word-back",
	    "leave it: nothing is done", "Leave it", false },
	{ { 'M' }, CMD_XENLOG, CTX_HOME | CTX_DETAIL, "xen-log",
	    "Xen's own log on that host, as xl dmesg shows it", NULL, false },
	{ { KEYC_F(8), 'r' }, CMD_XENLOG, CTX_XENLOG, "ask-again",
	    "ask the host again", "Again", false },
	{ { KEYC_F(8), 'r' }, CMD_RECONNECT, CTX_HOME | CTX_DETAIL,
	    "reconnect", "try the host again now", "Retry", false },
	{ { 'Z' }, CMD_PAUSE, CTX_VIEW, "pause",
	    "stop time, and let it go on", NULL, false },
	{ { '(' }, CMD_STEP_BACK, CTX_VIEW, "step-back",
	    "one step back in time", NULL, false },
	{ { ')' }, CMD_STEP_ON, CTX_VIEW, "step",
	    "one step on in time", NULL, false },
	{ { '{' }, CMD_EVENT_BACK, CTX_VIEW, "previous-event",
	    "back to when something happened", NULL, false },
	{ { '}' }, CMD_EVENT_ON, CTX_VIEW, "next-event",
	    "on to when something happens", NULL, false },
	{ { 'b' }, CMD_GOTO, CTX_VIEW, "go-to-time",
	    "to a time: 14:05, -10min, 50%", NULL, false },
	{ { 'w' }, CMD_SLOWER, CTX_VIEW, "slower", "time passes slower", NULL,
	    false },
	{ { 'W' }, CMD_FASTER, CTX_VIEW, "faster", "time passes faster", NULL,
	    false },
	{ { 'z' }, CMD_NOW, CTX_VIEW, "now",
	    "back to now, or to the end of a recording", NULL, false },
	{ { KEYC_F(9), 'X' }, CMD_FAULTS, CTX_HOME, "faults",
	    "demo: let something happen to the host", "Faults", true },

	{ { 'c' }, CMD_VMCONSOLE, CTX_HOME | CTX_DETAIL, "console",
	    "the VM's own console; ^] comes back", "Console", false },
	{ { CTRL(']') }, CMD_VMCONSOLE_LEAVE,
	    CTX_VMCONSOLE | CTX_VMCONSOLE_IDLE, "console-leave",
	    "back; what it showed is kept", "Leave", false },
	{ { KEYC_ESC, 'q', KEYC_F(10) }, CMD_VMCONSOLE_LEAVE,
	    CTX_VMCONSOLE_IDLE, "console-close", NULL, NULL, false },
	{ { KEYC_PGUP, KEYC_PGUP | KEYC_SHIFT }, CMD_VMCONSOLE_BACK,
	    CTX_VMCONSOLE | CTX_VMCONSOLE_IDLE, "console-back",
	    "back to what scrolled away; in an editor Shift is wanted", NULL,
	    false },
	{ { KEYC_PGDN, KEYC_PGDN | KEYC_SHIFT }, CMD_VMCONSOLE_ON,
	    CTX_VMCONSOLE | CTX_VMCONSOLE_IDLE, "console-on",
	    "and on again", NULL, false },
	{ { KEYC_F(12) }, CMD_VMCONSOLE_SIZE, CTX_VMCONSOLE, "console-size",
	    "type the command that tells the VM how large this screen is",
	    "Size", false },
	{ { 'r', KEYC_F(8), KEYC_ENTER }, CMD_VMCONSOLE_RETRY,
	    CTX_VMCONSOLE_IDLE, "console-retry", "try it again now", "Retry",
	    false },
	{ { 'l' }, CMD_VMCONSOLE_LOG, CTX_VMCONSOLE_IDLE, "console-log",
	    "read the host's log of it instead", "Log", false },

	{ { 'y' }, CMD_COPY, CTX_HOME, "copy",
	    "copy the name of the row, or of all marked VMs", NULL, false },
	{ { 'y' }, CMD_COPY, CTX_TEXT, "copy-text", "copy this text", NULL,
	    false },
	{ { 'Y' }, CMD_COPY_MENU, CTX_HOME, "copy-menu",
	    "copy its UUID, IP address, address for ssh or all of the row",
	    NULL, false },

	{ { KEYC_ESC }, CMD_BACK, CTX_VIEW, "back",
	    "back by one step: menu, view, filter, marks", NULL, false },
	{ { KEYC_ESC }, CMD_BACK, CTX_MENU, "menu-back", NULL, "Cancel",
	    false },
	{ { KEYC_ESC }, CMD_BACK, CTX_INPUT, "filter-back",
	    "no filter after all", "Cancel", false },
	{ { KEYC_ESC }, CMD_BACK, CTX_COMMAND, "command-back",
	    "no command after all", "Cancel", false },
	{ { KEYC_ESC, 'q', KEYC_F(10), KEYC_F(2) }, CMD_BACK, CTX_COLUMNS,
	    "columns-done", "leave this box", "Done", false },
	{ { 'C' }, CMD_BACK, CTX_COLUMNS, "columns-leave", NULL, NULL, false },
	{ { 'q', KEYC_F(10) }, CMD_CLOSE, CTX_MENU, "menu-close", NULL, NULL,
	    false },
	{ { KEYC_F(10), 'q' }, CMD_CLOSE, CTX_TEXT | CTX_LIST, "close", "close this view",
	    "Close", false },
	{ { KEYC_F(10), 'q' }, CMD_CLOSE, CTX_HOME, "leave", "quit", "Quit",
	    false },
	{ { 'Q', CTRL('C') }, CMD_QUIT, CTX_VIEW | CTX_BOX, "quit",
	    "quit from anywhere", NULL, false },
	{ { CTRL('C') }, CMD_QUIT, CTX_LINE, "edit-quit", NULL, NULL, false },
	{ { CTRL('L') }, CMD_REDRAW, CTX_ANY, "redraw", "paint the screen anew",
	    NULL, false },
	{ { CTRL('Z') }, CMD_SUSPEND, CTX_ANY, "suspend",
	    "to the shell; fg comes back", NULL, false },
};

const size_t keymap_ndefaults =
    sizeof keymap_defaults / sizeof keymap_defaults[0];

void
keymap_init(struct keymap *m, const struct conf *conf)
{
	m->n = keymap_ndefaults;
	m->v = x_calloc(m->n, sizeof *m->v);
	memcpy(m->v, keymap_defaults, sizeof keymap_defaults);
	if (conf != NULL)
		keymap_rebind(m, conf, NULL);
}

void
keymap_free(struct keymap *m)
{
	x_free(m->v);
	*m = (struct keymap){ 0 };
}

static bool
has_key(const struct binding *b, uint32_t key)
{
	for (size_t i = 0; i < BINDING_KEYS && b->key[i] != 0; i++)
		if (b->key[i] == key)
			return true;
	return false;
}

const struct binding *
keymap_find(const struct keymap *m, enum context ctx, uint32_t key, bool demo)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct binding *b = &m->v[i];

		if ((b->contexts & (unsigned)ctx) != 0 && (!b->demo || demo) &&
		    has_key(b, key))
			return b;
	}
	return NULL;
}

const struct binding *
keymap_named(const struct keymap *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->v[i].name, name) == 0)
			return &m->v[i];
	return NULL;
}

const char *
keymap_first(char out[KEYMAP_NAME], const struct keymap *m, const char *name)
{
	const struct binding *b = keymap_named(m, name);

	if (b != NULL && b->key[0] != 0)
		input_key_name(out, b->key[0]);
	else
		snprintf(out, KEYMAP_NAME, ":%s", name);
	return out;
}

void
keymap_keys(char *out, size_t size, const struct binding *b)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t k = 0; k < BINDING_KEYS && b->key[k] != 0; k++) {
		char name[16];

		input_key_name(name, b->key[k]);
		if (len + strlen(name) + 2 >= size)
			break;
		len += (size_t)snprintf(out + len, size - len, "%s%s",
		    k > 0 ? " " : "", name);
	}
}
