/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading in pieces, cutting anywhere, writing, and what a written mail is read as. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "mime/mime.h"

#include <cmocka.h> /* last: it has a macro named fail */

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static struct mail *
read_text(const char *text)
{
	return mime_read(&arena, (struct str){ text, strlen(text) });
}

static bool
collect(void *arg, const void *s, size_t n)
{
	buf_add(arg, s, n);
	return true;
}

static void
test_language(void **state)
{
	static const struct {
		const char *text, *language;
	} cases[] = {
		{ "Hallo,\nwo bleibt meine Lampe?", "de" },
		{ "Hi,\nwhere is my lamp?", "en" },
		{ "Thanks!", "en" },
		{ "DANKE!", "de" },
		{ "Order 4711, bitte so schnell wie es geht. Best regards", "de" },
		{ "Please send the \"Vase Hohe Tanne\" to Königsberger Straße 5, it was in my order", "en" },
		{ "4711", NULL },
		{ "", NULL },
		{ "Bonjour, quel est le délai ?", NULL },
		{ "bitte please", NULL },
		{ "\xff\xc3 nicht", "de" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(cases); i++) {
		const char *got = mime_language(cases[i].text);

		if (got != cases[i].language &&
		    (got == NULL || cases[i].language == NULL || strcmp(got, cases[i].language) != 0))
			fail_msg("\"%s\" is taken for %s", cases[i].text, got == NULL ? "none" : got);
	}
}

static void
test_part_write(void **state)
{
	struct mail *m = read_text(
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n"
	    "Content-Type: a/b\nContent-Transfer-Encoding: base64\n\naGFs\nbG8=\n--b--\n");
	struct buf b = { .arena = &arena };

	(void)state;
	assert_int_equal(m->nparts, 1);
	assert_int_equal(m->parts[0].size, 5);
	assert_true(mime_part_write(m, m->parts[0].number, collect, &b));
	assert_string_equal(b.s, "hallo");
	assert_false(mime_part_write(m, 0, collect, &b));
	assert_false(mime_part_write(m, -1, collect, &b));
	assert_false(mime_part_write(m, 99, collect, &b));
}

/* Read every beginning of a mail, JSON and back. */
static void
cut_everywhere(struct str mail)
{
	size_t step = mail.n / 120 + 1;

	for (size_t n = 0; n <= mail.n; n += step) {
		static struct arena a;
		/* A copy of just these bytes, so that the sanitizer sees a read behind them. */
		char *bytes = arena_alloc(&a, n > 20000 ? n : 20000);
		struct mail *m;
		struct str json;

		memcpy(bytes + (n > 20000 ? 0 : 20000 - n), mail.s, n);
		m = mime_read(&a, (struct str){ bytes + (n > 20000 ? 0 : 20000 - n), n });
		json = mime_json(&a, m);
		assert_true(text_valid(json.s, json.n));
		m = mime_from_json(&a, json);
		assert_non_null(m);
		assert_memory_equal(mime_json(&a, m).s, json.s, json.n);
		arena_reset(&a);
	}
}

static void
test_truncated(void **state)
{
	const char *top = getenv("TOP");
	char *dir = arena_printf(&arena, "%s/tests/mail", top == NULL ? "." : top);
	DIR *d = opendir(dir);
	struct dirent *e;
	int files = 0;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		const char *dot = strrchr(e->d_name, '.');

		if (dot == NULL || strcmp(dot, ".eml") != 0)
			continue;
		cut_everywhere(file_read(&arena, arena_printf(&arena, "%s/%s", dir, e->d_name)));
		files++;
	}
	closedir(d);
	assert_true(files >= 30);
}

static void
test_from_json(void **state)
{
	static const char *const bad[] = { "", "[]", "null", "{", "{\"a\":1,\"a\":2}", "\"x\"" };

	(void)state;
	for (size_t i = 0; i < NELEM(bad); i++)
		assert_null(mime_from_json(&arena, (struct str){ bad[i], strlen(bad[i]) }));
	assert_non_null(
	    mime_from_json(&arena, STR("{\"subject\":1,\"from\":[1,{}],\"attachments\":[2]}")));
}

