/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing accounts in by OAuth, and trying them: rows that a process with network carries out. */
#include "api/api.h"
#include "channel/settings.h"

/* PUT /mail/accounts/:account/oauth */
void
api_account_oauth(struct req *r, const struct account_oauth *in)
{
	struct oauth_settings s = { .provider = in->provider,
		.flow = in->flow,
		.client_id = in->client_id,
		.client_secret = in->client_secret,
		.tenant = in->tenant,
		.authorize_url = in->authorize_url,
		.token_url = in->token_url,
		.scope = in->scope };

	oauth_save(r->c, in->account, &s);
	reply(r, 200, sql_account_settings(r->c, in->account));
}

/* What ties a sign-in to who began it: the browser's session, or the token of a program. */
static const char *
session_of(struct req *r)
{
	const char *cookie = cookie_read(r);

	return cookie != NULL ? cookie
			      : arena_printf(&r->c->arena, "agent %lld", (long long)r->agent->id);
}

/* POST /mail/accounts/:account/consent */
void
api_account_consent(struct req *r, const struct account_consent *in)
{
	struct buf b = { .arena = &r->c->arena };

	buf_putc(&b, '{');
	api_put_text(&b, "url", oauth_consent_url(r->c, in->account, session_of(r)));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}

/* POST /oauth */
void
api_oauth_code(struct req *r, const struct oauth_code *in)
{
	struct ctx *c = r->c;
	int64_t account, trial = oauth_take_code(c, session_of(r), in->state, in->code, in->error,
			     r->agent->id, &account);
	struct buf b = { .arena = &c->arena };

	buf_printf(&b, "{\"account\":%lld,\"trial\":%lld}", (long long)account, (long long)trial);
	reply(r, 202, buf_str(&b));
}

/* POST /mail/accounts/:account/import */
void
api_account_import(struct req *r, const struct account_import *in)
{
	struct import_settings s = { .since = in->since,
		.folders = in->folders,
		.status = in->status,
		.agent = r->agent->id };

	if (sql_account_type(r->c, in->account) == 0)
		fail(r->c, 404, "account_unknown", "there is no such account");
	settings_import(r->c, in->account, &s);
	reply(r, 201, sql_account_settings(r->c, in->account));
}

/* DELETE /mail/accounts/:account/import */
void
api_account_import_cancel(struct req *r, const struct account_import_cancel *in)
{
	if (sql_import_cancel(r->c, in->account) == 0)
		fail(r->c, 409, "import_ended", "nothing is being brought over");
}

/* POST /mail/trials */
void
api_trial_create(struct req *r, const struct trial_create *in)
{
	struct mail_settings s = { .name = in->name,
		.address = in->address,
		.kind = in->mail_kind,
		.host = in->host,
		.port = in->port,
		.security = in->security,
		.login = in->login,
		.password = in->password,
		.auth = in->auth,
		.pin = in->pin,
		.smtp_pin = in->smtp_pin,
		.after = in->after,
		.after_folder = in->after_folder,
		.folders = in->folders,
		.smtp_host = in->smtp_host,
		.smtp_port = in->smtp_port,
		.smtp_security = in->smtp_security,
		.smtp_login = in->smtp_login,
		.smtp_password = in->smtp_password,
		.smtp_auth = in->smtp_auth,
		.owner = ABSENT,
		.owner_role = ABSENT,
		.active = ABSENT };
	int64_t trial = settings_try(r->c, in->kind, in->account, &s, in->since, r->agent->id);

	reply(r, 202, sql_trial_get(r->c, trial));
}
