/* What can be known of SSH keys without a session: their type, their
 * fingerprint, and whether a private key file wants a passphrase (OpenSSH's
 * PROTOCOL.key; PEM of RFC 1421 and PKCS#8). No secret is looked at. */
#include "backends/sshkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "core/mem.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int
sshkey_get_u32(struct sshkey_reader *r, uint32_t *v)
{
	if (r->n < 4)
		return -1;
	*v = (uint32_t)r->p[0] << 24 | (uint32_t)r->p[1] << 16 |
	    (uint32_t)r->p[2] << 8 | r->p[3];
	r->p += 4;
	r->n -= 4;
	return 0;
}

int
sshkey_get_string(struct sshkey_reader *r, struct sshkey_reader *s)
{
	uint32_t n;

	if (sshkey_get_u32(r, &n) != 0 || n > r->n)
		return -1;
	*s = (struct sshkey_reader){ r->p, n };
	r->p += n;
	r->n -= n;
	return 0;
}

enum sshkey_kind
sshkey_kind_of_type(const char *type)
{
	if (strstr(type, "-cert-v0") != NULL)
		return SSHKEY_CERT;
	if (strncmp(type, "sk-", 3) == 0)
		return SSHKEY_SK;
	if (strcmp(type, "ssh-ed25519") == 0 ||
	    strncmp(type, "ecdsa-sha2-nistp", 16) == 0)
		return SSHKEY_GOOD;
	if (strcmp(type, "ssh-rsa") == 0)
		return SSHKEY_RSA;
	return strcmp(type, "ssh-dss") == 0 ? SSHKEY_DSA : SSHKEY_UNKNOWN;
}

int
sshkey_type(const uint8_t *blob, size_t n, char *type, size_t size)
{
	struct sshkey_reader r = { blob, n }, s;

	if (sshkey_get_string(&r, &s) != 0 || s.n == 0 || s.n >= size)
		return -1;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return -1;
	memcpy(type, s.p, s.n);
	type[s.n] = '\0';
	return 0;
}

/* --- Base64 --------------------------------------------------------------- */

uint8_t *
sshkey_base64_decode(const char *s, size_t n, size_t *len)
{
	uint8_t *out = x_malloc(n / 4 * 3 + 3);
	uint32_t bits = 0;
	unsigned nbits = 0;
	size_t at = 0, pads = 0;

	for (size_t i = 0; i < n; i++) {
		const char *c;

		if (strchr(" \t\r\n", s[i]) != NULL && s[i] != '\0')
			continue;
		if (s[i] == '=') {
			pads++;
			continue;
		}
		c = s[i] != '\0' ? strchr(alphabet, s[i]) : NULL;
		if (c == NULL || pads > 0) {
			x_free(out);
			return NULL;
		}
		bits = bits << 6 | (uint32_t)(c - alphabet);
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			out[at++] = (uint8_t)(bits >> nbits);
		}
	}
	if (nbits == 6 || pads > 2) {
		x_free(out);
		return NULL;
	}
	*len = at;
	return out;
}

char *
sshkey_base64_encode(const uint8_t *p, size_t n)
{
	char *out = x_malloc((n + 2) / 3 * 4 + 1), *at = out;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16;

		v |= i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0;
		v |= i + 2 < n ? p[i + 2] : 0;
		*at++ = alphabet[v >> 18];
		*at++ = alphabet[v >> 12 & 63];
		*at++ = i + 1 < n ? alphabet[v >> 6 & 63] : '=';
		*at++ = i + 2 < n ? alphabet[v & 63] : '=';
	}
	*at = '\0';
	return out;
}

void
sshkey_fingerprint(char out[SSHKEY_FINGERPRINT], const uint8_t *blob, size_t n)
{
	uint8_t sum[32];
	char *text;

	if (EVP_Digest(blob, n, sum, NULL, EVP_sha256(), NULL) != 1)
		abort(); /* a libcrypto without SHA-256 cannot do SSH at all */
	text = sshkey_base64_encode(sum, sizeof sum);
	text[strcspn(text, "=")] = '\0';
	snprintf(out, SSHKEY_FINGERPRINT, "SHA256:%s", text);
	x_free(text);
}

