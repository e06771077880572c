/* Texts that OpenSSH's files and programs give us: key files, known_hosts
 * lines, `ssh -G`, ssh's complaints. The first byte chooses. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backends/opensshfault.h"
#include "backends/sshhost.h"
#include "backends/sshkey.h"
#include "backends/sshoptions.h"
#include "core/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
fuzz_key(const char *text)
{
	struct sshkey_file f;

	if (sshkey_parse_file(&f, text) == 0)
		sshkey_file_free(&f);
	f = (struct sshkey_file){ 0 };
	sshkey_parse_pub(&f, text);
	sshkey_file_free(&f);
}

static void
fuzz_known(const char *text)
{
	char print[SSHKEY_FINGERPRINT];
	enum link_fault fault;
	struct sshhost_line l;
	struct err err;
	struct buf b;

	if (sshhost_line_parse(&l, "f:1", text) != 0)
		return;
	buf_init(&b, 1024);
	sshhost_prefs(&b, &l, 1, "h", &err);
	sshkey_fingerprint(print, l.blob, l.nblob);
	/* A line's own key is that key, unless it is marked. */
	if (l.marker == SSHHOST_PLAIN &&
	    sshhost_check(&l, 1, "h", "h", l.blob, l.nblob, &fault, &err) != 0)
		abort();
	buf_free(&b);
	sshhost_line_free(&l);
}

static void
fuzz_options(const char *text)
{
	static char name[] = "alpha";
	struct conf_host h = { .name = name, .address = name };
	struct sshoptions o = { 0 };
	struct err err;

	sshoptions_parse(&o, &h, text, "/home/op", "op", &err);
	sshoptions_free(&o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text, where[OPENSSH_WHERE], stored[SSHKEY_FINGERPRINT] = "?";
	struct err err;

	if (n == 0)
		return 0;
	text = x_strndup((const char *)data + 1, n - 1);
	switch (data[0] % 4) {
	case 0: fuzz_key(text); break;
	case 1: fuzz_known(text); break;
	case 2: fuzz_options(text); break;
	default:
		if (openssh_stored_where(where, text))
			openssh_stored(stored, where);
		openssh_fault("h", text, false, stored, &err);
		break;
	}
	x_free(text);
	return 0;
}
