#!/usr/bin/env bash
# Every route of the contract as nobody, as an agent without a permission, with exactly the one it needs, and as
# administrator. The routes come from docket openapi; one without a row below fails, and so does a row without a route.
. "$TOP/tests/lib.sh"

# route: the permission it needs; a body that is valid but names nothing that exists
cat >"$TEST_DIR/rows" <<'ROWS'
GET /meta|public|
GET /healthz|public|
GET /readyz|public|
POST /session|public|{"login":"nobody","password":"x"}
GET /session|login|
DELETE /session|login|
PATCH /me|login|{"language":"de"}
PUT /me/password|login|{"old":"x","password":"twelve letters"}
GET /agents|login|
GET /teams|login|
GET /roles|login|
GET /types|login|
GET /accounts|login|
GET /folders|ticket.read|
POST /folders|ticket.read|{"name":"x","query":"is:open"}
PATCH /folders/{folder}|ticket.read|{"name":"y"}
DELETE /folders/{folder}|ticket.read|
PUT /folders|ticket.read|{"folders":[999999]}
GET /alerts|ticket.read|
PUT /alerts|ticket.read|{"alert":1}
GET /tickets|ticket.read|
POST /tickets|ticket.write|{"subject":"x","type":99}
GET /tickets/{ticket}|ticket.read|
PATCH /tickets/{ticket}|ticket.write|{"version":1,"priority":1}
POST /tickets/{ticket}/owners|ticket.write|{"version":1,"agent":1,"role":1}
DELETE /tickets/{ticket}/owners/{owner}|ticket.write|?version=1
POST /tickets/{ticket}/messages|ticket.write|{"version":1,"body":"x"}
GET /tickets/{ticket}/messages|ticket.read|
GET /messages/{message}|ticket.read|
GET /tickets/{ticket}/events|ticket.read|
PUT /tickets/{ticket}/draft|ticket.write|{"kind":"message","body":"x","version":0}
DELETE /tickets/{ticket}/draft|ticket.write|
PUT /tickets/{ticket}/scheduled|ticket.write|{"at":"now"}
DELETE /tickets/{ticket}/scheduled|ticket.write|
GET /scheduled|ticket.write|
PUT /tickets/{ticket}/seen|ticket.read|{"message":1}
GET /messages/{message}/html|ticket.read|
GET /messages/{message}/pictures|ticket.read|
POST /messages/{message}/pictures|ticket.read|
PUT /messages/{message}/pictures|ticket.read|{"always":true}
GET /messages/{message}/pictures/{picture}|ticket.read|?sig=aaaaaaaaaaaaaaaaaaaaaaaaaa
GET /messages/{message}/raw|ticket.read|
GET /files/{file}|ticket.read|
POST /uploads|ticket.write|?name=x
POST /messages/{message}/uploads|ticket.write|
GET /search|ticket.read|?q=x
GET /search/facets|ticket.read|?q=x
GET /tickets/{ticket}/alike|ticket.read|
GET /search/complete|ticket.read|?q=x
GET /customers|ticket.read|?q=x
PATCH /customers/{customer}|ticket.write|{"language":"de"}
GET /customers/{customer}/tickets|ticket.read|
POST /tickets/{ticket}/messages/{message}/move|ticket.write|{"version":1}
POST /tickets/{ticket}/release|ticket.write|
PATCH /types/{type}|settings.write|{"reopen_days":30}
GET /inbound|mail.admin|
GET /inbound/{inbound}/raw|mail.admin|
POST /inbound/{inbound}/retry|mail.admin|
GET /outbox|ticket.read|
GET /outbox/counts|ticket.read|
GET /outbox/{outbox}/raw|ticket.read|
POST /outbox/{outbox}/cancel|ticket.write|
POST /outbox/{outbox}/retry|ticket.write|
GET /mail/accounts|mail.admin|
GET /mail/accounts/{account}|mail.admin|
POST /mail/accounts|mail.admin|{"name":"x","address":"x@shop.test","type":99}
PATCH /mail/accounts/{account}|mail.admin|{"name":"x"}
PUT /mail/accounts/{account}/oauth|mail.admin|{"provider":"google","client_id":"x"}
POST /mail/accounts/{account}/consent|mail.admin|
POST /mail/accounts/{account}/import|mail.admin|{"since":"2020-01-01"}
DELETE /mail/accounts/{account}/import|mail.admin|
POST /oauth|mail.admin|{"state":"x","code":"y"}
POST /mail/trials|mail.admin|{"account":999999}
GET /mail/trials/{trial}|mail.admin|
GET /mail/faults|mail.admin|
GET /mail/servers|mail.admin|?address=x@gmx.de
GET /mail/mode|login|
PUT /mail/mode|mail.admin|{"testing":false}
GET /rules|settings.read|
POST /rules|settings.write|{"name":"x","event":"message.agent","template":99}
PATCH /rules/{rule}|settings.write|{"active":false}
DELETE /rules/{rule}|settings.write|
GET /templates|settings.read|
GET /templates/variables|settings.read|
POST /templates/preview|settings.read|{"ticket":1001,"subject":"x","body":"x"}
POST /templates|settings.write|{"name":"m","subject_de":"x","body_de":"x"}
PATCH /templates/{template}|settings.write|{"name":"n"}
ROWS

