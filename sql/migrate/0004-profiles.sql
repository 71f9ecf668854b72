-- Two profiles to begin with; and rights that change are noticed by whoever remembers them.
insert into profile (name) values ('Administrator'), ('Support');
insert into profile_permission (profile_id, permission)
select p.id, w.permission from profile p,
       (values ('Administrator', 'ticket.read'), ('Administrator', 'ticket.write'), ('Administrator', 'settings.read'),
               ('Administrator', 'settings.write'), ('Administrator', 'mail.admin'),
               ('Support', 'ticket.read'), ('Support', 'ticket.write'), ('Support', 'settings.read')) w (profile, permission)
 where p.name = w.profile;

create function rights_changed() returns trigger language plpgsql as $$
begin
	perform pg_notify('docket_rights', '');
	return null;
end $$;
create trigger rights_changed after delete on session for each statement execute function rights_changed();
create trigger rights_changed after update or delete on token for each statement execute function rights_changed();
create trigger rights_changed after insert or update or delete on profile_permission for each statement
	execute function rights_changed();

create index session_agent on session (agent_id);
