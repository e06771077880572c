/* Single facts out of xenstore. Paths are matched piece by piece; a value is
 * what its path says or it is nothing. */
#include "backends/xsparse.h"

#include <string.h>

#include "backends/scan.h"
#include "core/utf8.h"

/* --- Escapes -------------------------------------------------------------- */

static int
digit(char c, int base)
{
	int v = c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;

	return v < base ? v : -1;
}

/* Up to max digits at s; *used tells how many there were. */
static unsigned
digits(const char *s, size_t n, int base, size_t max, size_t *used)
{
	unsigned v = 0;
	size_t i = 0;

	for (; i < n && i < max && digit(s[i], base) >= 0; i++)
		v = v * (unsigned)base + (unsigned)digit(s[i], base);
	*used = i;
	return v;
}

/* What follows a backslash; returns how much of s it took. */
static size_t
escape(char *to, const char *s, size_t n)
{
	static const char plain[] = "n\nr\rt\t\\\\\"\"";
	size_t used;

	for (size_t i = 0; i + 1 < sizeof plain; i += 2)
		if (s[0] == plain[i]) {
			*to = plain[i + 1];
			return 1;
		}
	if (s[0] == 'x') {
		*to = (char)(unsigned char)digits(s + 1, n - 1, 16, 2, &used);
		return used + 1;
	}
	*to = (char)(unsigned char)digits(s, n, 8, 3, &used);
	if (used == 0) {
		*to = s[0];
		used = 1;
	}
	return used;
}

size_t
xs_unescape(char *to, size_t size, const char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n && len < size; len++) {
		if (s[i] == '\\' && i + 1 < n)
			i += 1 + escape(&to[len], s + i + 1, n - i - 1);
		else
			to[len] = s[i++];
	}
	return len;
}

/* --- Paths ---------------------------------------------------------------- */

struct text {
	const char *p;
	size_t n;
};

/* Takes "word/" or the last word off the front. */
static bool
part(struct text *path, struct text *out)
{
	const char *slash;

	if (path->n == 0)
		return false;
	slash = memchr(path->p, '/', path->n);
	out->p = path->p;
	out->n = slash != NULL ? (size_t)(slash - path->p) : path->n;
	path->p += out->n;
	path->n -= out->n;
	if (slash != NULL) {
		path->p++;
		path->n--;
	}
	return true;
}

static bool
is(const struct text *t, const char *s)
{
	return t->n == strlen(s) && memcmp(t->p, s, t->n) == 0;
}

static bool
take(struct text *path, const char *prefix)
{
	size_t n = strlen(prefix);

	if (path->n < n || memcmp(path->p, prefix, n) != 0)
		return false;
	path->p += n;
	path->n -= n;
	return true;
}

static bool
take_number(struct text *path, int64_t max, int64_t *v)
{
	struct text t;

	return part(path, &t) && scan_number(t.p, t.n, v) && *v <= max;
}

/* attr/vif/0/ipv4/0 (Xen's own name), attr/eth0/ip and attr/eth0/ipv6/0/addr
 * (older guest tools). Interface N of the guest is taken for vif N. */
static bool
ip_path(struct text path, struct xs_fact *f)
{
	struct text family;
	int64_t dev, i = 0;

	if (take(&path, "vif/")) {
		if (!take_number(&path, INT32_MAX, &dev) ||
		    !part(&path, &family) || !take_number(&path, 1000, &i) ||
		    path.n != 0)
			return false;
	} else {
		if (!take(&path, "eth") ||
		    !take_number(&path, INT32_MAX, &dev) ||
		    !part(&path, &family))
			return false;
		if (is(&family, "ip") ? path.n != 0 :
		    !take_number(&path, 1000, &i) || !is(&path, "addr"))
			return false;
	}
	if (!is(&family, "ip") && !is(&family, "ipv4") && !is(&family, "ipv6"))
		return false;
	f->devid = (int32_t)dev;
	f->rank = (int)i + (is(&family, "ip") ? 1000 :
	    is(&family, "ipv6") ? 2000 : 0);
	return true;
}

static enum xs_kind
classify(struct text path, struct xs_fact *f)
{
	int64_t domid;
	struct text uuid;

	if (take(&path, "/vm/"))
		return part(&path, &uuid) && is(&path, "start_time") ?
		    XS_START_TIME : XS_OTHER;
	if (take(&path, "/libxl/")) {
		if (!take_number(&path, UINT32_MAX, &domid))
			return XS_OTHER;
		f->domid = (uint32_t)domid;
		return is(&path, "type") ? XS_TYPE : XS_OTHER;
	}
	if (!take(&path, "/local/domain/") ||
	    !take_number(&path, UINT32_MAX, &domid))
		return XS_OTHER;
	f->domid = (uint32_t)domid;
	if (is(&path, "console/vnc-port"))
		return XS_VNC_PORT;
	if (is(&path, "target"))
		return XS_TARGET;
	return take(&path, "attr/") && ip_path(path, f) ? XS_IP : XS_OTHER;
}

/* --- Values --------------------------------------------------------------- */

static bool
value(struct xs_fact *f, const char *s, size_t n)
{
	int64_t nanos;

	switch (f->kind) {
	case XS_TYPE:
		return utf8_clean(f->text, sizeof f->text, s, n) != 0;
	case XS_IP:
		return scan_address(f->text, s, n);
	case XS_START_TIME:
		if (!scan_decimal(s, n, &nanos))
			return false;
		f->number = nanos / 1000000000;
		return true;
	case XS_VNC_PORT:
		return scan_number(s, n, &f->number) && f->number > 0 &&
		    f->number <= UINT16_MAX;
	case XS_TARGET:
		return scan_number(s, n, &f->number) &&
		    f->number <= INT32_MAX;
	case XS_OTHER:
		break;
	}
	return false;
}

/* Where the path ends: a path holds neither spaces nor colons. */
static bool
split(const char *line, size_t n, struct text *path, struct text *val,
    bool *quoted)
{
	size_t end = 0;

	while (end < n && line[end] != ' ' && line[end] != ':')
		end++;
	*path = (struct text){ line, end };
	*val = (struct text){ line + end, n - end };
	*quoted = take(val, " = \"");
	if (!*quoted)
		return take(val, ": ");
	if (val->n == 0 || val->p[val->n - 1] != '"')
		return false;
	val->n--;
	return true;
}

struct xs_fact
xs_parse_line(const char *line, size_t n)
{
	struct xs_fact f = { .kind = XS_OTHER };
	struct text path, val;
	char raw[256];
	bool quoted;

	if (!split(line, n, &path, &val, &quoted))
		return f;
	f.kind = classify(path, &f);
	if (f.kind == XS_OTHER)
		return f;
	if (quoted) {
		val.n = xs_unescape(raw, sizeof raw, val.p, val.n);
		val.p = raw;
	}
	if (!value(&f, val.p, val.n))
		f.kind = XS_OTHER;
	return f;
}
