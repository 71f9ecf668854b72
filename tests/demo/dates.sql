-- All of the demo's mail went through poll and work within a minute; here it gets the dates it bears. Input: the
-- table said(ref, at), made by play.py from the mails' own Date lines.
set client_min_messages = warning;
create temp table moment as
with recursive ordered as (
	select m.id, m.ticket_id, s.at, row_number() over (partition by m.ticket_id order by m.id) as n
	  from message m left join said s on s.ref = m.ref),
told as (
	select id, ticket_id, n, coalesce(at, now() - interval '1 hour') as at from ordered where n = 1
	union all
	select o.id, o.ticket_id, o.n,
	       least(now() - interval '1 minute',
	             greatest(o.at, t.at + interval '19 minutes' + make_interval(mins => (o.id * 7919 % 400)::int)))
	  from told t join ordered o on o.ticket_id = t.ticket_id and o.n = t.n + 1),
-- As in a shop that has run all the time: what came later has the higher number.
numbered as (select id, ticket_id, row_number() over (order by id) as k from told),
dates as (select at, row_number() over (order by at) as k from told)
select id, ticket_id, at from numbered join dates using (k);
create unique index on moment (id);
update message m set created_at = moment.at from moment where moment.id = m.id;
update event e
   set at = coalesce((select at from moment where id = e.message_id),
                     (select t.at from event b join moment t on t.id = b.message_id
                       where b.ticket_id = e.ticket_id and b.id < e.id order by b.id desc limit 1),
                     (select min(at) from moment t where t.ticket_id = e.ticket_id), e.at);
update ticket t
   set created_at = x.first, updated_at = x.last, closed_at = case when t.is_open then null else x.last end
  from (select ticket_id, min(at) as first, max(at) as last from moment group by ticket_id) x
 where x.ticket_id = t.id;
update outbox o set created_at = m.at, sent_at = case when o.sent_at is not null then m.at + interval '4 seconds' end
  from moment m where m.id = o.message_id;
update customer c set created_at = (select min(created_at) from ticket t where t.customer_id = c.id) - make_interval(days => (c.id * 31 % 900)::int);
insert into ticket_tag
select distinct t.id, g.id from ticket t, tag g
 where g.name = 'Großkunde' and t.subject ~* 'sammelbestellung|angebot|großkunde|quotation|wholesale'
    or g.name = 'Geschenk' and exists (select from message m where m.ticket_id = t.id and m.body ~* 'geschenk|present|gift')
    or g.name = 'Kulanz' and exists (select from message m where m.ticket_id = t.id and m.kind = 'comment' and m.body ~ 'Kulanz');
