#ifndef BACKENDS_XSPARSE_H
#define BACKENDS_XSPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/scan.h"

/* What a line of the xenstore tools can tell of a domain (Xen's
 * docs/misc/xenstore-paths.pandoc). Guests write below attr/: for show only. */
enum xs_kind {
	XS_OTHER,
	XS_TYPE,       /* /libxl/N/type: text is "pv", "pvh" or "hvm" */
	XS_START_TIME, /* /vm/UUID/start_time: number, s since 1970 */
	XS_VNC_PORT,   /* /local/domain/N/console/vnc-port: number */
	XS_TARGET,     /* /local/domain/N/target: number, domid served */
	XS_IP,         /* .../attr/vif/DEV/ipv4/0 and its kin: text */
};

struct xs_fact {
	enum xs_kind kind;
	uint32_t domid; /* but for XS_START_TIME, which is by uuid */
	int32_t devid;  /* XS_IP */
	int rank;       /* XS_IP: lower is the better address to show */
	int64_t number;
	char text[SCAN_ADDRESS]; /* clean; of an XS_IP, an address */
};

/* Reads one line of `xenstore-read -p` (PATH: VALUE) or of `xenstore-ls -f`
 * (PATH = "VALUE", with C escapes). XS_OTHER for whatever does not matter. */
struct xs_fact xs_parse_line(const char *line, size_t n);

/* The value of `xenstore-ls -f` with its escapes undone (tools/libs/store/
 * xs.c, sanitise_value); never longer than the input. Returns the length. */
size_t xs_unescape(char *to, size_t size, const char *s, size_t n);

#endif
