-- message_page(agent id, message id) -> row(html text, always bool)
-- A mail's HTML; always = this agent wants to see the pictures of its sender.
select coalesce(m.html, '') as html,
       exists (select from picture_sender s where s.agent_id = :agent and s.email = lower(m.email)) as always
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id where m.id = :message;

-- message_pages(agent id, message id) -> rows(id id, html text)
-- The newest mails with HTML of this message's ticket, itself among them.
select m.id, m.html from message m
 where m.html is not null
   and m.ticket_id = (select x.ticket_id from message x join ticket_visible(:agent) t on t.id = x.ticket_id where x.id = :message)
 order by m.id = :message desc, m.id desc limit 30;

-- message_pictures(message id) -> rows(key text, id id, state text, reason text?)
-- What was asked for of this message, by key.
select p.key, p.id, p.state, p.reason from message_picture m join picture p on p.id = m.picture_id
 where m.message_id = :message order by p.key collate "C";

-- picture_want(message id, keys texts, urls texts) -> void
-- These are wanted for this message; what was not to be had is tried again.
with w as (select distinct on (key) key, url from unnest(:keys::text[], :urls::text[]) x (key, url)),
     p as (insert into picture (key, url) select key, url from w
           on conflict (key) do update
              set state = case when picture.state = 'gone' then 'asked' else picture.state end,
                  tries = case when picture.state = 'gone' then 0 else picture.tries end,
                  asked_at = case when picture.state = 'gone' then now() else picture.asked_at end
           returning id),
     m as (insert into message_picture select :message, id from p on conflict do nothing)
select pg_notify('docket_picture', '');

-- picture_state(agent id, message id) -> object
-- How far fetching is for the pictures of a message.
select count(*) filter (where p.state in ('asked', 'fetching')) as waiting, count(*) filter (where p.state = 'here') as here,
       count(*) filter (where p.state = 'gone' and p.reason <> 'pixel') as gone,
       exists (select from picture_sender s where s.agent_id = :agent and s.email = lower(m.email)) as always
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id
  left join message_picture x on x.message_id = m.id left join picture p on p.id = x.picture_id
 where m.id = :message group by m.id;

-- picture_get(agent id, message id, picture id) -> row(sha256 text, type text)
select p.sha256, p.type
  from message_picture x join picture p on p.id = x.picture_id
  join message m on m.id = x.message_id join ticket_visible(:agent) t on t.id = m.ticket_id
 where x.message_id = :message and x.picture_id = :picture and p.state = 'here';

-- picture_sender_add(agent id, message id) -> void
insert into picture_sender select :agent, lower(m.email)
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id where m.id = :message and m.email is not null
on conflict do nothing;

-- picture_sender_remove(agent id, message id) -> void
delete from picture_sender s using message m join ticket_visible(:agent) t on t.id = m.ticket_id
 where m.id = :message and s.agent_id = :agent and s.email = lower(m.email);

-- picture_waiting() -> int
select count(*) from picture where state = 'asked' or (state = 'fetching' and lease_until < now());

-- picture_claim() -> row(id id, url text, tries int)
-- The next picture is this process's for half a minute.
update picture set state = 'fetching', tries = tries + 1, lease_until = now() + interval '30 seconds'
 where id = (select id from picture where state = 'asked' or (state = 'fetching' and lease_until < now())
              order by asked_at desc, id limit 1 for update skip locked)
returning id, url, tries;

-- picture_here(picture id, type text, sha256 text, size int) -> void
update picture set state = 'here', type = :type, sha256 = :sha256, size = :size, fetched_at = now(), reason = null,
                   lease_until = null
 where id = :picture;

-- picture_gone(picture id, reason text) -> void
update picture set state = 'gone', reason = :reason, fetched_at = now(), lease_until = null where id = :picture;
