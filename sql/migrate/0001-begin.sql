-- The whole of the first schema. README.md tells it in prose; names of constraints are codes of the API.
create schema docket;
grant usage on schema docket to docket_agent, docket_portal, docket_poll, docket_work, docket_index, docket_send,
	docket_render;

create table migration (
	n      int primary key,
	name   text not null,
	sha256 text not null,
	at     timestamptz not null default now()
);

create table setting (
	key   text primary key,
	value text not null
);
comment on table setting is 'What belongs to the installation as a whole: its name, the public key of secrets';

-- People of the shop ------------------------------------------------------------------------------------------
create table agent (
	id         int generated always as identity primary key,
	login      text not null constraint agent_login_taken unique constraint agent_login_empty check (login <> ''),
	name       text not null constraint agent_name_empty check (name <> ''),
	email      text,
	password   text,
	language   text not null default 'de' constraint agent_language_unknown check (language in ('de', 'en')),
	zone       text not null default 'Europe/Berlin',
	signature  text not null default '',
	active     boolean not null default true,
	created_at timestamptz not null default now()
);
comment on column agent.password is 'argon2id; null = cannot log in with a password';

create table team (
	id   int generated always as identity primary key,
	name jsonb not null
);
create table team_agent (
	team_id  int not null references team on delete cascade,
	agent_id int not null references agent on delete cascade,
	primary key (team_id, agent_id)
);

create table profile (
	id   int generated always as identity primary key,
	name text not null constraint profile_name_taken unique
);
comment on table profile is 'A set of permissions that agents have (Benutzerrolle); not a role in a ticket';
create table profile_permission (
	profile_id int not null references profile on delete cascade,
	permission text not null,
	primary key (profile_id, permission)
);
create table agent_profile (
	agent_id   int not null references agent on delete cascade,
	profile_id int not null references profile on delete cascade,
	primary key (agent_id, profile_id)
);

create table session (
	hash       bytea primary key,
	agent_id   int not null references agent on delete cascade,
	csrf       text not null,
	created_at timestamptz not null default now(),
	seen_at    timestamptz not null default now()
);
comment on column session.hash is 'SHA-256 of the cookie; the cookie itself is nowhere';
create table token (
	id         bigint generated always as identity primary key,
	hash       bytea not null unique,
	agent_id   int not null references agent on delete cascade,
	name       text not null constraint token_name_empty check (name <> ''),
	created_at timestamptz not null default now(),
	expires_at timestamptz
);
create unlogged table login_attempt (
	login text not null,
	net   text not null,
	at    timestamptz not null default now()
);
create index on login_attempt (login, net, at);

-- How tickets are sorted ----------------------------------------------------------------------------------------
create table type (
	id       int generated always as identity primary key,
	name     jsonb not null,
	icon     text not null default 'package',
	position int not null default 0
);
create table status (
	id       int generated always as identity primary key,
	type_id  int not null references type on delete cascade,
	name     jsonb not null,
	category text not null default 'open'
		constraint status_category_unknown check (category in ('new', 'open', 'work', 'wait', 'ext', 'done', 'shut')),
	colour   text not null default 'blue',
	progress int not null default 0 constraint status_progress_range check (progress between 0 and 100),
	position int not null default 0,
	unique (type_id, id)
);
comment on column status.category is 'Its shape on the screen; done and shut are closed';
create table role (
	id       int generated always as identity primary key,
	name     jsonb not null,
	position int not null default 0
);
comment on table role is 'What an owner is to a ticket (Federführung, Prüfung)';
create table profile_status (
	profile_id int not null references profile on delete cascade,
	status_id  int not null references status on delete cascade,
	see        text not null constraint profile_status_see check (see in ('no', 'own', 'yes')),
	primary key (profile_id, status_id)
);
comment on table profile_status is 'A status without a row is visible; over several profiles the strictest word holds';
create table tag (
	id     int generated always as identity primary key,
	name   text not null constraint tag_name_taken unique,
	colour text not null default 'grey'
);
create table folder (
	id        bigint generated always as identity primary key,
	key       text unique,
	name      jsonb not null,
	icon      text not null default 'folder',
	query     text not null,
	parent_id bigint references folder on delete cascade,
	agent_id  int references agent on delete cascade,
	position  int not null default 0
);
comment on table folder is 'A kept query; agent_id null = everybody''s';

