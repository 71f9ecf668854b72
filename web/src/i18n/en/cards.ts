/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { cards as source } from '../de/cards';

export const cards: typeof source = {
	crypto: {
		'smime-signed': 'Signed with S/MIME',
		'smime': 'Encrypted with S/MIME: only a mail program that has the key can read it',
		'pgp-signed': 'Signed with PGP',
		'pgp': 'Encrypted with PGP: only a mail program that has the key can read it',
	},
	unproved: 'The signature is not verified here; the original carries it unchanged.',
	methods: { request: 'Invitation', cancel: 'Cancelled event', reply: 'Reply to an invitation', counter: 'Counter-proposal for an event' },
	event: 'Event',
	untitled: 'untitled',
	when: 'When', where: 'Where', who: 'From',
	attached: 'Attached mail',
	noSubject: '(no subject)',
	show: 'Show the attached mail',
	hide: 'Hide the attached mail',
};
