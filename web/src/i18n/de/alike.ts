/* SPDX-License-Identifier: GPL-3.0-or-later */
// Closed tickets about the same. Loaded with the part that shows them.

export const alike = {
	found: (n: number) => (n === 1 ? 'Ein ähnliches gelöstes Ticket' : `${n} ähnliche gelöste Tickets`),
	insert: 'Antwort übernehmen',
	insertOf: (subject: string) => `Antwort übernehmen: ${subject}`,
	open: 'Öffnen',
	openIt: (id: number) => `Öffnen: #${id}`,
};