create table sight (
	agent_id     int primary key references agent on delete cascade,
	statuses     int[] not null,
	own_statuses int[] not null,
	keys         int[] not null
);
comment on table sight is 'What an agent may see, kept by trigger; keys = the agent and, negative, his teams';

-- Mail accounts -------------------------------------------------------------------------------------------------
create table secret (
	id   bigint generated always as identity primary key,
	kind text not null,
	box  bytea not null
);
comment on table secret is 'Sealed to the public key in setting; only poll and send can open it';
create table account (
	id            int generated always as identity primary key,
	name          text not null constraint account_name_taken unique,
	address       text not null constraint account_address_empty check (address like '%_@_%'),
	active        boolean not null default true,
	kind          text not null constraint account_kind_unknown check (kind in ('imap', 'pop3', 'pipe')),
	host          text,
	port          int constraint account_port_range check (port between 1 and 65535),
	security      text not null default 'tls' constraint account_security_unknown check (security in ('tls', 'starttls', 'plain')),
	login         text,
	secret_id     bigint references secret,
	after         text not null default 'keep' constraint account_after_unknown check (after in ('keep', 'move', 'delete')),
	after_folder  text,
	type_id       int not null references type,
	status_id     int not null,
	owner_id      int references agent,
	owner_role_id int references role,
	sender_name   text not null default '',
	signature     text not null default '',
	smtp_host     text,
	smtp_port     int constraint account_smtp_port_range check (smtp_port between 1 and 65535),
	smtp_security text not null default 'tls' constraint account_smtp_security_unknown check (smtp_security in ('tls', 'starttls', 'plain')),
	smtp_login    text,
	smtp_secret_id bigint references secret,
	plus_proved   boolean not null default false,
	due_at        timestamptz not null default now(),
	every         interval not null default '60 seconds',
	failures      int not null default 0,
	last_ok_at    timestamptz,
	last_error    text,
	foreign key (type_id, status_id) references status (type_id, id),
	constraint account_move_folder check (after <> 'move' or after_folder <> '')
);
comment on column account.plus_proved is 'Its round trip proved plus-addresses; only then replies go to signed ones';
create table account_folder (
	account_id  int not null references account on delete cascade,
	name        text not null,
	uidvalidity bigint,
	last_uid    bigint not null default 0,
	primary key (account_id, name)
);
create table lease (
	name   text primary key,
	holder text not null,
	until  timestamptz not null
);
comment on table lease is 'Who alone may do a thing, and until when: checked in the transaction of the work';

-- Customers -----------------------------------------------------------------------------------------------------
create table customer (
	id         bigint generated always as identity primary key,
	name       text not null default '',
	language   text not null default 'de',
	phone      text,
	note       text not null default '',
	created_at timestamptz not null default now()
);
create table customer_address (
	email       text primary key constraint customer_address_lower check (email = lower(email)),
	customer_id bigint not null references customer on delete cascade
);
create index on customer_address (customer_id);
create table portal_session (
	hash        bytea primary key,
	customer_id bigint not null references customer on delete cascade,
	until       timestamptz not null
);

