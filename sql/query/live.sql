-- live_position() -> text
-- All transactions below this one have ended: what they did can be read now.
select pg_snapshot_xmin(pg_current_snapshot())::text;

-- live_known(position text) -> bool
-- Is this a position that events can be read from? Not one of another or a restored database.
select :position::xid8 <= pg_snapshot_xmin(pg_current_snapshot());

-- live_events(position text, limit int) -> rows(id id, ticket_id id, version int, kind text, message_id id, status_id id, old_status_id id, owner_ids ids)
-- What happened from a position on, with what decides who may know: status and owners as they are and as they were.
select e.id, e.ticket_id, e.version, e.kind, e.message_id, t.status_id,
       case e.kind when 'status.changed' then (e.before #>> '{}')::int
                   when 'type.changed' then (e.before ->> 'status')::int end as old_status_id,
       case e.kind when 'owner.removed' then t.owner_ids || coalesce((e.before ->> 'agent')::int, -(e.before ->> 'team')::int)
                   else t.owner_ids end as owner_ids
  from event e join ticket t on t.id = e.ticket_id
 where e.xid >= :position::xid8
 order by e.id
 limit :limit;

-- live_sights() -> rows(agent id, statuses ids, own_statuses ids, keys ids)
-- What every active agent may see.
select s.agent_id as agent, s.statuses, s.own_statuses, s.keys
  from sight s join agent a on a.id = s.agent_id where a.active order by s.agent_id;

-- live_sessions(hashes texts, permission text) -> rows(hash text)
-- Which of these sessions are still good for reading tickets.
select encode(s.hash, 'hex') as hash
  from session s join agent a on a.id = s.agent_id
 where s.hash = any (select decode(h, 'hex') from unnest(:hashes) h) and a.active
   and s.seen_at > now() - interval '8 hours' and s.created_at > now() - interval '24 hours'
   and exists (select from agent_profile ap join profile_permission pp on pp.profile_id = ap.profile_id
                where ap.agent_id = a.id and pp.permission = :permission)
 order by 1;
