-- What becomes of a mail: on what evidence it joined, whether its sender is who he says he is, what came back, what is held.

alter table type
	add column reopen_days int constraint type_reopen_days_range check (reopen_days between 0 and 3650);
comment on column type.reopen_days is 'An answer to a ticket that was closed longer ago opens one that follows it; null = it opens the old one again';

alter table ticket
	add column trust text constraint ticket_trust_unknown check (trust in ('verified', 'unverified', 'failed')),
	add column held boolean not null default false,
	add column follows bigint references ticket;
comment on column ticket.trust is 'Of the newest mail from outside';
comment on column ticket.held is 'Its sender wrote too much too fast: nothing leaves by itself until somebody has looked';
comment on column ticket.follows is 'The ticket that was closed too long ago to be opened again';
create index ticket_follows on ticket (follows) where follows is not null;
create index ticket_doubtful on ticket (id) where held or trust = 'failed';

alter table message
	add column evidence text constraint message_evidence_unknown
		check (evidence in ('address', 'own_id', 'foreign_id', 'tag', 'late', 'new', 'hand')),
	add column maybe bigint[] not null default '{}',
	add column trust text constraint message_trust_unknown check (trust in ('verified', 'unverified', 'failed')),
	add column trust_reason text,
	add column warnings text[] not null default '{}';
comment on column message.evidence is 'Why a mail is in its ticket';
comment on column message.maybe is 'Tickets it may belong to; nothing but a person joins it';
create index message_email on message (lower(email), created_at) where inbound_id is not null;

alter table inbound add column insisted boolean not null default false;
comment on column inbound.insisted is 'A person had it read again: what only guards against loops does not hold';

alter table customer_address
	add column bounces int not null default 0,
	add column bounced_at timestamptz,
	add column bounce_status text,
	add column complained_at timestamptz;
comment on column customer_address.bounces is 'Mails that came back for good since this address was last heard of';
comment on column customer_address.complained_at is 'Its provider reported a mail of ours as spam: nothing leaves to it by itself';

alter table outbox
	add column automatic boolean not null default false,
	add column bounced text constraint outbox_bounced_unknown check (bounced in ('failed', 'delayed')),
	add column bounce_status text,
	add column bounce_words text,
	add column bounced_at timestamptz;
comment on column outbox.automatic is 'No person wrote it or set it off: it is counted against floods and loops';
comment on column outbox.bounced is 'A report came back for a mail that was sent';
create index outbox_ref on outbox (ref);
create index outbox_automatic on outbox (lower(recipients[1]), created_at) where automatic;

-- Has a mail of this ticket not arrived, and none left for it since?
create function ticket_undelivered(ticket bigint) returns boolean language sql stable set search_path = docket as $$
	select exists (select from outbox o where o.ticket_id = ticket
	                and (o.state = 'failed'
	                     or o.bounced = 'failed' and not exists (select from outbox n where n.ticket_id = o.ticket_id and n.id > o.id
	                                                              and n.state = 'sent' and n.bounced is distinct from 'failed')))
$$;
revoke all on function ticket_undelivered(bigint) from public;
create or replace function event_counts() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	update ticket
	   set version = version + 1,
	       updated_at = case when new.kind like 'mail.%' then updated_at else greatest(updated_at, now()) end,
	       failed = case when new.kind like 'mail.%' then ticket_undelivered(new.ticket_id) else failed end
	 where id = new.ticket_id
	returning version into new.version;
	perform pg_notify('docket_event', '');
	return new;
end $$;

-- A message that moves takes its ticket's subject along.
drop trigger index_enqueue on message;
create trigger index_enqueue after insert or update of body, folded, kind, ticket_id on message
	for each row execute function index_enqueue();

-- Agents who may answer by mail, for whoever reads mail.
create view agent_writer as
select a.id, lower(a.email) as email from agent a
 where a.active and a.email like '%_@_%'
   and exists (select from agent_profile p join profile_permission w on w.profile_id = p.profile_id
                where p.agent_id = a.id and w.permission = 'ticket.write');

grant select on agent_writer to docket_work;
grant execute on function ticket_visible(bigint) to docket_work;
grant update (trust, held, follows) on ticket to docket_work;
grant update (evidence, maybe, trust, trust_reason, warnings) on message to docket_work;
grant update (bounces, bounced_at, bounce_status, complained_at) on customer_address to docket_work;
grant update (bounced, bounce_status, bounce_words, bounced_at) on outbox to docket_work;
grant update (held) on ticket to docket_agent;
grant update (reopen_days) on type to docket_agent;
grant update (ticket_id, evidence, maybe) on message to docket_agent;
grant update (ticket_id, insisted) on inbound to docket_agent;
grant select, delete on message_reference to docket_agent;

insert into folder (key, name, icon, query, position) values
	('check', '{"de": "Zu prüfen", "en": "To check"}', 'shield-check', 'is:held OR (is:open trust:failed)', 6);
