/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cleaner of mail HTML and its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "mime/mime.h"

#include <cmocka.h> /* last: it has a macro named fail */

static struct arena arena;
static int remote;

static const char *
picture(void *arg, const char *id)
{
	return strcmp(id, "logo@x") == 0 ? arg : NULL;
}

static const char *
clean(const char *html)
{
	struct str s =
	    html_clean(&arena, (struct str){ html, strlen(html) }, picture, "/p/1", &remote);

	return arena_dup(&arena, s.s, s.n);
}

static int
teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static void
test_kept(void **state)
{
	static const char *const same[] = {
		"plain text",
		"<p>a<b>b</b></p>",
		"<table border=\"0\" width=\"100%\"><tbody><tr><td align=\"left\" "
		"colspan=\"2\">x</td></tr></tbody></table>",
		"<ul><li>a</li><li>b</li></ul>",
		"<div style=\"color: red; margin: 0 auto; font-family: Arial, 'Open "
		"Sans'\">x</div>",
		"<span style=\"color: rgb(1, 2, 3); border: 1px solid #ccc; width: "
		"50.5%\">ä</span>",
		"a &lt; b &amp; c",
		"<font color=\"#ff0000\" face=\"Arial\" size=\"+1\">x</font>",
		"<br><hr><wbr>",
		"<blockquote>x</blockquote>",
	};

	(void)state;
	for (size_t i = 0; i < NELEM(same); i++) {
		assert_string_equal(clean(same[i]), same[i]);
		assert_string_equal(clean(clean(same[i])), same[i]);
	}
}

