# SPDX-License-Identifier: GPL-3.0-or-later
# query.awk - from sql/query/*.sql make typed C: -v want=h the declarations, -v want=c the rest.
#   -- name(arg type, arg type?, ...) -> list | object | table | id | int | bool | text | void | row(col type, ...) | rows(...)
# then a sentence, then one statement with :arg parameters. db.h tells what the letters mean.
BEGIN {
	types("id int64_t i bigint", "int int64_t i bigint", "bool bool b boolean", "text const_char_* t text")
	types("json const_char_* j jsonb", "ids struct_ids a bigint[]", "texts struct_texts x text[]")
	types("bytes struct_str y bytea", "time int64_t T timestamptz", "", "")
	call["list"] = "struct str:db_list"; call["object"] = "struct str:db_object"; call["bool"] = "bool:db_bool"
	call["id"] = call["int"] = "int64_t:db_int"; call["text"] = "const char *:db_text"; call["void"] = "void:db_void"
	call["table"] = "struct table:db_table"
	print "/* Made by sql/query.awk from sql/query; do not edit. */"
	print want == "h" ? "#ifndef SQL_H\n#define SQL_H\n#include \"db/db.h\"\n" : "#include \"sql.h\""
}

/^-- [a-z_0-9]+\(.*\) -> / { finish(); header = $0; place = FILENAME ":" FNR; body = note = ""; next }
/^--/ { if (header != "" && body == "") note = note "/* " substr($0, 4) " */\n"; next }
header != "" { body = body $0 "\n" }

END {
	finish()
	if (want == "h")
		print "#endif"
	else
		printf "\nstruct query *const sql_queries[] = {\n%s\tNULL,\n};\n", table
}

function types(a, b, c, d,    k, w, all) {
	split(a "|" b "|" c "|" d, all, "|")
	for (k in all)
		if (split(all[k], w, " ") == 4) {
			gsub(/_/, " ", w[2]); sub(/^int64 t$/, "int64_t", w[2])
			ctype[w[1]] = w[2] (w[2] ~ /\*$/ ? "" : " "); letter[w[1]] = w[3]; pgtype[w[1]] = w[4]
		}
}

function die(text) {
	print place ": " text > "/dev/stderr"
	failed = 1
	exit 1
}

# The letter of a type; ? changes it for numbers whose absence is NULL.
function letter_of(type, optional) {
	if (!(type in letter)) die("there is no type " type)
	if (optional && type == "id") return "I"
	if (optional && (type == "int" || type == "bool")) return type == "int" ? "O" : "B"
	return letter[type]
}

# The statement with $n::type for each :arg.
function bind(sql,    out, at, word) {
	while (match(sql, /:[a-z_][a-z_0-9]*/)) {
		word = substr(sql, RSTART + 1, RLENGTH - 1)
		at = RSTART
		if (substr(sql, at + 1, 1) == ":" || (at > 1 && substr(sql, at - 1, 1) == ":") || !(word in number))
			out = out substr(sql, 1, at + RLENGTH - 1)
		else {
			out = out substr(sql, 1, at - 1) "$" number[word] "::" pgtype[kind[word]]
			used[word] = 1
		}
		sql = substr(sql, at + RLENGTH)
	}
	return out sql
}

function parse_args(text,    n, i, a, w, optional) {
	delete number; delete kind; delete used
	proto = pass = args = ""
	n = text == "" ? 0 : split(text, a, /, */)
	for (i = 1; i <= n; i++) {
		if (split(a[i], w, " ") != 2) die("parameter '" a[i] "' is not 'name type'")
		optional = sub(/\?$/, "", w[2])
		args = args letter_of(w[2], optional)
		number[w[1]] = i; kind[w[1]] = w[2]
		proto = proto ", " (optional && w[2] == "bool" ? "int64_t " : ctype[w[2]]) w[1]
		pass = pass ", " w[1]
	}
}

# The struct of a row: every column 8-byte aligned, in order.
function parse_cols(text,    n, i, a, w) {
	cols = names = fields = ""
	n = split(text, a, /, */)
	for (i = 1; i <= n; i++) {
		split(a[i], w, " "); sub(/\?$/, "", w[2])
		cols = cols letter_of(w[2], 0)
		names = names (i > 1 ? " " : "") w[1]
		fields = fields "\t" (w[2] == "bool" ? "_Alignas(8) bool " : ctype[w[2]]) w[1] ";\n"
	}
}

