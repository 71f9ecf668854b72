-- message_add(ticket id, kind text, agent id?, rule id?, author text, email text?, recipients text, subject text?, body text, folded text?, html text?, source text, automatic text?, ref text?, inbound id?, addressed texts, copies texts, resends id?, evidence text?, maybe ids, trust text?, trust_reason text?, warnings texts, language text?) -> id
-- A message or comment, the ticket's newest; and the event that rules, mail and the screens wait for. Answers of others
-- that wait to be sent come back to their writers: they have not seen it. The Message-ID of a mail that came in leads to
-- the ticket from now on.
with m as (insert into message (ticket_id, kind, agent_id, rule_id, author, email, recipients, subject, body, folded,
                                html, source, automatic, ref, inbound_id, addressed, copies, resends, evidence, maybe,
                                trust, trust_reason, warnings, language)
           values (:ticket, :kind, :agent, :rule, :author, :email, :recipients, :subject, :body, :folded, :html,
                   :source, :automatic, :ref, :inbound, coalesce(:addressed, '{}'), coalesce(:copies, '{}'), :resends,
                   :evidence, coalesce(:maybe, '{}'), :trust, :trust_reason, coalesce(:warnings, '{}'), :language)
           returning id, ticket_id, kind, agent_id, body, automatic),
     f as (insert into message_reference (ref, ticket_id, own)
           select :ref, :ticket, false
            where :ref is not null and not exists (select from message_reference where ref = :ref and ticket_id = :ticket)),
     t as (update ticket
              set last_message_id = m.id, last_kind = m.kind, messages = messages + 1,
                  snippet = left(regexp_replace(left(m.body, 1000), '(\s|\[cid:[^]\s]*\])+', ' ', 'g'), 200)
             from m where ticket.id = m.ticket_id
           returning ticket.id),
     s as (insert into seen (agent_id, ticket_id, message_id)
           select :agent, m.ticket_id, m.id from m where :agent is not null
           on conflict (agent_id, ticket_id) do update set message_id = excluded.message_id),
     e as (insert into event (kind, ticket_id, message_id, agent_id, rule_id)
           select case when m.kind = 'comment' then 'comment.added'
                       when m.automatic is not null then 'message.automatic'
                       when m.agent_id is null and :rule is null then 'message.customer'
                       else 'message.agent' end, t.id, m.id, :agent, :rule from m, t),
     d as (update draft set due_at = null, returned = 'ticket_changed', updated_at = now() from m, t
            where draft.ticket_id = m.ticket_id and draft.due_at is not null and draft.agent_id is distinct from :agent
              and m.kind = 'message' and m.automatic is null
           returning draft.agent_id, draft.ticket_id),
     r as (insert into event (kind, ticket_id, agent_id) select 'draft.returned', ticket_id, agent_id from d)
select id from m;

-- message_cards(message id, crypto text?, calendar json?, attached json?) -> void
-- What its mail brought beside words and files; NULL = nothing of that.
update message set crypto = :crypto, calendar = :calendar, attached = :attached where id = :message;

-- message_list(agent id, ticket id, before id?, limit int) -> list
-- The newest of a ticket's thread, or the newest before one; oldest first. Of very long words the beginning (cut); html
-- lies behind its own route.
select m.id, m.kind, m.created_at, m.agent_id,
       coalesce(a.name, nullif(m.author, ''), m.email, '') as author, m.email, m.subject,
       left(m.body, 32768) as text, left(m.folded, 32768) as folded,
       greatest(octet_length(m.body), octet_length(m.folded)) > 32768 and greatest(length(m.body), length(m.folded)) > 32768 as cut,
       m.html is not null as html, m.source, m.automatic, m.recipients as to, m.inbound_id is not null as raw,
       m.evidence, m.trust, m.trust_reason, to_json(m.warnings) as warnings,
       case when m.maybe = '{}' then '[]' else coalesce((select json_agg(json_build_object('id', x.id, 'subject', x.subject)
                                                          order by x.id desc)
                   from ticket_visible(:agent) x where x.id = any(m.maybe)), '[]') end as maybe,
       to_json(m.copies) as cc, m.resends, m.crypto, m.calendar, coalesce(m.attached, '[]') as attached,
       coalesce((select json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
                                                   'inline', f.is_inline) order by f.id)
                   from file f where f.message_id = m.id), '[]') as files,
       coalesce((select json_agg(json_build_object('id', o.id, 'state', o.state, 'to', array_to_string(o.recipients, ', '),
                                                   'attempts', o.attempts, 'next_at', o.next_at, 'code', o.code,
                                                   'reply', o.reply, 'sent_at', o.sent_at, 'automatic', o.automatic,
                                                   'bounced', o.bounced, 'bounced_at', o.bounced_at,
                                                   'bounce_status', o.bounce_status, 'bounce_words', o.bounce_words,
                                                   'replaced', o.replaced, 'results', o.results) order by o.id)
                   from outbox o where o.message_id = m.id), '[]') as mails
  from (select * from message n
         where n.ticket_id = :ticket and (:before is null or n.id < :before)
           and exists (select from ticket_visible(:agent) t where t.id = :ticket)
         order by n.id desc
         limit :limit) m
  left join agent a on a.id = m.agent_id
 order by m.id;

