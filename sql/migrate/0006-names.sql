-- Names as a query compares them: lower case, no accents, ae = ä = a, every run of other characters one blank.
create function name_fold(name text) returns text language sql immutable parallel safe as $$
	select btrim(regexp_replace(regexp_replace(translate(replace(lower(name), 'ß', 'ss'),
	       'ÄÖÜÀÁÂÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛÝäöüàáâãåçèéêëìíîïñòóôõøùúûýÿ',
	       'aouaaaaaceeeeiiiinooooouuuyaouaaaaaceeeeiiiinooooouuuyy'), '([aou])e', '\1', 'g'), '[^[:alnum:]]+', ' ', 'g'))
$$;
create function name_words(name text) returns text[] language sql immutable parallel safe as $$
	select string_to_array(docket.name_fold(name), ' ')
$$;
revoke all on function name_fold(text), name_words(text) from public;
grant execute on function name_fold(text), name_words(text) to docket_agent, docket_work;
create index customer_words on customer using gin (name_words(name));
