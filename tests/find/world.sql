-- A shop for tests/find: n tickets with about three messages each, words w0 (everywhere) to w9 (hardly anywhere).
select setseed(0.4) \g /dev/null
insert into customer (name) select 'Kunde ' || i || ' Müller' from generate_series(1, 30) i;
insert into ticket (subject, type_id, status_id, is_open, source, customer_id, priority)
select 'Betreff', s.type_id, s.id, s.category not in ('done', 'shut'), 'mail', case when random() < 0.9 then 1 + floor(random() * 30) end,
       floor(random() * 6)
  from generate_series(1, :n) i
  join lateral (select * from status where id = 1 + (i * 13 + i / 28) % 28) s on true;
insert into message (ticket_id, kind, author, body, source, created_at)
select 1001 + floor(random() * :n), case when random() < 0.2 then 'comment' else 'message' end, 'Karl Kunde',
       coalesce((select string_agg('w' || k, ' ') from generate_series(0, 9) k where random() + 0 * i < 0.6 / (k * k + 1)), ''),
       'mail', now() - interval '1 hour' * (:n * 3 - i)
  from generate_series(1, :n * 3) i;
update ticket t set last_message_id = (select max(id) from message m where m.ticket_id = t.id);
insert into owner (ticket_id, agent_id, role_id)
select t.id, a.id, 1 from ticket t, agent a where random() < 0.2 order by t.id, a.id;
analyze;
