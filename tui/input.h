#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mono.h"

/* Keys are code points; those without one come after the last of Unicode. */
enum key {
	KEYC_NONE = 0,
	KEYC_CTRL = 0x00, /* KEYC_CTRL + ('A' & 0x1f) and so on */
	KEYC_TAB = 0x09,
	KEYC_ENTER = 0x0d,
	KEYC_ESC = 0x1b,
	KEYC_BACKSPACE = 0x7f,
	KEYC_UP = 0x110000,
	KEYC_DOWN,
	KEYC_LEFT,
	KEYC_RIGHT,
	KEYC_HOME,
	KEYC_END,
	KEYC_PGUP,
	KEYC_PGDN,
	KEYC_INSERT,
	KEYC_DELETE,
	KEYC_BACKTAB,
	KEYC_F1, /* F2 to F12 follow */
	KEYC_F12 = KEYC_F1 + 11,
	KEYC_NUL,    /* ^Space, only where keys are taken literally */
	KEYC_MOUSE,  /* input_mouse tells where */
	KEYC_PASTE,  /* text, in struct input's paste */
	KEYC_REPORT, /* the terminal's answer to "are you there?" */
	KEYC_GROUND_DARK, /* its background is of that kind */
	KEYC_GROUND_LIGHT,
	KEYC_END_OF_LIST,
	/* With named keys, only where keys are taken literally. */
	KEYC_SHIFT = 1 << 24,
	KEYC_ALT = 1 << 25,
	KEYC_CTRLED = 1 << 26,
	KEYC_MODS = KEYC_SHIFT | KEYC_ALT | KEYC_CTRLED,
};

#define KEYC_CTRL_OF(c) ((uint32_t)(c) & 0x1fu)
#define KEYC_F(n)       ((uint32_t)KEYC_F1 + (uint32_t)(n) - 1u)

/* What the mouse did, at a cell counted from 0. */
struct mouse {
	enum mouse_what { MOUSE_PRESS, MOUSE_UP, MOUSE_DOWN } what; /* wheel */
	int x, y;
};

/* A sequence that some terminal sends for a key. */
struct input_seq {
	const char *bytes;
	uint32_t key;
};

enum {
	INPUT_BUF = 256,
	/* Silence after which an Esc was just that, if nothing is known of the
	 * line; after which the rest of a sequence does not come any more (a
	 * serial console over IPMI sends its bytes in lots); and after which
	 * the end of what is pasted got lost. */
	INPUT_ESC_MS = 40,
	INPUT_REST_MS = 300,
	INPUT_PASTE_MS = 5000,
	INPUT_PASTE_MAX = 1024, /* bytes; longer than any line that is typed */
	INPUT_DIGIT_MS = 1000, /* Esc, then a digit typed by hand: F-key */
};

/* What was pasted, as it came, up to a NUL. */
struct paste {
	char text[INPUT_PASTE_MAX];
	size_t n;
	bool cut;  /* there was more */
	bool more; /* literal: it goes on with the next KEYC_PASTE */
	bool later; /* literal: it is not the first of its paste */
};

/* Turns bytes from a terminal into keys. Pure. Sequences it does not know are
 * swallowed whole: no part of one is ever taken for a command. Nor is anything
 * that the terminal says was pasted. */
struct input {
	const struct input_seq *extra; /* the terminal's own; may be NULL */
	size_t nextra;
	int64_t esc_ms;       /* see input_set_esc */
	bool literal;         /* see input_set_literal */
	char buf[INPUT_BUF + 1]; /* one for an Esc that comes back */
	size_t n;
	struct mono got;      /* when the newest byte came */
	struct mono esc;      /* when a lone Esc was delivered */
	bool cut;             /* nothing has come since */
	bool joined;          /* the buffer's first Esc was delivered before */
	struct mouse mouse;   /* of the last KEYC_MOUSE */
	bool pasting;
	struct paste paste;   /* of the last KEYC_PASTE */
};

void input_init(struct input *in, const struct input_seq *extra,
    size_t nextra);

/* How far apart the bytes of a key may come, in ms: for so long it is not known
 * whether an Esc stands for itself. */
void input_set_esc(struct input *in, int64_t ms);

/* For another terminal's sake: ^H, ^J and ^Space are themselves, modifiers are
 * told, Esc and a digit are two keys, and a paste comes whole, in pieces. */
void input_set_literal(struct input *in, bool on);

/* How many bytes may be added now, and adding them. */
size_t input_room(const struct input *in);
void input_add(struct input *in, const char *p, size_t n, struct mono now);

/* The next key, or KEYC_NONE. */
uint32_t input_next(struct input *in, struct mono now);

/* When to call input_next again though nothing comes; lowers *deadline. */
void input_deadline(const struct input *in, struct mono *deadline);

/* "Up", "F1", "^L", "Space", "x": for people. Writes at most 16 bytes. */
void input_key_name(char out[16], uint32_t key);
/* The key of that name, or KEYC_NONE. */
uint32_t input_key_parse(const char *name);

#endif