# An agent for each single permission, one with none, one with all.
permissions='ticket.read ticket.write settings.read settings.write mail.admin'
psql -qX <<SQL
insert into agent (login, name) select l, l from unnest(string_to_array('none all $permissions', ' ')) l;
insert into profile (name) select 'only ' || p from unnest(string_to_array('$permissions', ' ')) p;
insert into profile_permission select id, substr(name, 6) from profile where name like 'only %';
insert into agent_profile select a.id, p.id from agent a join profile p
    on p.name = 'only ' || a.login or (a.login = 'all' and p.name = 'Administrator');
SQL

"$DOCKET" openapi >"$TEST_DIR/openapi.json" 2>"$TEST_DIR/log"
jq -e '.openapi == "3.1.0" and (.paths | length) > 25' "$TEST_DIR/openapi.json" >/dev/null
ok 'the contract is printed'
jq -r '.paths | to_entries[] | .key as $p | .value | to_entries[] | "\(.key | ascii_upcase) \($p)|\(.value["x-permission"])"' \
	"$TEST_DIR/openapi.json" | sort >"$TEST_DIR/routes"
cut -d'|' -f1,2 "$TEST_DIR/rows" | sort >"$TEST_DIR/covered"
is "$(comm -23 "$TEST_DIR/routes" "$TEST_DIR/covered" | xargs)" '' 'every route has a row, with its permission'

cells=0 wrong=()
judge() { # WHO WANT: 401, 403, or "in": neither
	local got
	if [ "$path" = "/uploads?name=x" ]; then call "$1" "$method" "$path" --type application/octet-stream bytes
	elif [ -n "$sent" ]; then call "$1" "$method" "$path" "$sent"
	else call "$1" "$method" "$path"; fi
	cells=$((cells + 1))
	got=$code
	[[ $2 == in && ($got != 401 || $route == 'POST /session') && $got != 403 && $got != 500 ]] && got=in
	[ "$got" = "$2" ] || wrong+=("$route as $1: $got instead of $2 ($body)")
}
while IFS='|' read -r route permission sent; do
	grep -qxF "$route|$permission" "$TEST_DIR/routes" || continue
	method=${route%% *} path=$(sed 's/{[a-z]*}/999999/g' <<<"${route#* }")
	case $sent in \?*) path=$path$sent sent= ;; esac
	case $permission in
	public) judge - in ;;
	*) judge - 401 ;;
	esac
	case $permission in
	public | login) judge none in ;;
	*)
		judge none 403
		for other in $permissions; do
			[ "$other" = "$permission" ] && judge "$other" in || judge "$other" 403
		done
		;;
	esac
	judge all in
done <"$TEST_DIR/rows"
is "$(printf '%s\n' "${wrong[@]:-}")" '' "$cells cells: who may not gets 401 or 403, who may never"
figure "$(wc -l <"$TEST_DIR/routes") routes, $cells cells"
rows "select count(*) from ticket" 0 'nobody made a ticket by it'
done_testing
