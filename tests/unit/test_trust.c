/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a mail may be believed to be from: by the words of the account's own server and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/base.h"
#include "mime/mime.h"

#include <cmocka.h> /* last: it has a macro named fail */

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static const struct {
	const char *result, *reason;
	const char *head; /* above "From: a@shop.example" unless it has one */
} cases[] = {
	{ "verified", "dmarc",
	    "Authentication-Results: mx.me;\r\n dmarc=pass (p=NONE) header.from=shop.example\r\n" },
	{ "verified", "dmarc", "Authentication-Results: MX.me 1; dmarc=pass\r\n" },
	{ "verified", "dkim",
	    "Authentication-Results: mx.me; dkim=pass header.d=shop.example; spf=fail "
	    "smtp.mailfrom=x.example\r\n" },
	{ "verified", "dkim",
	    "Authentication-Results: mx.me; dkim=fail header.d=shop.example; dkim=pass "
	    "header.i=@mail.shop.example header.s=k\r\n" },
	{ "verified", "spf",
	    "Authentication-Results: mx.me; spf=pass (ok; dmarc=fail) "
	    "smtp.mailfrom=bounce@shop.example\r\n" },
	{ "verified", "dmarc",
	    "Authentication-Results: mx.me; spf = none; dmarc = pass header.from = "
	    "shop.example\r\n" },
	{ "verified", "dkim",
	    "Authentication-Results: mx.me; spf=none\r\nAuthentication-Results: mx.me; dkim=pass "
	    "header.d=shop.example\r\n" },
	{ "verified", "dmarc",
	    "Received: x\r\nReceived: y\r\nAuthentication-Results: mx.me; dmarc=pass\r\n" },
	{ "failed", "dmarc",
	    "Authentication-Results: mx.me; dkim=pass header.d=evil.example; dmarc=fail "
	    "header.from=shop.example\r\n" },
	{ "failed", "dmarc",
	    "Authentication-Results: mx.me; dmarc=fail\r\nAuthentication-Results: mx.me; "
	    "dmarc=pass\r\n" },
	{ "failed", "dmarc",
	    "Authentication-Results: mx.me; dmarc=fail\r\nReceived: x\r\nAuthentication-Results: "
	    "mx.me; dmarc=pass\r\n" },
	{ "failed", "spf-dkim",
	    "Authentication-Results: mx.me; spf=fail smtp.mailfrom=shop.example; dkim=fail "
	    "header.d=shop.example\r\n" },
	{ "unverified", "no-results", "" },
	{ "unverified", "no-results",
	    "Authentication-Results: evil.example; dmarc=pass header.from=shop.example\r\n" },
	{ "unverified", "no-results",
	    "Authentication-Results: mx.me.evil.example; dmarc=pass\r\n" },
	{ "unverified", "no-results", "Authentication-Results: \"mx.me; x\"; dmarc=pass\r\n" },
	{ "unverified", "no-results",
	    "Authentication-Results: evil.example (mx.me); dmarc=pass\r\n" },
	{ "unverified", "no-results", "Authentication-Results-Original: mx.me; dmarc=pass\r\n" },
	{ "unverified", "no-results", "X-Authentication-Results: mx.me; dmarc=pass\r\n" },
	{ "unverified", "no-results", "Authentication-Results: mx.me; none\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; dkim=pass header.d=evil.example; spf=pass "
	    "smtp.mailfrom=evil.example\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; spf=pass reason=\"smtp.mailfrom=shop.example\" "
	    "smtp.mailfrom=evil.example\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; dkim=pass (header.d=shop.example) "
	    "header.d=evil.example\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; dmarc=pass header.from=evil.example\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; dkim=passed header.d=shop.example\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; dkim=pass header.d=example\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; dkim=pass header.d=eshop.example\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; spf=pass smtp.mailfrom=co.uk\r\nFrom: "
	    "a@shop.co.uk\r\n" },
	{ "unverified", "unaligned",
	    "Authentication-Results: mx.me; spf=none\r\nReceived: x\r\nAuthentication-Results: "
	    "mx.me; dmarc=pass\r\n" },
	{ "unverified", "several-from",
	    "Authentication-Results: mx.me; dmarc=pass\r\nFrom: a@shop.example, "
	    "b@evil.example\r\n" },
	{ "unverified", "no-from", "Authentication-Results: mx.me; dmarc=pass\r\nFrom: shop\r\n" },
	{ "verified", "arc",
	    "Authentication-Results: mx.me; dmarc=fail; arc=pass\r\nARC-Seal: i=1; a=rsa; "
	    "d=list.example; s=k\r\n"
	    "ARC-Authentication-Results: i=1; list.example; dmarc=pass "
	    "header.from=shop.example\r\n" },
	{ "failed", "dmarc",
	    "Authentication-Results: mx.me; dmarc=fail; arc=pass\r\nARC-Seal: i=1; "
	    "d=evil.example\r\n"
	    "ARC-Authentication-Results: i=1; evil.example; dmarc=pass "
	    "header.from=shop.example\r\n" },
	{ "failed", "dmarc",
	    "Authentication-Results: mx.me; dmarc=fail; arc=fail\r\nARC-Seal: i=1; "
	    "d=list.example\r\n"
	    "ARC-Authentication-Results: i=1; list.example; dmarc=pass\r\n" },
	{ "failed", "dmarc",
	    "Authentication-Results: mx.me; dmarc=fail; arc=pass\r\nARC-Seal: i=2; "
	    "d=evil.example\r\nARC-Seal: i=1; d=list.example\r\n"
	    "ARC-Authentication-Results: i=1; list.example; dmarc=pass\r\n" },
};

