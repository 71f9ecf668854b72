-- What completion and facets look up.
create index ticket_tags on ticket using gin (tag_ids);
create index customer_begins on customer (name_fold(name) collate "C");
grant select on folder to docket_work;
