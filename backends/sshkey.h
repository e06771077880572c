#ifndef BACKENDS_SSHKEY_H
#define BACKENDS_SSHKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Public keys as SSH writes them (RFC 4253, 6.6): a blob that begins with the
 * name of its type. */

enum sshkey_kind {
	SSHKEY_UNKNOWN, /* not told by the file, or a type nobody knows */
	SSHKEY_GOOD,    /* Ed25519, ECDSA */
	SSHKEY_RSA,
	SSHKEY_SK,      /* lives in a FIDO token */
	SSHKEY_CERT,
	SSHKEY_DSA,
};

/* Cursor over foreign bytes in SSH's own encoding. */
struct sshkey_reader {
	const uint8_t *p;
	size_t n;
};

int sshkey_get_u32(struct sshkey_reader *r, uint32_t *v);
int sshkey_get_string(struct sshkey_reader *r, struct sshkey_reader *s);

enum sshkey_kind sshkey_kind_of_type(const char *type);

/* The name of the blob's type; 0, or -1 when it is none or size too small. */
int sshkey_type(const uint8_t *blob, size_t n, char *type, size_t size);

/* What a private key file's text tells without its passphrase. */
struct sshkey_file {
	enum sshkey_kind kind;
	bool encrypted;
	uint8_t *blob; /* public half, NULL where the format hides it; owned */
	size_t nblob;
};

/* 0, or -1: that is no private key. */
int sshkey_parse_file(struct sshkey_file *f, const char *text);
/* The public half from the text of a .pub file, into f. */
int sshkey_parse_pub(struct sshkey_file *f, const char *text);
void sshkey_file_free(struct sshkey_file *f);

/* RFC 4648 base64, n characters, white space ignored. Returns an owned buffer,
 * or NULL when it is not that. */
uint8_t *sshkey_base64_decode(const char *s, size_t n, size_t *len);
/* Owned, with padding. */
char *sshkey_base64_encode(const uint8_t *p, size_t n);

/* "SHA256:..." as ssh-keygen -l prints it. */
enum { SSHKEY_FINGERPRINT = 64 };
void sshkey_fingerprint(char out[SSHKEY_FINGERPRINT], const uint8_t *blob,
    size_t n);

#endif
