/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The servers of the big providers, so that an address is enough; for everybody else a guess that a process
 * with network can try. */
#include <string.h>

#include "channel/provider.h"

static const struct provider providers[] = {
	{ "gmail", "gmail.com googlemail.com", "google.com googlemail.com", "imap.gmail.com", 993,
	    "tls", "smtp.gmail.com", 465, "tls", "google",
	    "Google Workspace nimmt nur OAuth. Private Konten können mit Zwei-Faktor-Anmeldung ein "
	    "App-Passwort "
	    "anlegen.",
	    "Google Workspace takes OAuth only. Private accounts can make an app password once "
	    "they sign in with "
	    "two factors." },
	{ "microsoft365", "outlook.com outlook.de hotmail.com hotmail.de live.com live.de msn.com",
	    "protection.outlook.com mx.microsoft", "outlook.office365.com", 993, "tls",
	    "smtp.office365.com", 587, "starttls", "microsoft",
	    "Microsoft 365 nimmt keine Passwörter mehr: melden Sie sich mit OAuth an. Für das "
	    "Senden muss "
	    "Authenticated SMTP am Postfach eingeschaltet sein.",
	    "Microsoft 365 takes no passwords any more: sign in with OAuth. For sending, "
	    "authenticated SMTP must be "
	    "on for the mailbox." },
	{ "gmx", "gmx.de gmx.net gmx.at gmx.ch gmx.com", "gmx.net", "imap.gmx.net", 993, "tls",
	    "mail.gmx.net", 465, "tls", NULL,
	    "Erlauben Sie bei GMX unter „POP3/IMAP Abruf“ den Zugriff von außen.",
	    "Allow access from outside at GMX under “POP3 & IMAP”." },
	{ "webde", "web.de", "web.de", "imap.web.de", 993, "tls", "smtp.web.de", 587, "starttls",
	    NULL, "Erlauben Sie bei WEB.DE unter „POP3/IMAP Abruf“ den Zugriff von außen.",
	    "Allow access from outside at WEB.DE under “POP3/IMAP Abruf”." },
	{ "tonline", "t-online.de magenta.de", "t-online.de", "secureimap.t-online.de", 993, "tls",
	    "securesmtp.t-online.de", 465, "tls", NULL,
	    "Die Telekom verlangt ein eigenes „Passwort für E-Mail-Programme“ aus dem "
	    "Kundencenter.",
	    "Telekom wants a “password for mail programs” of its own, made in its customer "
	    "centre." },
	{ "ionos", "ionos.de online.de 1und1.de", "kundenserver.de ionos.de ionos.com perfora.net",
	    "imap.ionos.de", 993, "tls", "smtp.ionos.de", 465, "tls", NULL, NULL, NULL },
	{ "strato", "strato.de", "rzone.de strato.de", "imap.strato.de", 993, "tls",
	    "smtp.strato.de", 465, "tls", NULL, NULL, NULL },
	{ "mailboxorg", "mailbox.org", "mailbox.org", "imap.mailbox.org", 993, "tls",
	    "smtp.mailbox.org", 465, "tls", NULL,
	    "Mit Zwei-Faktor-Anmeldung verlangt mailbox.org ein App-Passwort.",
	    "With two factors, mailbox.org wants an app password." },
	{ "posteo", "posteo.de posteo.net posteo.eu posteo.org", "posteo.de", "posteo.de", 993,
	    "tls", "posteo.de", 465, "tls", NULL, NULL, NULL },
	{ "icloud", "icloud.com me.com mac.com", "icloud.com", "imap.mail.me.com", 993, "tls",
	    "smtp.mail.me.com", 587, "starttls", NULL,
	    "Apple verlangt ein App-spezifisches Passwort von account.apple.com.",
	    "Apple wants an app-specific password from account.apple.com." },
	{ "yahoo", "yahoo.com yahoo.de ymail.com rocketmail.com", "yahoodns.net",
	    "imap.mail.yahoo.com", 993, "tls", "smtp.mail.yahoo.com", 465, "tls", NULL,
	    "Yahoo verlangt ein App-Passwort.", "Yahoo wants an app password." },
	{ "aol", "aol.com aol.de", "aol.com", "imap.aol.com", 993, "tls", "smtp.aol.com", 465,
	    "tls", NULL, "AOL verlangt ein App-Passwort.", "AOL wants an app password." },
	{ "freenet", "freenet.de", "freenet.de", "mx.freenet.de", 993, "tls", "mx.freenet.de", 465,
	    "tls", NULL, NULL, NULL },
	{ "arcor", "arcor.de vodafone.de vodafonemail.de", "vodafonemail.de",
	    "imap.vodafonemail.de", 993, "tls", "smtp.vodafonemail.de", 587, "starttls", NULL, NULL,
	    NULL },
	{ "hetzner", "your-server.de", "your-server.de", "mail.your-server.de", 993, "tls",
	    "mail.your-server.de", 465, "tls", NULL, NULL, NULL },
	{ "allinkl", "all-inkl.com", "kasserver.com", NULL, 993, "tls", NULL, 465, "tls", NULL,
	    "Der Servername steht im KAS: w0….kasserver.com.",
	    "The server's name is told in KAS: w0….kasserver.com." },
	{ "ovh", "ovh.net", "ovh.net", "ssl0.ovh.net", 993, "tls", "ssl0.ovh.net", 465, "tls", NULL,
	    NULL, NULL },
	{ "fastmail", "fastmail.com fastmail.fm", "messagingengine.com", "imap.fastmail.com", 993,
	    "tls", "smtp.fastmail.com", 465, "tls", NULL, "Fastmail verlangt ein App-Passwort.",
	    "Fastmail wants an app password." },
	{ "zoho", "zoho.com zoho.eu zohomail.eu", "zoho.com zoho.eu", "imap.zoho.eu", 993, "tls",
	    "smtp.zoho.eu", 465, "tls", NULL, NULL, NULL },
};

