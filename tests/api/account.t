#!/usr/bin/env bash
# Mail accounts set through the API and the shell: everything that can be set, what is refused, passwords that go in and
# never come out, words for every fault in both languages, test mode.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
"$DOCKET" key init >/dev/null

call anna POST /mail/accounts '{"name": "Service", "address": "service@shop.test", "host": "imap.shop.test", "password": "geheim-eins",
	"smtp_host": "smtp.shop.test", "after": "move", "after_folder": "Erledigt", "folders": "INBOX\nKunden/Wichtig", "type": 2, "status": 9,
	"owner": 2, "owner_role": 1, "sender_name": "Haus Lindemann", "reply_to": "antwort@shop.test", "signature": "Ihr Team", "authserv_id": "mx.shop.test"}'
status 201 'a new account'
id=$(value .id)
json '.kind == "imap" and .port == 993 and .security == "tls" and .login == "service@shop.test" and .smtp_port == 465 and .smtp_login == "service@shop.test"' 'what nobody said is as usual'
json '.folders == ["INBOX", "Kunden/Wichtig"] and .after_folder == "Erledigt" and .type_id == 2 and .status_id == 9 and .owner_id == 2 and .owner_role_id == 1' 'folders, what comes after, where tickets begin'
json '.reply_to == "antwort@shop.test" and .signature == "Ihr Team" and .authserv_id == "mx.shop.test" and .every == 60' 'sender, reply address, signature, whom to believe'
json '.has_password and .has_smtp_password and (tostring | test("geheim|box|secret_id") | not)' 'the password is there and does not come back'
rows "select count(*) from secret" 2 'sealed, once for each direction'
is "$(sql 'select count(*) from secret where position($$geheim$$::bytea in box) > 0')" 0 'and not as it was given'

call anna PATCH "/mail/accounts/$id" '{"security": "starttls", "port": 143, "password": "geheim-zwei", "owner": 0, "reply_to": "", "folders": "Neu", "every": 300, "active": false}'
status 200 'a change'
json '.security == "starttls" and .port == 143 and .owner_id == null and .reply_to == null and .folders == ["Neu"] and .every == 300 and (.active | not)' 'what is given becomes so, what is empty goes'
json '.host == "imap.shop.test" and .after == "move" and .sender_name == "Haus Lindemann" and .smtp_host == "smtp.shop.test"' 'the rest stays'
rows "select count(*) from secret" 2 'the old password is gone, the other stays'
sql "update account set plus_proved = true, failures = 7, due_at = now() + interval '1 hour' where id = $id"
call anna PATCH "/mail/accounts/$id" '{"sender_name": "Lindemann"}'
json '.plus_proved and .failures == 0 and (.due_at | fromdateiso8601? // now) <= now + 1' 'what was proved stays; it is fetched at once'
call anna PATCH "/mail/accounts/$id" '{"address": "neu@shop.test"}'
json '.plus_proved | not' 'another address has to prove plus-addresses anew'

call anna PATCH "/mail/accounts/$id" '{"smtp_host": "evil.test"}'
json '.has_password and (.has_smtp_password | not)' 'a kept password never goes to another server'
tokens() { # FLOW: the account signs in by OAuth and has tokens
	sql "with s as (insert into secret (kind, box) values ('oauth', 'a'), ('oauth', 'b'), ('oauth', 'c') returning id)
		insert into oauth (account_id, provider, flow, client_id, client_secret_id, authorize_url, token_url, scope, access_secret_id,
		refresh_secret_id, state) select $id, 'other', '$1', 'shop', min(id), 'https://a.test', 'https://t.test', '', min(id) + 1, max(id), 'well' from s"
}
left() { sql "select count(*), count(client_secret_id), count(access_secret_id), count(refresh_secret_id), min(state) from oauth where account_id = $id"; }
tokens consent
call anna PATCH "/mail/accounts/$id" '{"sender_name": "Haus"}'
is "$(left)" '1|1|1|1|well' 'a change that is none of the server leaves the sign-in'
call anna PATCH "/mail/accounts/$id" '{"smtp_host": "evil2.test"}'
is "$(left)" '1|1|0|0|new' 'nor do tokens: somebody has to sign in anew'
sql "delete from oauth"
tokens client
call anna PATCH "/mail/accounts/$id" '{"host": "evil.test"}'
is "$(left)" '0|0|0|0|' 'nor what tokens are had with where nobody signs in'
rows "select count(*) from secret" 0 'nothing sealed is left that nothing names'
rows "select mailbox from account where id = $id" 1 'another server is another mailbox'
call anna PATCH "/mail/accounts/$id" '{"host": "IMAP.shop.test", "login": "zweiter"}'
call anna PATCH "/mail/accounts/$id" '{"host": "imap.shop.test", "password": "geheim-zwei"}'
rows "select mailbox from account where id = $id" 2 'the same in other letters is not'

