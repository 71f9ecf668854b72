-- customer_of(email text, name text) -> id
-- Whose address this is; a stranger becomes a customer.
with a as (select customer_id from customer_address where email = lower(:email)),
     c as (insert into customer (name) select :name where not exists (select from a) returning id),
     i as (insert into customer_address (email, customer_id) select lower(:email), id from c)
select customer_id from a union all select id from c;