-- Tickets -------------------------------------------------------------------------------------------------------
create table ticket (
	id              bigint generated always as identity (start with 1001) primary key,
	version         int not null default 0,
	subject         text not null constraint ticket_subject_empty check (subject <> '')
	                constraint ticket_subject_long check (length(subject) <= 1000),
	type_id         int not null,
	status_id       int not null,
	is_open         boolean not null,
	priority        int not null default 0 constraint ticket_priority_range check (priority between 0 and 5),
	source          text not null constraint ticket_source_unknown check (source in ('mail', 'agent', 'api', 'form', 'ebay', 'import')),
	account_id      int references account,
	customer_id     bigint references customer,
	from_name       text not null default '',
	from_email      text,
	confidential    boolean not null default false,
	deadline_at     timestamptz,
	created_at      timestamptz not null default now(),
	updated_at      timestamptz not null default now(),
	closed_at       timestamptz,
	last_message_id bigint,
	last_kind       text,
	snippet         text not null default '',
	messages        int not null default 0,
	files           int not null default 0,
	failed          boolean not null default false,
	owner_ids       int[] not null default '{}',
	tag_ids         int[] not null default '{}',
	constraint status_of_other_type foreign key (type_id, status_id) references status (type_id, id)
);
comment on column ticket.version is 'Grows by one with every event (trigger of the event)';
comment on column ticket.owner_ids is 'Agents and, negative, teams; kept by trigger from owner';
comment on column ticket.failed is 'A mail of it did not leave for good';
create index ticket_newest on ticket (updated_at desc, id desc);
create index ticket_open_newest on ticket (updated_at desc, id desc) where is_open;
create index ticket_open_owner on ticket using gin (owner_ids) where is_open;
create index ticket_account on ticket (account_id, updated_at desc, id desc) where is_open;
create index ticket_status on ticket (status_id, updated_at desc, id desc);
create index ticket_customer on ticket (customer_id, updated_at desc, id desc);
create index ticket_last_message on ticket (last_message_id desc);
create index ticket_failed on ticket (id) where failed;

create table owner (
	id        bigint generated always as identity primary key,
	ticket_id bigint not null references ticket on delete cascade,
	agent_id  int references agent,
	team_id   int references team,
	role_id   int not null references role,
	constraint owner_one_of check ((agent_id is null) <> (team_id is null))
);
create unique index owner_taken on owner (ticket_id, coalesce(agent_id, -team_id), role_id);

create table ticket_tag (
	ticket_id bigint not null references ticket on delete cascade,
	tag_id    int not null references tag on delete cascade,
	primary key (ticket_id, tag_id)
);

create table inbound (
	id          bigint generated always as identity primary key,
	account_id  int references account,
	source      text not null default 'mail' constraint inbound_source_unknown check (source in ('mail', 'pipe')),
	folder      text,
	uidvalidity bigint,
	uid         bigint,
	uidl        text,
	sha256      text not null,
	size        bigint not null,
	partial     boolean not null default false,
	state       text not null default 'new' constraint inbound_state_unknown check (state in ('new', 'done', 'parked', 'duplicate')),
	reason      text,
	tries       int not null default 0,
	ticket_id   bigint,
	message_id  bigint,
	fetched_at  timestamptz not null default now(),
	unique (account_id, folder, uidvalidity, uid),
	unique (account_id, uidl)
);
comment on table inbound is 'One row per original fetched; what becomes of it is its state, never silence';
comment on column inbound.partial is 'Only its header was fetched: the mail is over the limit and stays on the server';
create index inbound_bytes on inbound (account_id, sha256);
create index inbound_new on inbound (id) where state = 'new';
create index inbound_parked on inbound (id) where state = 'parked';

create sequence message_number start with 1000000000;
comment on sequence message_number is 'Imports of older mail draw ids below 10^9 in order of date';
create table message (
	id          bigint primary key default nextval('message_number'),
	ticket_id   bigint not null references ticket,
	kind        text not null constraint message_kind_unknown check (kind in ('message', 'comment')),
	agent_id    int references agent,
	rule_id     int,
	author      text not null default '',
	email       text,
	recipients  text not null default '',
	subject     text,
	body        text not null,
	folded      text,
	html        text,
	source      text not null,
	automatic   text,
	ref         text,
	inbound_id  bigint references inbound,
	created_at  timestamptz not null default now()
);
comment on column message.kind is 'message: between shop and customer; comment: inside the shop, never leaves it';
comment on column message.agent_id is 'Who wrote it in the shop; null = the customer';
comment on column message.folded is 'Quote and signature behind body; together they are everything';
comment on column message.ref is 'Message-ID without <>: evidence, never a key';
create index message_ticket on message (ticket_id, id);
create index message_ref on message (ref) where ref is not null;

