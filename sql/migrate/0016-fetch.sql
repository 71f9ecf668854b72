-- Fetching in earnest: mails that will not come, IDLE, certificates that are trusted by hand.

alter table account
	add column pin text constraint account_pin_format check (pin ~ '^[0-9a-f]{64}$'),
	add column smtp_pin text constraint account_smtp_pin_format check (smtp_pin ~ '^[0-9a-f]{64}$'),
	add column idle_off text,
	add column idle_off_at timestamptz;
comment on column account.pin is 'SHA-256 of the one certificate that is trusted for fetching though it could not be proven';
comment on column account.smtp_pin is 'The same for sending';
comment on column account.idle_off is 'Why this server is not asked to call when mail arrives (IDLE); NULL = it may be';
grant update (idle_off, idle_off_at) on account to docket_poll;

create table fetch_trouble (
	account_id int not null references account on delete cascade,
	folder     text not null,
	mail       text not null,
	tries      int not null,
	reason     text not null,
	tried_at   timestamptz not null default now(),
	primary key (account_id, folder, mail)
);
comment on table fetch_trouble is 'Mails that could not be fetched, with how often that was tried';
comment on column fetch_trouble.mail is 'UIDVALIDITY:UID, or UIDL where the folder is empty';
grant select, insert, update, delete on fetch_trouble to docket_poll;
