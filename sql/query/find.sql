-- find_hits(agent id, messages ids) -> rows(message id, ticket id)
-- Those of these messages whose tickets the agent may see: a frame that query/ narrows at its marker.
select m.id as message, m.ticket_id as ticket
  from unnest(:messages) u (id) join message m on m.id = u.id join ticket_visible(:agent) t on t.id = m.ticket_id
 where true /*where*/
 order by m.id desc;

-- find_facts(agent id, before id, limit int) -> rows(message id, ticket id)
-- Tickets by their newest message, below one: a frame.
select t.last_message_id as message, t.id as ticket
  from ticket_visible(:agent) t
 where t.last_message_id < :before /*where*/
 order by t.last_message_id desc
 limit :limit;

-- find_served(agent id, limit int) -> rows(ticket id)
-- Tickets that an index finds: a frame.
select t.id as ticket from ticket_visible(:agent) t where true /*where*/ limit :limit;

-- find_messages(tickets ids, limit int) -> rows(message id)
select id as message from message where ticket_id = any(:tickets) order by id desc limit :limit;

-- find_above(agent id, tickets ids, cursor id, top id) -> rows(message id, ticket id)
-- The messages of these tickets that pages before may have shown: a frame.
select m.id as message, m.ticket_id as ticket
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id
 where t.id = any(:tickets) and m.id between :cursor and :top /*where*/
 order by m.id desc;

-- find_above_facts(agent id, tickets ids, cursor id, top id) -> rows(message id, ticket id)
-- Those of these tickets whose newest message is such a one: a frame.
select t.last_message_id as message, t.id as ticket
  from ticket_visible(:agent) t
 where t.id = any(:tickets) and t.last_message_id between :cursor and :top /*where*/;

-- find_when(message id) -> text
-- When the newest message at or below this one came.
select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  from message where id <= :message order by id desc limit 1;

-- find_show(agent id, messages ids) -> rows(message_id id, ticket json, kind text, at text, author text, text text, subject text, people text, files text)
-- Hits as the search shows them, in the order of the ids; of a very long text its beginning.
select m.id as message_id,
       (select row_to_json(x) from (
          select t.id, t.version, t.subject, t.type_id, t.status_id, t.priority, t.source, t.account_id, t.customer_id,
                 t.customer, t.from_name, t.from_email, t.snippet, t.last_kind, t.last_message_id, t.created_at,
                 t.updated_at, t.deadline_at, t.closed, t.confidential, t.unread, t.draft, t.files, t.messages, t.failed,
                 t.owner_ids, t.tag_ids) x)::jsonb as ticket,
       m.kind, to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
       coalesce(nullif(m.author, ''), a.name, m.email, '') as author,
       left(m.body || coalesce(E'\n' || m.folded, ''), 65536) as text, t.subject,
       concat_ws(' ', m.author, m.email, m.recipients, a.name) as people,
       coalesce((select string_agg(f.name, E'\n' order by f.id) from file f where f.message_id = m.id), '') as files
  from unnest(:messages) with ordinality u (id, place) join message m on m.id = u.id join ticket_rows(:agent) t on t.id = m.ticket_id
  left join agent a on a.id = m.agent_id
 order by u.place;
