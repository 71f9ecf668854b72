-- How far an account was read holds for one mailbox: another server or login begins anew.

alter table account add column mailbox int not null default 0;
comment on column account.mailbox is 'Counts what the account has looked into: another server or login is another mailbox';
comment on column inbound.uidvalidity is 'UIDVALIDITY in the lower 32 bits, account.mailbox above it; so in every table';
comment on column inbound.uidl is 'UIDL, behind account.mailbox and a blank unless that is 0';

grant update (mailbox) on account to docket_agent;
grant delete on oauth to docket_agent;
