# Agents that the suites of this folder share: anna (administrator), ben (support), nora (no permission).
add_agent anna 'Anna Berger' Administrator
add_agent ben 'Ben Okafor'
add_agent nora 'Nora Lind'
psql -qXc "delete from agent_profile where agent_id = (select id from agent where login = 'nora')"
id_of() { psql -AtXqc "select id from agent where login = '$1'"; }
value() { jq -r "$1" <<<"$body"; }
# A mail account that can send, of type and status 1.
add_account() {
	psql -qXc "insert into account (name, address, kind, type_id, status_id, sender_name, signature, smtp_host, smtp_port)
		values ('Service', 'service@shop.test', 'pipe', 1, 1, 'Haus Lindemann', 'Ihr Serviceteam', 'localhost', 25)"
}