bad() { call anna "$3" "$4" "$5"; is "$code $(value .code)" "$1 $2" "$6" || diag "$body"; }
bad 422 address_malformed POST /mail/accounts '{"name": "x", "address": "x y@z"}' 'an address that is none'
bad 422 address_malformed PATCH "/mail/accounts/$id" '{"reply_to": "a@b\nBcc: c@d"}' 'a reply address that brings a header along'
bad 409 account_name_taken POST /mail/accounts '{"name": "Service", "address": "x@shop.test"}' 'a name that is taken'
bad 422 account_host_malformed PATCH "/mail/accounts/$id" '{"host": "https://imap.shop.test/"}' 'an address of the web is no server'
bad 422 account_move_folder PATCH "/mail/accounts/$id" '{"after": "move", "after_folder": ""}' 'moving to nowhere'
bad 422 account_move_circle PATCH "/mail/accounts/$id" '{"folders": "Erledigt\nInbox", "after_folder": "INBOX"}' 'moving into a folder that is fetched'
bad 422 account_pop3_cannot_move PATCH "/mail/accounts/$id" '{"kind": "pop3"}' 'POP3 cannot move'
bad 422 account_host_missing PATCH "/mail/accounts/$id" '{"host": ""}' 'fetching from nowhere'
bad 404 account_unknown PATCH /mail/accounts/999 '{"name": "x"}' 'an account that is none'
bad 422 input PATCH "/mail/accounts/$id" '{"port": 70000}' 'a port that is none'
call anna GET /mail/accounts
json 'length == 1 and .[0].address == "neu@shop.test"' 'the list; nothing of that changed'
call ben GET /mail/accounts
status 403 'not for everybody'

# The shell sets the same.
ok 'docket account add' bash -c "printf 'drei\nvier\n' | '$DOCKET' account add Laden --address laden@shop.test --pop3 pop.shop.test --security starttls --after delete \
	--smtp smtp.shop.test:2525 --smtp-security starttls --owner ben --role Prüfung --reply-to r@shop.test --signature Gruß --authserv-id mx --every 120"
rows "select kind, host, port, security, login, after, smtp_port, smtp_login, owner_id, owner_role_id, reply_to, signature, authserv_id, every from account where name = 'Laden'" \
	'pop3|pop.shop.test|110|starttls|laden@shop.test|delete|2525|laden@shop.test|2|3|r@shop.test|Gruß|mx|00:02:00' 'everything as said'
ok 'docket account change' "$DOCKET" account change Laden --imap imap.shop.test --security tls --after move:Weg/Damit --type Retoure --owner '' --name Shop
rows "select kind, host, port, after, after_folder, type_id, owner_id is null, reply_to from account where name = 'Shop'" 'imap|imap.shop.test|993|move|Weg/Damit|3|t|r@shop.test' 'changed what was named'
is "$("$DOCKET" account show Shop | jq -r '"\(.name) \(.has_password)"')" 'Shop true' 'docket account show'
refused() { # CODE WORDS COMMAND...: refused in our words, without those of the database
	local want=$1 words=$2 said rc
	shift 2
	said=$(echo "$PASSWORD" | "$DOCKET" "$@" 2>&1)
	rc=$?
	[[ $rc = "$want" && $said == *"$words"* && $said != *constraint* && $said != *2350* && $said != *23514* ]]
	ok "$*: exit $want, \"$words\"" || diag "exit $rc: $said"
}
refused 64 'needs --address' account add Neu
refused 65 'account name taken' account add Shop --address neu@shop.test
refused 65 'account security unknown' account add Neu --address neu@shop.test --imap x.test --security wild
"$DOCKET" user add carla --name Carla <<<"$PASSWORD" >/dev/null 2>&1
refused 65 'agent login taken' user add carla --name Carla
"$DOCKET" account off Shop
rows "select active from account where name = 'Shop'" f 'docket account off'
"$DOCKET" account on Shop
rows "select active from account where name = 'Shop'" t 'docket account on'
like "$("$DOCKET" account change Nix --off 2>&1)" 'no account .Nix.' 'an unknown one is named'
like "$("$DOCKET" account change Shop --every 5 2>&1)" '20 to 86400' 'a wrong number says what is right'

# Faults have words; the big providers are known.
call anna GET /mail/faults
json 'length >= 20 and all(.[]; (.cause.de | length > 10) and (.cause.en | length > 10) and (.remedy.de | length > 10) and (.remedy.en | length > 5))' 'every fault: cause and remedy in both languages'
json '[.[].code] | length == (unique | length)' 'each code once'
for a in x@gmail.com x@outlook.com x@gmx.de x@web.de x@t-online.de x@ionos.de x@strato.de x@mailbox.org x@posteo.de x@icloud.com x@yahoo.de; do
	call anna GET "/mail/servers?address=$a"
	json '.known and (.host | length > 5) and (.smtp_host | length > 5) and .port == 993' "$a: servers are known"
done
call anna GET '/mail/servers?address=x@gmail.com'
json '.oauth == "google" and (.hint.de | test("OAuth"))' 'and what to know before'
call anna GET '/mail/servers?address=x@shop.test'
json '.known | not' 'others are not'

call anna PUT /mail/mode '{"testing": true, "allowed": "Anna@shop.test\n  ben@shop.test, cleo@shop.test"}'
status 200 'test mode'
json '.testing and .allowed == ["anna@shop.test", "ben@shop.test", "cleo@shop.test"] and .since != null' 'on, for these addresses'
call nora GET /mail/mode
json '.testing' 'everybody can see it'
bad 422 address_malformed PUT /mail/mode '{"testing": true, "allowed": "niemand"}' 'an address that is none'
call anna PUT /mail/mode '{"testing": false}'
json '(.testing | not) and .since == null' 'off again'
ok 'no password in log or database' bash -c "! { cat '$TEST_DIR'/*.log; pg_dump -a; } | grep -qE 'geheim|drei|vier'"
done_testing
