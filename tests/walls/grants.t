#!/usr/bin/env bash
# What each role may do, table by table: exactly this. A migration that grants more, or takes something away, says so here.
. "$TOP/tests/lib.sh"

# role|table|privileges on the whole table (Delete Insert Select Update), then those on columns
cat >"$TEST_DIR/want" <<'ROWS'
agent|alert|S U(seen_at)
agent|alert_queue|I
agent|account|S I(active,address,after,after_folder,auth,authserv_id,every,host,kind,login,name,owner_id,owner_role_id,pin,port,reply_to,reports,secret_id,security,sender_name,signature,smtp_auth,smtp_host,smtp_login,smtp_pin,smtp_port,smtp_secret_id,smtp_security,status_id,type_id) U(active,address,after,after_folder,auth,authserv_id,due_at,every,failures,host,idle_off,idle_off_at,kind,login,mailbox,name,owner_id,owner_role_id,pin,plus_proved,port,reply_to,reports,secret_id,security,sender_name,signature,smtp_auth,smtp_host,smtp_login,smtp_pin,smtp_port,smtp_secret_id,smtp_security,status_id,type_id)
agent|account_folder|D I(account_id,name) S(account_id,name)
agent|account_shown|S
agent|agent|S U(language,signature,undo_seconds,zone)
agent|agent_profile|S
agent|customer|IS U(language)
agent|customer_address|IS
agent|draft|DISU
agent|event|IS
agent|event_text|IS
agent|file|IS U(message_id)
agent|file_text|S
agent|folder|DIS U(name,position,query)
agent|folder_watch|DIS
agent|inbound|S U(insisted,reason,state,ticket_id,tries)
agent|index_node|- S(id,name)
agent|index_queue|S
agent|index_source|S
agent|login_attempt|DIS
agent|mail_import|S I(account_id,agent_id,begins,folders,since,status_id,type_id) U(ended_at,state)
agent|mail_import_item|DS
agent|mail_mode|S U(agent_id,allowed,since,testing)
agent|message|IS U(evidence,maybe,recipients,ref,sent,ticket_id)
agent|message_picture|IS
agent|message_reference|DIS
agent|migration|S
agent|oauth|DISU
agent|oauth_consent|DIS U(code_id,error,state)
agent|outbox|IS U(next_at,replaced,state)
agent|owner|DIS
agent|picture|IS U(asked_at,state,tries)
agent|picture_sender|DIS
agent|profile_permission|S
agent|role|S
agent|rule|DISU
agent|rule_run|I
agent|seen|ISU
agent|secret|D I(box,kind) S(id)
agent|session|DIS U(seen_at)
agent|setting|S
agent|sight|S
agent|status|S
agent|tag|S
agent|team|S
agent|team_agent|S
agent|template|ISU
agent|ticket|IS U(closed_at,confidential,deadline_at,files,held,is_open,last_kind,last_message_id,messages,priority,snippet,status_id,subject,type_id)
agent|token|S
agent|trial|- I(account_id,agent_id,draft,kind) S(account_id,agent_id,created_at,ended_at,id,kind,state,steps)
agent|type|S U(reopen_days)
index|file_text|S U(next_at,reason,state,text,tries)
index|index_node|DIS U(indexed_at)
index|index_queue|DIS
index|index_source|S
poll|account|S U(begins_at,due_at,error_code,failures,idle_off,idle_off_at,last_error,last_ok_at)
poll|account_folder|IS U(last_uid,uidvalidity)
poll|fetch_trouble|DISU
poll|inbound|IS
poll|lease|ISU
poll|mail_import|S U(brought,due_at,ended_at,error,error_code,failures,started_at,state,total)
poll|mail_import_item|DIS U(tries)
poll|oauth|S U(access_secret_id,error,expires_at,refresh_secret_id,retry_at,state)
poll|secret|IS U(box)
portal|file|- S(cid,created_at,id,is_inline,message_id,name,sha256,size,type)
portal|message|- S(agent_id,author,automatic,body,created_at,email,folded,html,id,kind,recipients,source,subject,ticket_id)
portal|ticket|- S(closed_at,confidential,created_at,customer_id,id,is_open,status_id,subject,type_id)
render|file|- S(cid,id,message_id,name,sha256,type)
render|message|- S(addressed,agent_id,author,automatic,body,copies,created_at,email,html,id,kind,ref,ticket_id)
render|ticket|- S(confidential,id,subject)
send|account|S U(plus_proved)
send|account_folder|S
send|event|- I(after,kind,message_id,ticket_id)
send|lease|ISU
send|mail_mode|S
send|oauth|S U(access_secret_id,error,expires_at,refresh_secret_id,retry_at,state)
send|oauth_consent|S U(error,state)
send|outbox|S U(attempts,code,lease_until,next_at,reply,results,sent_at,state,unknown)
send|picture|S U(fetched_at,lease_until,reason,sha256,size,state,tries,type)
send|secret|IS U(box)
send|trial|S U(ended_at,state,steps)
send|trial_mail|IS U(seen_at)
work|alert|IS
work|alert_queue|DISU
work|account|S
work|agent|- S(active,id,login,name,signature,zone)
work|agent_able|S
work|agent_writer|S
work|customer|IS U(created_at)
work|customer_address|IS U(bounce_status,bounced_at,bounces,complained_at)
work|draft|DSU
work|event|IS
work|file|IS U(message_id)
work|folder|S
work|folder_watch|S
work|index_source|S
work|inbound|IS U(message_id,reason,state,ticket_id,tries)
work|lease|ISU
work|mail_import|S U(brought,ended_at,error,error_code,state)
work|mail_import_item|S
work|message|IS U(attached,calendar,crypto,evidence,maybe,recipients,ref,sent,trust,trust_reason,warnings)
work|message_reference|IS
work|outbox|IS U(bounce_status,bounce_words,bounced,bounced_at,replaced)
work|owner|IS
work|role|S
work|rule|S
work|rule_run|I
work|seen|ISU
work|sight|S
work|status|S
work|tag|S
work|team|S
work|template|S
work|trial_mail|S U(seen_at)
work|ticket|IS U(closed_at,created_at,files,follows,held,is_open,last_kind,last_message_id,messages,snippet,status_id,trust,updated_at)
work|type|S
ROWS
psql -AtXqc "
	with t as (select grantee as g, table_name as t, left(privilege_type, 1) as p from information_schema.role_table_grants
	            where table_schema = 'docket' and grantee not in ('docket_owner', 'postgres')),
	     c as (select x.grantee as g, x.table_name as t, left(x.privilege_type, 1) as p, string_agg(x.column_name, ',' order by x.column_name) as cols
	             from information_schema.column_privileges x
	            where x.table_schema = 'docket' and x.grantee not in ('docket_owner', 'postgres')
	              and (x.grantee, x.table_name, left(x.privilege_type, 1)) not in (select g, t, p from t)
	            group by 1, 2, 3)
	select replace(g, 'docket_', '') || '|' || t || '|' || coalesce((select string_agg(p, '' order by p) from t where (t.g, t.t) = (a.g, a.t)), '-')
	       || coalesce((select string_agg(' ' || p || '(' || cols || ')', '' order by p) from c where (c.g, c.t) = (a.g, a.t)), '')
	  from (select g, t from t union select g, t from c) a" | LC_ALL=C sort >"$TEST_DIR/have"
