#!/usr/bin/env bash
# Mail servers that refuse, stall, drop and drip at every step of SMTP, crossed with 1, 2 and 10 recipients of mixed fate:
# nothing is lost, nothing doubled but after a drop behind the final dot, and no account waits for the server of another.
. "$TOP/tests/lib.sh"
echo 'mail_seconds = 1' >>"$DOCKET_CONFIG"
"$DOCKET" key init >/dev/null
port_of() { mkdir -p "$TEST_DIR/$1" && start "$1" python3 "$TOP/tests/channel/fates.py" "$TEST_DIR/$1" && wait_for "[ -s '$TEST_DIR/$1.log' ]" && port=$(head -1 "$TEST_DIR/$1.log"); }
account() { # NAME: an account with a server of its own, which does what its fate says
	port_of "$1"
	"$DOCKET" account add "$1" --address "$1@docket.test" --smtp "127.0.0.1:$port" --smtp-security plain --smtp-open </dev/null 2>&1 >/dev/null || diag "no account $1"
}
account main
printf 'From: kunde@example.org\nSubject: hallo\n\nhallo\n' | "$DOCKET" ingest --account main >/dev/null 2>&1
ticket=$(sql 'select id from ticket')
[ -n "$ticket" ] || { echo "Bail out! no ticket"; exit 1; }

queued=0
queue() { # ACCOUNT RECIPIENT...: sets mail and ref
	local name=$1 file to sha
	shift
	queued=$((queued + 1)) ref=nr$queued@docket.test file=$TEST_DIR/mail.$queued
	printf 'From: %s@docket.test\r\nMessage-ID: <%s>\r\n\r\nGruss\r\n%0200d\r\n' "$name" "$ref" 1 >"$file"
	sha=$(sha256sum "$file" | cut -c1-64)
	mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && cp "$file" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
	to=$(printf ',"%s"' "$@")
	mail=$(sql "insert into outbox (audience, ticket_id, account_id, sender, recipients, subject, sha256, ref)
		select 'customer', $ticket, id, address, '{${to:1}}', 'nr', '$sha', '$ref' from account where name = '$name' returning id")
}
send() { "$DOCKET" send --once >>"$TEST_DIR/send.log" 2>&1; }
again() { sql "update outbox set next_at = now() where state = 'deferred'"; send; }
state() { sql "select state from outbox where id = $mail"; }
# copies RECIPIENT: how often the mail was taken for this one
copies() { grep -cxF "$ref $1" "$TEST_DIR/main/taken" 2>/dev/null || :; }
taken() { local to out=; for to; do out+="$(copies "$to") "; done; echo "${out% }"; }

# --- the whole connection: nobody gets it, it waits, then everybody gets it once --------------------------------------
cut=0
for fate in refuse later stall noehlo mail-stall mail-drop grey slow; do
	echo "$fate" >"$TEST_DIR/main/fate"
	for n in 1 2 10; do
		to=()
		for ((k = 0; k < n; k++)); do to+=("a$k-$fate-$n@x.test"); done
		queue main "${to[@]}"
		[ "$n" = 1 ] || [ "$fate" != stall ] && [ "$fate" != mail-stall ] && [ "$fate" != slow ] || break
	done
	send
	is "$(sql "select string_agg(distinct state, ' ') from outbox where state <> 'sent'")" deferred "$fate: everything waits"
	: >"$TEST_DIR/main/fate"
	again
	is "$(sql "select string_agg(distinct state, ' ') from outbox")" sent "$fate: then it leaves"
	cut=$((cut + 1))
done
is "$(sort "$TEST_DIR/main/taken" | uniq -d | wc -l)" 0 'nobody got anything twice'
is "$(sql 'select sum(cardinality(recipients)) from outbox')" "$(wc -l <"$TEST_DIR/main/taken")" 'and nobody nothing'
like "$(sql "select string_agg(distinct envid, ' ') from (select 't' || ticket_id || '.' || coalesce(message_id, id) as envid from outbox) x")" '^t' 'each has an ENVID'
like "$(cat "$TEST_DIR/main/said")" "ENVID=t$ticket.$mail SIZE=" 'which the server was told'

echo bare >"$TEST_DIR/main/fate"
queue main ok@x.test
send
is "$(state) $(copies ok@x.test)" 'sent 1' 'no 8BITMIME, no SIZE, no DSN: it leaves'
like "$(tail -1 "$TEST_DIR/main/said")" '^MAIL FROM:<main@docket.test>$' 'asking for nothing that is not offered'
echo size >"$TEST_DIR/main/fate"
queue main ok@x.test
send
is "$(state) $(copies ok@x.test)" 'failed 0' 'too large for the server: failed at once'
like "$(sql "select reply from outbox where id = $mail")" 'at most 100 bytes' 'with the reason'
: >"$TEST_DIR/main/fate"

# --- each recipient its own fate, beside one and beside nine others ---------------------------------------------------
for fate in no later drop data-no data-drop data-stall dot-no dot-later dot-drop dot-stall; do
	for n in 1 2 10; do
		case $fate.$n in data-stall.[12]*|dot-stall.2|dot-stall.10) [ "$fate.$n" = data-stall.1 ] || continue ;; esac
		to=("$fate-$n@x.test")
		for ((k = 1; k < n; k++)); do to+=("b$k-$fate-$n@x.test"); done
		queue main "${to[@]}"
		send
		first=$(state)
		# By the next try the trouble is over, but for what is final.
		sql "update outbox set recipients = (select array_agg(case when r like '$fate-%' and '$fate' not in ('no') then 'c' || r else r end order by n)
			from unnest(recipients) with ordinality x (r, n)) where id = $mail"
		again
		others=("${to[@]:1}")
		once=$(printf '1 %.0s' "${others[@]}"); [ ${#others[@]} -gt 0 ] || once=' '
		case $fate in
		no) want="failed $([ $n = 1 ] || echo "${once% }")" got="$(state) $(taken "${others[@]}")" ;;
		data-no | dot-no) want="failed $(printf '0 %.0s' "${to[@]}")" got="$(state) $(taken "${to[@]}") " ;;
		later) want="deferred sent 1 ${once% }" got="$first $(state) $(copies "c${to[0]}") $(taken "${others[@]}")" ;;
		drop | data-drop | data-stall | dot-later) want="deferred sent 1 ${once% }" got="$first $(state) $(copies "c${to[0]}") $(taken "${others[@]}")" ;;
		dot-drop | dot-stall)
			want="deferred sent 1 1 $(printf '2 %.0s' "${others[@]}")" got="$first $(state) $(copies "${to[0]}") $(copies "c${to[0]}") $(taken "${others[@]}") "
			[ $n = 1 ] && want='deferred sent 1 1 ' got="$first $(state) $(copies "${to[0]}") $(copies "c${to[0]}") " ;;
		esac
		is "$(xargs <<<"$got")" "$(xargs <<<"$want")" "$fate, $n recipients" || diag "$(sql "select state, code, reply, results, unknown from outbox where id = $mail")"
		cut=$((cut + 1))
	done
