-- Answers that wait (undo for some seconds, send later), to whom they go, and mails that were sent anew.

alter table agent
	add column undo_seconds int not null default 10
		constraint agent_undo_seconds_range check (undo_seconds between 0 and 30);
comment on column agent.undo_seconds is 'How long an answer sent from the page can be taken back; 0 = it leaves at once';
grant update (undo_seconds) on agent to docket_agent;

-- A draft of each kind: what waits to be sent is not overwritten by a comment that is begun meanwhile.
alter table draft drop constraint draft_pkey;
alter table draft
	add primary key (agent_id, ticket_id, kind),
	add column uploads bigint[] not null default '{}',
	add column recipients text[] not null default '{}',
	add column copies text[] not null default '{}',
	add column status_id int,
	add column resends bigint,
	add column due_at timestamptz,
	add column returned text,
	add constraint draft_due_message check (due_at is null or kind = 'message');
comment on column draft.recipients is 'Whom it goes to; empty = the customer';
comment on column draft.status_id is 'The status that the ticket gets with it; null = it keeps its own';
comment on column draft.due_at is 'docket work sends it then; null = it is being written';
comment on column draft.returned is 'Why it did not leave when it was due: a code of the API';
create index draft_due on draft (due_at) where due_at is not null;

alter table message
	add column addressed text[] not null default '{}',
	add column copies text[] not null default '{}',
	add column resends bigint references message;
comment on column message.addressed is 'Whom an agent wrote it to; empty = the customer';
comment on column message.copies is 'Who gets a copy that everybody sees (Cc)';
comment on column message.resends is 'The message whose mail failed and which this one was written in place of';

alter table outbox add column replaced boolean not null default false;
comment on column outbox.replaced is 'It failed, and its message was sent anew as another one';
grant update (replaced) on outbox to docket_agent, docket_work;

-- work makes messages of what is due, with the rights of who wrote them.
grant select (active) on agent to docket_work;
grant update, delete on draft to docket_work;
grant update (message_id) on file to docket_work;

create or replace function ticket_undelivered(ticket bigint) returns boolean language sql stable set search_path = docket as $$
	select exists (select from outbox o where o.ticket_id = ticket and not o.replaced
	                and (o.state = 'failed'
	                     or o.bounced = 'failed' and not exists (select from outbox n where n.ticket_id = o.ticket_id and n.id > o.id
	                                                              and n.state = 'sent' and n.bounced is distinct from 'failed')))
$$;
-- An answer that comes back to its writer does not make its ticket new.
create or replace function event_counts() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	update ticket
	   set version = version + 1,
	       updated_at = case when new.kind like 'mail.%' or new.kind = 'draft.returned' then updated_at
	                         else greatest(updated_at, now()) end,
	       failed = case when new.kind like 'mail.%' then ticket_undelivered(new.ticket_id) else failed end
	 where id = new.ticket_id
	returning version into new.version;
	perform pg_notify('docket_event', '');
	return new;
end $$;

create or replace function ticket_rows(agent bigint) returns table (
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
	       exists (select from draft d where d.ticket_id = t.id and d.agent_id = agent and d.due_at is null),
	       t.files, t.messages, t.failed, t.owner_ids, t.tag_ids, t.is_open
	  from ticket_visible(agent) t
	  left join customer c on c.id = t.customer_id
	  left join seen s on s.ticket_id = t.id and s.agent_id = agent
$$;

insert into folder (key, name, icon, query, position)
select 'scheduled', '{"de": "Geplant", "en": "Scheduled"}', 'clock', 'is:scheduled', position
  from folder where key = 'drafts';
update folder set position = position + 1
 where key is not null and key <> 'drafts' and position >= (select position from folder where key = 'drafts');
