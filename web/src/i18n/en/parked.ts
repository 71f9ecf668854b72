/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { parked as source } from '../de/parked';

export const parked: typeof source = {
	title: 'Parked mails',
	lead: 'These mails lie here unharmed but became no ticket. Download the original, or have it read once more.',
	none: 'Nothing is parked',
	noneText: 'Every mail that was fetched became a ticket.',
	error: 'The list could not be loaded.',
	from: (account, size) => `${account}, ${size}`,
	noAccount: 'no mailbox',
	tries: (k) => `${k} ${k === 1 ? 'try' : 'tries'}`,
	loop: (servers) => `Went in circles: through ${servers} servers`,
	deadly: 'Reading it never came to an end',
	missing: 'The original is missing from the store',
	failed: 'Could not be processed',
	original: 'Download original',
	again: 'Read again',
	reading: 'Being read …',
	sent: 'The mail is read once more',
	more: 'Show older',
	back: 'To the tickets',
};