/* Is the domain one of these, or below one of them? */
static bool
among(const char *domain, const char *list, bool below)
{
	size_t length = strlen(domain);

	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (length == n && strncasecmp(domain, list, n) == 0)
			return true;
		if (below && length > n && domain[length - n - 1] == '.' &&
		    strncasecmp(domain + length - n, list, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

const struct provider *
provider_of(const char *address)
{
	const char *at = strrchr(address, '@');

	for (size_t i = 0; at != NULL && i < NELEM(providers); i++)
		if (among(at + 1, providers[i].domains, false))
			return &providers[i];
	return NULL;
}

const struct provider *
provider_of_mx(const char *exchange)
{
	for (size_t i = 0; i < NELEM(providers); i++)
		if (among(exchange, providers[i].exchanges, true))
			return &providers[i];
	return NULL;
}

static void
put(struct buf *b, const char *key, const char *value)
{
	buf_key(b, key);
	buf_json(b, value, value == NULL ? 0 : strlen(value));
}

struct str
provider_json(struct arena *a, const struct provider *p)
{
	struct buf b = { .arena = a };

	buf_puts(&b, "{\"known\":true");
	put(&b, "provider", p->name);
	put(&b, "host", p->imap);
	buf_printf(&b, ",\"port\":%d", p->imap_port);
	put(&b, "security", p->imap_security);
	put(&b, "smtp_host", p->smtp);
	buf_printf(&b, ",\"smtp_port\":%d", p->smtp_port);
	put(&b, "smtp_security", p->smtp_security);
	put(&b, "oauth", p->oauth);
	buf_key(&b, "hint");
	if (p->de == NULL) {
		buf_puts(&b, "null}");
		return buf_str(&b);
	}
	buf_putc(&b, '{');
	put(&b, "de", p->de);
	put(&b, "en", p->en);
	buf_puts(&b, "}}");
	return buf_str(&b);
}
