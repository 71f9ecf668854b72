-- What lay in a mailbox before docket came is brought over once: silently, from a day on, oldest first.

create table mail_import (
	id         bigint generated always as identity primary key,
	account_id int not null references account on delete cascade,
	agent_id   int references agent,
	since      date,
	folders    text[] not null default '{}',
	type_id    int not null,
	status_id  int not null,
	begins     boolean not null,
	state      text not null default 'new' constraint mail_import_state_unknown check (state in ('new', 'running', 'done', 'cancelled')),
	total      int,
	brought    int,
	failures   int not null default 0,
	due_at     timestamptz not null default now(),
	error      text,
	error_code text,
	created_at timestamptz not null default now(),
	started_at timestamptz,
	ended_at   timestamptz,
	constraint status_of_other_type foreign key (type_id, status_id) references status (type_id, id)
);
comment on table mail_import is 'since null: nothing older comes over, docket begins with what is new';
comment on column mail_import.folders is 'Empty = those that the account is fetched from';
comment on column mail_import.begins is 'Made with the account: live mail begins behind what its folders hold when they are listed';
comment on column mail_import.brought is 'How many became messages, known when it is done; the others were here already or are parked';
create unique index mail_import_taken on mail_import (account_id) where state in ('new', 'running');

create table mail_import_item (
	import_id   bigint not null references mail_import on delete cascade,
	folder      text not null,
	uidvalidity bigint not null,
	uid         bigint not null,
	at          timestamptz not null,
	size        bigint not null,
	tries       int not null default 0,
	primary key (import_id, folder, uidvalidity, uid)
);
comment on table mail_import_item is 'Mails of an import that are still to be fetched; a row goes in the unit that stores its mail';
create index mail_import_order on mail_import_item (import_id, tries, at, folder, uid);

alter table account
	add column begins_at timestamptz,
	add column reports text not null default 'ticket' constraint account_reports_unknown check (reports in ('ticket', 'closed', 'none'));
comment on column account.reports is 'What becomes of a delivery report that names no mail of ours: a ticket, one that is closed, or none (its original stays)';
comment on column account.begins_at is 'Mail that came to its folders before is none of docket''s, also when the server numbers all anew; null = all is';

alter table inbound
	add column import_id bigint references mail_import,
	add column dated_at timestamptz;
comment on column inbound.import_id is 'It was there before docket came: it becomes a message silently';
comment on column inbound.dated_at is 'When an imported mail came to its mailbox';
-- What waits is read in order of an index each: live mail first, and never sorted.
create index inbound_live on inbound (id) where state = 'new' and import_id is null;
create index inbound_imported on inbound (import_id, id) where state = 'new' and import_id is not null;

-- An account with everything that can be set and how it is; never a password. With the rights of who asks.
create or replace view account_shown with (security_invoker = true) as
select a.id, a.name, a.address, a.active, a.kind, a.host, a.port, a.security, a.login, a.auth,
       a.secret_id is not null as has_password, a.after, a.after_folder,
       coalesce((select json_agg(f.name order by f.name) from account_folder f where f.account_id = a.id), '["INBOX"]') as folders,
       a.type_id, a.status_id, a.owner_id, a.owner_role_id, a.sender_name, a.reply_to, a.signature,
       a.smtp_host, a.smtp_port, a.smtp_security, a.smtp_login, a.smtp_auth, a.smtp_secret_id is not null as has_smtp_password,
       a.authserv_id, a.plus_proved, extract(epoch from a.every)::bigint as every, a.due_at, a.failures, a.last_ok_at,
       a.last_error, a.error_code,
       (select json_build_object('provider', o.provider, 'flow', o.flow, 'client_id', o.client_id,
                                 'has_secret', o.client_secret_id is not null, 'authorize_url', o.authorize_url,
                                 'token_url', o.token_url, 'scope', o.scope, 'state', o.state, 'error', o.error,
                                 'expires_at', o.expires_at) from oauth o where o.account_id = a.id) as oauth,
       (select json_build_object('id', i.id, 'since', i.since, 'folders', i.folders, 'status_id', i.status_id, 'state', i.state,
                                 'total', i.total, 'done', i.total - x.remaining, 'brought', i.brought,
                                 'eta', case when i.state = 'running' and i.total > x.remaining
                                             then ceil(extract(epoch from now() - i.started_at) / (i.total - x.remaining) * x.remaining)::bigint end,
                                 'created_at', i.created_at, 'ended_at', i.ended_at, 'error_code', i.error_code, 'error', i.error)
          from mail_import i
         cross join lateral (select (select count(*) from mail_import_item t where t.import_id = i.id)
                                    + (select count(*) from inbound n where n.import_id = i.id and n.state = 'new') as remaining) x
         where i.account_id = a.id order by i.id desc limit 1) as import,
       a.pin, a.smtp_pin, case when a.idle_off_at > now() - interval '1 day' then a.idle_off end as idle_off, a.reports
  from account a;

-- Ids of messages that were there before lie below 10^9: nobody has to read those.
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
	       t.last_message_id is not null and coalesce(s.message_id, 999999999) < t.last_message_id,
	       exists (select from draft d where d.ticket_id = t.id and d.agent_id = agent and d.due_at is null),
	       t.files, t.messages, t.failed, t.owner_ids, t.tag_ids, t.is_open
	  from ticket_visible(agent) t
	  left join customer c on c.id = t.customer_id
	  left join seen s on s.ticket_id = t.id and s.agent_id = agent
$$;

-- Grants ------------------------------------------------------------------------------------------------------------
grant select, insert (account_id, agent_id, since, folders, type_id, status_id, begins), update (state, ended_at) on mail_import to docket_agent;
grant select, delete on mail_import_item to docket_agent;
grant insert (pin, smtp_pin, reports), update (pin, smtp_pin, idle_off, idle_off_at, reports) on account to docket_agent;

grant select, update (state, total, brought, failures, due_at, error, error_code, started_at, ended_at) on mail_import to docket_poll;
grant select, insert, delete, update (tries) on mail_import_item to docket_poll;
grant update (begins_at) on account to docket_poll;

grant select, update (state, brought, ended_at, error, error_code) on mail_import to docket_work;
grant select on mail_import_item to docket_work;
grant update (created_at, updated_at) on ticket to docket_work;
grant update (created_at) on customer to docket_work;
