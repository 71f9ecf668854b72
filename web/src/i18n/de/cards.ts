/* SPDX-License-Identifier: GPL-3.0-or-later */
// What a mail brings beside its words. Loaded with the part that shows it.

export const cards = {
	crypto: {
		'smime-signed': 'Mit S/MIME signiert',
		'smime': 'Mit S/MIME verschlüsselt: zu lesen ist sie nur in einem Mailprogramm, das den Schlüssel hat',
		'pgp-signed': 'Mit PGP signiert',
		'pgp': 'Mit PGP verschlüsselt: zu lesen ist sie nur in einem Mailprogramm, das den Schlüssel hat',
	} as Record<string, string>,
	unproved: 'Die Signatur wird hier nicht geprüft; im Original ist sie unverändert.',
	methods: { request: 'Einladung', cancel: 'Absage eines Termins', reply: 'Antwort auf eine Einladung', counter: 'Gegenvorschlag zu einem Termin' } as Record<string, string>,
	event: 'Termin',
	untitled: 'ohne Titel',
	when: 'Wann', where: 'Wo', who: 'Von',
	attached: 'Angehängte E-Mail',
	noSubject: '(ohne Betreff)',
	show: 'Angehängte E-Mail anzeigen',
	hide: 'Angehängte E-Mail ausblenden',
};
