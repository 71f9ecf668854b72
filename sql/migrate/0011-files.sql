-- The text in files, for search: one row per content, waiting until `docket index` has read it.
create table file_text (
	sha256  text primary key,
	name    text not null,
	type    text not null,
	state   text not null default 'waiting'
		constraint file_text_state_unknown check (state in ('waiting', 'done', 'none', 'failed')),
	text    text,
	reason  text,
	tries   int not null default 0,
	next_at timestamptz not null default now()
);
comment on table file_text is 'What is written in a file: done (text), none (nothing to read), failed (reason says why)';
comment on column file_text.name is 'Of the first file with these bytes; with its type a hint how to read them';
create index file_text_waiting on file_text (tries, next_at) where state = 'waiting';
create index file_sha256 on file (sha256);
alter table file_text enable row level security;
alter table file_text force row level security;
create policy everything on file_text to docket_owner, docket_work, docket_agent using (true) with check (true);
create policy reads on file_text for select to docket_index using (true);
create policy wrote on file_text for update to docket_index using (true) with check (true);
grant select on file_text to docket_agent, docket_index;
grant update (state, text, reason, tries, next_at) on file_text to docket_index;

insert into file_text (sha256, name, type)
select distinct on (sha256) sha256, name, type from file where message_id is not null order by sha256, id;

-- A file of a message has its content read; what was read queues the messages that have it.
create or replace function index_enqueue() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	if tg_table_name = 'ticket' then
		insert into index_queue (node_id, message_id)
		select n.id, m.id from index_node n, message m where m.ticket_id = new.id for key share of n;
	elsif tg_table_name = 'file_text' then
		insert into index_queue (node_id, message_id)
		select n.id, f.message_id from index_node n, file f
		 where f.sha256 = new.sha256 and f.message_id is not null for key share of n;
	elsif tg_table_name = 'file' then
		insert into index_queue (node_id, message_id)
		select n.id, new.message_id from index_node n where new.message_id is not null for key share;
		if new.message_id is not null then
			insert into file_text (sha256, name, type) values (new.sha256, new.name, new.type) on conflict do nothing;
		end if;
	else
		insert into index_queue (node_id, message_id) select n.id, new.id from index_node n for key share;
	end if;
	perform pg_notify('docket_index', '');
	return null;
end $$;
create trigger index_enqueue after update of text on file_text for each row
	when (old.text is distinct from new.text) execute function index_enqueue();

create or replace view index_source as
select m.id, m.kind = 'comment' as is_comment, t.subject as subject,
       m.body || coalesce(E'\n' || m.folded, '') as text,
       concat_ws(' ', m.author, m.email, m.recipients, a.name) as people,
       coalesce(f.names, '') as files, m.created_at, left(f.texts, 2000000) as attached
  from message m join ticket t on t.id = m.ticket_id left join agent a on a.id = m.agent_id
  left join lateral (select string_agg(f.name, E'\n' order by f.id) as names,
                            string_agg(x.text, E'\n\n' order by f.id) as texts
                       from file f left join file_text x on x.sha256 = f.sha256 where f.message_id = m.id) f on true;
