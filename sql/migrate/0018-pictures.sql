-- Pictures that mails name on the net: asked for by an agent, fetched by docket send, shown from here.

create table picture (
	id bigint generated always as identity primary key,
	key text not null constraint picture_key_taken unique,
	url text not null,
	state text not null default 'asked' constraint picture_state check (state in ('asked', 'fetching', 'here', 'gone')),
	reason text,
	type text,
	sha256 text,
	size bigint,
	tries int not null default 0,
	asked_at timestamptz not null default now(),
	fetched_at timestamptz,
	lease_until timestamptz,
	constraint picture_here check (state <> 'here' or (sha256 is not null and type is not null))
);
comment on table picture is 'A picture on the net, once, whoever asked for it; its bytes lie in the blob store';
comment on column picture.key is 'SHA-256 of its address: addresses may be longer than an index takes';
comment on column picture.reason is 'Why it is gone: a code of the fetcher, or pixel, type, status';
create index picture_waiting on picture (id) where state in ('asked', 'fetching');
create index picture_sha256 on picture (sha256) where sha256 is not null;

create table message_picture (
	message_id bigint not null references message,
	picture_id bigint not null references picture,
	primary key (message_id, picture_id)
);
comment on table message_picture is 'Somebody asked for the pictures of this message: from then on they are shown';

create table picture_sender (
	agent_id bigint not null references agent,
	email text not null,
	primary key (agent_id, email)
);
comment on table picture_sender is 'Whose pictures an agent always wants to see';

grant select, insert on picture, message_picture to docket_agent;
grant update (state, tries, asked_at) on picture to docket_agent;
grant select, insert, delete on picture_sender to docket_agent;
grant select on picture to docket_send;
grant update (state, reason, type, sha256, size, tries, fetched_at, lease_until) on picture to docket_send;
