/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XOAUTH2, as Google and Microsoft speak it: one string from the client, and when it is refused, a reason in JSON
 * that wants an empty answer before the server says no. */
#include <string.h>

#include "channel/wire.h"

static bool
is_clean(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

char *
sasl_xoauth2(struct arena *a, const struct server *s, struct wire_error *e)
{
	const char *said;

	if (s->user == NULL || s->token == NULL || !is_clean(s->user) || !is_clean(s->token)) {
		wire_fail(e, "token", "user or token is missing or holds a control character");
		return NULL;
	}
	said = arena_printf(a, "user=%s\001auth=Bearer %s\001\001", s->user, s->token);
	return crypt_base64(a, said, strlen(said));
}

bool
sasl_refused(struct arena *a, const char *line, const char *challenge, struct wire_error *e)
{
	struct str why = challenge != NULL ? crypt_unbase64(a, challenge) : (struct str){ 0 };

	if (why.n == 0)
		return wire_fail(e, "token", "%s", line);
	return wire_fail(e, "token", "%s (%.*s)", line, (int)why.n, why.s);
}