function literal(sql) {
	sub(/;[ \n]*$/, "", sql); sub(/\n+$/, "", sql)
	gsub(/\\/, "&&", sql); gsub(/"/, "\\\"", sql); gsub(/\n/, "\\n\"\n\t    \"", sql)
	return "\"" sql "\""
}

function finish(    name, list, ret, sql, is_row, w, fn) {
	if (header == "" || failed) return
	match(header, /^-- [a-z_0-9]+/); name = substr(header, 4, RLENGTH - 3)
	list = header; sub(/^[^(]*\(/, "", list); ret = list; sub(/\).*$/, "", list); sub(/^[^)]*\) -> /, "", ret)
	sub(/[ \t]+$/, "", ret)
	parse_args(list)
	cols = names = ""
	if (ret ~ /^rows?\(/) { sql = ret; sub(/^rows?\(/, "", sql); sub(/\)$/, "", sql); parse_cols(sql) }
	sql = bind(body)
	for (w in number) if (!(w in used)) die(name ": parameter " w " is not used")
	is_row = ret ~ /^rows?\(/
	if (!is_row && !(ret in call)) die(name ": there is no result " ret)
	if (want == "h") declare(name, ret, is_row)
	else define(name, ret, is_row, sql)
	header = ""
}

# What can be asked together with others: l list, o object, t table, r rows; and the struct it is put into.
function gives(ret) {
	return ret ~ /^(list|object|table)$/ ? substr(ret, 1, 1) : ret ~ /^rows/ ? "r" : ""
}
function into(ret, name) { return ret ~ /^rows/ ? "rows_" name : ret == "table" ? "table" : "str" }

function declare(name, ret, is_row,    w) {
	if (is_row) printf "struct row_%s {\n%s};\n", name, fields
	if (ret ~ /^rows/) printf "struct rows_%s {\n\tstruct row_%s *v;\n\tsize_t n;\n};\n", name, name
	split(call[ret], w, ":")
	if (gives(ret)) printf "void sql_%s_ask(struct ctx *, struct asks *, struct %s *to%s);\n", name, into(ret, name), proto
	if (ret ~ /^rows/) printf "%sstruct rows_%s sql_%s(struct ctx *%s);\n\n", note, name, name, proto
	else if (is_row) printf "%sbool sql_%s(struct ctx *%s, struct row_%s *);\n\n", note, name, proto, name
	else printf "%s%s%ssql_%s(struct ctx *%s);\n\n", note, w[1], w[1] ~ /\*$/ ? "" : " ", name, proto
}

function define(name, ret, is_row, sql,    w) {
	printf "\nstatic struct query q_%s = {\n\t.name = \"%s\", .args = \"%s\", .events = %s,\n", name, name, args, body ~ /insert into event[ (]/ ? "true" : "false"
	if (is_row) printf "\t.cols = \"%s\", .names = \"%s\", .size = sizeof(struct row_%s),\n", cols, names, name
	if (gives(ret)) printf "\t.gives = '%s',\n", gives(ret)
	printf "\t.sql = %s,\n};\n\n", literal(sql)
	table = table "\t&q_" name ",\n"
	if (gives(ret)) printf "void\nsql_%s_ask(struct ctx *c, struct asks *asks, struct %s *to%s)\n{\n\tdb_ask(c, asks, &q_%s, to%s);\n}\n\n", name, into(ret, name), proto, name, pass
	split(call[ret], w, ":")
	if (ret ~ /^rows/)
		printf "struct rows_%s\nsql_%s(struct ctx *c%s)\n{\n\tstruct rows_%s r = { 0 };\n\n\tdb_rows(c, &q_%s, &r%s);\n\treturn r;\n}\n", name, name, proto, name, name, pass
	else if (is_row)
		printf "bool\nsql_%s(struct ctx *c%s, struct row_%s *row)\n{\n\treturn db_row(c, &q_%s, row%s);\n}\n", name, proto, name, name, pass
	else
		printf "%s\nsql_%s(struct ctx *c%s)\n{\n\t%s%s(c, &q_%s%s);\n}\n", w[1], name, proto, ret == "void" ? "" : "return ", w[2], name, pass
}
