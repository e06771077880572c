/* OSC 52. tmux takes it itself when its set-clipboard is on, and else lets it
 * through in an envelope when its allow-passthrough is: it gets both, since it
 * ignores what it does not want. GNU screen hands on what stands in a DCS, in
 * pieces of the length that it can keep. */
#include "tui/clip.h"

#include <stdlib.h>
#include <string.h>

static void
put_base64(struct buf *out, const char *s, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		size_t k = n - i < 3 ? n - i : 3;
		unsigned v = 0;
		char four[4];

		for (size_t b = 0; b < 3; b++)
			v = v << 8 | (b < k ? (unsigned char)s[i + b] : 0u);
		for (size_t d = 0; d < 4; d++)
			four[d] = d > k ? '=' :
			    digits[v >> (18 - 6 * d) & 0x3f];
		buf_add(out, four, sizeof four);
	}
}

static void
put_in_pieces(struct buf *out, const struct buf *seq)
{
	enum { PIECE = 250 };

	for (size_t i = 0; i < seq->len; i += PIECE) {
		buf_puts(out, "\033P");
		buf_add(out, seq->p + i,
		    seq->len - i < PIECE ? seq->len - i : PIECE);
		buf_puts(out, "\033\\");
	}
}

enum clip_around
clip_around(void)
{
	const char *type = getenv("TERM");

	if (getenv("TMUX") != NULL)
		return CLIP_TMUX;
	return getenv("STY") != NULL && type != NULL &&
	    strncmp(type, "screen", 6) == 0 ? CLIP_SCREEN : CLIP_PLAIN;
}

void
clip_sequence(struct buf *out, const char *text, enum clip_around around)
{
	size_t n = strlen(text);
	struct buf seq;

	if (n > CLIP_MAX)
		return;
	buf_init(&seq, 2 * CLIP_MAX);
	buf_puts(&seq, "\033]52;c;");
	put_base64(&seq, text, n);
	buf_puts(&seq, "\a");
	if (around == CLIP_SCREEN) {
		put_in_pieces(out, &seq);
	} else {
		buf_add(out, seq.p, seq.len);
	}
	if (around == CLIP_TMUX) {
		buf_puts(out, "\033Ptmux;\033");
		buf_add(out, seq.p, seq.len);
		buf_puts(out, "\033\\");
	}
	buf_free(&seq);
}
