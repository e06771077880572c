/* See vmlines.h. For scripts, so what comes out is text and nothing else:
 * sequences for terminals are taken out, lines cleaned as everything foreign
 * is, and a guest that floods its console is heard for as long as was asked
 * and not longer. */
#include "tui/vmlines.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/utf8.h"
#include "core/vmconsole.h"
#include "tui/loop.h"
#include "tui/verb.h"
#include "tui/wiring.h"

enum { LINE_SIZE = 4096, READ_SIZE = 4096, OPEN_MS = 60000 };

/* Within what (ECMA-48, 5): text, after an Esc, a control sequence, a string,
 * after an Esc in a string. */
enum part { PART_TEXT, PART_ESC, PART_CONTROL, PART_STRING, PART_STRING_ESC };

struct lines {
	struct vmconsole *c;
	enum part part;
	char line[LINE_SIZE];
	size_t n;
	bool open, closed, input_ended;
	struct mono heard;      /* when it said something last */
	enum vmconsole_end end;
	char why[512];
	char in[READ_SIZE];     /* read, and not taken yet */
	size_t nin;
};

/* --- Out ------------------------------------------------------------------------ */

static void
put(struct lines *l, bool ends)
{
	char text[LINE_SIZE * 3 + 1];

	utf8_clean(text, sizeof text, l->line, l->n);
	fputs(text, stdout);
	if (ends)
		putchar('\n');
	l->n = 0;
}

static void
put_byte(struct lines *l, char b)
{
	if (b == '\n') {
		put(l, true);
		return;
	}
	if (b == '\r' || b == '\0' || b == '\007')
		return;
	if (b == '\b') {
		l->n -= l->n > 0;
		return;
	}
	if (l->n == sizeof l->line)
		put(l, false);
	l->line[l->n++] = b == '\t' ? ' ' : b;
}

static void
take_byte(struct lines *l, char b)
{
	switch (l->part) {
	case PART_TEXT:
		if (b == '\033')
			l->part = PART_ESC;
		else
			put_byte(l, b);
		break;
	case PART_ESC:
		l->part = b == '[' ? PART_CONTROL : b != '\0' &&
		    strchr("]P^_X", b) != NULL ? PART_STRING : PART_TEXT;
		if (b != '\0' && strchr(" #%()*+", b) != NULL)
			l->part = PART_ESC; /* one more belongs to it */
		break;
	case PART_CONTROL:
		if (b >= '@' || b == '\n')
			l->part = PART_TEXT;
		break;
	case PART_STRING:
		/* A line's end too: what never ends must not hide the rest. */
		if (b == '\033')
			l->part = PART_STRING_ESC;
		else if (b == '\007' || b == '\n')
			l->part = PART_TEXT;
		break;
	case PART_STRING_ESC:
		l->part = PART_TEXT;
		break;
	}
}

static void
on_news(void *arg, const struct vmconsole_news *n)
{
	struct lines *l = arg;

	l->heard = loop_now();
	switch (n->what) {
	case VMCONSOLE_OPENED:
		l->open = true;
		break;
	case VMCONSOLE_DATA:
		for (size_t i = 0; i < n->n; i++)
			take_byte(l, n->data[i]);
		break;
	case VMCONSOLE_CLOSED:
		l->closed = true;
		l->end = n->end;
		snprintf(l->why, sizeof l->why, "%s", n->why != NULL ?
		    n->why : "The console has ended.");
		break;
	}
}

/* --- In ------------------------------------------------------------------------- */

/* Lines end as Enter ends them. */
static void
read_input(struct lines *l)
{
	ssize_t n = read(STDIN_FILENO, l->in, sizeof l->in);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		l->input_ended = true;
		return;
	}
	for (ssize_t i = 0; i < n; i++)
		if (l->in[i] == '\n')
			l->in[i] = '\r';
	l->nin = (size_t)n;
}

/* What the guest does not take yet is kept, and nothing more read. */
static void
give(struct lines *l)
{
	if (l->nin > 0 && l->open && !l->closed &&
	    l->c->ops->write(l->c, l->in, l->nin) == 0) {
		l->nin = 0;
		l->heard = loop_now(); /* and time to answer */
	}
}

/* --- Turns ------------------------------------------------------------------------ */

static void
turn(struct session *s, struct lines *l, struct mono deadline)
{
	bool reads = l->open && !l->closed && l->nin == 0 && !l->input_ended;
	short revents;

	model_tick(s->model, loop_now(), loop_wall_ms(), &deadline);
	l->c->ops->tick(l->c, loop_now(), &deadline);
	fflush(stdout);
	if (l->closed)
		return;
	revents = loop_turn(&s->wiring.loop, reads ? STDIN_FILENO : -1,
	    POLLIN, deadline);
	if (reads && revents != 0)
		read_input(l);
	give(l);
}

/* When there is nothing left to wait for. */
static struct mono
end_of(const struct lines *l, const struct vmlines *want, struct mono began,
    struct mono opened)
{
	if (!l->open)
		return mono_add_ms(began, OPEN_MS);
	if (want->for_ms > 0)
		return mono_add_ms(opened, want->for_ms);
	if (l->input_ended && l->nin == 0 && !want->log)
		return mono_add_ms(l->heard, VMLINES_QUIET_MS);
	return MONO_NEVER;
}

static int
tell_end(const struct lines *l, const struct vm *vm)
{
	static const enum err_kind kinds[] = {
		[VMCONSOLE_ENDED] = ERR_NONE,
		[VMCONSOLE_LOCKED] = ERR_REFUSED,
		[VMCONSOLE_GUARDED] = ERR_REFUSED,
		[VMCONSOLE_LOST] = ERR_UNREACHABLE,
		[VMCONSOLE_FAILED] = ERR_FAILED,
	};

	if (l->closed)
		fprintf(stderr, "xendeck: %s\n", l->why);
	else if (!l->open)
		fprintf(stderr, "xendeck: the console of %s could not be "
		    "opened in time\n", vm->name);
	return l->closed ? (int)kinds[l->end] : l->open ? 0 : ERR_UNREACHABLE;
}

int
vmlines_run(struct session *s, const struct vm *vm,
    const struct vmlines *want)
{
	const struct vm_copy *copy = vm_main(vm);
	struct lines l = { .input_ended = want->log };
	const struct vmconsole_sink sink = { on_news, &l };
	const struct vmconsole_want w = {
		.host = copy->host,
		.domid = copy->domid,
		.uuid = vm->uuid,
		.type = copy->type,
		.name = copy->name != NULL ? copy->name : vm->name,
		.reader = want->reader,
		.log = want->log,
	};
	struct mono began = loop_now(), opened = began, end;

	l.c = wiring_vmconsole(&s->wiring, &w, &sink);
	if (l.c == NULL) {
		fprintf(stderr, "xendeck: %s is not connected now\n",
		    model_host(s->model, copy->host)->name);
		return ERR_UNREACHABLE;
	}
	l.heard = began;
	while (!l.closed && !ferror(stdout)) {
		if (!l.open)
			opened = loop_now();
		end = end_of(&l, want, began, opened);
		if (mono_reached(end, loop_now()))
			break;
		turn(s, &l, end);
	}
	if (l.n > 0)
		put(&l, true);
	fflush(stdout);
	l.c->ops->close(l.c);
	return tell_end(&l, vm);
}
