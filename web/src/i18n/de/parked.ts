/* SPDX-License-Identifier: GPL-3.0-or-later */
// Mails that were set aside. Loaded with their page.

export const parked = {
	title: 'Zurückgestellte E-Mails',
	lead: 'Diese E-Mails liegen unversehrt hier, wurden aber kein Ticket. Laden Sie das Original, oder lassen Sie es noch einmal lesen.',
	none: 'Nichts ist zurückgestellt',
	noneText: 'Jede E-Mail, die abgeholt wurde, ist ein Ticket geworden.',
	error: 'Die Liste konnte nicht geladen werden.',
	from: (account: string, size: string) => `${account}, ${size}`,
	noAccount: 'ohne Postfach',
	tries: (k: number) => `${k} ${k === 1 ? 'Versuch' : 'Versuche'}`,
	loop: (servers: string) => `Lief im Kreis: durch ${servers} Server`,
	deadly: 'Das Lesen kam nie zu einem Ende',
	missing: 'Das Original fehlt im Speicher',
	failed: 'Ließ sich nicht verarbeiten',
	original: 'Original laden',
	again: 'Erneut lesen',
	reading: 'Wird gelesen …',
	sent: 'Die E-Mail wird noch einmal gelesen',
	more: 'Ältere zeigen',
	back: 'Zu den Tickets',
};
