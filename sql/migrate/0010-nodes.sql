-- A node goes when its rebuild is done. Whoever writes meanwhile keeps the nodes it queues for, or finds
-- them gone: without the lock its rows would name one that is no more, and its transaction fail.
create or replace function index_enqueue() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	if tg_table_name = 'ticket' then
		insert into index_queue (node_id, message_id)
		select n.id, m.id from index_node n, message m where m.ticket_id = new.id for key share of n;
	elsif tg_table_name = 'file' then
		insert into index_queue (node_id, message_id)
		select n.id, new.message_id from index_node n where new.message_id is not null for key share;
	else
		insert into index_queue (node_id, message_id) select n.id, new.id from index_node n for key share;
	end if;
	perform pg_notify('docket_index', '');
	return null;
end $$;
-- How far an index is behind is asked for one node.
grant select (id, name) on index_node to docket_agent;
