-- What fetching and sending learnt to keep.

-- The same bytes make one message, also when two processes bring them at once.
drop index inbound_bytes;
create unique index inbound_bytes on inbound (coalesce(account_id, 0), sha256) where state <> 'duplicate';

alter table outbox
	add column results jsonb not null default '{}',
	add column unknown int not null default 0;
comment on column outbox.results is 'Recipients that had their answer: {address: {code, words}}; they are not tried again';
comment on column outbox.unknown is 'How often the connection ended after the mail had been handed over: sent once more, then given up';
grant update (results, unknown) on outbox to docket_send;
grant select, insert, update on seen to docket_work;
