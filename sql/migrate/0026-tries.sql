-- An answer whose sending kills docket work is tried three times, then its writer has it back.

alter table draft add column tries int not null default 0;
comment on column draft.tries is 'How often docket work began to send what is due, counted before it did';
