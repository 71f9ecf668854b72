-- A rebuild of an index is a node of its own until it is done.
grant delete on index_node to docket_index;
