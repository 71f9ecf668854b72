-- find_allowed(agent id, tickets ids) -> rows(ticket id)
-- Those of these tickets that the agent may see: a frame that query/ narrows at its marker.
select t.id as ticket from ticket_visible(:agent) t where t.id = any(:tickets) /*where*/;

-- find_facts(agent id, before id, top id, limit int) -> rows(message id, ticket id)
-- Tickets by their newest message, below one; those that got a newer one while somebody pages stand where they stood
-- when he began: a frame.
(select t.last_message_id as message, t.id as ticket
   from ticket_visible(:agent) t
  where t.last_message_id < :before and t.last_message_id <= :top /*where*/
  order by t.last_message_id desc
  limit :limit)
union all
(select x.id, t.id
   from ticket_visible(:agent) t
  cross join lateral (select m.id from message m where m.ticket_id = t.id and m.id <= :top order by m.id desc limit 1) x
  where t.last_message_id > :top and x.id < :before /*where*/
  order by x.id desc
  limit :limit)
order by 1 desc
limit :limit;

-- find_served(agent id, limit int) -> rows(ticket id)
-- Tickets that an index finds: a frame.
select t.id as ticket from ticket_visible(:agent) t where true /*where*/ limit :limit;

-- find_messages(tickets ids, limit int) -> rows(message id)
select id as message from message where ticket_id = any(:tickets) order by id desc limit :limit;

-- find_siblings(agent id, tickets ids, hits ids, each int) -> rows(message id, ticket id)
-- The newest messages of these tickets without the hits themselves, newest first.
select x.id as message, x.ticket_id as ticket
  from unnest(:tickets) u (id) join ticket_visible(:agent) t on t.id = u.id
 cross join lateral (select m.id, m.ticket_id from message m where m.ticket_id = t.id and m.id <> all (:hits)
                      order by m.id desc limit :each) x
 order by 1 desc;

-- find_above(agent id, tickets ids, cursor id, top id) -> rows(message id, ticket id)
-- The messages of these tickets that pages before may have shown: a frame.
select m.id as message, m.ticket_id as ticket
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id
 where t.id = any(:tickets) and m.id between :cursor and :top /*where*/
 order by m.id desc;

-- find_above_facts(agent id, tickets ids, cursor id, top id) -> rows(message id, ticket id)
-- Those of these tickets that pages before may have shown: a frame.
select t.last_message_id as message, t.id as ticket
  from ticket_visible(:agent) t
 where t.id = any(:tickets)
   and exists (select from message m where m.ticket_id = t.id and m.id between :cursor and :top) /*where*/;

-- find_when(message id) -> text
-- When the newest message at or below this one came.
select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  from message where id <= :message order by id desc limit 1;

-- find_show(agent id, messages ids) -> table
-- Messages as the search shows them, in the order of the ids; of a very long text its beginning. Behind the columns of
-- find_texts, those of the ticket.
with names as materialized (
	select f.message_id, string_agg(f.name, E'\n' order by f.id) as names from file f
	 where f.message_id = any (:messages) group by 1)
select m.id as message_id, m.kind, to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
       coalesce(nullif(m.author, ''), a.name, m.email, '') as author,
       case when octet_length(m.body) > 65536 then left(m.body, 65536)
            when m.folded is null then m.body
            else m.body || E'\n' || left(m.folded, 65536) end as text,
       t.subject as about, concat_ws(' ', m.author, m.email, m.recipients, a.name) as people,
       coalesce(n.names, '') as names,
       t.id, t.version, t.subject, t.type_id, t.status_id, t.priority, t.source, t.account_id, t.customer_id, t.customer,
       t.from_name, t.from_email, t.snippet, t.last_kind, t.last_message_id, t.created_at, t.updated_at, t.deadline_at,
       t.closed, t.confidential, t.unread, t.draft, t.files, t.messages, t.failed, t.owner_ids, t.tag_ids
  from unnest(:messages) with ordinality u (id, place) join message m on m.id = u.id join ticket_rows(:agent) t on t.id = m.ticket_id
  left join agent a on a.id = m.agent_id left join names n on n.message_id = m.id
 order by u.place;

-- find_texts(agent id, messages ids) -> rows(message_id id, kind text, at text, author text, text text, about text, people text, names text)
-- The same without tickets.
with names as materialized (
	select f.message_id, string_agg(f.name, E'\n' order by f.id) as names from file f
	 where f.message_id = any (:messages) group by 1)
select m.id as message_id, m.kind, to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
       coalesce(nullif(m.author, ''), a.name, m.email, '') as author,
       case when octet_length(m.body) > 65536 then left(m.body, 65536)
            when m.folded is null then m.body
            else m.body || E'\n' || left(m.folded, 65536) end as text,
       t.subject as about, concat_ws(' ', m.author, m.email, m.recipients, a.name) as people,
       coalesce(n.names, '') as names
  from unnest(:messages) u (id) join message m on m.id = u.id join ticket_visible(:agent) t on t.id = m.ticket_id
  left join agent a on a.id = m.agent_id left join names n on n.message_id = m.id;

-- find_asking(agent id, ticket id) -> rows(message id)
-- What a ticket is about: the newest messages of its customer, or all if there is none.
select m.id as message
  from ticket_visible(:agent) t join message m on m.ticket_id = t.id and m.kind = 'message'
 where t.id = :ticket
 order by m.agent_id is not null or m.automatic is not null, m.id desc
 limit 5;

