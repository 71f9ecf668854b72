-- The index knows each message's ticket, so that a search asks the database for tickets only.

create or replace view index_source as
select m.id, m.kind = 'comment' as is_comment, t.subject as subject,
       m.body || coalesce(E'\n' || m.folded, '') as text,
       concat_ws(' ', m.author, m.email, m.recipients, a.name) as people,
       coalesce(f.names, '') as files, m.created_at, left(f.texts, 2000000) as attached, m.ticket_id
  from message m join ticket t on t.id = m.ticket_id left join agent a on a.id = m.agent_id
  left join lateral (select string_agg(f.name, E'\n' order by f.id) as names,
                            string_agg(x.text, E'\n\n' order by f.id) as texts
                       from file f left join file_text x on x.sha256 = f.sha256 where f.message_id = m.id) f on true;
