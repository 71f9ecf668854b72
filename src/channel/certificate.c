/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server's certificate says, for whoever has to judge it. */
#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "channel/wire.h"

/* The names it is for; those that do not fit are left out. */
static void
put_names(gnutls_x509_crt_t crt, char *out, size_t most)
{
	size_t n = 0;

	for (unsigned i = 0; i < 100; i++) {
		char name[256], address[INET6_ADDRSTRLEN];
		size_t size = sizeof name - 1;
		const char *text = name;
		int kind = gnutls_x509_crt_get_subject_alt_name(crt, i, name, &size, NULL);

		if (kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return;
		if (kind == GNUTLS_SAN_IPADDRESS)
			text = inet_ntop(
			    size == 4 ? AF_INET : AF_INET6, name, address, sizeof address);
		else if (kind != GNUTLS_SAN_DNSNAME)
			continue;
		else
			name[size] = '\0';
		if (text != NULL && n + strlen(text) + 3 < most)
			n += (size_t)snprintf(out + n, most - n, "%s%s", n > 0 ? ", " : "", text);
	}
}

void
certificate_read(struct wire_certificate *w, const void *der, size_t size)
{
	gnutls_datum_t bytes = { (void *)(uintptr_t)der, (unsigned)size };
	gnutls_x509_crt_t crt;
	size_t n = sizeof w->subject;

	*w = (struct wire_certificate){ 0 };
	crypt_sha256(der, size, w->sha256);
	gnutls_x509_crt_init(&crt);
	if (gnutls_x509_crt_import(crt, &bytes, GNUTLS_X509_FMT_DER) >= 0) {
		gnutls_x509_crt_get_dn(crt, w->subject, &n);
		n = sizeof w->issuer;
		gnutls_x509_crt_get_issuer_dn(crt, w->issuer, &n);
		w->from = (int64_t)gnutls_x509_crt_get_activation_time(crt) * 1000000;
		w->until = (int64_t)gnutls_x509_crt_get_expiration_time(crt) * 1000000;
		put_names(crt, w->names, sizeof w->names);
	}
	gnutls_x509_crt_deinit(crt);
}
