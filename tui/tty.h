#ifndef TUI_TTY_H
#define TUI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#include "core/buf.h"
#include "core/err.h"

/* The line to the terminal: its modes, bytes in and bytes out, without ever
 * waiting for it. Knows nothing of what the bytes mean. */
struct tty {
	int fd;
	bool own_fd, nonblock;
	bool gone;        /* hung up: nothing more will come or go */
	struct termios saved;
	struct buf out;   /* bytes still to be sent */
	uint64_t sent;
};

int tty_open(struct tty *t, int in, int out, struct err *e);
void tty_close(struct tty *t);

void tty_raw(struct tty *t);
void tty_cooked(struct tty *t); /* as it was */

/* Queues bytes; tty_push sends what goes without waiting. */
void tty_put(struct tty *t, const char *p, size_t n);
void tty_push(struct tty *t);
/* Sends all, waiting as long as the terminal takes something every second. */
void tty_drain(struct tty *t);
/* Not everything is out, ours or the kernel's. */
bool tty_busy(const struct tty *t);

/* What is there to be read; 0 for nothing. */
size_t tty_read(struct tty *t, char *p, size_t n);

/* 0, or -1 when it has no size. */
int tty_size(const struct tty *t, int *w, int *h);

/* --- Rescue ---------------------------------------------------------------- */

/* From now on tty_rescue sends these bytes and sets the modes back. */
void tty_arm(const struct tty *t, const char *bytes, size_t n);
void tty_disarm(void);

/* Safe inside a signal handler, and harmless when nothing is armed. */
void tty_rescue(void);

#endif
