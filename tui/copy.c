/* Rows and views as text for the clipboard. It ends up in shells: an address
 * that a guest claims to have is only taken when it looks like one, and nothing
 * but the ends of a view's lines is a control character. */
#include "tui/copy.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/rows.h"
#include "tui/table.h"
#include "tui/view.h"

const char *
copy_name(enum copy_what what)
{
	static const char *const names[COPY_N] = {
		[COPY_NAME] = "name",
		[COPY_UUID] = "UUID",
		[COPY_IP] = "IP address",
		[COPY_SSH] = "address for ssh",
		[COPY_ROW] = "row as text",
	};

	return names[what];
}

/* Foreign bytes, however often they were cleaned before. */
static bool
put(struct buf *out, const char *s)
{
	char clean[1024];

	if (s == NULL || s[0] == '\0')
		return false;
	utf8_clean(clean, sizeof clean, s, strlen(s));
	buf_puts(out, clean);
	return true;
}

static const char *
name_of(const struct frame *f, const struct row *row)
{
	struct item it = row_item(f, row);

	switch (row->id.kind) {
	case ROW_CLUSTER:
		return model_conf(f->model)->clusters[row->id.id].name;
	case ROW_HOST:
	case ROW_DOM0:
		return it.host != NULL ? it.host->name : NULL;
	case ROW_VM:
		return it.vm != NULL ? it.vm->name : NULL;
	case ROW_DORMANT:
		break;
	}
	return NULL;
}

static const char *
ip_of(const struct vm *vm)
{
	for (size_t i = 0; vm != NULL && i < vm->detail.nnics; i++) {
		const char *ip = vm->detail.nics[i].ip;

		if (ip != NULL && ip[0] != '\0' &&
		    ip[strspn(ip, "0123456789abcdefABCDEF.:")] == '\0')
			return ip;
	}
	return NULL;
}

static const struct vm *
vm_of(const struct frame *f, const struct row *row)
{
	return row->id.kind == ROW_VM ? model_vm(f->model, row->id.id) : NULL;
}

static bool
put_uuid(struct buf *out, const struct vm *vm)
{
	char uuid[UUID_STR];

	if (vm == NULL || uuid_is_nil(&vm->uuid))
		return false;
	uuid_format(uuid, &vm->uuid);
	return put(out, uuid);
}

/* What may stand behind "ssh". */
static bool
put_ssh(struct buf *out, const struct frame *f, const struct row *row)
{
	const struct conf *c = model_conf(f->model);
	const struct conf_host *h;

	if (row->id.kind == ROW_VM)
		return put(out, ip_of(vm_of(f, row)));
	if ((row->id.kind != ROW_HOST && row->id.kind != ROW_DOM0) ||
	    row->id.id >= c->nhosts)
		return false;
	h = &c->hosts[row->id.id];
	if (h->port != 0)
		buf_printf(out, "-p %d ", h->port);
	if (h->user != NULL && put(out, h->user))
		buf_puts(out, "@");
	return put(out, h->address != NULL ? h->address : h->name);
}

static bool
put_row(struct buf *out, const struct frame *f, const struct row *row,
    int width)
{
	struct item it = row_item(f, row);
	struct table_layout t;
	struct canvas c;
	struct buf dump;

	table_layout(&t, width, f->ui);
	canvas_init(&c, width, 1);
	table_draw_row(&c, canvas_all(&c), &t, &it);
	buf_init(&dump, 1 << 16);
	canvas_dump(&c, &dump);
	if (dump.len > 0)
		buf_add(out, dump.p, dump.len - 1); /* without its end */
	buf_free(&dump);
	canvas_free(&c);
	return true;
}

bool
copy_of(struct buf *out, const struct frame *f, const struct row *row,
    enum copy_what what, int width)
{
	switch (what) {
	case COPY_NAME:
		return put(out, name_of(f, row));
	case COPY_UUID:
		return put_uuid(out, vm_of(f, row));
	case COPY_IP:
		return put(out, ip_of(vm_of(f, row)));
	case COPY_SSH:
		return put_ssh(out, f, row);
	case COPY_ROW:
		return put_row(out, f, row, width);
	case COPY_N:
		break;
	}
	return false;
}

/* All of it, also what has no room on the screen. */
static void
put_output(struct buf *out, const char *p)
{
	while (*p != '\0') {
		size_t len = strcspn(p, "\n");
		char clean[4096];

		utf8_clean(clean, sizeof clean, p, len);
		buf_puts(out, clean);
		buf_puts(out, "\n");
		p += len + (p[len] == '\n');
	}
}

bool
copy_view(struct buf *out, const struct frame *f, const struct layer *l,
    int width)
{
	const struct view *v = views[l->view];
	struct doc d;

	if (v->build == NULL)
		return false;
	if (l->view == VIEW_OUTPUT) {
		put_output(out, f->ui->output != NULL ? f->ui->output : "");
		return true;
	}
	doc_init(&d, width, false);
	v->build(&d, f, l);
	if (d.y < d.c.h)
		d.c.h = d.y;
	canvas_dump(&d.c, out);
	doc_free(&d);
	return true;
}
