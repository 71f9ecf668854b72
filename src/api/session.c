/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in and out, and what an agent may set about himself. */
#include "api.h"

static void
reply_session(struct req *r, int status, int64_t agent, const char *csrf, struct str permissions)
{
	struct buf b = { .arena = &r->c->arena };
	struct str me = sql_me_get(r->c, agent);

	buf_puts(&b, "{\"agent\":");
	buf_add(&b, me.s, me.n);
	buf_printf(&b, ",\"csrf\":\"%s\",\"permissions\":", csrf);
	buf_add(&b, permissions.s, permissions.n);
	buf_printf(&b, ",\"testing\":%s}", sql_mail_mode_testing(r->c) ? "true" : "false");
	reply(r, status, buf_str(&b));
}

void
api_session_open(struct req *r, const struct session_open *in)
{
	const char *old = cookie_read(r);
	struct login l = login_open(r->c, in->login, in->password, r->from->address);
	struct agent a = agent_of_session(r->c, l.secret, true);

	cookie_write(r, l.secret);
	if (old != NULL)
		sql_session_remove(r->c, agent_secret_hash(r->c, old));
	agent_forget();
	reply_session(r, 201, l.agent, l.csrf, agent_permissions(r->c, &a));
}

void
api_session_get(struct req *r, const struct session_get *in)
{
	(void)in;
	reply_session(r, 200, r->agent->id, r->agent->csrf, agent_permissions(r->c, r->agent));
}

void
api_session_close(struct req *r, const struct session_close *in)
{
	const char *secret = cookie_read(r);

	(void)in;
	if (secret != NULL)
		sql_session_remove(r->c, agent_secret_hash(r->c, secret));
	agent_forget();
	cookie_write(r, NULL);
	reply_none(r);
}

void
api_me_change(struct req *r, const struct me_change *in)
{
	if (in->zone != NULL && !sql_zone_known(r->c, in->zone))
		fail(r->c, 422, "input", "zone is no time zone, such as Europe/Berlin");
	sql_me_change(r->c, r->agent->id, in->language, in->zone, in->signature, in->undo_seconds);
}

/* A wrong old password is no failure of the unit: the try has to be counted. */
void
api_password_change(struct req *r, const struct password_change *in)
{
	const struct password_new p = { r->agent->id, in->old, in->password, r->from->address,
		cookie_read(r) };

	if (!login_password(r->c, &p)) {
		reply_refusal(r, 422, "password_wrong", "the old password is wrong");
		return;
	}
	agent_forget();
	reply_none(r);
}
