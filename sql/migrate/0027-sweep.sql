-- Sealed words that nothing names any more go: those of a trial with its end, a password or token with its account.

create function secret_sweep() returns void language sql security definer set search_path = docket as $$
	delete from secret s
	 where not exists (select from account a where s.id in (a.secret_id, a.smtp_secret_id))
	   and not exists (select from oauth o where s.id in (o.client_secret_id, o.refresh_secret_id, o.access_secret_id))
	   and not exists (select from oauth_consent c where s.id in (c.verifier_id, c.code_id))
	   and not exists (select from trial t where t.state in ('queued', 'running')
	                      and s.id::text in (t.draft ->> 'secret_id', t.draft ->> 'smtp_secret_id'))
$$;
revoke all on function secret_sweep() from public;
grant execute on function secret_sweep() to docket_agent, docket_send;
select secret_sweep();
