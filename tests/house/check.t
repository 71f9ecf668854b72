#!/usr/bin/env bash
# docket check holds every query against the database, and says which one no longer fits.
. "$TOP/tests/lib.sh"

checked() {
	said=$("$DOCKET" check queries 2>&1)
	rc=$?
}
# A scratch migration of somebody who forgot the queries.
changed() { psql -qXc "$1" 2>&1; }

checked
is "$rc" 0 "every query fits the migrated schema" || diag "$said"
like "$said" '[0-9]+ queries prepared' "and it says how many it looked at"

ok "a column is renamed" changed "alter table docket.migration rename column sha256 to digest"
checked
is "$rc" 65 "check fails when a column was renamed"
like "$said" 'wrong: migration_list' "and names the query that reads it" || diag "$said"
like "$said" 'migration_add' "and the one that writes it"
changed "alter table docket.migration rename column digest to sha256"

ok "a column changes its type" changed "alter table docket.migration alter n type text"
checked
is "$rc" 65 "check fails when a type was changed"
like "$said" 'wrong: migration_list' "and names the query" || diag "$said"
changed "alter table docket.migration alter n type int using n::int"

checked
is "$rc" 0 "and all is well once it is as it was" || diag "$said"

ok "the whole doctor finds nothing in a fresh database" "$DOCKET" check
done_testing
