-- What a mail brings beside its words, as a reader shows it.

alter table message
	add column crypto text constraint message_crypto_unknown check (crypto in ('smime-signed', 'smime', 'pgp-signed', 'pgp')),
	add column calendar jsonb,
	add column attached jsonb;
comment on column message.crypto is 'The seal that its mail carries, recognised and not verified: signed, or encrypted (smime, pgp)';
comment on column message.calendar is 'The first event of an invitation: method, summary, start, end, zone, place, organiser';
comment on column message.attached is 'Mails inside the mail, the first five: number of the part, subject, from, date, text';
grant update (crypto, calendar, attached) on message to docket_work;
grant select (crypto, calendar, attached) on message to docket_agent;