static void
test_address_ok(void **state)
{
	static const char *const good[] = { "a@b.c", "a+b@c", "a.b_c-d=e@f-g.de", "'x'@y.z" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a@b@c", "a b@c",
		"a@b\r\nRCPT TO:x", "<a@b>", "a@b>", "ä@b.c", "a,b@c", "a@b;", "\"a\"@b", "a(b)@c",
		"a@b\x7f" };

	(void)state;
	for (size_t i = 0; i < NELEM(good); i++)
		assert_true(mime_address_ok(good[i]));
	for (size_t i = 0; i < NELEM(bad); i++)
		assert_false(mime_address_ok(bad[i]));
	assert_false(mime_address_ok(NULL));
}

/* A draft with everything in it. */
static struct draft_mail
draft(void)
{
	static struct person to[] = { { "Müller, Jörg \"Jo\"", "joerg@example.com" },
		{ NULL, "b@example.com" } };
	static const char *refs[] = { "1@x", "2@x" };

	return (struct draft_mail){
		.from = { "Laden Köln", "support@shop.example" },
		.to = { to, 2 },
		.reply_to = { NULL, "support+t1@shop.example" },
		.subject = "Re: Größe der Mütze – eine sehr lange Zeile, die gewiss umbrochen "
			   "werden muss [#4711]",
		.message_id = "dk.1.2.r.h@shop.example",
		.in_reply_to = "2@x",
		.references = { refs, 2 },
		.text =
		    "Guten Tag,\n\ndieser Absatz ist länger als eine Zeile, also wird er "
		    "umbrochen, und "
		    "zwar so, dass er wieder einer wird.\n\nFrom here\n> zitiert\n\n-- \nLaden\n",
		.html = "<p>Guten Tag</p>",
		.docket_id = "shop",
		.date = 1795428672000000,
	};
}

static void
assert_lines(struct str s)
{
	const char *p = s.s, *nl;

	for (; (nl = memchr(p, '\n', (size_t)(s.s + s.n - p))) != NULL; p = nl + 1) {
		assert_true(nl > s.s && nl[-1] == '\r');
		assert_true(nl - p < 999);
	}
	for (size_t i = 0; i < s.n; i++)
		assert_true((unsigned char)s.s[i] < 0x80 && s.s[i] != '\0');
}

static void
test_compose(void **state)
{
	struct draft_mail d = draft();
	char path[] = "/tmp/docket.mime.XXXXXX";
	int fd = mkstemp(path);
	struct attachment file = { "Rechnung für Köln, sehr lang und mit Umlauten äöü.pdf",
		"application/pdf", path, NULL };
	struct buf b = { .arena = &arena };
	const char *error;
	struct str s;
	struct mail *m;

	(void)state;
	assert_int_equal(write(fd, "%PDF\0\r\n\xff", 8), 8);
	close(fd);
	d.files = &file;
	d.nfiles = 1;
	s = mime_compose(&arena, &d, &error);
	unlink(path);
	assert_null(error);
	assert_lines(s);
	m = mime_read(&arena, s);
	assert_string_equal(m->subject, d.subject);
	assert_string_equal(m->from.v[0].name, d.from.name);
	assert_string_equal(m->to.v[0].name, d.to.v[0].name);
	assert_string_equal(m->to.v[0].email, d.to.v[0].email);
	assert_int_equal(m->to.n, 2);
	assert_string_equal(m->reply_to.v[0].email, d.reply_to.email);
	assert_string_equal(m->message_id, d.message_id);
	assert_string_equal(m->in_reply_to.v[0], "2@x");
	assert_int_equal(m->references.n, 2);
	assert_string_equal(m->html, d.html);
	assert_null(m->automatic);
	assert_string_equal(m->docket_id, "shop");
	assert_string_equal(arena_printf(&arena, "%s%s", m->visible, m->folded), d.text);
	assert_int_equal(m->nparts, 1);
	assert_string_equal(m->parts[0].name, file.name);
	assert_true(mime_part_write(m, m->parts[0].number, collect, &b));
	assert_int_equal(b.n, 8);
	assert_memory_equal(b.s, "%PDF\0\r\n\xff", 8);
}

static void
test_compose_refuses(void **state)
{
	static const char *const evil[] = { "x\r\nBcc: y@z", "x\ny", "x\ry", "x\x01", "x\x7f",
		"x\xc2\x85y", "x\xffy", "x\xe2\x80\xa8y" };

	(void)state;
	for (size_t i = 0; i < NELEM(evil); i++)
		for (int field = 0; field < 7; field++) {
			struct draft_mail d = draft();
			struct person to = { NULL, "a@b.c" };
			const char *error = NULL;

			d.to = (struct people){ &to, 1 };
			switch (field) {
			case 0: d.subject = evil[i]; break;
			case 1: d.from.name = evil[i]; break;
			case 2: to.name = evil[i]; break;
			case 3: to.email = evil[i]; break;
			case 4: d.message_id = evil[i]; break;
			case 5: d.automatic = evil[i]; break;
			case 6: d.docket_id = evil[i]; break;
			}
			assert_null(mime_compose(&arena, &d, &error).s);
			assert_non_null(error);
		}
}

