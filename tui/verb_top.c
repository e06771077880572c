/* top: what runs, as plain text in blocks, for pipes and logs. One header and
 * one line per domain; as many columns as ever, split at blanks, plain figures
 * without units, the name last since it alone may have blanks. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/mem.h"
#include "tui/session.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 15000, DELAY_MS = 2000 };

struct args {
	long count; /* 0: until it is ended */
	int64_t delay_ms;
	char text[QUERY_TEXT_MAX + 1];
	struct query *query;
};

/* --- One block ------------------------------------------------------------- */

struct line {
	const struct vm *vm;
	const struct vm_copy *copy;
};

/* The busiest first, then in an order that stays. */
static int
compare(const void *p, const void *q)
{
	const struct line *a = p, *b = q;
	int c;

	if (a->copy->cpu_pm != b->copy->cpu_pm)
		return a->copy->cpu_pm > b->copy->cpu_pm ? -1 : 1;
	c = strcmp(a->vm->name, b->vm->name);
	if (c == 0)
		c = uuid_cmp(&a->vm->uuid, &b->vm->uuid);
	if (c == 0)
		c = (a->copy->host > b->copy->host) -
		    (a->copy->host < b->copy->host);
	return c != 0 ? c : (a->copy->domid > b->copy->domid) -
	    (a->copy->domid < b->copy->domid);
}

static struct line *
collect(const struct session *s, const struct args *a, size_t *n)
{
	struct line *v = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < model_nvms(s->model); i++) {
		const struct vm *vm = model_vm_at(s->model, i);

		for (size_t k = 0; k < vm->ncopies; k++) {
			struct query_facts f;

			query_facts_vm(&f, s->model, vm, vm->copies[k].host,
			    &vm->copies[k]);
			if (!query_match(a->query, &f))
				continue;
			v = x_grow(v, *n, &cap, sizeof *v);
			v[(*n)++] = (struct line){ vm, &vm->copies[k] };
		}
	}
	if (*n > 1)
		qsort(v, *n, sizeof *v, compare);
	return v;
}

static const char *
state_text(const struct session *s, const struct line *l)
{
	static const char *const old[] = {
		[VM_RUNNING] = "running?", [VM_PAUSED] = "paused?",
		[VM_SHUTDOWN] = "shutdown?", [VM_CRASHED] = "crashed?",
		[VM_DYING] = "dying?", [VM_MIGRATING] = "migrating?",
		[VM_GONE] = "gone?", [VM_DORMANT] = "dormant?",
	};

	if (l->vm->conflict == CONFLICT_UUID)
		return "twice";
	if (l->vm->conflict == CONFLICT_MAYBE)
		return "twice?";
	return model_host(s->model, l->copy->host)->health == HOST_LIVE ?
	    vm_state_name(l->vm->state) : old[l->vm->state];
}

/* A blank, and the figure or "-" when it is not known. */
static void
put_number(int width, int64_t v)
{
	if (v < 0)
		printf(" %*s", width, "-");
	else
		printf(" %*" PRId64, width, v);
}

static void
put_line(const struct session *s, const char *when, const struct line *l)
{
	const struct vm_copy *c = l->copy;
	const struct host *h = model_host(s->model, c->host);
	char uuid[UUID_STR], cpu[24] = "-";

	uuid_format(uuid, &l->vm->uuid);
	if (c->cpu_pm >= 0)
		snprintf(cpu, sizeof cpu, "%d.%d", c->cpu_pm / 10,
		    c->cpu_pm % 10);
	printf("%s %-12s %5u %-10s %7s", when, h->name, c->domid,
	    state_text(s, l), cpu);
	put_number(9, c->mem_kb);
	put_number(5, c->vcpus);
	put_number(10, c->net_rx);
	put_number(10, c->net_tx);
	put_number(10, c->disk_rd);
	put_number(10, c->disk_wr);
	put_number(9, model_uptime_s(s->model, c, model_now(s->model)));
	printf(" %s %s\n", uuid, l->vm->name);
}