-- message_get(agent id, message id) -> object
select m.id, m.ticket_id, m.kind, m.created_at, m.agent_id,
       coalesce(a.name, nullif(m.author, ''), m.email, '') as author, m.email, m.subject, m.body as text, m.folded, false as cut,
       m.html is not null as html, m.source, m.automatic, m.recipients as to, m.inbound_id is not null as raw,
       m.evidence, m.trust, m.trust_reason, to_json(m.warnings) as warnings,
       case when m.maybe = '{}' then '[]' else coalesce((select json_agg(json_build_object('id', x.id, 'subject', x.subject)
                                                          order by x.id desc)
                   from ticket_visible(:agent) x where x.id = any(m.maybe)), '[]') end as maybe,
       to_json(m.copies) as cc, m.resends, m.crypto, m.calendar, coalesce(m.attached, '[]') as attached,
       coalesce((select json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
                                                   'inline', f.is_inline) order by f.id)
                   from file f where f.message_id = m.id), '[]') as files,
       coalesce((select json_agg(json_build_object('id', o.id, 'state', o.state, 'to', array_to_string(o.recipients, ', '),
                                                   'attempts', o.attempts, 'next_at', o.next_at, 'code', o.code,
                                                   'reply', o.reply, 'sent_at', o.sent_at, 'automatic', o.automatic,
                                                   'bounced', o.bounced, 'bounced_at', o.bounced_at,
                                                   'bounce_status', o.bounce_status, 'bounce_words', o.bounce_words,
                                                   'replaced', o.replaced, 'results', o.results) order by o.id)
                   from outbox o where o.message_id = m.id), '[]') as mails
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id left join agent a on a.id = m.agent_id
 where m.id = :message;

-- message_inline(message id) -> rows(id id, cid text)
-- Pictures a mail's HTML may name by their Content-ID.
select id, cid from file where message_id = :message and cid is not null order by id;

-- message_raw(agent id, message id) -> row(sha256 text, name text)
select i.sha256, 'ticket-' || m.ticket_id || '-' || m.id || '.eml' as name
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id join inbound i on i.id = m.inbound_id
 where m.id = :message;

-- file_add(message id, name text, type text, size int, sha256 text, cid text?, is_inline bool) -> id
with f as (insert into file (message_id, name, type, size, sha256, cid, is_inline)
           values (:message, :name, :type, :size, :sha256, :cid, :is_inline) returning id, message_id),
     t as (update ticket set files = files + 1 from f join message m on m.id = f.message_id where ticket.id = m.ticket_id)
select id from f;

-- file_upload(agent id, name text, type text, size int, sha256 text, cid text?) -> object
-- Bytes that wait for a message of the one who sent them; cid: a picture that its text may show.
insert into file (agent_id, name, type, size, sha256, cid, is_inline)
values (:agent, :name, :type, :size, :sha256, :cid, :cid is not null)
returning id, name, type, size, cid;

-- uploads_size(agent id, uploads ids) -> int
-- Bytes of an agent's uploads together.
select coalesce(sum(size), 0)::bigint from file where id = any(:uploads) and agent_id = :agent;

-- file_again(agent id, message id) -> list
-- The files of a message once more, as uploads of this agent, for another message; those of a comment stay where they are.
-- Pictures between an agent's words keep the names that those call them by.
with f as (insert into file (agent_id, name, type, size, sha256, cid, is_inline)
           select :agent, f.name, f.type, f.size, f.sha256, f.cid, f.is_inline
             from file f join message m on m.id = f.message_id join ticket_visible(:agent) t on t.id = m.ticket_id
            where m.id = :message and m.kind = 'message' and (not f.is_inline or m.agent_id is not null) order by f.id
           returning id, name, type, size, cid)
select id, name, type, size, cid from f order by id;

-- file_claim(message id, ticket id, agent id, uploads ids) -> int
-- How many of them were this agent's and still free.
with f as (update file set message_id = :message
            where id = any(:uploads) and message_id is null and agent_id = :agent returning id),
     t as (update ticket set files = files + (select count(*) from f) where id = :ticket)
select count(*) from f;

-- file_get(agent id, file id) -> row(sha256 text, name text, type text)
-- A file of a visible ticket, or one's own upload that waits.
select f.sha256, f.name, f.type from file f
 where f.id = :file
   and (f.message_id is null and f.agent_id = :agent
        or exists (select from message m join ticket_visible(:agent) t on t.id = m.ticket_id where m.id = f.message_id));