static void
test_references_kept(void **state)
{
	struct draft_mail d = draft();
	const char *ids[50], *error;
	struct mail *m;

	(void)state;
	for (int i = 0; i < 50; i++)
		ids[i] = arena_printf(&arena, "%d@x", i);
	d.references = (struct texts){ ids, 50 };
	m = mime_read(&arena, mime_compose(&arena, &d, &error));
	assert_int_equal(m->references.n, 20);
	assert_string_equal(m->references.v[0], "0@x");
	assert_string_equal(m->references.v[1], "31@x");
	assert_string_equal(m->references.v[19], "49@x");
}

/* Long lines and every kind of byte in a text come back as they were. */
static void
test_compose_text(void **state)
{
	struct buf b = { .arena = &arena };
	struct draft_mail d = draft();
	const char *error;
	struct str s;
	struct mail *m;

	(void)state;
	for (int i = 0; i < 3000; i++)
		buf_putc(&b, 'x');
	buf_puts(&b, "\n.\n..\nFrom x\n  eingerückt\n=3D\t\nEnde  mit  Blanks\n€ 😀\n");
	d.text = b.s;
	d.html = NULL;
	s = mime_compose(&arena, &d, &error);
	assert_lines(s);
	m = mime_read(&arena, s);
	assert_string_equal(m->visible, b.s);
}

static void
test_compose_long(void **state)
{
	struct draft_mail d = draft();
	char word[5000];
	struct person to[300];
	const char *error;
	struct str s;

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	for (size_t i = 0; i < NELEM(to); i++)
		to[i] = (struct person){ i == 7 ? word : "Jörg",
			arena_printf(&arena, "u%zu@example.com", i) };
	d.subject = word;
	d.to = (struct people){ to, NELEM(to) };
	s = mime_compose(&arena, &d, &error);
	if (s.s == NULL)
		return; /* refused is as good */
	assert_lines(s);
	assert_int_equal(mime_read(&arena, s)->to.n, NELEM(to));
	d.subject = arena_printf(&arena, "ä%s", word);
	assert_lines(mime_compose(&arena, &d, &error));
}