static void
put_block(const struct session *s, const struct args *a, bool first)
{
	time_t t = (time_t)(loop_wall_ms() / 1000);
	char when[32] = "-";
	struct line *v;
	struct tm tm;
	size_t n;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	printf("%s%-20s %-12s %5s %-10s %7s %9s %5s %10s %10s %10s %10s %9s "
	    "%-36s %s\n", first ? "" : "\n", "TIME", "HOST", "ID", "STATE",
	    "CPU%", "MEM_KIB", "VCPUS", "RX_B/S", "TX_B/S", "READ_B/S",
	    "WRITE_B/S", "UP_S", "UUID", "NAME");
	v = collect(s, a, &n);
	for (size_t i = 0; i < n; i++)
		put_line(s, when, &v[i]);
	x_free(v);
}

/* --- The verb ---------------------------------------------------------------- */

/* Whoever read the pipe has seen enough: that is no failure. */
static bool
reader_left(void)
{
	int fd;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return false;
	if (errno != EPIPE)
		return true;
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		close(fd);
	}
	clearerr(stdout);
	return true;
}

static int
run_blocks(struct session *s, const struct args *a)
{
	struct mono next;
	size_t missing = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	session_gather(s, TIMEOUT_MS);
	session_complain(s);
	next = loop_now();
	for (long i = 0; a->count == 0 || i < a->count; i++) {
		put_block(s, a, i == 0);
		if (reader_left() || i + 1 == a->count)
			break;
		next = mono_add_ms(next, a->delay_ms);
		if (mono_reached(next, loop_now()))
			next = mono_add_ms(loop_now(), a->delay_ms);
		while (mono_before(loop_now(), next))
			session_turn(s, next);
	}
	for (uint32_t i = 0; i < s->conf.nhosts; i++)
		missing += model_host(s->model, i)->health != HOST_LIVE;
	return missing > 0 ? ERR_UNREACHABLE : ERR_NONE;
}

static int
parse_args(struct args *a, int argc, char **argv)
{
	*a = (struct args){ .delay_ms = DELAY_MS };
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		char *end;

		if (strcmp(argv[i], "-n") == 0) {
			a->count = strtol(value, &end, 10);
			if (end == value || *end != '\0' || a->count < 1)
				return verb_usage(&verb_top, "'%s' is no "
				    "number of blocks", value);
			i++;
		} else if (strcmp(argv[i], "-d") == 0) {
			double s = strtod(value, &end);

			if (end == value || *end != '\0' || !(s >= 0.2) ||
			    s > 86400)
				return verb_usage(&verb_top, "'%s' is no "
				    "number of seconds from 0.2", value);
			a->delay_ms = (int64_t)(s * 1000);
			i++;
		} else if (argv[i][0] == '-') {
			return verb_usage(&verb_top, "'%s' is not understood",
			    argv[i]);
		} else if (verb_query_word(&verb_top, a->text, argv[i]) != 0) {
			return ERR_USAGE;
		}
	}
	return 0;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct session s;
	struct conf conf;
	struct args a;
	int rc = parse_args(&a, argc, argv);

	if (rc != 0)
		return rc;
	conf_init(&conf);
	rc = verb_conf(ctx, &conf);
	if (rc == 0)
		rc = verb_query(&verb_top, a.text, &conf, &a.query);
	if (rc != 0) {
		query_free(a.query);
		conf_free(&conf);
		return rc;
	}
	/* No block without new figures. */
	if (conf.refresh_ms > a.delay_ms)
		conf.refresh_ms = (int)a.delay_ms;
	session_open(&s, &conf);
	rc = run_blocks(&s, &a);
	session_close(&s);
	query_free(a.query);
	return rc;
}

const struct verb verb_top = {
	.name = "top",
	.args = "[-n COUNT] [-d SECONDS] [FILTER]",
	.help = "what runs, block by block as plain text, for pipes",
	.run = run,
};
