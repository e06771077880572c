#ifndef TESTS_LIB_FIXTURE_H
#define TESTS_LIB_FIXTURE_H

#include "core/buf.h"

/* The file tests/fixtures/NAME; a test that lacks its fixture fails. */
struct buf fixture_load(const char *name);

#endif