/* What a browser could run or show as a page is bytes, whatever it is called (battery.md B-33). */
static void
test_types(void **state)
{
	static const struct {
		const char *bytes, *name, *type;
	} files[] = {
		{ "\x89PNG\r\n\x1a\n....", "x.html", "image/png" },
		{ "GIF89a/*<script>*/", "x.js", "image/gif" },
		{ "%PDF-1.7<script>", "x.htm", "application/pdf" },
		{ "<html>", "x.html", "application/octet-stream" },
		{ "<svg onload=x>", "x.svg", "application/octet-stream" },
		{ "<svg>", "x.png", "application/octet-stream" },
		{ "MZ\x90", "Rechnung.pdf", "application/octet-stream" },
		{ "MZ\x90", "Rechnung.txt.exe", "application/octet-stream" },
		{ "\x01text", "x.txt", "application/octet-stream" },
		{ "Text\twith\nlines", "x.TXT", "text/plain" },
		{ "a;b", "x.csv", "text/csv" },
		{ "PK\3\4....", "x.docx",
		    "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
		{ "PK\3\4....", "x.jar", "application/octet-stream" },
		{ "", "x.txt", "text/plain" },
		{ "", "noname", "application/octet-stream" },
		{ "<?xml", "x.xhtml", "application/octet-stream" },
		{ "%!PS", "x.pdf", "application/octet-stream" },
		{ "x", ".", "application/octet-stream" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(files); i++)
		assert_string_equal(
		    mime_type_safe(
			(struct str){ files[i].bytes, strlen(files[i].bytes) }, files[i].name),
		    files[i].type);
}

static void
test_html_made(void **state)
{
	static const struct {
		const char *text, *html;
	} made[] = {
		{ "a\n\nb", "a<br>\n<br>\nb" },
		{ "<i>&\"", "&lt;i&gt;&amp;&quot;" },
		{ "siehe http://a.de/x?b=1&c=2.", "siehe <a href=\"http://a.de/x?b=1&amp;c=2\">"
						  "http://a.de/x?b=1&amp;c=2</a>." },
		{ "(https://a.de)", "(<a href=\"https://a.de\">https://a.de</a>)" },
		{ "javascript:x https:// http", "javascript:x https:// http" },
		{ "[cid:x", "[cid:x" },
		{ "[cid:x]", "[cid:x]" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(made); i++)
		assert_string_equal(html_make_text(&arena, made[i].text, NULL, NULL), made[i].html);
	assert_non_null(strstr(
	    html_make_text(&arena, "a\n> b\n>> c\nd", NULL, NULL), ">b<blockquote type=\"cite\""));
}

static void
test_forwarded(void **state)
{
	static const char block[] =
	    "Zur Info\n\nVon: a <a@b.c>\nGesendet: heute\nAn: x\nBetreff: y\n\nNeues\n";

	(void)state;
	assert_string_equal(
	    read_text(arena_printf(&arena, "Subject: WG: y\n\n%s", block))->visible, block);
	assert_string_equal(
	    read_text(arena_printf(&arena, "Subject: AW: y\n\n%s", block))->visible, "Zur Info");
}

static void
test_delivered(void **state)
{
	struct mail *m =
	    read_text("Delivered-To: a@x\nDelivered-To: <b@x>\nX-Original-To: c@x\n\n");

	(void)state;
	assert_int_equal(m->delivered.n, 3);
	assert_string_equal(m->delivered.v[1], "b@x");
}

static void
test_automatic(void **state)
{
	static const struct {
		const char *header, *why;
	} cases[] = { { "Auto-Submitted: no", NULL },
		{ "Auto-Submitted: auto-generated", "auto-submitted" },
		{ "Auto-Submitted: auto-replied", "auto-replied" }, { "Precedence: bulk", "bulk" },
		{ "Precedence: list", "list" }, { "Precedence: first-class", NULL },
		{ "X-Auto-Response-Suppress: OOF, DR", "suppress" },
		{ "X-Auto-Response-Suppress: None", NULL }, { "List-Id: x", "list" },
		{ "List-Unsubscribe: <x>", "list" }, { "X-Loop: x", "loop" },
		{ "Return-Path: <>", "null-sender" }, { "Return-Path: <a@b.c>", NULL },
		{ "From: Mailer-Daemon@x", "robot" }, { "From: noreply@x", "robot" },
		{ "From: bounces+1@x", "robot" }, { "From: hans@x", NULL },
		{ "X-Autoreply: yes", "auto-replied" },
		{ "X-MS-Exchange-Inbox-Rules-Loop: x", "exchange-rule" },
		{ "Feedback-ID: x", "bulk" }, { "Subject: Automatische Antwort: x", "vacation" },
		{ "Subject: Automatic reply: x", "vacation" },
		{ "Subject: Abwesenheitsnotiz", "vacation" },
		{ "Subject: Wie lange ist jemand abwesend?", NULL },
		{ "Content-Type: multipart/report; boundary=x", NULL },
		{ "X-Spam-Flag: YES", "spam" } };

	(void)state;
	for (size_t i = 0; i < NELEM(cases); i++) {
		const char *why =
		    read_text(arena_printf(&arena, "%s\n\ntext\n", cases[i].header))->automatic;

		if ((why == NULL) != (cases[i].why == NULL) || !text_same(why, cases[i].why))
			fail_msg("%s: %s", cases[i].header, why == NULL ? "NULL" : why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_language),
		cmocka_unit_test_teardown(test_part_write, teardown),
		cmocka_unit_test_teardown(test_truncated, teardown),
		cmocka_unit_test_teardown(test_from_json, teardown),
		cmocka_unit_test_teardown(test_address_ok, teardown),
		cmocka_unit_test_teardown(test_compose, teardown),
		cmocka_unit_test_teardown(test_compose_refuses, teardown),
		cmocka_unit_test_teardown(test_references_kept, teardown),
		cmocka_unit_test_teardown(test_compose_text, teardown),
		cmocka_unit_test_teardown(test_compose_long, teardown),
		cmocka_unit_test_teardown(test_types, teardown),
		cmocka_unit_test_teardown(test_html_made, teardown),
		cmocka_unit_test_teardown(test_forwarded, teardown),
		cmocka_unit_test_teardown(test_delivered, teardown),
		cmocka_unit_test_teardown(test_automatic, teardown),
	};

	return cmocka_run_group_tests_name("mime", tests, NULL, NULL);
}
