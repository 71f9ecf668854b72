-- oauth_save(account id, provider text, flow text, client_id text, client_secret id?, authorize_url text?, token_url text, scope text) -> id
-- How the account signs in. A new client has to sign in anew; without a new secret the old one stays.
insert into oauth as o (account_id, provider, flow, client_id, client_secret_id, authorize_url, token_url, scope)
values (:account, :provider, :flow, :client_id, :client_secret, :authorize_url, :token_url, :scope)
on conflict (account_id) do update
   set provider = excluded.provider, flow = excluded.flow, client_id = excluded.client_id,
       client_secret_id = coalesce(excluded.client_secret_id,
                                   case when o.token_url = excluded.token_url then o.client_secret_id end), authorize_url = excluded.authorize_url,
       token_url = excluded.token_url, scope = excluded.scope, access_secret_id = null, expires_at = null, error = null,
       retry_at = now(),
       refresh_secret_id = case when (o.client_id, o.token_url, o.flow) = (excluded.client_id, excluded.token_url, excluded.flow)
                                then o.refresh_secret_id end,
       state = case when (o.client_id, o.token_url, o.flow) = (excluded.client_id, excluded.token_url, excluded.flow)
                    then o.state else 'new' end
returning account_id;

-- oauth_use(account id) -> void
-- The account signs in by tokens from here on, in both directions, and is fetched at once.
update account set auth = 'oauth', smtp_auth = case when smtp_host is null then smtp_auth else 'oauth' end,
                   failures = 0, due_at = now()
 where id = :account;

-- oauth_consent_of(account id) -> row(provider text, client_id text, authorize_url text, scope text, address text)
-- What the address of the consent is made of; no row = the account needs none.
select o.provider, o.client_id, o.authorize_url, o.scope, a.address
  from oauth o join account a on a.id = o.account_id
 where o.account_id = :account and o.flow = 'consent';

-- oauth_begin(account id, state text, session text?, verifier id) -> void
-- A sign-in begins; what was begun long ago is forgotten.
with old as (delete from oauth_consent where created_at < now() - interval '1 day')
insert into oauth_consent (state_hash, account_id, session, verifier_id)
values (sha256(convert_to(:state, 'UTF8')), :account, sha256(convert_to(:session, 'UTF8')), :verifier);

-- oauth_give(state text, session text?, code id?, error text?) -> row(account id, hash text)
-- The browser came back. Once, within a quarter of an hour, in the session that asked.
update oauth_consent set state = case when :code::bigint is null then 'failed' else 'given' end, code_id = :code, error = :error
 where state_hash = sha256(convert_to(:state, 'UTF8')) and state = 'asked' and created_at > now() - interval '15 minutes'
   and session is not distinct from sha256(convert_to(:session, 'UTF8'))
returning account_id as account, encode(state_hash, 'hex') as hash;

-- oauth_given(hash text) -> row(account id, verifier bytes, code bytes, error text)
-- A code that waits to be exchanged; it is spent by this.
with c as (update oauth_consent set state = 'done'
            where state_hash = decode(:hash, 'hex') and state in ('given', 'failed')
           returning account_id, verifier_id, code_id, error)
select c.account_id as account, v.box as verifier, k.box as code, c.error
  from c join secret v on v.id = c.verifier_id left join secret k on k.id = c.code_id;

-- oauth_get(account id) -> row(flow text, client_id text, token_url text, scope text, state text, client_secret bytes, refresh bytes, access bytes, left int, wait int, error text)
-- What a token is had with: the sealed words, how many seconds the present one is good for, how long to wait.
select o.flow, o.client_id, o.token_url, o.scope, o.state, c.box as client_secret, r.box as refresh, t.box as access,
       coalesce(extract(epoch from o.expires_at - now())::bigint, 0) as left,
       greatest(extract(epoch from o.retry_at - now())::bigint, 0) as wait, o.error
  from oauth o
  left join secret c on c.id = o.client_secret_id
  left join secret r on r.id = o.refresh_secret_id
  left join secret t on t.id = o.access_secret_id
 where o.account_id = :account;

-- oauth_lock(account id) -> void
-- Only one process asks for a token at a time; the others wait here. It ends with the connection at the latest.
select pg_advisory_lock(7201, :account::int);

-- oauth_unlock(account id) -> void
select pg_advisory_unlock(7201, :account::int);

-- oauth_keep(account id, access bytes, refresh bytes, seconds int) -> void
-- New tokens: their rows are made or written over; without a new refresh token the old one stays.
with o as (select refresh_secret_id as r, access_secret_id as a from oauth where account_id = :account),
     ua as (update secret set box = :access from o where secret.id = o.a returning secret.id),
     ia as (insert into secret (kind, box) select 'oauth', :access from o where o.a is null returning id),
     ur as (update secret set box = :refresh from o where secret.id = o.r and length(:refresh) > 0 returning secret.id),
     ir as (insert into secret (kind, box) select 'oauth', :refresh from o where o.r is null and length(:refresh) > 0 returning id)
update oauth set access_secret_id = coalesce((select id from ia), (select id from ua), access_secret_id),
                 refresh_secret_id = coalesce((select id from ir), (select id from ur), refresh_secret_id),
                 expires_at = now() + :seconds * interval '1 second', state = 'well', error = null, retry_at = now()
 where account_id = :account;

-- oauth_attention(account id, error text) -> void
-- Somebody has to sign in again; nobody asks before.
update oauth set state = 'attention', error = :error where account_id = :account;

-- oauth_wait(account id, error text) -> void
-- The endpoint failed: asked again in a minute.
update oauth set retry_at = now() + interval '1 minute', error = :error where account_id = :account;

-- oauth_forget(account id) -> void
-- The mail server refused a token that was still good for a while: the next one asks for another.
update oauth set expires_at = now() where account_id = :account and expires_at > now() and state = 'well';
