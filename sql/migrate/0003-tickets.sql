-- One shape of a ticket for every list, and what a new shop finds in place.

-- A ticket as a list shows it, to one agent. Inlined: language sql, stable, not security definer.
create function ticket_rows(agent bigint) returns table (
	id bigint, version int, subject text, type_id int, status_id int, priority int, source text, account_id int,
	customer_id bigint, customer text, from_name text, from_email text, snippet text, last_kind text,
	last_message_id bigint, created_at timestamptz, updated_at timestamptz, deadline_at timestamptz, closed boolean,
	confidential boolean, unread boolean, draft boolean, files int, messages int, failed boolean, owner_ids int[],
	tag_ids int[], is_open boolean)
language sql stable as $$
	select t.id, t.version, t.subject, t.type_id, t.status_id, t.priority, t.source, t.account_id, t.customer_id,
	       c.name, t.from_name, t.from_email, t.snippet, t.last_kind, t.last_message_id, t.created_at, t.updated_at,
	       t.deadline_at, not t.is_open, t.confidential,
	       t.last_message_id is not null and coalesce(s.message_id, 0) < t.last_message_id,
	       d.ticket_id is not null, t.files, t.messages, t.failed, t.owner_ids, t.tag_ids, t.is_open
	  from ticket_visible(agent) t
	  left join customer c on c.id = t.customer_id
	  left join seen s on s.ticket_id = t.id and s.agent_id = agent
	  left join draft d on d.ticket_id = t.id and d.agent_id = agent
$$;
grant execute on function ticket_rows(bigint) to docket_agent;

insert into role (name, position) values
	('{"de": "Bearbeitung", "en": "Support"}', 1),
	('{"de": "Federführung", "en": "Lead"}', 2),
	('{"de": "Prüfung", "en": "Review"}', 3);

insert into type (name, icon, position) values
	('{"de": "Anfrage", "en": "Enquiry"}', 'mail', 1),
	('{"de": "Reklamation", "en": "Complaint"}', 'package', 2),
	('{"de": "Retoure", "en": "Return"}', 'reply', 3),
	('{"de": "Rechnung", "en": "Invoice"}', 'file', 4);
insert into status (type_id, name, category, colour, progress, position)
select t.id, s.name, s.category, s.colour, s.progress, s.position
  from type t, (values
	('{"de": "Neu", "en": "New"}'::jsonb, 'new', 'violet', 0, 1),
	('{"de": "Offen", "en": "Open"}', 'open', 'blue', 10, 2),
	('{"de": "In Bearbeitung", "en": "In progress"}', 'work', 'orange', 40, 3),
	('{"de": "Wartet auf Kunde", "en": "Waiting for customer"}', 'wait', 'grey', 60, 4),
	('{"de": "Wartet extern", "en": "Waiting for others"}', 'ext', 'teal', 60, 5),
	('{"de": "Erledigt", "en": "Done"}', 'done', 'green', 100, 6),
	('{"de": "Abgelehnt", "en": "Declined"}', 'shut', 'grey', 100, 7)) s (name, category, colour, progress, position)
 order by t.id, s.position;

insert into folder (key, name, icon, query, position) values
	('inbox', '{"de": "Eingang", "en": "Inbox"}', 'inbox', 'is:open', 1),
	('mine', '{"de": "Meine", "en": "Mine"}', 'user', 'is:open is:mine', 2),
	('unassigned', '{"de": "Ohne Eigner", "en": "Unassigned"}', 'unassigned', 'is:open is:unassigned', 3),
	('waiting', '{"de": "Wartend", "en": "Waiting"}', 'clock', 'is:waiting', 4),
	('drafts', '{"de": "Entwürfe", "en": "Drafts"}', 'pen', 'has:draft', 5),
	('failed', '{"de": "Nicht zugestellt", "en": "Not delivered"}', 'alert', 'is:failed', 6),
	('done', '{"de": "Erledigt", "en": "Done"}', 'check', 'is:closed', 7),
	('all', '{"de": "Alle Tickets", "en": "All tickets"}', 'folder', '', 8);