-- find_alike(agent id, ticket id, messages ids, limit int) -> list
-- Of the closed tickets of these messages, in their order, the last answer to the customer. Nothing of a comment and nothing
-- confidential: what is shown here is put into answers to others.
with hit as (
	select t.id, t.subject, t.type_id, t.status_id, t.updated_at, min(u.place) as place
	  from unnest(:messages) with ordinality u (id, place) join message m on m.id = u.id and m.kind = 'message'
	  join ticket_visible(:agent) t on t.id = m.ticket_id
	 where t.id <> :ticket and not t.is_open and not t.confidential
	 group by 1, 2, 3, 4, 5)
select h.id, h.subject, h.type_id, h.status_id, h.updated_at, a.id as message_id, a.author, a.created_at, a.text
  from hit h
 cross join lateral (select m.id, coalesce(g.name, m.author) as author, m.created_at, left(m.body, 8000) as text
                       from message m left join agent g on g.id = m.agent_id
                      where m.ticket_id = h.id and m.kind = 'message' and m.agent_id is not null and m.automatic is null
                      order by m.id desc limit 1) a
 order by h.place
 limit :limit;

-- find_attached(agent id, messages ids) -> rows(message_id id, name text, text text)
-- What is written in the first files of these messages, of a very long one its beginning.
select m.id as message_id, f.name, f.text
  from unnest(:messages) u (id) join message m on m.id = u.id join ticket_visible(:agent) t on t.id = m.ticket_id
 cross join lateral (select f.id, f.name, left(x.text, 262144) as text
                       from file f join file_text x on x.sha256 = f.sha256
                      where f.message_id = m.id and x.text is not null order by f.id limit 20) f
 order by m.id, f.id
 limit 200;

-- find_facets(agent id, zone text, tickets ids) -> object
-- Of these tickets, how many have which status, type, owner (0 = none, teams negative), tag, source, year and a file.
with t as materialized (
	select t.status_id, t.type_id, t.owner_ids, t.tag_ids, t.source, t.created_at, t.files
	  from ticket_visible(:agent) t where t.id = any(:tickets))
select (select coalesce(json_agg(x order by x.n desc, x.id), '[]') from (
          select status_id as id, count(*) as n from t group by 1) x) as status,
       (select coalesce(json_agg(x order by x.n desc, x.id), '[]') from (
          select type_id as id, count(*) as n from t group by 1) x) as type,
       (select coalesce(json_agg(x order by x.n desc, x.id), '[]') from (
          select o as id, count(*) as n from t, unnest(case when owner_ids = '{}' then '{0}' else owner_ids end) o group by 1) x) as owner,
       (select coalesce(json_agg(x order by x.n desc, x.id), '[]') from (
          select g.id, g.name, count(*) as n from t, unnest(tag_ids) k join tag g on g.id = k group by 1, 2) x) as tag,
       (select coalesce(json_agg(x order by x.n desc, x.id), '[]') from (
          select source as id, count(*) as n from t group by 1) x) as source,
       (select coalesce(json_agg(x order by x.id desc), '[]') from (
          select extract(year from created_at at time zone :zone)::int as id, count(*) as n from t group by 1) x) as year,
       (select count(*) from t where files > 0) as file;

-- find_names(agent id, kind text, part text, language text, limit int) -> rows(value text, label text)
-- Names that a field takes, those that begin so or have such a word, of what the agent may see.
select x.name as value, coalesce(x.label, '') as label
  from (select coalesce(s.name ->> :language, s.name ->> 'de') as name, null as label, min(s.position) as place
          from status s, sight v
         where :kind = 'status' and v.agent_id = :agent and s.id = any (v.statuses || v.own_statuses) group by 1
        union all
        select coalesce(y.name ->> :language, y.name ->> 'de'), null, y.position from type y
         where :kind = 'type' and exists (select from status s, sight v where s.type_id = y.id and v.agent_id = :agent
                                             and s.id = any (v.statuses || v.own_statuses))
        union all
        select a.name, a.login, 0 from agent a where :kind = 'owner' and a.active
        union all
        select coalesce(m.name ->> :language, m.name ->> 'de'), null, 1 from team m where :kind = 'owner'
        union all
        select coalesce(r.name ->> :language, r.name ->> 'de'), null, r.position from role r where :kind = 'role'
        union all
        select g.name, null, 0 from tag g
         where :kind = 'tag' and exists (select from ticket_visible(:agent) t where t.tag_ids && array[g.id])
        union all
        select coalesce(f.name ->> :language, f.name ->> 'de'), null, f.position from folder f
         where :kind = 'folder' and (f.agent_id is null or f.agent_id = :agent)
        union all
        select c.name, c.address, c.id from account c where :kind = 'account'
        union all
        (select c.name, (select min(d.email) from customer_address d where d.customer_id = c.id), 0 from customer c
          where :kind = 'customer' and length(name_fold(:part)) > 1
            and name_fold(c.name) collate "C" >= name_fold(:part)
            and name_fold(c.name) collate "C" < name_fold(:part) || U&'\+10FFFF'
            and exists (select from ticket_visible(:agent) t where t.customer_id = c.id)
          limit :limit)) x
 where ' ' || name_fold(x.name) like '% ' || name_fold(:part) || '%'
 group by 1, 2
 order by min(x.place), 1
 limit :limit;
