-- Everything about a mail account can be set: who signs in how, how it was tried, what was there before docket came.

alter table account
	add column auth text not null default 'password'
		constraint account_auth_unknown check (auth in ('password', 'oauth')),
	add column smtp_auth text not null default 'password'
		constraint account_smtp_auth_unknown check (smtp_auth in ('password', 'oauth')),
	add column reply_to text constraint account_reply_to_none check (reply_to like '%_@_%'),
	add column authserv_id text constraint account_authserv_id_empty check (authserv_id <> ''),
	add column error_code text,
	drop constraint account_move_folder,
	add constraint account_move_folder check (after <> 'move' or coalesce(after_folder, '') <> ''),
	add constraint account_name_empty check (name <> ''),
	add constraint account_address_one_line check (address !~ '[[:cntrl:][:space:]<>,;]' and reply_to !~ '[[:cntrl:][:space:]<>,;]'),
	add constraint account_host_missing check (kind = 'pipe' or host is not null and port is not null and login <> ''),
	add constraint account_smtp_port_missing check (smtp_host is null or smtp_port is not null),
	add constraint account_pop3_cannot_move check (kind <> 'pop3' or after <> 'move');
alter table account rename constraint account_type_id_status_id_fkey to account_status_of_other_type;
comment on column account.auth is 'password, or oauth: XOAUTH2 with the tokens of its row in oauth';
comment on column account.reply_to is 'Where answers of customers go instead of address';
comment on column account.authserv_id is 'Who writes Authentication-Results at its mail server; only those are believed';
comment on column account.error_code is 'Stable code of last_error; the words for it are one table of the program';

-- Signing in without a password (RFC 6749). Only poll and send open the secrets; serve writes them.
create table oauth (
	account_id        int primary key references account on delete cascade,
	provider          text not null constraint oauth_provider_unknown check (provider in ('google', 'microsoft', 'other')),
	flow              text not null constraint oauth_flow_unknown check (flow in ('consent', 'client')),
	client_id         text not null constraint oauth_client_empty check (client_id <> ''),
	client_secret_id  bigint references secret,
	authorize_url     text constraint oauth_authorize_https check (authorize_url like 'https://%'),
	token_url         text not null constraint oauth_token_https check (token_url like 'https://%'),
	scope             text not null default '',
	refresh_secret_id bigint references secret,
	access_secret_id  bigint references secret,
	expires_at        timestamptz,
	state             text not null default 'new' constraint oauth_state_unknown check (state in ('new', 'well', 'attention')),
	retry_at          timestamptz not null default now(),
	error             text,
	constraint oauth_authorize_missing check (flow <> 'consent' or authorize_url is not null),
	constraint oauth_secret_missing check (flow <> 'client' or client_secret_id is not null)
);
comment on table oauth is 'How an account gets its tokens: a consent once (refresh token), or as a client of its own';
comment on column oauth.state is 'new: nobody has signed in yet; attention: the server takes the refresh token no more';
comment on column oauth.retry_at is 'The token endpoint failed: not asked again before';

create table oauth_consent (
	state_hash  bytea primary key,
	account_id  int not null references account on delete cascade,
	session     bytea,
	verifier_id bigint not null references secret,
	code_id     bigint references secret,
	state       text not null default 'asked' constraint oauth_consent_state_unknown check (state in ('asked', 'given', 'done', 'failed')),
	error       text,
	created_at  timestamptz not null default now()
);
comment on table oauth_consent is 'A sign-in that is under way: the link was made for one session; the code is exchanged by send';
comment on column oauth_consent.session is 'Hash of the session that asked: only it may bring the code; null = the shell';

-- An account is tried step by step by who has the network (send); the page sees the steps come in.
create table trial (
	id         bigint generated always as identity primary key,
	kind       text not null constraint trial_kind_unknown check (kind in ('test', 'discover', 'count', 'consent')),
	account_id int references account on delete cascade,
	draft      jsonb not null default '{}',
	agent_id   int references agent,
	state      text not null default 'queued' constraint trial_state_unknown check (state in ('queued', 'running', 'well', 'failed')),
	steps      jsonb not null default '[]',
	created_at timestamptz not null default now(),
	ended_at   timestamptz
);
comment on table trial is 'A test of mail servers: settings of an account, or of one that is not saved yet (draft over it)';
create index trial_queued on trial (id) where state in ('queued', 'running');
create table trial_mail (
	token    text primary key,
	trial_id bigint not null references trial on delete cascade,
	address  text not null,
	is_plus  boolean not null,
	seen_at  timestamptz
);
comment on table trial_mail is 'Mails to oneself that prove the way there and back; whoever fetches one notes it';

-- Test mode: nothing leaves but to these addresses.
create table mail_mode (
	id      boolean primary key default true check (id),
	testing boolean not null default false,
	allowed text[] not null default '{}',
	since   timestamptz,
	agent_id int references agent
);
comment on table mail_mode is 'One row. While testing, send hands no mail over but to the allowed addresses';
insert into mail_mode default values;

-- An account with everything that can be set and how it is; never a password. With the rights of who asks.
create view account_shown with (security_invoker = true) as
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
                                 'expires_at', o.expires_at) from oauth o where o.account_id = a.id) as oauth
  from account a;

-- Grants ------------------------------------------------------------------------------------------------------------
grant select on account_shown to docket_agent;
grant select (id), insert (kind, box), delete on secret to docket_agent;
grant insert (name, address, kind, host, port, security, login, secret_id, auth, after, after_folder, type_id, status_id,
	owner_id, owner_role_id, sender_name, reply_to, signature, smtp_host, smtp_port, smtp_security, smtp_login,
	smtp_secret_id, smtp_auth, authserv_id, active, every) on account to docket_agent;
grant update (name, address, kind, host, port, security, login, secret_id, auth, after, after_folder, type_id, status_id,
	owner_id, owner_role_id, sender_name, reply_to, signature, smtp_host, smtp_port, smtp_security, smtp_login,
	smtp_secret_id, smtp_auth, authserv_id, active, every, plus_proved, due_at, failures) on account to docket_agent;
grant select (account_id, name), insert (account_id, name), delete on account_folder to docket_agent;
grant select, insert, update on oauth to docket_agent;
grant select, insert, delete, update (code_id, state, error) on oauth_consent to docket_agent;
grant select (id, kind, account_id, agent_id, state, steps, created_at, ended_at), insert (kind, account_id, draft, agent_id) on trial to docket_agent;
grant select, update (testing, allowed, since, agent_id) on mail_mode to docket_agent;

grant select, update (refresh_secret_id, access_secret_id, expires_at, state, retry_at, error) on oauth to docket_poll, docket_send;
grant insert, update (box) on secret to docket_poll, docket_send;
grant update (error_code) on account to docket_poll;

grant select, update (state, error) on oauth_consent to docket_send;
grant select, update (state, steps, ended_at) on trial to docket_send;
grant select, insert, update (seen_at) on trial_mail to docket_send;
grant select on account_folder, mail_mode to docket_send;
grant update (plus_proved) on account to docket_send;

grant select on trial_mail to docket_work;
grant update (seen_at) on trial_mail to docket_work;
