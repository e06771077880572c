#ifndef TESTS_LIB_FAKETRANSPORT_H
#define TESTS_LIB_FAKETRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "backends/transport.h"

/* A transport of one channel whose other end is the test. */
struct faketransport {
	struct transport transport;
	struct channel channel;
	struct channel_cb cb;
	void *arg;
	char argv[512]; /* of the last exec, blanks between */
	bool open;      /* the channel */
	char written[512]; /* to it so far */
};

void faketransport_init(struct faketransport *f);

/* What the command says; ignored once the channel is closed. */
void faketransport_out(struct faketransport *f, const char *p, size_t n);
void faketransport_puts(struct faketransport *f, const char *s);
void faketransport_err(struct faketransport *f, const char *s);
void faketransport_exit(struct faketransport *f, int status, const char *why);

#endif
