/* The journal for verbs that only read it: no child, no console; they may wait
 * for a disk. */
#include <string.h>

#include "backends/journal.h"
#include "backends/journal_db.h"
#include "core/mem.h"

struct rows {
	struct ledger_job *v;
	size_t n, cap;
};

static int
add(void *arg, struct ledger_job *l)
{
	struct rows *r = arg;

	r->v = x_grow(r->v, r->n, &r->cap, sizeof *r->v);
	r->v[r->n++] = *l;
	*l = (struct ledger_job){ 0 };
	return 0;
}

int
journal_read(const char *path, const struct ledger_filter *f,
    struct ledger_job **v, size_t *n, struct err *err)
{
	struct rows rows = { 0 };
	struct journal_db d;
	int rc = journal_db_open_read(&d, path, err);

	if (rc == 0)
		rc = journal_db_read(&d, f, add, &rows, err);
	else if (rc == 1)
		rc = 0; /* nothing is in it yet */
	journal_db_close(&d);
	*v = rows.v;
	*n = rows.n;
	return rc;
}

void
journal_read_free(struct ledger_job *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ledger_job_free(&v[i]);
	x_free(v);
}

int
journal_read_definition(const char *path, const char *cluster,
    const char *name, struct journal_known *k, struct err *err)
{
	struct journal_db_def def = { 0 };
	struct journal_db d;
	int rc = journal_db_open_read(&d, path, err);

	if (rc == 0)
		rc = journal_db_get_def(&d, cluster, name, &def, err);
	else if (rc == 1)
		rc = 0; /* nothing is in it yet */
	journal_db_close(&d);
	*k = (struct journal_known){ def.text, def.host, def.path,
		def.seen_ms };
	def.text = def.host = def.path = NULL;
	journal_db_def_free(&def);
	if (rc == 1 && k->text == NULL)
		rc = 0; /* its file went before its host did */
	if (rc != 1)
		journal_known_free(k);
	return rc;
}

void
journal_known_free(struct journal_known *k)
{
	x_free(k->text);
	x_free(k->host);
	x_free(k->path);
	*k = (struct journal_known){ NULL, NULL, NULL, 0 };
}
