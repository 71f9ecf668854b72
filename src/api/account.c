/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail accounts: their settings, the words for what can be wrong, test mode. */
#include "api/api.h"
#include "channel/fault.h"
#include "channel/provider.h"
#include "channel/settings.h"
#include "mime/mime.h"

/* The same fields stand in several inputs: of each route its own struct. */
#define SETTINGS(in)                                                                               \
	{                                                                                          \
		.name = (in)->name, .address = (in)->address, .kind = (in)->kind,                  \
		.host = (in)->host, .port = (in)->port, .security = (in)->security,                \
		.login = (in)->login, .password = (in)->password, .auth = (in)->auth,              \
		.after = (in)->after, .after_folder = (in)->after_folder,                          \
		.folders = (in)->folders, .type = (in)->type, .status = (in)->status,              \
		.owner = (in)->owner, .owner_role = (in)->owner_role,                              \
		.sender_name = (in)->sender_name, .reply_to = (in)->reply_to,                      \
		.signature = (in)->signature, .authserv_id = (in)->authserv_id,                    \
		.smtp_host = (in)->smtp_host, .smtp_port = (in)->smtp_port,                        \
		.smtp_security = (in)->smtp_security, .smtp_login = (in)->smtp_login,              \
		.smtp_password = (in)->smtp_password, .smtp_auth = (in)->smtp_auth,                \
		.every = (in)->every, .active = (in)->active, .pin = (in)->pin,                    \
		.smtp_pin = (in)->smtp_pin, .reports = (in)->reports                               \
	}

/* POST /mail/accounts */
void
api_account_create(struct req *r, const struct account_create *in)
{
	struct mail_settings s = SETTINGS(in);

	s.existing = in->existing;
	s.since = in->since;
	s.import_status = in->import_status;
	s.agent = r->agent->id;
	reply(r, 201, sql_account_settings(r->c, settings_save(r->c, 0, &s)));
}

/* PATCH /mail/accounts/:account */
void
api_account_change(struct req *r, const struct account_change *in)
{
	struct mail_settings s = SETTINGS(in);

	s.idle_again = in->idle_again;
	settings_save(r->c, in->account, &s);
}

/* GET /mail/faults */
void
api_mail_faults(struct req *r, const struct mail_faults *in)
{
	(void)in;
	reply(r, 200, fault_table(&r->c->arena));
}

/* GET /mail/servers */
void
api_mail_servers(struct req *r, const struct mail_servers *in)
{
	const struct provider *p = provider_of(in->address);

	if (!mime_address_ok(in->address))
		fail(r->c, 422, "address_malformed", "this is no mail address");
	reply(r, 200, p != NULL ? provider_json(&r->c->arena, p) : STR("{\"known\":false}"));
}

/* The addresses of a text, one per line. */
static struct texts
addresses(struct ctx *c, const char *text)
{
	enum { MOST = 100 };
	const char **v = arena_alloc(&c->arena, MOST * sizeof *v);
	size_t n = 0;

	while (text != NULL && *text != '\0' && n < MOST) {
		size_t length = strcspn(text, "\n,;");
		char *one = text_lower(&c->arena, text_line(&c->arena, text, length));

		if (one[0] != '\0' && !mime_address_ok(one))
			fail(c, 422, "address_malformed", "'%s' is no mail address", one);
		if (one[0] != '\0')
			v[n++] = one;
		text += length + (text[length] != '\0');
	}
	return (struct texts){ v, n };
}

/* PUT /mail/mode */
void
api_mail_mode_set(struct req *r, const struct mail_mode_set *in)
{
	struct texts allowed = addresses(r->c, in->allowed);

	sql_mail_mode_set(r->c, r->agent->id, in->testing, allowed);
}
