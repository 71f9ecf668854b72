/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hashes, tags, passwords and sealed secrets, all libsodium's. */
#include <sodium.h>
#include <string.h>

#include "base/base.h"

void
crypt_init(void)
{
	if (sodium_init() < 0)
		BUG("libsodium does not start");
}

void
crypt_sha256(const void *p, size_t n, char hex[SHA256_HEX])
{
	unsigned char h[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(h, p, n);
	sodium_bin2hex(hex, SHA256_HEX, h, sizeof h);
}

/* RFC 4648 section 6 in lower case, without padding. */
static char *
base32(struct arena *a, const unsigned char *p, size_t n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	char *s = arena_alloc(a, n * 8 / 5 + 2), *to = s;
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (have += 8; have >= 5; have -= 5)
			*to++ = letters[bits >> (have - 5) & 31];
	}
	if (have > 0)
		*to++ = letters[bits << (5 - have) & 31];
	return s;
}

char *
crypt_random(struct arena *a, size_t n)
{
	unsigned char *p = arena_alloc(a, n);

	randombytes_buf(p, n);
	return base32(a, p, n);
}

char *
crypt_tag(struct arena *a, struct str key, const char *text)
{
	unsigned char h[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state s;

	crypto_auth_hmacsha256_init(&s, (const unsigned char *)key.s, key.n);
	crypto_auth_hmacsha256_update(&s, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_final(&s, h);
	return base32(a, h, 16);
}

bool
crypt_equal(const char *a, const char *b)
{
	return strlen(a) == strlen(b) && sodium_memcmp(a, b, strlen(a)) == 0;
}

char *
crypt_password(struct arena *a, const char *password)
{
	char *hash = arena_alloc(a, crypto_pwhash_STRBYTES);

	/* security.md 4: 64 MiB, three passes. */
	if (crypto_pwhash_str_alg(
		hash, password, strlen(password), 3, 64 << 20, crypto_pwhash_ALG_ARGON2ID13) != 0)
		BUG("no memory to hash a password");
	return hash;
}

bool
crypt_password_ok(const char *hash, const char *password)
{
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

void
crypt_keypair(char public_hex[65], char secret_hex[65])
{
	unsigned char pk[crypto_box_PUBLICKEYBYTES], sk[crypto_box_SECRETKEYBYTES];

	crypto_box_keypair(pk, sk);
	sodium_bin2hex(public_hex, 65, pk, sizeof pk);
	sodium_bin2hex(secret_hex, 65, sk, sizeof sk);
	sodium_memzero(sk, sizeof sk);
}

bool
crypt_public(const char *secret_hex, char public_hex[65])
{
	unsigned char pk[crypto_box_PUBLICKEYBYTES], sk[crypto_box_SECRETKEYBYTES];
	size_t got;
	bool is_key =
	    sodium_hex2bin(sk, sizeof sk, secret_hex, strlen(secret_hex), NULL, &got, NULL) == 0 &&
	    got == sizeof sk;

	if (is_key)
		crypto_scalarmult_base(pk, sk);
	if (is_key)
		sodium_bin2hex(public_hex, 65, pk, sizeof pk);
	sodium_memzero(sk, sizeof sk);
	return is_key;
}

struct str
crypt_seal(struct arena *a, const char *public_hex, const char *text)
{
	unsigned char pk[crypto_box_PUBLICKEYBYTES];
	size_t n = strlen(text), got;
	char *box;

	if (sodium_hex2bin(pk, sizeof pk, public_hex, strlen(public_hex), NULL, &got, NULL) != 0 ||
	    got != sizeof pk)
		return (struct str){ 0 };
	box = arena_alloc(a, n + crypto_box_SEALBYTES);
	if (crypto_box_seal((unsigned char *)box, (const unsigned char *)text, n, pk) != 0)
		return (struct str){ 0 };
	return (struct str){ box, n + crypto_box_SEALBYTES };
}

char *
crypt_open(struct arena *a, const char *secret_hex, struct str box)
{
	unsigned char pk[crypto_box_PUBLICKEYBYTES], sk[crypto_box_SECRETKEYBYTES];
	size_t got;
	char *text;

	if (box.n < crypto_box_SEALBYTES ||
	    sodium_hex2bin(sk, sizeof sk, secret_hex, strlen(secret_hex), NULL, &got, NULL) != 0 ||
	    got != sizeof sk)
		return NULL;
	text = arena_alloc(a, box.n - crypto_box_SEALBYTES + 1);
	crypto_scalarmult_base(pk, sk);
	if (crypto_box_seal_open(
		(unsigned char *)text, (const unsigned char *)box.s, box.n, pk, sk) != 0)
		text = NULL;
	sodium_memzero(sk, sizeof sk);
	return text;
}

char *
crypt_base64(struct arena *a, const void *p, size_t n)
{
	size_t room = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);
	char *s = arena_alloc(a, room);

	return sodium_bin2base64(s, room, p, n, sodium_base64_VARIANT_ORIGINAL);
}

struct str
crypt_unbase64(struct arena *a, const char *text)
{
	size_t n = strlen(text), length;
	char *p = arena_alloc(a, n + 1);

	if (sodium_base642bin((unsigned char *)p, n, text, n, " \t\r\n", &length, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0)
		return (struct str){ 0 };
	p[length] = '\0';
	return (struct str){ p, length };
}
