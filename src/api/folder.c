/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders that agents make of what they searched for, and what is new in those they watch. */
#include "api/api.h"

static bool
may_share(const struct req *r)
{
	return agent_may(r->agent, PERM_SETTINGS_WRITE);
}

static noreturn void
unknown(struct ctx *c, int64_t folder)
{
	fail(c, 404, "folder_unknown", "there is no folder %lld that you may change",
	    (long long)folder);
}

/* POST /folders */
void
api_folder_create(struct req *r, const struct folder_create *in)
{
	struct ctx *c = r->c;
	int64_t folder;

	if (in->shared && !may_share(r))
		fail(c, 403, "permission",
		    "you need the permission settings.write to share folders");
	folder = sql_folder_create(c, r->agent->id, in->name, in->query, in->shared);
	if (folder == 0)
		fail(c, 409, "folders_many", "you have a hundred folders of your own already");
	if (in->watched)
		sql_folder_watch(c, r->agent->id, folder);
	reply(r, 201, sql_folder_get(c, r->agent->id, folder));
}

/* PATCH /folders/:folder */
void
api_folder_change(struct req *r, const struct folder_change *in)
{
	struct ctx *c = r->c;

	if ((in->name != NULL || in->query != NULL) &&
	    sql_folder_change(c, r->agent->id, in->folder, may_share(r), in->name, in->query) == 0)
		unknown(c, in->folder);
	if (in->watched == 1)
		sql_folder_watch(c, r->agent->id, in->folder);
	if (in->watched == 0)
		sql_folder_unwatch(c, r->agent->id, in->folder);
}

/* DELETE /folders/:folder */
void
api_folder_remove(struct req *r, const struct folder_remove *in)
{
	if (sql_folder_remove(r->c, r->agent->id, in->folder, may_share(r)) == 0)
		unknown(r->c, in->folder);
	reply_none(r);
}

/* PUT /folders */
void
api_folder_order(struct req *r, const struct folder_order *in)
{
	sql_folder_order(r->c, r->agent->id, in->folders, may_share(r));
	reply_none(r);
}

/* PUT /alerts */
void
api_alert_seen(struct req *r, const struct alert_seen *in)
{
	sql_alert_seen(r->c, r->agent->id, in->alert);
	reply_none(r);
}
