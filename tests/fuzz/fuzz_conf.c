/* Any bytes as a configuration: an error or a configuration that prints back,
 * never a crash. */
#include <stdint.h>
#include <stdlib.h>

#include "backends/confread.h"
#include "core/conf_print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct conf c, again;
	struct conf_errors errs;
	struct buf out;

	conf_init(&c);
	conf_init(&again);
	conf_errors_init(&errs);
	buf_init(&out, 64 << 20);
	if (confread_text("f", (const char *)data, n, &c, &errs) != 0) {
		if (errs.n == 0)
			abort(); /* refused without a word */
		conf_errors_put(&errs, &out);
	} else if (conf_print(&c, &out) != 0 ||
	    confread_text("p", out.p, out.len, &again, &errs) != 0 ||
	    !conf_equal(&c, &again)) {
		abort();
	}
	conf_errors_free(&errs);
	conf_free(&c);
	conf_free(&again);
	buf_free(&out);
	return 0;
}
