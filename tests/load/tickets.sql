-- 100,000 tickets (:tickets), every hundredth with 20 messages, the others with 3; run as a superuser.
set session_replication_role = replica;
set search_path = docket;
insert into customer (name, language)
select (array['Anna', 'Björn', 'Carla', 'Deniz', 'Emma', 'Finn'])[1 + i % 6] || ' ' || (array['Vogt', 'Müller', 'Yıldız', 'Sørensen', 'Smith'])[1 + i % 5] || ' ' || i,
       case when i % 3 = 0 then 'en' else 'de' end
  from generate_series(1, :tickets / 4) i;
insert into customer_address (email, customer_id) select 'customer' || id || '@example.org', id from customer;
insert into ticket (version, subject, type_id, status_id, is_open, priority, source, customer_id, from_name, from_email,
                    created_at, updated_at, last_message_id, last_kind, snippet, messages)
select 4, (array['Glasvase zerbrochen angekommen', 'Where is my parcel?', 'Rechnung fehlt', 'Umtausch Größe', 'Refund for order'])[1 + i % 5] || ' ' || i,
       1 + i % 4, s.id, s.category not in ('done', 'shut'), i % 6, 'mail', 1 + i % (:tickets / 4), 'Customer ' || i,
       'customer' || (1 + i % (:tickets / 4)) || '@example.org', now() - (:tickets - i) * interval '5 minutes',
       now() - (:tickets - i) * interval '3 minutes', 1000000000 + i::bigint * 100, 'message',
       'Guten Tag, die Vase kam heute leider zerbrochen an. Ich hätte gern Ersatz oder mein Geld zurück.',
       case when i % 100 = 0 then 20 else 3 end
  from generate_series(1, :tickets) i
  join status s on s.type_id = 1 + i % 4 and s.position = case when i % 3 = 0 then 2 + i % 4 else 6 end;
insert into message (id, ticket_id, kind, agent_id, author, email, body, source, created_at)
select 1000000000 + (t.id - 1000) * 100 - n + 1, t.id, case when n % 5 = 4 then 'comment' else 'message' end,
       case when n % 2 = 0 then 1 end, t.from_name, t.from_email,
       repeat('Guten Tag, die Vase kam heute leider zerbrochen an. Ich hätte gern Ersatz oder mein Geld zurück. ', 1 + (t.id + n)::int % 8),
       'mail', t.created_at + n * interval '1 minute'
  from ticket t, generate_series(1, case when t.messages = 20 then 20 else 3 end) n;
insert into event (kind, ticket_id, version, at) select 'ticket.opened', id, 1, created_at from ticket;
insert into owner (ticket_id, agent_id, role_id) select id, 1, 1 from ticket where id % 7 = 0;
update ticket set owner_ids = '{1}' where id % 7 = 0;
reset session_replication_role;
vacuum analyze;
