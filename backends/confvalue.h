#ifndef BACKENDS_CONFVALUE_H
#define BACKENDS_CONFVALUE_H

#include <stdint.h>

#include "backends/conftext.h"
#include "core/conf_errors.h"
#include "core/conf_schema.h"

/* A value as the parser saw it. */
struct confvalue {
	enum {
		CONFVALUE_BOOL,
		CONFVALUE_INT,
		CONFVALUE_TEXT,
		CONFVALUE_LIST,  /* of texts */
		CONFVALUE_OTHER, /* a fraction, another list, a group */
	} kind;
	int64_t number;   /* of BOOL and INT */
	const char *text; /* of TEXT; of LIST, with blanks between; else NULL */
	struct conftext_place at;
};

/* Stores it in the struct at, or says what is wrong with it. */
void confvalue_set(const struct confvalue *v, const struct conf_setting *s,
    void *at, struct conf_errors *errs);

#endif
