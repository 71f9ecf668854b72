/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others write into Authentication-Results never makes a mail verified: only the account's own server does. */
#include "fuzz.h"
#include "mime/mime.h"

void
fuzz(struct arena *a, struct str input)
{
	static const char *const forwarders[] = { "list.example" }, *const own[] = {
		"shop.example"
	};
	struct trust_ask ask = { "mx.own.example", { forwarders, 1 }, { own, 1 } };
	struct buf b = { .arena = a };
	struct claim claim = { CLAIM_RESULTS, 0, NULL };
	struct person from = { NULL, "a@shop.example" };
	struct mail m = { .from = { &from, 1 }, .claims = &claim, .nclaims = 1 };
	struct trust t;

	/* Another server's field, whatever stands behind its name. */
	buf_puts(&b, "mx.other.example; ");
	buf_add(&b, input.s, input.n);
	claim.value = text_line(a, b.s, b.n);
	t = mime_trust(a, &m, &ask);
	MUST(t.result == TRUST_UNVERIFIED && strcmp(t.reason, "no-results") == 0);
	/* The own server's, of another domain. */
	claim.value = text_line(a, input.s, input.n);
	from.email = arena_printf(a, "a@%s", claim.value);
	mime_trust(a, &m, &ask);
	claim.kind = CLAIM_SEAL;
	mime_trust(a, &m, &ask);
}
