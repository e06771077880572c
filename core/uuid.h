#ifndef CORE_UUID_H
#define CORE_UUID_H

#include <stdbool.h>
#include <stdint.h>

struct uuid {
	uint8_t b[16];
};

enum { UUID_STR = 37 }; /* 36 characters and the NUL (RFC 4122) */

int uuid_parse(struct uuid *u, const char *s); /* 0 or -1; all of s */
void uuid_format(char out[UUID_STR], const struct uuid *u);
int uuid_cmp(const struct uuid *a, const struct uuid *b);
bool uuid_is_nil(const struct uuid *u); /* all zero: dom0's, or none */

#endif
