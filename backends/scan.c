/* Lines, words and numbers in text that other programs printed. Nothing here
 * wants a NUL at the end: the text is a stretch of a buffer. */
#include "backends/scan.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/obs.h"
#include "core/utf8.h"

bool
scan_line(const char **p, size_t *n, const char **line, size_t *len)
{
	const char *end;

	if (*n == 0)
		return false;
	end = memchr(*p, '\n', *n);
	*line = *p;
	*len = end != NULL ? (size_t)(end - *p) : *n;
	*p += *len;
	*n -= *len;
	if (end != NULL) {
		(*p)++;
		(*n)--;
	}
	return true;
}

bool
scan_number(const char *s, size_t n, int64_t *out)
{
	int64_t v = 0;

	if (n == 0 || n > 18) /* 18 digits fit whatever they are */
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*out = v;
	return true;
}

bool
scan_decimal(const char *s, size_t n, int64_t *nanos)
{
	const char *dot = memchr(s, '.', n);
	size_t whole = dot != NULL ? (size_t)(dot - s) : n;
	size_t digits = dot != NULL ? n - whole - 1 : 0;
	int64_t sec, frac = 0;

	if (!scan_number(s, whole, &sec) || sec > INT64_MAX / 1000000000 - 1)
		return false;
	if (dot != NULL && (digits > 9 || !scan_number(dot + 1, digits, &frac)))
		return false;
	for (; digits < 9; digits++)
		frac *= 10;
	*nanos = sec * 1000000000 + frac;
	return true;
}

const char *
scan_clean(struct arena *a, const char *s, size_t n, size_t max)
{
	char text[OBS_TEXT_MAX + 1];
	size_t len;

	if (max >= sizeof text)
		max = sizeof text - 1;
	len = utf8_clean(text, max + 1, s, n);
	return len != 0 ? arena_strndup(a, text, len) : NULL;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

size_t
scan_last_word(const char *s, size_t *n, const char **word)
{
	size_t end = *n, start;

	while (end > 0 && is_space(s[end - 1]))
		end--;
	start = end;
	while (start > 0 && !is_space(s[start - 1]))
		start--;
	*word = s + start;
	*n = start;
	return end - start;
}

bool
scan_last_number(const char *s, size_t *n, int64_t max, int64_t *out)
{
	const char *word;
	size_t len = scan_last_word(s, n, &word);

	return scan_number(word, len, out) && *out <= max;
}

size_t
scan_count_lines(const char *p, size_t n)
{
	size_t lines = 1;

	for (; n > 0; p++, n--)
		lines += *p == '\n';
	return lines;
}

void
scan_trim(const char **s, size_t *n)
{
	while (*n > 0 && is_space(**s)) {
		(*s)++;
		(*n)--;
	}
	while (*n > 0 && is_space((*s)[*n - 1]))
		(*n)--;
}

bool
scan_address(char out[SCAN_ADDRESS], const char *s, size_t n)
{
	unsigned char raw[sizeof(struct in6_addr)];
	size_t len = 0;

	while (len < n && s[len] != '/' && s[len] != ' ' && s[len] != ',')
		len++;
	if (len >= SCAN_ADDRESS)
		return false;
	memcpy(out, s, len);
	out[len] = '\0';
	return inet_pton(AF_INET, out, raw) == 1 ||
	    inet_pton(AF_INET6, out, raw) == 1;
}

void
scan_sentence(char *to, size_t size, const char *s, size_t n)
{
	const char *line;
	size_t len, used = 0;

	to[0] = '\0';
	while (scan_line(&s, &n, &line, &len)) {
		scan_trim(&line, &len);
		while (len > 0 && (line[len - 1] == '.' || line[len - 1] == ','))
			len--;
		if (len == 0)
			continue;
		if (used != 0 && used + 3 < size) {
			memcpy(to + used, "; ", 3);
			used += 2;
		}
		used += utf8_clean(to + used, size - used, line, len);
	}
}