static struct trust
judge(const char *server, const char *head)
{
	static const char *const forwarders[] = { "list.example" }, *const own[] = {
		"shop-lampe.example"
	};
	struct trust_ask ask = { server, { forwarders, 1 }, { own, 1 } };
	const char *from = strstr(head, "From: ") != NULL ? "" : "From: a@shop.example\r\n";
	char *raw = arena_printf(&arena, "%s%sTo: b@c.example\r\n\r\nx\r\n", head, from);
	struct mail *m = mime_read(&arena, (struct str){ raw, strlen(raw) });
	struct str json = mime_json(&arena, m);

	return mime_trust(&arena, mime_from_json(&arena, json), &ask); /* as docket work has it */
}

static void
test_results(void **state)
{
	(void)state;
	for (size_t i = 0; i < NELEM(cases); i++) {
		struct trust t = judge("mx.me", cases[i].head);

		if (strcmp(mime_trust_word(t.result), cases[i].result) != 0 ||
		    strcmp(t.reason, cases[i].reason) != 0)
			fail_msg("%s: %s, %s", cases[i].head, mime_trust_word(t.result), t.reason);
	}
}

static void
test_servers(void **state)
{
	static const char microsoft[] =
	    "Authentication-Results: spf=pass (sender IP is 1.2.3.4)\r\n "
	    "smtp.mailfrom=shop.example; dkim=none;"
	    "dmarc=bestguesspass action=none header.from=shop.example;compauth=pass reason=109\r\n";

	(void)state;
	assert_string_equal(judge("microsoft", microsoft).reason, "spf");
	assert_string_equal(judge("mx.me", microsoft).reason, "no-results");
	assert_string_equal(
	    judge("microsoft", "Authentication-Results: dmarc=none;compauth=fail reason=601\r\n")
		.reason,
	    "compauth");
	assert_string_equal(
	    judge("microsoft", "Authentication-Results: dmarc=pass header.from=shop.example\r\n")
		.reason,
	    "no-results");
	assert_string_equal(judge(NULL, cases[0].head).reason, "no-server");
	assert_string_equal(judge("", cases[0].head).reason, "no-server");
}

static void
test_warnings(void **state)
{
	static const struct {
		const char *head, *warning; /* "" = none */
	} v[] = {
		{ "From: Hans <a@shop.example>\r\n", "" },
		{ "From: \"a@shop.example\" <a@shop.example>\r\n", "" },
		{ "From: a@shop.example\r\nReply-To: b@help.shop.example\r\n", "" },
		{ "From: a@b\xc3\xbc"
		  "cher.example\r\n",
		    "" },
		{ "From: a@\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0.example\r\n",
		    "" }, /* Cyrillic, and not to be mistaken */
		{ "From: a@xn--bcher-kva.example\r\n", "" },
		{ "From: a@shop-lampe.example\r\n", "" },
		{ "From: \"chef@bank.example\" <x@evil.example>\r\n", "name-has-address" },
		{ "From: \"Chef (chef@bank.example)\" <x@evil.example>\r\n", "name-has-address" },
		{ "From: a@shop.example\r\nReply-To: b@evil.example\r\n", "reply-elsewhere" },
		{ "From: a@shop.example, b@shop.example\r\n", "several-from" },
		{ "From: a@p\xd0\xb0ypal.example\r\n", "lookalike" },
		{ "From: a@xn--pypal-4ve.example\r\n", "lookalike" },
		{ "From: a@\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0.example\r\n", "lookalike" },
		{ "From: a@shop-Iampe.example\r\n", "lookalike" },
		{ "From: a@sh0p-lampe.example\r\n", "lookalike" },
		{ "From: a@shop-larnpe.example\r\n", "lookalike" },
		{ "From: a@shoplampe.example\r\n", "lookalike" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(v); i++) {
		struct trust t = judge("mx.me", v[i].head);
		const char *got = t.warnings.n == 0 ? "" : t.warnings.v[0];

		if (strcmp(got, v[i].warning) != 0 || t.warnings.n > 1)
			fail_msg("%s: \"%s\" instead of \"%s\"", v[i].head, got, v[i].warning);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_results, teardown),
		cmocka_unit_test_teardown(test_servers, teardown),
		cmocka_unit_test_teardown(test_warnings, teardown),
	};

	return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
