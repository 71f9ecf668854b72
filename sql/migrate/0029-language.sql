-- In which language a customer is written to: as an agent set it, else as his mails are.

alter table customer alter column language drop not null, alter column language drop default;
update customer set language = null;
alter table customer add constraint customer_language_unknown check (language in ('de', 'en'));
comment on column customer.language is 'As an agent set it; null = that of his mails';
alter table message add column language text constraint message_language_unknown check (language in ('de', 'en'));
comment on column message.language is 'Told by the words of a mail; null = not told';
grant update (language) on customer to docket_agent;

-- The language of mails of a ticket: his own, else that of the customer's newest mail that shows one, in this ticket before all
-- others; else German. Inlined: language sql, stable, not security definer.
create function ticket_language(ticket bigint) returns setof text language sql stable as $$
	select coalesce(c.language,
		(select m.language from message m
		  where m.ticket_id = t.id and m.agent_id is null and m.automatic is null and m.language is not null
		  order by m.id desc limit 1),
		(select m.language
		   from (select o.id from ticket o where o.customer_id = t.customer_id order by o.updated_at desc, o.id desc limit 20) o
		   join message m on m.ticket_id = o.id
		  where m.agent_id is null and m.automatic is null and m.language is not null
		  order by m.id desc limit 1),
		'de')
	  from ticket t left join customer c on c.id = t.customer_id
	 where t.id = $1
$$;
revoke all on function ticket_language(bigint) from public;
grant execute on function ticket_language(bigint) to docket_agent, docket_work;