/* --- Key files ------------------------------------------------------------ */

static void
take_blob(struct sshkey_file *f, const uint8_t *blob, size_t n)
{
	char type[80];

	if (sshkey_type(blob, n, type, sizeof type) != 0)
		return;
	x_free(f->blob);
	f->blob = x_malloc(n);
	memcpy(f->blob, blob, n);
	f->nblob = n;
	f->kind = sshkey_kind_of_type(type);
}

/* openssh-key-v1: magic, cipher, kdf, kdf options, number of keys, the public
 * key, the secret part. */
static int
parse_openssh(struct sshkey_file *f, const char *body)
{
	static const char magic[] = "openssh-key-v1";
	const char *end = strstr(body, "-----END");
	struct sshkey_reader r, cipher, skip, pub;
	uint32_t nkeys;
	uint8_t *raw;
	int rc = -1;

	if (end == NULL)
		return -1;
	raw = sshkey_base64_decode(body, (size_t)(end - body), &r.n);
	if (raw == NULL)
		return -1;
	r.p = raw;
	if (r.n < sizeof magic || memcmp(r.p, magic, sizeof magic) != 0)
		goto out;
	r.p += sizeof magic;
	r.n -= sizeof magic;
	if (sshkey_get_string(&r, &cipher) != 0 ||
	    sshkey_get_string(&r, &skip) != 0 ||
	    sshkey_get_string(&r, &skip) != 0 ||
	    sshkey_get_u32(&r, &nkeys) != 0 || nkeys < 1 ||
	    sshkey_get_string(&r, &pub) != 0)
		goto out;
	f->encrypted = cipher.n != 4 || memcmp(cipher.p, "none", 4) != 0;
	take_blob(f, pub.p, pub.n);
	rc = 0;
out:
	x_free(raw);
	return rc;
}

int
sshkey_parse_file(struct sshkey_file *f, const char *text)
{
	static const struct {
		const char *label;
		enum sshkey_kind kind;
		bool encrypted;
	} pem[] = {
		{ "RSA PRIVATE KEY-----", SSHKEY_RSA, false },
		{ "EC PRIVATE KEY-----", SSHKEY_GOOD, false },
		{ "DSA PRIVATE KEY-----", SSHKEY_DSA, false },
		{ "ENCRYPTED PRIVATE KEY-----", SSHKEY_UNKNOWN, true },
		{ "PRIVATE KEY-----", SSHKEY_UNKNOWN, false },
	};
	static const char openssh[] = "OPENSSH PRIVATE KEY-----";
	const char *begin = strstr(text, "-----BEGIN ");

	*f = (struct sshkey_file){ 0 };
	if (begin == NULL)
		return -1;
	begin += strlen("-----BEGIN ");
	if (strncmp(begin, openssh, strlen(openssh)) == 0)
		return parse_openssh(f, begin + strlen(openssh));
	for (size_t i = 0; i < sizeof pem / sizeof *pem; i++)
		if (strncmp(begin, pem[i].label, strlen(pem[i].label)) == 0) {
			f->kind = pem[i].kind;
			f->encrypted = pem[i].encrypted ||
			    strstr(begin, "Proc-Type: 4,ENCRYPTED") != NULL;
			return 0;
		}
	return -1;
}

int
sshkey_parse_pub(struct sshkey_file *f, const char *text)
{
	size_t skip = strcspn(text, " \t"), len, n;
	const char *body = text + skip;
	uint8_t *blob;

	body += strspn(body, " \t");
	len = strcspn(body, " \t\r\n");
	blob = sshkey_base64_decode(body, len, &n);
	if (blob == NULL)
		return -1;
	take_blob(f, blob, n);
	x_free(blob);
	return f->blob != NULL ? 0 : -1;
}

void
sshkey_file_free(struct sshkey_file *f)
{
	x_free(f->blob);
	*f = (struct sshkey_file){ 0 };
}
