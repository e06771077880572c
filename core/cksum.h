#ifndef CORE_CKSUM_H
#define CORE_CKSUM_H

#include <stddef.h>
#include <stdint.h>

/* What cksum(1) says of these bytes on its standard input: "CRC BYTES"
 * (POSIX.1-2008, XCU cksum). It tells whether a file has changed, not who has
 * changed it. */
enum { CKSUM_TEXT = 32 };

uint32_t cksum(const void *p, size_t n);
void cksum_text(char out[CKSUM_TEXT], const void *p, size_t n);

#endif