static void
test_balanced(void **state)
{
	static const char *const pairs[][2] = {
		{ "<b><i>x", "<b><i>x</i></b>" },
		{ "</div>x</p>", "x" },
		{ "<p>a<p>b", "<p>a</p><p>b</p>" },
		{ "<li>a<li>b", "<li>a</li><li>b</li>" },
		{ "<ul><li>a<ul><li>b</ul><li>c</ul>",
		    "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>" },
		{ "<table><tr><td>a<td>b<tr><td>c</table>d",
		    "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d" },
		{ "<table><tr><td></div>a</td></tr></table>",
		    "<table><tr><td>a</td></tr></table>" },
		{ "<a href='http://x'>a<a href='http://y'>b",
		    "<a href=\"http://x\" rel=\"noopener noreferrer\" target=\"_blank\" "
		    "title=\"x\">a</a>"
		    "<a href=\"http://y\" rel=\"noopener noreferrer\" target=\"_blank\" "
		    "title=\"y\">b</a>" },
		{ "<html><body>x</body></html>", "<div>x</div>" },
		{ "<o:p>x</o:p><foo>y</foo>", "xy" },
		{ "<B>x</B>", "<b>x</b>" },
		{ "a < b <3 <", "a &lt; b &lt;3 &lt;" },
		{ "&auml;&#228;&#xe4;&unknown;&amp", "äää&amp;unknown;&amp;" },
		{ "<p title=\"&quot;&lt;x&gt;\">y</p>", "<p title=\"&quot;&lt;x&gt;\">y</p>" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(pairs); i++)
		assert_string_equal(clean(pairs[i][0]), pairs[i][1]);
}

static void
test_dropped(void **state)
{
	static const char *const pairs[][2] = {
		{ "<script>alert(1)</script>x", "x" },
		{ "<SCRIPT SRC=x></SCRIPT >x", "x" },
		{ "<style>p{}</style><title>t</title>x", "x" },
		{ "<style><!--</style><img src=x onerror=alert(1)>-->", "<img>--&gt;" },
		{ "<!--[if mso]><p>a</p><![endif]-->b", "b" },
		{ "<!--><img src=x onerror=alert(1)>-->", "<img>--&gt;" },
		{ "<![CDATA[<p>x</p>", "x" },
		{ "<?php x ?>y", "y" },
		{ "<svg/onload=alert(1)><p>x", "<p>x</p>" },
		{ "<svg><style><img src=x onerror=alert(1)></style></svg>", "" },
		{ "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
		    "<table></table>" },
		{ "<iframe srcdoc='<script>x</script>'>a</iframe>b", "b" },
		{ "<textarea></textarea><img src=x onerror=a>", "<img>" },
		{ "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">x",
		    "<p title=\"&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;\">x</p>" },
		{ "<form action=x><input type=submit><button>b</button></form>",
		    "<div><span>b</span></div>" },
		{ "<p onclick=alert(1) class=c id=i>x</p>", "<p>x</p>" },
		{ "<meta http-equiv=refresh content=0><base href=//e><link rel=x>y", "y" },
		{ "<object data=x><embed src=y>z</object>", "z" },
		{ "<template><b>x</b></template>", "<b>x</b>" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(pairs); i++)
		assert_string_equal(clean(pairs[i][0]), pairs[i][1]);
}

static void
test_links(void **state)
{
	static const char *const dead[] = { "javascript:alert(1)", "JaVaScRiPt:x", " javascript:x",
		"java\nscript:x", "&#106;avascript:x", "&#x6A&#x61;vascript:x", "data:text/html,x",
		"vbscript:x", "file:///etc/passwd", "#top", "/path", "javascript&colon;x",
		"\x01javascript:x", "http", "feed:javascript:x" };
	static const char *const live[][2] = { { "http://example.com/?a=b&amp;c=d",
						   " title=\"example.com\"" },
		{ "https://x", " title=\"x\"" }, { "mailto:a@b.c", "" }, { "tel:+49221", "" },
		{ "HTTPS://X", " title=\"x\"" } };

	(void)state;
	for (size_t i = 0; i < NELEM(dead); i++)
		assert_string_equal(
		    clean(arena_printf(&arena, "<a href=\"%s\">x</a>", dead[i])), "<a>x</a>");
	for (size_t i = 0; i < NELEM(live); i++)
		assert_string_equal(clean(arena_printf(&arena, "<a href=\"%s\">x</a>", live[i][0])),
		    arena_printf(&arena,
			"<a href=\"%s\" rel=\"noopener noreferrer\" target=\"_blank\"%s>x</a>",
			live[i][0], live[i][1]));
	assert_string_equal(clean("<a href=\"ht\ntp://x/\ty\">x</a>"),
	    "<a href=\"http://x/y\" rel=\"noopener noreferrer\" target=\"_blank\" "
	    "title=\"x\">x</a>");
	assert_string_equal(clean("<a href='http://x/\"onclick=\"y'>x</a>"),
	    "<a href=\"http://x/&quot;onclick=&quot;y\" rel=\"noopener noreferrer\" "
	    "target=\"_blank\" title=\"x\">x</a>");
}

/* Words of a link, where it leads, and whether the true host must be shown behind them. */
static void
test_hosts(void **state)
{
	static const struct {
		const char *words, *href, *marked;
	} links[] = {
		{ "hier", "https://shop.example/x", NULL },
		{ "www.shop.example", "https://shop.example/x", NULL },
		{ "shop.example", "https://www.shop.example/", NULL },
		{ "https://mail.shop.example/a", "https://shop.example", NULL },
		{ "Rechnung.pdf", "https://shop.example", NULL },
		{ "z.B. das", "https://shop.example", NULL },
		{ "Am 24.12. um 3.50 Euro", "https://shop.example", NULL },
		{ "www.paypal.com", "https://evil.example/", "evil.example" },
		{ "PayPal.<b>com</b>", "https://evil.example/", "evil.example" },
		{ "paypal.com", "https://paypal.com.evil.example/", "paypal.com.evil.example" },
		{ "paypal.com", "https://evilpaypal.com/", "evilpaypal.com" },
		{ "https://paypal.com/login", "https://paypal.com@evil.example/", "evil.example" },
		{ "paypal.com", "https://evil.example\\@paypal.com/", "evil.example" },
		{ "paypal.com", "https://evil.example:443/paypal.com", "evil.example" },
		{ "bank.de", "https:///evil.example/", "evil.example" },
		{ "kontakt@bank.de", "https://evil.example/", "evil.example" },
		{ "bank.de", "mailto:x@evil.example", NULL },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(links); i++) {
		const char *s = clean(arena_printf(&arena,
		    "<a href=\"%s\" title=\"bank.de\">%s</a>", links[i].href, links[i].words));
		const char *mark = strstr(s, "<span data-host=\"");

		assert_null(strstr(s, "title=\"bank.de\""));
		if (links[i].marked == NULL && mark != NULL)
			fail_msg("%s to %s is marked: %s", links[i].words, links[i].href, s);
		if (links[i].marked != NULL &&
		    strstr(s, arena_printf(&arena, "<span data-host=\"%s\"></span></a>",
				  links[i].marked)) == NULL)
			fail_msg("%s to %s is not marked: %s", links[i].words, links[i].href, s);
	}
}

static void
test_pictures(void **state)
{
	(void)state;
	assert_string_equal(
	    clean("<img src=\"cid:logo@x\" alt=l>"), "<img alt=\"l\" src=\"/p/1\">");
	assert_string_equal(clean("<img src='cid:logo%40x'>"), "<img src=\"/p/1\">");
	assert_int_equal(remote, 0);
	assert_string_equal(clean("<img src=cid:other>"), "<img>");
	assert_string_equal(clean("<img src=http://t/1.gif width=1>"),
	    "<img width=\"1\" data-remote=\"http://t/1.gif\">");
	assert_int_equal(remote, 1);
	assert_string_equal(clean("<img src=//t/1.gif>"), "<img data-remote=\"https://t/1.gif\">");
	assert_string_equal(
	    clean("<img src=data:image/svg+xml,x srcset='http://t/2 2x'>"), "<img>");
	assert_string_equal(
	    clean("<td background=http://t/b style='background:#fff url(http://t/c) 0 0'>"),
	    "<td style=\"background: #fff 0 0\"></td>");
	assert_int_equal(remote, 2);
	assert_string_equal(
	    clean("<td background=cid:logo@x style='background:#fff url( \"cid:logo@x\" ) 0 0'>"),
	    "<td style=\"background-image: url('/p/1'); background: #fff url('/p/1') 0 0\"></td>");
	assert_string_equal(clean("<td style=\"background:url('cid:logo@x') url(cid:lo\\go@x)\">"),
	    "<td style=\"background: url('/p/1')\"></td>");
	assert_int_equal(remote, 0);
	/* One point tells that the mail was opened: it is no picture, and nobody is asked for it. */
	assert_string_equal(clean("<img src=http://t/1.gif width=1 height=1px>"),
	    "<img height=\"1px\" width=\"1\" data-picture=\"pixel\">");
	assert_int_equal(remote, 0);
}

/* A picture inside its address: of a raster type by its first bytes too, or not at all. */
static void
test_data(void **state)
{
#define GIF "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
	(void)state;
	assert_string_equal(clean("<img src='data:image/gif;base64," GIF "'>"),
	    "<img src=\"data:image/gif;base64," GIF "\">");
	assert_string_equal(clean("<img src='DATA:image/PNG;base64,R0lGODlhAQABAIAA AAAAAP///yH5"
				  "BAEAAAAALAAAAAABAAEAAAIBRAA7'>"),
	    "<img src=\"data:image/gif;base64," GIF "\">");
	assert_string_equal(clean("<img src='data:image/gif;base64,PHN2Zz48L3N2Zz4='>"), "<img>");
	assert_string_equal(clean("<img src='data:image/svg+xml;base64," GIF "'>"), "<img>");
	assert_string_equal(clean("<img src='data:text/html;base64," GIF "'>"), "<img>");
	assert_string_equal(clean("<img src='data:image/gif," GIF "'>"), "<img>");
	assert_string_equal(clean("<img src='data:image/gif;base64," GIF "\"onerror=x'>"), "<img>");
	assert_string_equal(clean("<img src='data:image/gif;base64,'>"), "<img>");
	assert_int_equal(remote, 0);
}

static void
test_types(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *type;
		int64_t width, height;
	} files[] = {
		{ "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\0\0\0\3", 24, "image/png", 258, 3 },
		{ "GIF89a\2\1\3\0", 10, "image/gif", 258, 3 },
		{ "\xff\xd8\xff\xe0\0\4xx\xff\xc0\0\x0b\x08\0\3\1\2\1\1\x11\0", 21, "image/jpeg",
		    258, 3 },
		{ "RIFF0000WEBPVP8X\0\0\0\0\0\0\0\0\1\1\0\2\0\0", 30, "image/webp", 258, 3 },
		{ "\x89PNG\r\n\x1a\n", 8, "image/png", 0, 0 },
		{ "\xff\xd8\xff", 3, "image/jpeg", 0, 0 },
		{ "<svg xmlns=", 11, NULL, 0, 0 },
		{ "BM", 2, NULL, 0, 0 },
		{ "", 0, NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(files); i++) {
		int64_t width, height;
		const char *type =
		    picture_type((struct str){ files[i].bytes, files[i].n }, &width, &height);

		assert_true(text_same(type, files[i].type));
		assert_int_equal(width, files[i].width);
		assert_int_equal(height, files[i].height);
	}
}

static void
test_styles(void **state)
{
	static const char *const gone[] = { "background:url(javascript:x)",
		"width:expression(alert(1))", "behavior:url(x)", "-moz-binding:url(x)",
		"position:fixed", "color:r\\65 d", "color:var(--x)", "content:\"x\"", "@import 'x'",
		"color:</style>", "z-index:9", "color:red\\", "color:\"",
		"background:image-set('x' 1x)", "color:attr(x)", "cursor:url(x)", "color:{red}" };

	(void)state;
	for (size_t i = 0; i < NELEM(gone); i++)
		assert_string_equal(clean(arena_printf(&arena, "<p style='%s'>x</p>",
					strchr(gone[i], '\'') == NULL ? gone[i] : "@import x")),
		    "<p>x</p>");
	assert_string_equal(
	    clean("<p style='color:red;width:expression(x)'>x"), "<p style=\"color: red\">x</p>");
	assert_string_equal(clean("<p style='background:red url(x) \\'>x"), "<p>x</p>");
	assert_string_equal(
	    clean("<p style='COLOR:Red;/*x*/margin:0;position:absolute;padding:1px !important'>x"),
	    "<p style=\"color: Red; margin: 0; padding: 1px !important\">x</p>");
}

/* What a sheet says of an element stands in its attribute, the strongest last. */
static void
test_sheets(void **state)
{
	static const char *const pairs[][2] = {
		{ "<style>.a{display:none}</style><p class='b a'>x</p>",
		    "<p style=\"display: none\">x</p>" },
		{ "<p class=a>x</p><style><!-- .a{color:red} --></style>",
		    "<p style=\"color: red\">x</p>" },
		{ "<style>#i b,i>b{color:red} b{color:blue}</style><div "
		  "id=i><b>x</b></div><i><u><b>y</b></u></i>",
		    "<div><b style=\"color: blue; color: red\">x</b></div><i><u><b style=\"color: "
		    "blue\">y</b></u></i>" },
		{ "<style>b{color:red!important}</style><b style=color:blue>x</b>",
		    "<b style=\"color: red!important; color: blue\">x</b>" },
		{ "<style>@media (max-width:600px){b{color:red}}@media screen and "
		  "(min-width:600px){b{color:blue}}@media "
		  "(prefers-color-scheme:dark){b{color:#fff}}</style><b>x</b>",
		    "<b style=\"color: blue\">x</b>" },
		{ "<style media=print>b{color:red}</style><b>x</b>", "<b>x</b>" },
		{ "<style>@import url(//e);@font-face{src:url(//e)}b{background:url(//e) "
		  "red;position:fixed;"
		  "color:blue}</style><b>x</b>",
		    "<b style=\"background: red; color: blue\">x</b>" },
		{ "<style>b:hover,b[x],b::after,b+b,.a\\:b,b:not(i){color:red}</style><b>x</b>",
		    "<b>x</b>" },
		{ "<style>b{color:red;x:\"}</style><b>\" onload=\"x}</b>",
		    "<b style=\"color: red\">&quot; onload=&quot;x}</b>" },
		{ "<style>table>tbody>tr td{color:red}</style><table><tr><td>x</table>",
		    "<table><tr><td style=\"color: red\">x</td></tr></table>" },
		{ "<style>body{color:red}</style>x", "<div style=\"color: red\">x</div>" },
		{ "<body text=red bgcolor='#fff'>x</body>y",
		    "<div bgcolor=\"#fff\" style=\"background-color: #fff; color: red\">xy</div>" },
		{ "<body>x</body><body>y</body>", "<div>x</div><div>y</div>" },
		{ "<style>b{min-height:100vh;height:1.5DVH;width:50vw;margin:-2vmin;color:#fab}</"
		  "style><b>x</b>",
		    "<b style=\"width: 50vw; color: #fab\">x</b>" },
		{ "<b hidden>x</b>", "<b style=\"display: none\">x</b>" },
		{ "<style amp4email-boilerplate>body{visibility:hidden}</style><b>x</b>",
		    "<b>x</b>" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(pairs); i++)
		assert_string_equal(clean(pairs[i][0]), pairs[i][1]);
}

static void
repeat(struct buf *b, const char *s, int n)
{
	while (n-- > 0)
		buf_puts(b, s);
}

/* Rules that all have to be compared with everything: the work has an end, and the words are all there. */
static void
test_costly_sheets(void **state)
{
	static const char *const rules[] = { "div{color:red}",
		".z>div div>div div>div div>div{color:red}", "*{font-family:a}" };
	clock_t began = clock();

	(void)state;
	for (size_t i = 0; i < NELEM(rules); i++) {
		struct buf b = { .arena = &arena };
		const char *s;

		buf_puts(&b, "<style>");
		repeat(&b, rules[i], 5000);
		buf_puts(&b, "</style>");
		for (int k = 0; k < 300; k++) {
			repeat(&b, "<div>", 90);
			buf_puts(&b, "x");
			repeat(&b, "</div>", 90);
		}
		buf_puts(&b, "the end");
		s = clean(b.s);
		assert_non_null(strstr(s, "the end"));
		assert_true(strlen(s) < 8 << 20);
	}
	assert_true((clock() - began) / CLOCKS_PER_SEC < 6);
}

/* A host that is too long is cut between two characters. */
static void
test_long_host(void **state)
{
	struct buf b = { .arena = &arena };
	const char *s;

	(void)state;
	buf_puts(&b, "<a href='https://x");
	repeat(&b, "\xe2\x82\xac", 200);
	buf_puts(&b, "'>x</a>");
	s = clean(b.s);
	assert_true(text_valid(s, strlen(s)));
}

static void
test_depth(void **state)
{
	struct buf b = { .arena = &arena };
	const char *s;
	int n = 0;

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_puts(&b, "<div>");
	buf_puts(&b, "x");
	for (int i = 0; i < 5000; i++)
		buf_puts(&b, "</div>");
	s = clean(b.s);
	for (const char *p = s; (p = strstr(p, "<div>")) != NULL; p++)
		n++;
	assert_int_equal(n, 100);
	assert_int_equal(strlen(s), 100 * 11 + 1);
}

static void
test_text(void **state)
{
	static const char *const pairs[][2] = {
		{ "<p>Hallo  <b>Welt</b></p><p>zwei</p>", "Hallo Welt\n\nzwei" },
		{ "a<br>b<div>c</div>d", "a\nb\nc\nd" },
		{ "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3" },
		{ "<ul><li>eins<li>zwei</ul>", "- eins\n- zwei" },
		{ "<pre>a\n  b</pre>", "a\n  b" },
		{ "x&nbsp;&euro;&shy;y", "x €y" },
		{ "<blockquote>alt<br>noch</blockquote>neu", "> alt\n> noch\n\nneu" },
		{ "<div style='display:none'>weg<div>auch</div></div>da", "da" },
		{ "<a href=http://x>Link</a>", "Link" },
		{ "<script>x</script><style>y</style>z", "z" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(pairs); i++)
		assert_string_equal(
		    html_text(&arena, (struct str){ pairs[i][0], strlen(pairs[i][0]) }),
		    pairs[i][1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_kept, teardown),
		cmocka_unit_test_teardown(test_balanced, teardown),
		cmocka_unit_test_teardown(test_dropped, teardown),
		cmocka_unit_test_teardown(test_links, teardown),
		cmocka_unit_test_teardown(test_hosts, teardown),
		cmocka_unit_test_teardown(test_pictures, teardown),
		cmocka_unit_test_teardown(test_data, teardown),
		cmocka_unit_test_teardown(test_types, teardown),
		cmocka_unit_test_teardown(test_styles, teardown),
		cmocka_unit_test_teardown(test_sheets, teardown),
		cmocka_unit_test_teardown(test_costly_sheets, teardown),
		cmocka_unit_test_teardown(test_long_host, teardown),
		cmocka_unit_test_teardown(test_depth, teardown),
		cmocka_unit_test_teardown(test_text, teardown),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
