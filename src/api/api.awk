# SPDX-License-Identifier: GPL-3.0-or-later
# api.awk - from sql/query/*.sql (headers) and src/api/*.api make the input structs (-v want=h) and the route
# table (-v want=c). README.md tells the syntax. What does not fit together is a build error with its place.
BEGIN {
	split("id int64_t int int64_t bool bool text const_char_* ids struct_ids texts struct_texts blob struct_stored", w, " ")
	for (i = 1; i < 14; i += 2) { gsub(/_/, " ", w[i + 1]); sub(/^int64 t$/, "int64_t", w[i + 1]); ctype[w[i]] = w[i + 1] (w[i + 1] ~ /\*$/ ? "" : " ") }
	print "/* Made by api.awk from the .api files; do not edit. */"
	print want == "h" ? "#ifndef API_H\n#define API_H\n#include \"http/http.h\"" : "#include \"api.h\"\n#include \"sql.h\""
}

FILENAME ~ /\.sql$/ {
	if (match($0, /^-- [a-z_0-9]+\(.*\) -> /)) {
		name = $2; sub(/\(.*/, "", name)
		args = $0; sub(/^[^(]*\(/, "", args); sub(/\).*/, "", args)
		sub(/^[^)]*\) -> /, ""); sub(/[ (].*/, "")
		params[name] = args; result[name] = $0
	}
	next
}
/^#/ || /^[ \t]*$/ { next }
/^[A-Z]/ { close_route(); open_route(); next }
op == "" { place = FILENAME ":" FNR; die("a field stands before the first route") }
$1 == "=" { shape = shape_of($0); next }
{ field() }
END {
	if (failed) exit 1
	close_route()
	if (want == "h") print "\n#endif"
	else printf "\nconst struct route routes[] = {\n%s\t{ 0 },\n};\n", table
}

function die(text) {
	print place ": " text > "/dev/stderr"
	failed = 1
	exit 1
}

function open_route() {
	place = FILENAME ":" FNR
	method = $1; path = $2; perm = $3; handler = query = members = fields = shape = ""
	delete type; delete optional
	if (method !~ /^(GET|POST|PUT|PATCH|DELETE)$/) die("there is no method " method)
	if ($4 == "->") query = $5
	else { handler = $4; if ($5 == "->") query = $6 }
	op = handler == "" ? query : handler
	if (op == "") die("neither a handler nor a query")
	if (op in seen) die(op " answers two routes; give one a handler of its own name")
	seen[op] = 1
	if (query != "" && !(query in params)) die("there is no query " query)
	if (query != "" && result[query] !~ /^(list|object)$/) die(query " gives " result[query] ", not a list or an object")
}

function field(    name, kind, opt, min, max, standard, choices, i, lim) {
	place = FILENAME ":" FNR
	name = $1; kind = $2; opt = sub(/\?$/, "", kind)
	min = kind == "id" ? 1 : 0; max = "INT64_MAX"; standard = choices = "NULL"
	if (!(kind in ctype)) die("there is no type " $2)
	if (name in type) die("field " name " stands there twice")
	for (i = 3; i <= NF; i++)
		if ($i == "#") break
		else if ($i == "=") standard = "\"" $(++i) "\""
		else if ($i ~ /^-?[0-9]+\.\.[0-9]*$/) { split($i, lim, "[.][.]"); min = lim[1]; if (lim[2] != "") max = lim[2] }
		else if (kind == "text") choices = "\"" $i "\""
		else die("'" $i "' is no range")
	if (opt && standard != "NULL") die("field " name " is optional and has a default")
	type[name] = kind; optional[name] = opt
	members = members "\t" (opt && kind == "bool" ? "int64_t " : ctype[kind]) name ";\n"
	fields = fields sprintf("\t{ \"%s\", FIELD_%s, %s, %s, %s, %s, %s, offsetof(struct %s, %s) },\n", name, toupper(kind),
	    opt ? "true" : "false", min, max, standard, choices, op, name)
}

# = ticket:object ticket_row, next:text?   or   = object ticket_row: the shape of an answer that C composes.
function shape_of(text,    n, part, i, w, k) {
	place = FILENAME ":" FNR
	sub(/^[ \t]*=[ \t]*/, "", text); sub(/[ \t]*#.*$/, "", text)
	n = split(text, part, /, */)
	for (i = 1; i <= n; i++) {
		k = split(part[i], w, /[: ]/)
		if (k < 2 && w[1] != "any") die("'" part[i] "' is no shape")
		if ((w[k - 1] == "object" || w[k - 1] == "list") && !(w[k] in params)) die("there is no query " w[k])
	}
	return text
}

# The parameters of the query from the input, by name; :agent is who asks.
function bind(    n, i, a, w, opt, out) {
	n = params[query] == "" ? 0 : split(params[query], a, /, */)
	for (i = 1; i <= n; i++) {
		split(a[i], w, " "); opt = sub(/\?$/, "", w[2])
		if (w[1] == "agent") { out = out ", r->agent->id"; continue }
		if (!(w[1] in type)) die(query " wants :" w[1] ", which the input of " method " " path " does not have")
		if (type[w[1]] != w[2]) die("field " w[1] " is " type[w[1]] ", " query " wants " w[2])
		if (optional[w[1]] != opt && w[2] ~ /^(id|int|bool)$/) die("field " w[1] " and :" w[1] " of " query " must both or neither be optional")
		out = out ", in->" w[1]
	}
	return out
}

function path_fields(    n, i, part) {
	n = split(path, part, "/")
	for (i = 2; i <= n; i++)
		if (part[i] ~ /^:/ && !(substr(part[i], 2) in type)) die("the path's " part[i] " is no field of the input")
}

function close_route(    p, bound) {
	if (op == "" || failed) return
	path_fields()
	p = toupper(perm); gsub(/\./, "_", p)
	bound = query == "" ? "" : bind()
	if (want == "h") {
		printf "\n/* %s %s */\nstruct %s {\n%s};\n", method, path, op, members
		if (handler != "") printf "void api_%s(struct req *, const struct %s *);\n", op, op
		return
	}
	printf "\nstatic const struct field %s_input[] = {\n%s\t{ 0 },\n};\n", op, fields
	if (handler != "")
		printf "static void\n%s_handle(struct req *r, const void *in)\n{\n\tapi_%s(r, in);\n}\n", op, op
	if (query != "")
		printf "static struct str\n%s_answer(struct req *r, const void *p)\n{\n\tconst struct %s *in = p;\n\n\t(void)in;\n\treturn sql_%s(r->c%s);\n}\n", op, op, query, bound
	table = table sprintf("\t{ \"%s\", \"%s\", \"%s\", PERM_%s, %s_input, sizeof(struct %s), %s, %s, %s, %s },\n", method, path, op, p,
	    op, op, handler == "" ? "NULL" : op "_handle", query == "" ? "NULL" : op "_answer", query == "" ? "NULL" : "\"" result[query] " " query "\"",
	    shape == "" ? "NULL" : "\"" shape "\"")
	op = ""
}
