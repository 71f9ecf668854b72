-- Addresses of pictures come out of customers' mails, and a trusted sender is a customer's address: both stand behind the wall.
alter table picture enable row level security;
alter table picture force row level security;
create policy everything on picture to docket_owner, docket_agent, docket_send using (true) with check (true);
alter table picture_sender enable row level security;
alter table picture_sender force row level security;
create policy everything on picture_sender to docket_owner, docket_agent using (true) with check (true);