LC_ALL=C sort -o "$TEST_DIR/want" "$TEST_DIR/want"
is "$(comm -13 "$TEST_DIR/want" "$TEST_DIR/have")" '' 'nobody may more than his table says'
is "$(comm -23 "$TEST_DIR/want" "$TEST_DIR/have")" '' 'and nobody less'
rows "select string_agg(privilege_type, ' ') from information_schema.role_table_grants where table_schema = 'docket'
       and grantee not in ('docket_owner', 'postgres') and (is_grantable = 'YES' or privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))" \
	'' 'no right to truncate, to reference, to pass on'

# Functions and sequences
rows "select string_agg(p.proname || ' ' || replace(pg_get_userbyid(x.grantee), 'docket_', ''), ', '
              order by p.proname || ' ' || pg_get_userbyid(x.grantee)) from pg_proc p, aclexplode(p.proacl) x
       where p.pronamespace = 'docket'::regnamespace and x.grantee <> p.proowner and p.proname not like 'name_%'" \
	'me_customer portal, password_change agent, secret_sweep agent, secret_sweep send, ticket_language agent, ticket_language work, ticket_rows agent, ticket_visible agent, ticket_visible work' 'who executes which function'
rows "select string_agg(proname, ' ') from pg_proc where pronamespace = 'docket'::regnamespace
       and (proacl is null or has_function_privilege('public', oid, 'execute'))" '' 'nobody by default'
