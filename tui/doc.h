#ifndef TUI_DOC_H
#define TUI_DOC_H

#include "tui/canvas.h"

/* Text of any length on a canvas that grows downwards; views that scroll are
 * made of one. */
struct doc {
	struct canvas c;
	int y; /* the next line; so many are used */
	/* Only lines from `first` to before `last` are drawn, on a canvas of
	 * their own, and the others counted; last 0: all are drawn. */
	int first, last;
};

void doc_init(struct doc *d, int width, bool ascii);
/* Of long text that doc_text and doc_blank alone are used for. */
void doc_init_part(struct doc *d, int width, bool ascii, int first, int lines);
void doc_free(struct doc *d);

void doc_blank(struct doc *d);
void doc_title(struct doc *d, const char *text);
/* Wrapped between the words, continued at the same indent. */
void doc_text(struct doc *d, int indent, unsigned style, const char *text);
/* The same, of every line of the text. NULL: none. */
void doc_lines(struct doc *d, int indent, unsigned style, const char *text);
/* "Label   value", the value wrapped in its own column. NULL: no line. */
void doc_fact(struct doc *d, const char *label, unsigned style,
    const char *value);
void doc_factf(struct doc *d, const char *label, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Makes sure that h more lines are there to be drawn on. */
void doc_need(struct doc *d, int h);

enum { DOC_LABEL = 14 }; /* columns of a label */

#endif
