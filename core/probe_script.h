#ifndef CORE_PROBE_SCRIPT_H
#define CORE_PROBE_SCRIPT_H

/* What core/probe.c has a host run: $1 is "need" or "tell", each further word a
 * question, "disk - /dev/vg/web1". Told is one line per question, its fields
 * divided by tabs: xendeck-probe:ASK:SAID, the argument, the text. With need,
 * what is not answered with yes is complained about on standard error, and the
 * exit code is 1. */
extern const char probe_script[];

#endif
