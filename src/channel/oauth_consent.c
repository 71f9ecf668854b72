/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in at a provider (RFC 6749, 7636): where the browser goes and what it comes back with. Nothing here
 * needs the network: the code is a row that docket send exchanges. */
#include <sodium.h>
#include <string.h>

#include "channel/settings.h"

static const struct preset {
	const char *provider, *authorize, *token, *consent_scope, *client_scope;
} presets[] = {
	{ "google", "https://accounts.google.com/o/oauth2/v2/auth",
	    "https://oauth2.googleapis.com/token", "https://mail.google.com/",
	    "https://mail.google.com/" },
	{ "microsoft", "https://login.microsoftonline.com/%s/oauth2/v2.0/authorize",
	    "https://login.microsoftonline.com/%s/oauth2/v2.0/token",
	    "https://outlook.office.com/IMAP.AccessAsUser.All "
	    "https://outlook.office.com/POP.AccessAsUser.All "
	    "https://outlook.office.com/SMTP.Send offline_access",
	    "https://outlook.office365.com/.default" },
};

static const char *
given(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : text;
}

/* The preset's address with the tenant in it. */
static const char *
fill(struct ctx *c, const char *pattern, const char *tenant)
{
	const char *at = strstr(pattern, "%s");

	if (at == NULL)
		return pattern;
	return arena_printf(&c->arena, "%.*s%s%s", (int)(at - pattern), pattern,
	    tenant == NULL ? "common" : tenant, at + 2);
}

void
oauth_save(struct ctx *c, int64_t account, const struct oauth_settings *s)
{
	const char *authorize = given(s->authorize_url), *token = given(s->token_url),
		   *scope = given(s->scope), *tenant = given(s->tenant);
	bool is_client = strcmp(s->flow, "client") == 0;

	if (!sql_account_there(c, account))
		fail(c, 404, "account_unknown", "there is no such account");
	if (tenant != NULL &&
	    strspn(tenant, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") !=
		strlen(tenant))
		fail(c, 422, "oauth_tenant_malformed", "'%s' is no tenant", tenant);
	for (size_t i = 0; i < NELEM(presets); i++) {
		const struct preset *p = &presets[i];

		if (strcmp(p->provider, s->provider) != 0)
			continue;
		authorize = authorize != NULL ? authorize : fill(c, p->authorize, tenant);
		token = token != NULL ? token : fill(c, p->token, tenant);
		scope = scope != NULL ? scope : is_client ? p->client_scope : p->consent_scope;
	}
	if (token == NULL)
		fail(c, 422, "oauth_token_missing", "this provider needs token_url");
	sql_oauth_save(c, account, s->provider, s->flow, s->client_id,
	    settings_seal(c, "oauth", s->client_secret), authorize, token,
	    scope == NULL ? "" : scope);
	sql_oauth_use(c, account);
}

/* base64url without padding (RFC 7636, appendix A). */
static char *
base64url(struct arena *a, const unsigned char *p, size_t n)
{
	size_t size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *to = arena_alloc(a, size);

	return sodium_bin2base64(to, size, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static char *
challenge(struct arena *a, const char *verifier)
{
	unsigned char h[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(h, (const unsigned char *)verifier, strlen(verifier));
	return base64url(a, h, sizeof h);
}

static void
put_parameter(struct buf *b, char before, const char *name, const char *value)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	buf_putc(b, before);
	buf_puts(b, name);
	buf_putc(b, '=');
	for (const char *p = value; *p != '\0'; p++)
		if (strchr(plain, *p) != NULL)
			buf_putc(b, *p);
		else
			buf_printf(b, "%%%02X", (unsigned char)*p);
}

const char *
oauth_redirect(struct arena *a)
{
	return arena_printf(a, "%s/oauth", conf.base_url);
}

const char *
oauth_consent_url(struct ctx *c, int64_t account, const char *session)
{
	struct row_oauth_consent_of o;
	struct buf b = { .arena = &c->arena };
	const char *state = crypt_random(&c->arena, 32), *verifier = crypt_random(&c->arena, 40);

	if (!sql_oauth_consent_of(c, account, &o))
		fail(c, 409, "oauth_no_consent",
		    "this account signs in without a consent, or has no OAuth yet");
	sql_oauth_begin(c, account, state, session, settings_seal(c, "oauth", verifier));
	buf_puts(&b, o.authorize_url);
	put_parameter(
	    &b, strchr(o.authorize_url, '?') == NULL ? '?' : '&', "response_type", "code");
	put_parameter(&b, '&', "client_id", o.client_id);
	put_parameter(&b, '&', "redirect_uri", oauth_redirect(&c->arena));
	put_parameter(&b, '&', "scope", o.scope);
	put_parameter(&b, '&', "state", state);
	put_parameter(&b, '&', "code_challenge", challenge(&c->arena, verifier));
	put_parameter(&b, '&', "code_challenge_method", "S256");
	put_parameter(&b, '&', "login_hint", o.address);
	/* Without these Google gives a refresh token the first time only. */
	if (strcmp(o.provider, "google") == 0) {
		put_parameter(&b, '&', "access_type", "offline");
		put_parameter(&b, '&', "prompt", "consent");
	}
	return b.s;
}

int64_t
oauth_take_code(struct ctx *c, const char *session, const char *state, const char *code,
    const char *error, int64_t agent, int64_t *account)
{
	struct row_oauth_give g;
	const char *draft;

	if (code == NULL && error == NULL)
		fail(c, 422, "consent_empty", "neither a code nor an error came back");
	if (!sql_oauth_give(c, state, session, settings_seal(c, "oauth", code),
		error == NULL
		    ? NULL
		    : text_cut(&c->arena, text_line(&c->arena, error, strlen(error)), 200),
		&g))
		fail(c, 422, "consent_unknown",
		    "this sign-in is not known, too old or another session's; begin it anew");
	*account = g.account;
	draft = arena_printf(&c->arena, "{\"consent\":\"%s\"}", g.hash);
	return sql_trial_add(c, "consent", g.account, draft, agent);
}
