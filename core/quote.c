/* The only place where an argv becomes a shell's command line. sshd hands the
 * line to the user's login shell, so every word that is not plainly harmless
 * goes into single quotes, where a POSIX shell leaves each byte but the quote
 * itself alone. Plain words stay bare so that people can read the line. */
#include "core/quote.h"

#include <stdbool.h>
#include <string.h>

/* '=' is missing since `a=b` in front would be an assignment, '~' and the
 * globbing characters since they expand. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789_@%+:,./-";

/* Of POSIX and of bash, as far as they are made of plain characters. Quoted,
 * they are command names like any other. */
static const char *const reserved[] = { "case", "coproc", "do", "done", "elif",
	"else", "esac", "fi", "for", "function", "if", "in", "namespace",
	"select", "then", "time", "until", "while" };

static bool
is_plain(const char *word, bool first)
{
	if (*word == '\0' || word[strspn(word, plain)] != '\0')
		return false;
	for (size_t i = 0; first && i < sizeof reserved / sizeof *reserved; i++)
		if (strcmp(word, reserved[i]) == 0)
			return false;
	return true;
}

static int
quote_word(struct buf *out, const char *word)
{
	if (buf_puts(out, "'") != 0)
		return -1;
	for (;;) {
		size_t n = strcspn(word, "'");

		if (buf_add(out, word, n) != 0)
			return -1;
		if (word[n] == '\0')
			return buf_puts(out, "'");
		if (buf_puts(out, "'\\''") != 0)
			return -1;
		word += n + 1;
	}
}

int
quote_argv(struct buf *out, const char *const argv[])
{
	for (size_t i = 0; argv[i] != NULL; i++) {
		if (i > 0 && buf_puts(out, " ") != 0)
			return -1;
		if (is_plain(argv[i], i == 0)) {
			if (buf_puts(out, argv[i]) != 0)
				return -1;
		} else if (quote_word(out, argv[i]) != 0)
			return -1;
	}
	return 0;
}
