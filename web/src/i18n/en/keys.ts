/* SPDX-License-Identifier: GPL-3.0-or-later */
// Verbs, the palette, the sheet of keys.
import type { Catalog } from '../de';

export const keys: Pick<Catalog, 'palette' | 'sheet' | 'verbs'> = {
	palette: {
		label: 'Search and run',
		placeholder: 'What would you like to do?',
		ticket: 'This ticket',
		go: 'Go to',
		app: 'docket',
		searchFor: (text) => `Search all tickets for “${text}”`,
		openTicket: (id) => `Open ticket #${id}`,
		run: 'run',
		move: 'choose',
		all: 'all keys',
		none: 'Nothing fits. Enter searches the tickets.',
	},

	sheet: {
		title: 'Keys',
		hint: 'Single keys work while the cursor is not in a text field.',
		groups: { list: 'List', ticket: 'Ticket', write: 'Writing', go: 'Go to', app: 'Everywhere' },
		close: 'Close',
		then: 'then',
	},

	verbs: {
		next: 'Next ticket', prev: 'Previous ticket', open: 'Open ticket', back: 'Back to the list',
		reply: 'Reply', replyAll: 'Reply to all', comment: 'Comment internally', status: 'Set status', type: 'Set type',
		priority: 'Set priority', assign: 'Assign an owner', mine: 'Assign to me', done: 'Done, next ticket',
		deadline: 'Set deadline', subject: 'Change the subject', undo: 'Undo the last change', expand: 'Unfold or fold all entries',
		search: 'Search', palette: 'Commands', keys: 'Show keys', create: 'New ticket', accounts: 'Mail accounts', parked: 'Parked mails', menu: 'More actions',
		copyNumber: 'Copy ticket number', copyLink: 'Copy link', print: 'Print ticket', confidential: 'Confidential on or off',
		goInbox: 'Inbox', goMine: 'Mine', goUnassigned: 'Unassigned', goWaiting: 'Waiting', goDrafts: 'Drafts', goFailed: 'Not delivered',
		theme: 'Light, dark, like the system', density: 'Roomy or dense rows', language: 'Auf Deutsch umstellen', logout: 'Sign out',
		sendNext: 'Send, next ticket', sendStay: 'Send, stay here', answerStatus: 'Status afterwards', outbox: 'Outbox', outRetry: 'Try mail now', outEdit: 'Edit mail and send again', outCancel: 'Cancel mail', sendLater: 'Send later', refresh: 'Reload the list', singleKeys: 'Single keys on or off', own: 'Signature and password',
	},
};