create table message_reference (
	ref       text not null,
	ticket_id bigint not null references ticket on delete cascade,
	own       boolean not null
);
comment on table message_reference is 'Message-IDs that lead to a ticket: own ones of mails sent, foreign ones of mails received';
create index on message_reference (ref);

create table file (
	id         bigint generated always as identity primary key,
	message_id bigint references message,
	agent_id   int references agent,
	name       text not null constraint file_name_empty check (name <> ''),
	type       text not null,
	size       bigint not null,
	sha256     text not null,
	cid        text,
	is_inline  boolean not null default false,
	created_at timestamptz not null default now()
);
comment on column file.agent_id is 'Who uploaded it; only that person claims it for a message';
create index file_message on file (message_id);

create table draft (
	agent_id   int not null references agent on delete cascade,
	ticket_id  bigint not null references ticket on delete cascade,
	kind       text not null constraint draft_kind_unknown check (kind in ('message', 'comment')),
	body       text not null,
	version    int not null,
	updated_at timestamptz not null default now(),
	primary key (agent_id, ticket_id)
);
create table seen (
	agent_id   int not null references agent on delete cascade,
	ticket_id  bigint not null references ticket on delete cascade,
	message_id bigint not null,
	primary key (agent_id, ticket_id)
);

-- Events, rules, mail that leaves ---------------------------------------------------------------------------------
create table template (
	id      int generated always as identity primary key,
	name    text not null constraint template_name_taken unique,
	subject jsonb not null,
	body    jsonb not null
);
create table rule (
	id        int generated always as identity primary key,
	name      text not null constraint rule_name_taken unique,
	active    boolean not null default true,
	position  int not null default 0,
	version   int not null default 1,
	event     text not null,
	condition text not null default '',
	actions   jsonb not null
);
comment on column rule.condition is 'A query of the one query language; empty = always';

create table event (
	id         bigint generated always as identity primary key,
	xid        xid8 not null default pg_current_xact_id(),
	at         timestamptz not null default now(),
	kind       text not null,
	ticket_id  bigint not null references ticket,
	version    int not null,
	message_id bigint,
	agent_id   int references agent,
	rule_id    int references rule on delete set null,
	before     jsonb,
	after      jsonb
);
comment on table event is 'Append-only: what happened. Ids and enumerations only; words of people are in event_text';
create index event_ticket on event (ticket_id, id);
create index event_xid on event (xid);
create table event_text (
	event_id bigint primary key references event on delete cascade,
	before   text,
	after    text
);
create table rule_run (
	event_id bigint not null references event,
	rule_id  int not null references rule on delete cascade,
	at       timestamptz not null default now(),
	primary key (event_id, rule_id)
);

create table outbox (
	id         bigint generated always as identity primary key,
	audience   text not null constraint outbox_audience_unknown check (audience in ('customer', 'staff')),
	ticket_id  bigint not null,
	message_id bigint,
	account_id int not null references account,
	rule_id    int,
	sender     text not null,
	recipients text[] not null constraint outbox_recipients_none check (cardinality(recipients) > 0),
	subject    text not null,
	sha256     text not null,
	ref        text not null,
	state      text not null default 'queued'
		constraint outbox_state_unknown check (state in ('queued', 'sending', 'sent', 'deferred', 'failed', 'cancelled')),
	attempts   int not null default 0,
	next_at    timestamptz not null default now(),
	lease_until timestamptz,
	code       int,
	reply      text,
	created_at timestamptz not null default now(),
	sent_at    timestamptz
);
comment on column outbox.sha256 is 'The whole mail as it leaves, in the blob store';
create index outbox_due on outbox (next_at) where state in ('queued', 'deferred', 'sending');
create index outbox_message on outbox (message_id);
create index outbox_state on outbox (state, id desc);

-- Search ----------------------------------------------------------------------------------------------------------
create table index_node (
	id         int generated always as identity primary key,
	name       text not null unique,
	indexed_at timestamptz
);
create table index_queue (
	id         bigint generated always as identity primary key,
	node_id    int not null references index_node on delete cascade,
	message_id bigint not null,
	at         timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
create index on index_queue (node_id, id);
