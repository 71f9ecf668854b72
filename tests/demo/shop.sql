-- The demo's shop: what its admin would have typed into the settings. Run once, as the owner.
insert into setting (key, value) values ('name', 'Haus Lindemann') on conflict (key) do update set value = excluded.value;

insert into team (name) values ('{"de": "Versand", "en": "Shipping"}'), ('{"de": "Buchhaltung", "en": "Accounts"}');
insert into team_agent (team_id, agent_id)
select t.id, a.id from team t, agent a
 where (t.name->>'en', a.login) in (('Shipping', 'jonas'), ('Shipping', 'aylin'), ('Accounts', 'tobias'));
update agent set language = 'en', zone = 'Europe/London' where login = 'grace';
update agent set signature = E'Mit freundlichen Grüßen\n' || name || E'\n\nHaus Lindemann · Kundendienst\nKönigstor 14, 34117 Kassel'
 where login <> 'grace';
update agent set signature = E'Kind regards\n' || name || E'\n\nHaus Lindemann · Customer service' where login = 'grace';

insert into tag (name, colour) values ('Großkunde', 'violet'), ('Geschenk', 'green'), ('Kulanz', 'orange');
with parent as (
	insert into folder (name, icon, query, position)
	values ('{"de": "Reklamationen", "en": "Complaints"}', 'folder', 'typ:Reklamation is:open', 20) returning id)
insert into folder (name, icon, query, position, parent_id)
select '{"de": "Beim Versand", "en": "With shipping"}', 'folder', 'typ:Reklamation is:open owner:Versand', 21, id from parent;
insert into folder (name, icon, query, position) values
	('{"de": "Großkundschaft", "en": "Key accounts"}', 'folder', 'tag:Großkunde is:open', 22),
	('{"de": "Dringend", "en": "Urgent"}', 'folder', 'prio:>3 is:open', 23);
