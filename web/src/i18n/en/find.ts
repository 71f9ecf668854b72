/* SPDX-License-Identifier: GPL-3.0-or-later */
// What is loaded with the search: completion, counts, keeping and watching, help.
import type { find as german } from '../de/find';

export const find: typeof german = {
	fields: {
		status: 'Status', type: 'Type', owner: 'Owner', role: 'Role of the owner', folder: 'Folder', tag: 'Tag', customer: 'Customer', order: 'Order number',
		prio: 'Priority, also >3 or 2..4', source: 'Source', from: 'Person or address', subject: 'Words of the subject', has: 'has file, owner, deadline …', is: 'open, mine, overdue …',
		created: 'opened on, since, between', updated: 'last changed', closed: 'closed on', due: 'Deadline', id: 'Ticket number', in: 'Message, comment, attachment', file: 'File name',
		account: 'Mailbox', before: 'opened before', after: 'opened after', trust: 'Check of the sender',
	},
	names: {},
	word: 'Word', date: 'Period', completions: 'Suggestions',
	sources: { mail: 'E-mail', agent: 'Agent', api: 'API', form: 'Form', ebay: 'eBay', import: 'Import' },
	tickets: (one) => one ? 'ticket' : 'tickets',
	over: (n) => `over ${n}`,
	estimated: 'The newest hits are counted.',
	countMore: 'Count on',
	source: 'Source', type: 'Type', year: 'Year', tag: 'Tag', file: 'With attachment', nobody: 'no owner',
	comments: 'Only in comments', more: (n) => `${n} more`,
	rebuilding: 'The search index is being rebuilt: not everything can be found yet.',
	away: 'The search index is being built. Lists and folders go on.',
	meant: 'Did you mean', newest: 'Newest first', best: 'Best first', order: 'Order',
	keep: 'Keep as folder', keepShort: 'Keep', name: 'Name', nameMissing: 'Give the folder a name.', query: 'Query',
	shared: 'Visible to everybody', watched: 'Tell me when something new matches', watchHint: 'The note appears here as soon as a new message matches.',
	cancel: 'Cancel', kept: 'Kept as folder', show: 'Open', help: 'Search help', close: 'Close',
	helpLead: 'Words search messages, comments, subjects, names, file names and files. field:value narrows down. A click runs an example.',
	helps: [
		['invoice parcel', 'both words in one message, in any form'],
		['"red shoes"', 'exactly these in a row'],
		['inv*', 'words that begin so'],
		['vase -broken', 'without this word'],
		['return OR (exchange size)', 'one or the other'],
		['owner:me is:open prio:>3', 'mine, open and urgent'],
		['status:new,open has:file', 'either of two, with a file'],
		['created:"last week" source:mail', 'periods: today, 7d, 2026-01..2026-03'],
		['due:<today -is:closed', 'past the deadline'],
		['from:miller subject:delivery', 'person and subject'],
		['in:comment goodwill', 'only in comments'],
		['305-1234567-1234567', 'order numbers, with or without dashes'],
		['#1042', 'the ticket of this number'],
	],
};
