/* Xen's own log of one host, as the host gave it when it was asked. The newest
 * lines are at its end, and so is what there is to say about the question. */
#include <stdio.h>
#include <string.h>

#include "core/answer.h"
#include "tui/text.h"
#include "tui/view.h"

static const struct host *
host_of(const struct frame *f, const struct layer *l)
{
	return model_host(f->model, l->about.id);
}

static bool
is_pending(const struct frame *f, const struct host_answer *a)
{
	return !f->ui->ask_refused && a->at.ns < f->ui->asked.ns;
}

static enum style
line_style(const char *line)
{
	static const char *const grave[] = { "crash", "panic", "PANIC", "FATAL",
		"Fatal", "fatal", "ERROR", "Error", "WARNING", "Machine Check",
		"Oops", "BUG" };

	for (size_t i = 0; i < sizeof grave / sizeof grave[0]; i++)
		if (strstr(line, grave[i]) != NULL)
			return STYLE_WARN;
	return STYLE_NORMAL;
}

static void
put_text(struct doc *d, const char *p)
{
	char line[ANSWER_LINE_MAX + 1];

	while (*p != '\0') {
		size_t n = strcspn(p, "\n");

		snprintf(line, sizeof line, "%.*s", (int)n, p);
		if (n == 0)
			doc_blank(d);
		else
			doc_text(d, 0, line_style(line), line);
		p += n + (p[n] == '\n');
	}
}

/* Why nothing can be asked now. */
static void
put_refusal(struct doc *d, const struct host *h)
{
	char text[700];

	if (h->health == HOST_LIVE)
		snprintf(text, sizeof text, "%s cannot be asked here: what is "
		    "shown was recorded.", h->name);
	else
		snprintf(text, sizeof text, "%s is %s, so its log cannot be "
		    "read now%s%s", h->name, host_health_name(h->health),
		    h->reason != NULL ? ": " : ".",
		    h->reason != NULL ? h->reason : "");
	doc_text(d, 0, STYLE_WARN, text);
}

static void
xenlog_build(struct doc *d, const struct frame *f, const struct layer *l)
{
	const struct host *h = host_of(f, l);
	const struct host_answer *a = &h->answer[ASK_DMESG];
	char text[100];

	if (a->text != NULL && a->text[0] == '\0')
		doc_text(d, 0, STYLE_FAINT, "The log is empty: somebody has "
		    "cleared it (xl dmesg -c).");
	else if (a->text != NULL)
		put_text(d, a->text);
	if (f->ui->ask_refused) {
		put_refusal(d, h);
	} else if (is_pending(f, a)) {
		snprintf(text, sizeof text, "Asking %.40s ...", h->name);
		doc_text(d, 0, STYLE_FAINT, text);
	} else if (a->error != NULL) {
		doc_text(d, 0, STYLE_WARN, a->error);
	}
}

static void
xenlog_title(char *out, size_t size, const struct frame *f,
    const struct layer *l)
{
	const struct host *h = host_of(f, l);
	const struct host_answer *a = &h->answer[ASK_DMESG];
	char when[TEXT_MAX];

	text_when(when, a->wall_ms, f->wall_ms);
	snprintf(out, size, "Xen's log of %s%s%s%s", h->name,
	    a->text != NULL ? ", as of " : "", a->text != NULL ? when : "",
	    a->text != NULL && is_pending(f, a) ? ", asking again" : "");
}

const struct view view_xenlog = {
	.name = "xen-log",
	.ctx = CTX_XENLOG,
	.build = xenlog_build,
	.title = xenlog_title,
	.long_text = true,
};
