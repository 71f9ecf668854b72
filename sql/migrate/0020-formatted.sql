-- Answers may be formatted and show pictures; a mail to a customer may quote what was written before.
alter table draft add column html text;
comment on column draft.html is 'The same words, formatted; null = body says it all';
-- Greeting and signature of a template come back quoted: what left is what a ticket knows.
alter table message add column sent text;
comment on column message.sent is 'The whole text by which it left; null = it did not leave as a mail';
grant update (sent) on message to docket_agent, docket_work;
grant select (author, email, html, automatic, created_at) on message to docket_render;
grant select (cid) on file to docket_render;
