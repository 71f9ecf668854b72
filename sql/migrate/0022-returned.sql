-- Mails that came back are listed beside those that failed.
create index outbox_bounced on outbox (id desc) where bounced = 'failed' and not replaced;
