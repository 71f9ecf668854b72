/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be wrong with a mail account, by its stable code: cause and remedy in both languages, once for
 * the shell, the log and the page. */
#include <string.h>

#include "channel/fault.h"

static const struct fault faults[] = {
	{ "name", "Der Name des Servers ist nicht bekannt.",
	    "Prüfen Sie die Schreibweise. Ihr Anbieter nennt den Namen in seiner Hilfe.",
	    "the server's name is not known",
	    "check its spelling; your provider names it in its help pages" },
	{ "connect", "Der Server antwortet nicht.",
	    "Prüfen Sie Port und Verschlüsselung; eine Firewall kann den Port sperren.",
	    "the server does not answer", "check host and port; a firewall may block the port" },
	{ "private", "Der Server liegt in einem privaten Netz oder auf diesem Rechner.",
	    "Wenn das so sein soll, trägt ihn der Administrator des Servers in docket.conf ein: "
	    "mail_allow = NAME.",
	    "the server is in a private network or on this machine",
	    "if that is meant to be, the administrator of the machine names it in docket.conf: "
	    "mail_allow = NAME" },
	{ "timeout", "Der Server hat aufgehört zu antworten.",
	    "Versuchen Sie es später noch einmal. Bleibt es so, ist der Server überlastet oder der "
	    "Port der "
	    "falsche.",
	    "the server stopped answering",
	    "try again later; if it stays so, the server is overloaded or the port is the wrong "
	    "one" },
	{ "tls", "Es kommt keine sichere Verbindung zustande.",
	    "Prüfen Sie Port und Verschlüsselung: TLS ist meist 993, 995 oder 465, STARTTLS 143, "
	    "110 oder 587.",
	    "no safe connection can be made",
	    "check port and security: TLS is usually 993, 995 or 465, STARTTLS 143, 110 or 587" },
	{ "certificate",
	    "Dem Zertifikat des Servers ist nicht zu trauen. Das Passwort wurde nicht gesendet.",
	    "Stimmt der Servername? Bei einem eigenen Server: mail_ca in docket.conf nennt seine "
	    "Zertifizierungsstelle.",
	    "the server's certificate is not to be trusted; the password was not sent",
	    "is the server's name right? for a server of your own, mail_ca in docket.conf names "
	    "its authority" },
	{ "certificate_expired",
	    "Das Zertifikat des Servers ist abgelaufen. Das Passwort wurde nicht gesendet.",
	    "Wer den Server betreibt, muss das Zertifikat erneuern.",
	    "the server's certificate has expired; the password was not sent",
	    "whoever runs the server has to renew it" },
	{ "certificate_early",
	    "Das Zertifikat des Servers gilt noch nicht. Das Passwort wurde nicht gesendet.",
	    "Prüfen Sie die Uhr dieses Rechners, sonst muss der Betreiber des Servers helfen.",
	    "the server's certificate is not valid yet; the password was not sent",
	    "check the clock of this machine; else whoever runs the server has to help" },
	{ "certificate_name",
	    "Das Zertifikat gilt für einen anderen Namen als den eingetragenen Server. Das "
	    "Passwort wurde nicht "
	    "gesendet.",
	    "Tragen Sie den Namen ein, für den das Zertifikat gilt.",
	    "the certificate is for another name than this server's; the password was not sent",
	    "use the name that the certificate is for" },
	{ "certificate_unknown",
	    "Das Zertifikat stammt von einer unbekannten Stelle. Das Passwort wurde nicht "
	    "gesendet.",
	    "Bei einem eigenen Server: mail_ca in docket.conf nennt seine Zertifizierungsstelle. "
	    "Sonst ist "
	    "Vorsicht geboten: jemand könnte mitlesen wollen.",
	    "the certificate is of an unknown authority; the password was not sent",
	    "for a server of your own, mail_ca in docket.conf names its authority; else beware, "
	    "somebody may "
	    "want to listen in" },
	{ "login", "Der Server lehnt Anmeldename oder Passwort ab.",
	    "Geben Sie das Passwort neu ein. Viele Anbieter verlangen ein eigenes App-Passwort und "
	    "dass IMAP "
	    "eingeschaltet ist.",
	    "the server refuses login or password",
	    "enter the password again; many providers want an app password, and IMAP to be "
	    "switched on" },
	{ "login_app", "Ihr Anbieter verlangt ein eigenes App-Passwort.",
	    "Legen Sie es in den Sicherheitseinstellungen Ihres Postfachs an und tragen Sie es "
	    "hier ein.",
	    "your provider wants an app password",
	    "make one in the security settings of your mailbox and enter it here" },
	{ "login_oauth", "Dieser Anbieter nimmt keine Passwörter mehr an.",
	    "Stellen Sie die Anmeldung auf OAuth um und melden Sie sich beim Anbieter an.",
	    "this provider takes no passwords any more",
	    "change the sign-in to OAuth and sign in at the provider" },
	{ "token", "Der Mailserver weist die Anmeldung mit OAuth ab.",
	    "Melden Sie sich neu an. Bei Microsoft 365 müssen IMAP und Authenticated SMTP für das "
	    "Postfach erlaubt sein.",
	    "the server refuses the sign-in",
	    "sign in again; at Microsoft 365, IMAP and authenticated SMTP must be allowed for the "
	    "mailbox" },
	{ "sign_in", "Die Anmeldung beim Anbieter gilt nicht mehr.",
	    "Melden Sie das Postfach noch einmal beim Anbieter an.",
	    "the sign-in at the provider is no longer valid",
	    "sign this account in at the provider once more" },
	{ "oauth_client", "Der Anbieter nimmt Client-ID oder Client-Secret nicht an.",
	    "Prüfen Sie beide in der Verwaltung des Anbieters; ein Secret kann abgelaufen sein.",
	    "the provider refuses the client id or secret",
	    "check both in the provider's console; a secret may have expired" },
	{ "oauth_away", "Der Anmeldedienst des Anbieters antwortet nicht.",
	    "docket versucht es von selbst wieder. Prüfen Sie sonst die Adresse für Token.",
	    "the provider's token service does not answer",
	    "docket tries again by itself; otherwise check the token address" },
	{ "folder", "Diesen Ordner gibt es im Postfach nicht.",
	    "Wählen Sie einen der Ordner, die der Server nennt.", "the mailbox has no such folder",
	    "choose one of the folders that the server names" },
	{ "protocol", "Der Server sagt etwas, das nicht zu verstehen ist.",
	    "Prüfen Sie, ob Server und Port zum Protokoll passen.",
	    "the server said something that cannot be understood",
	    "check whether server and port fit the protocol" },
	{ "refused", "Der Server weist uns ab.",
	    "Lesen Sie, was er sagt. Oft sind es zu viele Verbindungen oder eine Wartung.",
	    "the server refuses",
	    "read what it says; often there are too many connections, or it is being maintained" },
	{ "gone", "Die Verbindung ging verloren.", "Versuchen Sie es noch einmal.",
	    "the connection was lost", "try again" },
	{ "recipient", "Der Postausgang nimmt die Testnachricht nicht an.",
	    "Lesen Sie, was er sagt. Meist darf der Anmeldename nicht unter dieser Adresse senden.",
	    "the sending server does not take the test mail",
	    "read what it says; mostly the login may not send as this address" },
	{ "lost", "Die Testnachricht kam nicht an.",
	    "Sehen Sie im Spam-Ordner nach und prüfen Sie, ob die Adresse zu diesem Postfach "
	    "gehört.",
	    "the test mail did not arrive",
	    "look into the spam folder, and check whether the address belongs to this mailbox" },
	{ "storage", "Auf diesem Server ist kein Platz.",
	    "Schaffen Sie Platz im Ordner der Originale.", "there is no room here",
	    "make room in the folder of the originals" },
	{ "database", "Die Datenbank ist nicht da.", "docket versucht es von selbst wieder.",
	    "the database is away", "docket tries again by itself" },
	{ "secret_key", "Das Passwort lässt sich nicht öffnen.",
	    "Geben Sie es neu ein; sonst fehlt die Schlüsseldatei (docket key init).",
	    "the password cannot be opened",
	    "enter it again; otherwise the key file is missing (docket key init)" },
	{ "nothing_found", "Zu dieser Adresse ist kein Mailserver zu finden.",
	    "Tragen Sie die Server von Hand ein; Ihr Anbieter nennt sie in seiner Hilfe.",
	    "no mail server is to be found for this address",
	    "enter the servers by hand; your provider names them in its help pages" },
};

const struct fault *
fault_of(const char *code)
{
	for (size_t i = 0; code != NULL && i < NELEM(faults); i++)
		if (strcmp(faults[i].code, code) == 0)
			return &faults[i];
	return NULL;
}

static void
put_both(struct buf *b, const char *key, const char *de, const char *en)
{
	buf_key(b, key);
	buf_puts(b, "{\"de\":");
	buf_json(b, de, strlen(de));
	buf_puts(b, ",\"en\":");
	buf_json(b, en, strlen(en));
	buf_putc(b, '}');
}

struct str
fault_table(struct arena *a)
{
	struct buf b = { .arena = a };

	buf_putc(&b, '[');
	for (size_t i = 0; i < NELEM(faults); i++) {
		const struct fault *f = &faults[i];

		buf_puts(&b, i == 0 ? "{" : ",{");
		buf_key(&b, "code");
		buf_json(&b, f->code, strlen(f->code));
		put_both(&b, "cause", f->de, f->en);
		put_both(&b, "remedy", f->de_remedy, f->en_remedy);
		buf_putc(&b, '}');
	}
	buf_putc(&b, ']');
	return buf_str(&b);
}
