-- Names of constraints are codes of the API: what an id names that does not exist.
alter table ticket rename constraint ticket_account_id_fkey to account_unknown;
alter table ticket rename constraint ticket_customer_id_fkey to customer_unknown;
alter table owner rename constraint owner_agent_id_fkey to agent_unknown;
alter table owner rename constraint owner_team_id_fkey to team_unknown;
alter table owner rename constraint owner_role_id_fkey to role_unknown;
