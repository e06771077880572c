#ifndef TUI_OUTPUT_H
#define TUI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* What verbs print, in a locale that does not know UTF-8: every character that
 * is not ASCII becomes as many "?" as it has columns, so that tables stay in
 * order. To be called after setlocale and before anything is printed. exact:
 * standard output is for programs and keeps its bytes, standard error not. */
struct output {
	int fd;
	char part[4]; /* the begin of a character, of which the rest comes */
	size_t n;
};

/* Both last as long as the program: exit still writes. */
void output_start(struct output streams[2], bool exact);

#endif