done
figure "cut $cut of $cut places"

# --- a sender that dies between the final dot and its commit, again and again ----------------------------------------
queue main ok@x.test
for try in 1 2 3 4 5; do
	DOCKET_CRASH=smtp:3 "$DOCKET" send --once >>"$TEST_DIR/send.log" 2>&1
done
send
is "$(state) $(copies ok@x.test)" 'failed 3' 'dead behind the final dot each time: three copies, then it is given up'
like "$(sql "select reply from outbox where id = $mail")" 'may have arrived' 'and says so'

# --- five days --------------------------------------------------------------------------------------------------------
queue main later-old@x.test
sql "update outbox set created_at = now() - interval '5 days' + interval '10 minutes', attempts = 9 where id = $mail"
send
is "$(sql "select state, next_at - created_at <= interval '5 days' from outbox where id = $mail")" 'deferred|t' 'the last try is when the five days end'
sql "update outbox set created_at = now() - interval '5 days', next_at = now() where id = $mail"
send
is "$(state)" failed 'then it has failed'

# --- one account's server hangs, those of the others do not wait ------------------------------------------------------
sed -i 's/^mail_seconds.*/mail_seconds = 30/' "$DOCKET_CONFIG"
account stuck
account swift
echo stall >"$TEST_DIR/stuck/fate"
start send "$DOCKET" send
for k in 1 2 3; do queue stuck "s$k@x.test"; done
sql "select pg_notify('docket_send', '')"
wait_for "[ \"\$(sql \"select count(*) from outbox where state = 'sending'\")\" = 1 ]" 10
began=$(date +%s%N)
queue swift ok@x.test
sql "select pg_notify('docket_send', '')"
wait_for '[ "$(state)" = sent ]' 15
is "$(state) $(sql "select count(*) from outbox o join account a on a.id = o.account_id where a.name = 'stuck' and o.state in ('queued', 'sending')")" 'sent 3' \
	'a server that does not answer holds up its own account only'
figure "$((($(date +%s%N) - began) / 1000000)) ms from queueing to sent beside an account that hangs"

# --- a fate that the database refuses to keep: who held the mail ends, and it goes once more without waiting ------------
sql "create sequence refusals; grant usage on sequence refusals to docket_send;
	create function refuse() returns trigger language plpgsql as \$\$ begin
		if nextval('docket.refusals') <= 2 then raise 'not kept'; end if;
		return new;
	end \$\$;
	create trigger refuse before update on outbox for each row when (old.state = 'sending' and new.state <> 'sending')
		execute function refuse()"
queue swift ok@x.test
sql "select pg_notify('docket_send', '')"
wait_for '[ "$(state)" = sent ]' 15
is "$(state) $(grep -cxF "$ref ok@x.test" "$TEST_DIR/swift/taken")" 'sent 2' 'handed over twice with one Message-ID, then its fate is kept'
done_testing
