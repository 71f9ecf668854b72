/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mime_compose() alone, for headers.t: one draft as JSON a line on standard input; "M LENGTH" and the bytes, or "E why"
 * and nothing, come out. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mime/mime.h"

static const char *
get(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* ["name", "address"] */
static struct person
person(const json_t *pair)
{
	return (struct person){ json_string_value(json_array_get(pair, 0)),
		json_string_value(json_array_get(pair, 1)) };
}

static struct people
people(struct arena *a, const json_t *list)
{
	struct people p = { arena_alloc(a, (json_array_size(list) + 1) * sizeof *p.v), 0 };
	const json_t *pair;
	size_t i;

	json_array_foreach(list, i, pair) p.v[p.n++] = person(pair);
	return p;
}

static struct texts
texts(struct arena *a, const json_t *list)
{
	const char **v = arena_alloc(a, (json_array_size(list) + 1) * sizeof *v);
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) v[i] = json_string_value(one);
	return (struct texts){ v, json_array_size(list) };
}

static void
compose(struct arena *a, const json_t *o)
{
	struct draft_mail d = { .from = person(json_object_get(o, "from")),
		.to = people(a, json_object_get(o, "to")),
		.cc = people(a, json_object_get(o, "cc")),
		.reply_to = person(json_object_get(o, "reply_to")),
		.subject = get(o, "subject"),
		.message_id = get(o, "message_id"),
		.in_reply_to = get(o, "in_reply_to"),
		.references = texts(a, json_object_get(o, "references")),
		.text = get(o, "text"),
		.html = get(o, "html"),
		.automatic = get(o, "automatic"),
		.docket_id = get(o, "docket_id"),
		.date = json_integer_value(json_object_get(o, "date")) };
	struct attachment file = { get(o, "file"), get(o, "file_type"), get(o, "file_path"), NULL };
	const char *error = NULL;
	struct str raw;

	d.files = &file;
	d.nfiles = file.path != NULL;
	raw = mime_compose(a, &d, &error);
	if (raw.s == NULL) {
		printf("E %s\n", error);
		return;
	}
	printf("M %zu\n", raw.n);
	fwrite(raw.s, 1, raw.n, stdout);
}

int
main(void)
{
	static struct arena arena;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		json_t *o = json_loads(line, 0, NULL);

		compose(&arena, o);
		json_decref(o);
		arena_reset(&arena);
	}
	free(line);
	return 0;
}
