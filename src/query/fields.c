/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field table: what can be asked, under which names, and the constant clause it becomes. */
#include <string.h>

#include "query/query.h"

/* A name in any language of the shop: folded on both sides, so the parser needs no database. */
#define NAMED(table)                                                                               \
	"(select x.id from " table " x, jsonb_each_text(x.name) n "                                \
	"where name_fold(n.value) = name_fold($v))"
/* The same, looked up once however many tickets are held against it. */
#define NUMBERS(table)                                                                             \
	"((select coalesce(array_agg(x.id), '{}') from " table " x, jsonb_each_text(x.name) n "    \
	"where name_fold(n.value) = name_fold($v))::int[])"
#define OWNERS                                                                                     \
	"(select coalesce(array_agg(k), '{}') from ("                                              \
	"select a.id from agent a where lower(a.login) = lower($v::text) "                         \
	"or name_words(a.name) @> name_words($v) "                                                 \
	"union all select -x.id from team x, jsonb_each_text(x.name) n "                           \
	"where name_fold(n.value) = name_fold($v)) o (k))"

#define CHOICE(w, de, also, sql)                                                                   \
	{                                                                                          \
		.word = w, .german = de, .aliases = also, .clause = sql                            \
	}
#define SERVED(w, de, also, sql)                                                                   \
	{                                                                                          \
		.word = w, .german = de, .aliases = also, .clause = sql,                           \
		.serves = QUERY_SERVED_OPEN                                                        \
	}
#define PLACE(w, de, also, m)                                                                      \
	{                                                                                          \
		.word = w, .german = de, .aliases = also, .mark = m                                \
	}

static const struct query_choice states[] = {
	CHOICE("open", "offen", "offen", "t.is_open"),
	CHOICE("closed", "geschlossen", "geschlossen zu erledigt", "not t.is_open"),
	CHOICE("unassigned", "frei", "frei unbesetzt eignerlos", "t.owner_ids = '{}'"),
	SERVED("mine", "meine", "meine mein meins", "t.owner_ids && array[$a::int]"),
	SERVED("team", "team", "teams",
	    "t.owner_ids && (select s.keys from sight s where s.agent_id = $a::int)::int[]"),
	CHOICE("overdue", "überfällig", "uberfallig", "t.is_open and t.deadline_at < now()"),
	CHOICE("waiting", "wartend", "wartend wartet",
	    "t.status_id in (select x.id from status x where x.category in ('wait', 'ext'))"),
	CHOICE("unread", "ungelesen", "ungelesen",
	    "t.last_message_id > coalesce((select x.message_id from seen x "
	    "where x.ticket_id = t.id and x.agent_id = $a::int), 999999999)"),
	CHOICE("confidential", "vertraulich", "vertraulich", "t.confidential"),
	CHOICE("failed", "unzustellbar", "unzustellbar", "t.failed"),
	CHOICE(
	    "held", "angehalten", "angehalten", "t.id in (select x.id from ticket x where x.held)"),
	CHOICE("scheduled", "geplant", "geplant",
	    "t.id in (select d.ticket_id from draft d where d.agent_id = $a::int "
	    "and d.due_at is not null)"),
	{ 0 },
};
static const struct query_choice things[] = {
	CHOICE("file", "anhang", "anhang datei attachment files dateien", "t.files > 0"),
	CHOICE("draft", "entwurf", "entwurf",
	    "t.id in (select d.ticket_id from draft d where d.agent_id = $a::int "
	    "and d.due_at is null)"),
	CHOICE("owner", "eigner", "eigner", "t.owner_ids <> '{}'"),
	CHOICE("tag", "schlagwort", "schlagwort tags", "t.tag_ids <> '{}'"),
	CHOICE("deadline", "frist", "frist due wiedervorlage", "t.deadline_at is not null"),
	CHOICE("customer", "kunde", "kunde", "t.customer_id is not null"),
	{ 0 },
};
#define TRUST(w) "t.id in (select x.id from ticket x where x.trust = '" w "')"
static const struct query_choice trusts[] = {
	CHOICE("verified", "geprüft", "gepruft sicher", TRUST("verified")),
	CHOICE("unverified", "ungeprüft", "ungepruft", TRUST("unverified")),
	CHOICE("failed", "zweifelhaft", "zweifelhaft gefalscht", TRUST("failed")),
	{ 0 },
};
static const struct query_choice sources[] = {
	CHOICE("mail", "mail", "email post", "t.source = 'mail'"),
	CHOICE("agent", "mitarbeiter", "mitarbeiter", "t.source = 'agent'"),
	CHOICE("api", "schnittstelle", "schnittstelle", "t.source = 'api'"),
	CHOICE("form", "formular", "formular", "t.source = 'form'"),
	CHOICE("ebay", "ebay", "", "t.source = 'ebay'"),
	CHOICE("import", "übernahme", "ubernahme", "t.source = 'import'"),
	{ 0 },
};
static const struct query_choice places[] = {
	PLACE("message", "nachricht", "nachricht messages nachrichten", TERM_MESSAGE),
	PLACE("comment", "kommentar", "kommentar comments kommentare intern", TERM_COMMENT),
	PLACE("attachment", "anhang", "anhang file datei", TERM_WITH_FILE),
	{ 0 },
};