rows "select string_agg(proname, ' ' order by proname) from pg_proc where pronamespace = 'docket'::regnamespace and prosecdef
       and not coalesce(proconfig, '{}') && array['search_path=docket', 'search_path=pg_catalog, docket']" '' 'what runs as its owner has its search_path pinned'
rows "select string_agg(relname || ' ' || replace(pg_get_userbyid(x.grantee), 'docket_', ''), ', ' order by 1) from pg_class c, aclexplode(c.relacl) x
       where c.relnamespace = 'docket'::regnamespace and relkind = 'S' and x.grantee <> c.relowner" \
	'message_number agent, message_number work' 'who draws ids'
rows "select string_agg(pg_get_userbyid(member) || ' ' || pg_get_userbyid(roleid), ', ' order by 1) from pg_auth_members
       where pg_get_userbyid(member) like 'docket%' or pg_get_userbyid(roleid) like 'docket%'" \
	'docket_agent docket_render, docket_work docket_render' 'only serve and work may look with a customer'"'"'s eyes'
rows "select string_agg(distinct replace(pg_get_userbyid(x.grantee), 'docket_', ''), ' ') from pg_namespace n, aclexplode(n.nspacl) x
       where nspname = 'docket' and privilege_type = 'CREATE' and x.grantee <> n.nspowner" '' 'nobody makes tables'

# The walls themselves, tried
as() { psql -AtXqc "set role docket_$1; $2" 2>&1; }
for try in "agent:delete from event" "agent:update event set kind = 'x'" "agent:update ticket set version = 99" "agent:select * from secret" \
	"agent:select box from secret" "agent:update secret set box = 'x'" "agent:select draft from trial" "agent:update account set last_ok_at = now()" "agent:update message set body = 'x'" "agent:delete from message" \
	"agent:delete from file" "agent:update agent set password = 'x'" "agent:insert into agent (login, name) values ('x', 'x')" \
	"agent:insert into profile_permission values (1, 'x')" "agent:insert into token (hash, agent_id, name) values ('x', 1, 'x')" \
	"agent:select ticket_visible(1) from lease" "poll:select * from customer" "poll:select * from message" "poll:select * from ticket" \
	"poll:delete from inbound" "poll:update inbound set state = 'done'" "send:select * from message" "send:select * from ticket" \
	"send:select * from customer" "send:select * from file" "send:select * from event" "send:update outbox set recipients = '{}'" \
	"send:update outbox set sha256 = 'x'" "send:insert into outbox (audience) values ('customer')" "work:select password from agent" \
	"work:select * from secret" "work:select * from session" "work:select * from token" "work:delete from event" "work:delete from message" \
	"index:select * from message" "index:select * from agent" "index:select * from secret" "portal:select * from event" "portal:select * from draft" \
	"portal:select * from event_text" "portal:select * from rule" "portal:select * from customer" "portal:select * from outbox" \
	"portal:select * from inbound" "portal:select snippet from ticket" "portal:insert into message (kind) values ('x')" \
	"portal:update ticket set subject = 'x'" "render:select * from draft" "render:select snippet from ticket" "render:select * from event_text"; do
	like "$(as "${try%%:*}" "${try#*:}")" 'permission denied' "docket_${try%%:*} may not: ${try#*:}"
done
like "$(as send "insert into event (kind, ticket_id) values ('status.changed', 1)")" 'row-level security|violates' 'docket_send records what becomes of mails, nothing else'
like "$(psql -U docket_portal -AtXqc 'set role docket_agent' 2>&1)" 'permission denied' 'the portal becomes nobody else'
like "$(psql -U docket_agent -AtXqc 'set role docket_owner' 2>&1)" 'permission denied' 'nor an agent the owner'
done_testing
