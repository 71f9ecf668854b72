-- agent_list() -> list
select id, name, email, active,
       upper(left(name, 1) || coalesce(left(substring(name from '\s(\S+)\s*$'), 1), '')) as initials
  from agent order by name, id;

-- team_list() -> list
select t.id, t.name,
       coalesce((select json_agg(a.agent_id order by a.agent_id) from team_agent a where a.team_id = t.id), '[]') as agents
  from team t order by t.id;

-- role_list() -> list
select id, name, position from role order by position, id;

-- type_list() -> list
select t.id, t.name, t.icon, t.position, t.reopen_days,
       coalesce((select json_agg(json_build_object('id', s.id, 'name', s.name, 'category', s.category, 'colour', s.colour,
                                                   'progress', s.progress, 'position', s.position) order by s.position, s.id)
                   from status s where s.type_id = t.id), '[]') as statuses
  from type t order by t.position, t.id;

-- account_list(agent id) -> list
-- Mail accounts with the number of their open tickets that this agent may see.
select a.id, a.name, a.address, a.active, a.sender_name,
       (select count(*) from ticket_visible(:agent) t where t.account_id = a.id and t.is_open) as open,
       a.last_ok_at, a.last_error
  from account a order by a.name, a.id;

-- schema_number() -> int
select coalesce(max(n), 0) from migration;

-- ready(node text) -> row(index_lag int, outbox_oldest int)
-- Seconds that the oldest message that this node has not indexed and the oldest mail that is due have waited.
select coalesce(extract(epoch from now() - (select min(q.at) from index_queue q join index_node n on n.id = q.node_id
                                             where n.name = :node))::bigint, 0) as index_lag,
       coalesce(extract(epoch from now() - (select min(created_at) from outbox
                 where state in ('queued', 'sending') and next_at <= now()))::bigint, 0) as outbox_oldest;

-- column_facts(relation id, col int) -> row(is_required bool, note text)
-- Of a column: may it be null, and what the schema says about it.
select a.attnotnull as is_required, col_description(a.attrelid, a.attnum) as note
  from pg_attribute a where a.attrelid = (:relation)::oid and a.attnum = :col;