const struct query_field query_fields[] = {
	{ .name = "subject",
	    .german = "betreff",
	    .aliases = "betreff",
	    .kind = QUERY_TEXT,
	    .text = TERM_SUBJECT },
	{ .name = "from",
	    .german = "von",
	    .aliases = "von absender people",
	    .kind = QUERY_TEXT,
	    .text = TERM_PERSON },
	{ .name = "file",
	    .german = "datei",
	    .aliases = "datei dateiname filename",
	    .kind = QUERY_TEXT,
	    .text = TERM_FILE },
	{ .name = "order",
	    .german = "auftrag",
	    .aliases = "auftrag bestellung auftragsnummer bestellnummer",
	    .kind = QUERY_TEXT,
	    .text = TERM_TEXT },
	{ .name = "in", .german = "in", .aliases = "", .kind = QUERY_MARK, .choices = places },
	{ .name = "is",
	    .german = "ist",
	    .aliases = "ist",
	    .kind = QUERY_CHOICE,
	    .choices = states },
	{ .name = "has",
	    .german = "hat",
	    .aliases = "hat mit",
	    .kind = QUERY_CHOICE,
	    .choices = things },
	{ .name = "trust",
	    .german = "absenderprüfung",
	    .aliases = "absenderprufung vertrauen",
	    .kind = QUERY_CHOICE,
	    .choices = trusts },
	{ .name = "source",
	    .german = "quelle",
	    .aliases = "quelle herkunft",
	    .kind = QUERY_CHOICE,
	    .choices = sources },
	{ .name = "status",
	    .german = "status",
	    .aliases = "zustand",
	    .kind = QUERY_NAME,
	    .serves = QUERY_SERVED,
	    .clause = "t.status_id = any " NUMBERS("status"),
	    .by_number = "t.status_id = $v::int" },
	{ .name = "folder", .german = "ordner", .aliases = "ordner", .kind = QUERY_KEPT },
	{ .name = "type",
	    .german = "typ",
	    .aliases = "typ art",
	    .kind = QUERY_NAME,
	    .clause = "t.type_id = any " NUMBERS("type"),
	    .by_number = "t.type_id = $v::int" },
	{ .name = "owner",
	    .german = "eigner",
	    .aliases = "eigner besitzer zustandig agent",
	    .kind = QUERY_NAME,
	    .serves = QUERY_SERVED_OPEN,
	    .clause = "t.owner_ids && " OWNERS,
	    .by_number = "t.owner_ids && array[$v::int]" },
	{ .name = "role",
	    .german = "rolle",
	    .aliases = "rolle",
	    .kind = QUERY_NAME,
	    .clause =
		"t.id in (select o.ticket_id from owner o where o.role_id in " NAMED("role") ")",
	    .by_number = "t.id in (select o.ticket_id from owner o where o.role_id = $v::int)" },
	{ .name = "tag",
	    .german = "schlagwort",
	    .aliases = "schlagwort stichwort label",
	    .kind = QUERY_NAME,
	    .serves = QUERY_SERVED,
	    .clause = "t.tag_ids && (select coalesce(array_agg(g.id), '{}') from tag g "
		      "where name_fold(g.name) = name_fold($v))",
	    .by_number = "t.tag_ids && array[$v::int]" },
	{ .name = "account",
	    .german = "postfach",
	    .aliases = "postfach konto mailbox",
	    .kind = QUERY_NAME,
	    .serves = QUERY_SERVED_OPEN,
	    .clause = "t.account_id in (select x.id from account x where lower(x.address) = "
		      "lower($v::text) "
		      "or name_fold(x.name) = name_fold($v))",
	    .by_number = "t.account_id = $v::int" },
	{ .name = "customer",
	    .german = "kunde",
	    .aliases = "kunde kundin",
	    .kind = QUERY_NAME,
	    .serves = QUERY_SERVED,
	    .clause = "t.customer_id in (select x.customer_id from customer_address x "
		      "where x.email = lower($v::text) union all select x.id from customer x "
		      "where name_words(x.name) @> name_words($v) and name_words($v) <> '{}')",
	    .by_number = "t.customer_id = $v::bigint" },
	{ .name = "id",
	    .german = "nr",
	    .aliases = "nr nummer ticket number",
	    .kind = QUERY_NUMBER,
	    .serves = QUERY_SERVED,
	    .clause = "t.id" },
	{ .name = "prio",
	    .german = "prio",
	    .aliases = "priority prioritat",
	    .kind = QUERY_NUMBER,
	    .clause = "t.priority" },
	{ .name = "created",
	    .german = "erstellt",
	    .aliases = "erstellt eingang angelegt",
	    .kind = QUERY_DATE,
	    .clause = "t.created_at" },
	{ .name = "before",
	    .german = "vor",
	    .aliases = "vor",
	    .kind = QUERY_DATE,
	    .rel = QUERY_BELOW,
	    .clause = "t.created_at" },
	{ .name = "after",
	    .german = "nach",
	    .aliases = "nach",
	    .kind = QUERY_DATE,
	    .rel = QUERY_ABOVE,
	    .clause = "t.created_at" },
	{ .name = "updated",
	    .german = "geändert",
	    .aliases = "geandert bearbeitet changed",
	    .kind = QUERY_DATE,
	    .clause = "t.updated_at" },
	{ .name = "closed",
	    .german = "geschlossen",
	    .aliases = "geschlossen erledigt",
	    .kind = QUERY_DATE,
	    .clause = "(select x.closed_at from ticket x where x.id = t.id)" },
	{ .name = "due",
	    .german = "fällig",
	    .aliases = "fallig frist deadline wiedervorlage",
	    .kind = QUERY_DATE,
	    .clause = "t.deadline_at" },
	{ 0 },
};
