-- migration_list() -> rows(n int, name text, sha256 text)
-- What has been applied, in order.
select n, name, sha256 from migration order by n;

-- migration_add(n int, name text, sha256 text) -> void
insert into migration (n, name, sha256) values (:n, :name, :sha256);

-- migration_lock() -> void
-- Two migrations at once wait for each other.
select pg_advisory_xact_lock(7203001);

-- schema_there() -> bool
-- Has the first migration been applied?
select to_regclass('docket.migration') is not null;

-- setting_get(key text) -> text
select value from setting where key = :key;

-- setting_put(key text, value text) -> void
insert into setting (key, value) values (:key, :value) on conflict (key) do update set value = excluded.value;
