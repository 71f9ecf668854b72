/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links of mail HTML: which addresses may be followed, and that they show where they lead. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { WORDS = 300 /* of a link's text are looked at */ };

char *
mime_html_address(struct arena *a, const char *v)
{
	static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:" };
	char *s = arena_strdup(a, v);
	size_t n = 0;

	while (*v != '\0' && (unsigned char)*v <= ' ')
		v++;
	for (; *v != '\0'; v++)
		if ((unsigned char)*v >= ' ' && *v != 0x7f)
			s[n++] = *v;
	while (n > 0 && s[n - 1] == ' ')
		n--;
	s[n] = '\0';
	if (s[0] == '/' && s[1] == '/')
		s = arena_printf(a, "https:%s", s);
	for (size_t i = 0; i < NELEM(schemes); i++)
		if (strncasecmp(s, schemes[i], strlen(schemes[i])) == 0)
			return s;
	return NULL;
}

/* The host as browsers find it: what stands before "@" is no host, and a backslash is a slash. */
static void
host_of(char *to, size_t size, const char *address)
{
	const char *from = strstr(address, "://"), *end, *at, *colon;

	*to = '\0';
	if (from == NULL || strncasecmp(address, "http", 4) != 0)
		return;
	from += 3 + strspn(from + 3, "/\\");
	end = from + strcspn(from, "/?#\\");
	at = memrchr(from, '@', (size_t)(end - from));
	if (at != NULL)
		from = at + 1;
	colon = memrchr(from, ':', (size_t)(end - from));
	if (colon != NULL && strspn(colon + 1, "0123456789") == (size_t)(end - colon) - 1)
		end = colon;
	if ((size_t)(end - from) >= size) {
		end = from + size - 1;
		while (end > from && ((unsigned char)*end & 0xc0) == 0x80)
			end--; /* not inside a character */
	}
	for (; from < end; from++)
		*to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from | 32) : *from;
	*to = '\0';
}

void
mime_html_link(struct html_out *o, const char *address)
{
	host_of(o->link.host, sizeof o->link.host, address);
	if (o->link.host[0] != '\0')
		mime_html_put_attr(&o->out, "title", o->link.host);
}

void
mime_html_link_begin(struct html_out *o)
{
	o->link.open = true;
	o->link.at = o->out.n;
}

static bool
is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       (unsigned char)c >= 0x80;
}

/* The link's words in lower case, without markup. */
static void
read_words(char *to, struct str s)
{
	bool tag = false;
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < WORDS; i++) {
		char c = s.s[i];

		if (c == '<' || c == '>')
			tag = c == '<';
		else if (!tag)
			to[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
	}
	to[n] = '\0';
}

/* Does a word of n bytes say a host? "www.example.org" does, and so does any name that ends like one; "z.B." and
 * "Rechnung.pdf" do not. */
static bool
says_host(const char *w, size_t n)
{
	static const char ends[] =
	    " com net org info biz shop online store app dev cloud site xyz name pro io eu ";
	const char *dot = memrchr(w, '.', n);
	size_t last;

	if (dot == NULL || dot == w)
		return false;
	last = n - (size_t)(dot - w) - 1;
	if (last == 2)
		return dot[1] >= 'a' && dot[1] <= 'z' && dot[2] >= 'a' && dot[2] <= 'z' && n > 4;
	for (const char *e = ends; (e = strchr(e, ' ')) != NULL && e[1] != '\0'; e++)
		if (strncmp(e + 1, dot + 1, last) == 0 && e[1 + last] == ' ')
			return true;
	return strncmp(w, "www.", 4) == 0 && last > 1;
}

/* Is one of them the other, or below it? */
static bool
is_same(const char *host, const char *w, size_t n)
{
	size_t h = strlen(host);

	if (n > 4 && strncmp(w, "www.", 4) == 0) {
		w += 4;
		n -= 4;
	}
	if (h >= n)
		return memcmp(host + h - n, w, n) == 0 && (h == n || host[h - n - 1] == '.');
	return strchr(host, '.') != NULL && memcmp(w + n - h, host, h) == 0 && w[n - h - 1] == '.';
}

static bool
deceives(const char *host, const char *words)
{
	for (const char *w = words; *w != '\0';) {
		size_t n = 0;

		while (is_host_char(w[n]))
			n++;
		if (n == 0) {
			w++;
			continue;
		}
		while (n > 1 && (w[n - 1] == '.' || w[n - 1] == '-'))
			n--;
		if (says_host(w, n) && !is_same(host, w, n))
			return true;
		w += n;
	}
	return false;
}

void
mime_html_link_end(struct html_out *o)
{
	char words[WORDS + 1];

	if (o->link.open && o->link.host[0] != '\0') {
		read_words(words, (struct str){ o->out.s + o->link.at, o->out.n - o->link.at });
		/* Words come from the style sheet of the frame: the mail's own stay what they were. */
		if (deceives(o->link.host, words)) {
			buf_puts(&o->out, "<span");
			mime_html_put_attr(&o->out, "data-host", o->link.host);
			buf_puts(&o->out, "></span>");
		}
	}
	o->link.open = false;
	o->link.host[0] = '\0';
}
