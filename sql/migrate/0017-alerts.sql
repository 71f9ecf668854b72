-- A folder that somebody watches tells him of each new message that it finds.
create table folder_watch (
	folder_id  bigint not null references folder on delete cascade,
	agent_id   int not null references agent on delete cascade,
	created_at timestamptz not null default now(),
	primary key (folder_id, agent_id)
);
comment on table folder_watch is 'Who wants to be told of what a folder finds anew';
create table alert_queue (
	id         bigint generated always as identity primary key,
	message_id bigint not null references message on delete cascade,
	at         timestamptz not null default now()
);
comment on table alert_queue is 'Messages that nobody has been told of yet; a row goes in the unit that writes its alerts';
create table alert (
	id         bigint generated always as identity primary key,
	agent_id   int not null references agent on delete cascade,
	folder_id  bigint not null references folder on delete cascade,
	ticket_id  bigint not null references ticket on delete cascade,
	message_id bigint not null references message on delete cascade,
	at         timestamptz not null default now(),
	seen_at    timestamptz,
	unique (agent_id, folder_id, message_id)
);
comment on table alert is 'This message was found by a folder that the agent watches';
create index alert_unseen on alert (agent_id, id desc) where seen_at is null;

grant insert, delete on folder, folder_watch to docket_agent;
grant update (name, query, position) on folder to docket_agent;
grant select on folder_watch, alert to docket_agent;
grant update (seen_at) on alert to docket_agent;
grant insert on alert_queue to docket_agent, docket_work;
grant select on folder_watch, index_source to docket_work;
grant select, insert on alert to docket_work;
grant select, delete, update on alert_queue to docket_work;
grant select (zone, active) on agent to docket_work;
grant select on index_source to docket_agent;
grant execute on function ticket_visible(bigint) to docket_work;

alter table folder add constraint folder_name_empty check (coalesce(name ->> 'de', '') <> '');
create function alert_told() returns trigger language plpgsql as $$
begin
	perform pg_notify('docket_alert', '');
	return null;
end $$;
revoke all on function alert_told() from public;
create trigger alert_told after insert on alert for each statement execute function alert_told();
