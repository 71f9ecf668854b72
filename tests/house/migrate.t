#!/usr/bin/env bash
# docket migrate: once, again without effect, never over edited history.
. "$TOP/tests/lib.sh"

said=$("$DOCKET" migrate 2>&1)
is "$?: $said" "0: the schema is up to date" "a second run changes nothing"
rows "select count(*) = max(n) from migration" t "migrations are numbered without gaps"

cp -r "$TOP/sql/migrate" "$TEST_DIR/migrate"
chmod -R u+w "$TEST_DIR/migrate"
export DOCKET_SQL=$TEST_DIR/migrate
next=$(printf %04d $(($(ls "$DOCKET_SQL" | wc -l) + 1)))

echo "create table extra (id int); select 1/0;" >"$DOCKET_SQL/$next-broken.sql"
said=$("$DOCKET" migrate 2>&1)
is $? 70 "a migration that fails ends with an error" || diag "$said"
rows "select to_regclass('docket.extra') is null" t "and leaves nothing behind"
rows "select count(*) from migration where n = $((10#$next))" 0 "nor is it noted"

echo "create table extra (id int);" >"$DOCKET_SQL/$next-broken.sql"
said=$("$DOCKET" migrate --dry-run 2>&1)
is "$said" "would apply $next-broken.sql" "--dry-run says what would be done"
rows "select to_regclass('docket.extra') is null" t "and does not do it"
said=$("$DOCKET" migrate 2>&1)
is "$said" "applied $next-broken.sql" "a new migration is applied"
rows "select name from migration order by n desc limit 1" "$next-broken.sql" "and noted"

first=$(ls "$DOCKET_SQL" | head -1)
echo "-- one more word" >>"$DOCKET_SQL/$first"
said=$("$DOCKET" migrate 2>&1)
is $? 70 "edited history is refused"
like "$said" "$first was edited" "and the file named" || diag "$said"
cp "$TOP/sql/migrate/$first" "$DOCKET_SQL/$first"

rm "$DOCKET_SQL/$next-broken.sql"
said=$("$DOCKET" migrate 2>&1)
is $? 70 "a database newer than the program is refused"
like "$said" "$next-broken.sql, which this docket does not know" "and the migration named" || diag "$said"

export DOCKET_SQL=$TEST_DIR/nowhere
said=$("$DOCKET" migrate 2>&1)
like "$?: $said" "^70: .*nowhere.*DOCKET_SQL" "a missing folder is named, with the remedy" || diag "$said"
done_testing
