# SPDX-License-Identifier: GPL-3.0-or-later
# lint-c.awk - what C here may include, call and how long it may be. One line per finding.
BEGIN {
	n = split("base:0 db:1 mime:1 query:1 index:1 agent:2 ticket:2 rule:3 channel:4 http:5 api:6 cmd:7 main:8", w, /[: ]/)
	for (i = 1; i < n; i += 2) layer[w[i]] = w[i + 1] + 0
	# Side steps inside a layer that are meant: the search tree compiles to both, the indexer reads its queue.
	n = split("query>index query>db index>db index>mime agent>ticket ticket>agent", w, " ")
	for (i = 1; i <= n; i++) aside[w[i]] = 1
	# base's prefixes are many: it is the language the rest is written in.
	n = split("arena unit fail bug crash buf text time log conf crypt file blob sandbox", w, " ")
	for (i = 1; i <= n; i++) extra["base", w[i]] = 1
	# What belongs to a ticket is changed by ticket/.
	n = split("ticket,message ticket,owner ticket,draft ticket,file ticket,customer ticket,find db,table index,xap index,terms channel,wire channel,imap channel,pop3 channel,smtp channel,sasl channel,tls channel,oauth channel,trial channel,import", w, /[ ,]/)
	for (i = 1; i < n; i += 2) extra[w[i], w[i + 1]] = 1
}

function say(what) { print FILENAME ":" FNR ": " what }

function module_of(path,    p) {
	if (path == "src/main.c") return "main"
	split(path, p, "/")
	return p[1] == "index" ? "index" : p[2]
}

function judge_starttls() {
	if (starttls != "") print starttls ": STARTTLS without tls_start() behind it, which verifies"
	starttls = ""
}

FNR == 1 {
	judge_starttls()
	module = module_of(FILENAME); in_comment = 0; body = 0; above = commented = ""
	name = FILENAME; sub(/.*\//, "", name); stem = name; sub(/\..*/, "", stem)
	header = name ~ /\.h$/
}

# Included: only downwards, and each library in one place.
/^#include/ {
	what = $2; gsub(/[<>"]/, "", what)
	if (split(what, p, "/") > 1 && p[1] in layer && p[1] != module) {
		up = layer[p[1]] > layer[module] || (layer[p[1]] == layer[module] && !((module ">" p[1]) in aside))
		if (up) say(module "/ may not include " what ", which lies above or beside it")
	}
	if (what == "sql.h" && layer[module] < 1) say("base/ knows no queries")
	if (what ~ /^xapian/ && name != "xap.cc") say("Xapian is spoken to in index/xap.cc only")
	if (what ~ /^(fcgi|fastcgi)/ && module != "http") say("FastCGI is spoken in http/ only")
	if (what ~ /^(libpq|postgres)/ && module != "db") say("libpq is spoken to in db/ only")
	if (what ~ /^libetpan/ && module != "channel") say("libetpan is spoken to in channel/ only")
	if (what ~ /^curl\// && name != "curl.c") say("libcurl is spoken to in channel/curl.c only")
	if (what ~ /^gmime/ && module != "mime") say("GMime is spoken to in mime/ only")
	if (what == "db/private.h" && module != "db") say("db/private.h is db's own")
}

{
	code = $0
	words = ""
	while (match(code, /"([^"\\]|\\.)*"/)) { # texts apart, so that they are not taken for code
		words = words " " substr(code, RSTART, RLENGTH)
		code = substr(code, 1, RSTART - 1) "\001" substr(code, RSTART + RLENGTH)
	}
	gsub(/'([^'\\]|\\[^']*)'/, "0", code)
	if (in_comment) {
		if (!sub(/^.*\*\//, "", code)) code = ""
		else in_comment = 0
	}
	had_comment = code ~ /\/[*\/]/ || (code == "" && $0 != "")
	gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", code)
	if (sub(/\/\*.*$/, "", code)) in_comment = 1
	sub(/\/\/.*$/, "", code)
}

FILENAME != "src/base/arena.c" && code ~ /(^|[^a-z_A-Z0-9>.])(malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|vasprintf|getline) *\(/ {
	say("memory comes from the arena (base/arena.c)")
}
FILENAME != "src/base/unit.c" && code ~ /(^|[^a-z_])(_?setjmp|sigsetjmp|_?longjmp|siglongjmp) *\(/ { say("setjmp and longjmp live in base/unit.c") }
code ~ /(^|[^a-z_A-Z0-9])(strcpy|strcat|stpcpy|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atoll|gets|strncpy|strncat|alloca) *\(/ { say("an unsafe string call") }
code ~ /_ssl_connect|mailstream_ssl_open/ { say("TLS is begun by channel/tls.c, which verifies") }
code ~ /(mailimap|mailpop3|mailsmtp)[a-z_]*_(starttls|stls) *\(/ { starttls = FILENAME ":" FNR }
code ~ /tls_start *\(/ { starttls = "" }
(module == "mime" || module == "query" || module == "index") && code ~ /(^|[^a-z_])fail *\(/ { say(module "/ returns its failures, it never calls fail()") }
module != "db" && module != "query" && tolower(words) ~ /"(select .*|insert into |update [a-z_]+ set |delete from |with [a-z_]+ as |set (local|role) )|[^a-z](insert into|delete from|left join|order by|group by|returning) [a-z_]/ {
	say("SQL in a C text; it belongs into sql/query")
}
length($0) > 120 { say("a line of more than 120 columns") }

# Functions: their length, and that what is exported bears its module's name.
/^\{$/ { body = FNR; defined = above }
/^\}$/ && body {
	if (FNR - body - 1 > 60) print FILENAME ":" body ": " defined " has " FNR - body - 1 " lines, more than 60"
	body = 0
}
!header && /^[a-z_][a-z_A-Z0-9]*\(/ {
	above = $1; sub(/\(.*/, "", above)
	prefix = above; sub(/_.*/, "", prefix)
	if (returns !~ /^static/ && module != "main" && prefix != module && index(above "_", stem "_") != 1 && !((module, prefix) in extra))
		say(above " is exported without the name of its module")
}
{ if (code ~ /[^ \t]/) returns = code }

# Headers: a paragraph of declarations starts with, or holds above the line, a sentence.
header && /^[ \t]*$/ { commented = 0 }
header && had_comment { commented = 1 }
header && !in_comment && code ~ /^[a-z][a-zA-Z_0-9 *]*[ *][a-z_0-9]+\(.*/ && code !~ /^(typedef|struct [a-z_]+ *\{|extern "C"|static)/ && !commented &&
    code !~ /^int cmd_[a-z]+\(struct ctx \*, int, char \*\*\);/ { say("an exported function without a sentence above it") }

END { judge_starttls() }
