/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page knows before anybody logged in, and what machines that watch ask for. */
#include <string.h>

#include "api.h"
#include "index/index.h"

void
api_meta(struct req *r, const struct meta *in)
{
	struct buf b = { .arena = &r->c->arena };
	const char *name = sql_setting_get(r->c, "name");

	(void)in;
	if (name == NULL)
		name = "docket";
	buf_puts(&b, "{\"name\":");
	buf_json(&b, name, strlen(name));
	buf_printf(&b, ",\"version\":\"%s\",\"languages\":[\"de\",\"en\"],\"https\":%s}",
	    DOCKET_VERSION, r->from->https ? "true" : "false");
	reply(r, 200, buf_str(&b));
}

void
api_healthz(struct req *r, const struct healthz *in)
{
	(void)in;
	reply(r, 200, STR("{\"ok\":true}"));
}

static const char *
index_state(struct ctx *c)
{
	const char *path = index_current(&c->arena);

	if (path == NULL || index_reader(&c->arena) == NULL)
		return "missing";
	return index_is_filling(&c->arena, path) ? "rebuilding" : "ok";
}

void
api_readyz(struct req *r, const struct readyz *in)
{
	struct buf b = { .arena = &r->c->arena };
	int64_t began = time_mono(), schema = sql_schema_number(r->c), took = time_mono() - began;
	struct row_ready row;

	(void)in;
	sql_ready(r->c, conf.node, &row);
	buf_printf(&b,
	    "{\"database\":%.3f,\"schema\":%lld,\"index\":\"%s\",\"index_lag\":%lld,"
	    "\"outbox_oldest\":%lld}",
	    (double)took / 1000, (long long)schema, index_state(r->c), (long long)row.index_lag,
	    (long long)row.outbox_oldest);
	reply(r, 200, buf_str(&b));
}
