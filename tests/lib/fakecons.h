#ifndef TESTS_LIB_FAKECONS_H
#define TESTS_LIB_FAKECONS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/vmcon.h"

/* Consoles of VMs that no host has: each tells some lines as soon as it is
 * open, and takes what is typed. */

struct fakecons {
	bool locked;    /* after its lines, somebody else takes it */
	unsigned opened;
	size_t written; /* bytes */
};

struct vmcon_source fakecons_source(struct fakecons *f);

#endif
