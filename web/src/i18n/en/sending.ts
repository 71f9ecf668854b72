/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { sending as source } from '../de/sending';

export const sending: typeof source = {
	waiting: {
		label: 'Waiting answer',
		soon: 'Your answer is about to leave',
		at: (when: string) => `Your answer leaves ${when}`,
		now: 'Your answer is being sent …',
		back: 'Take back',
		change: 'Another time',
		inPlace: 'You write the next answer once this one has left or was taken back.',
		send: 'Send now',
		onlyIf: 'If the customer writes first, it is not sent and lies here again.',
		to: (who: string) => `to ${who}`,
		files: (k: number) => `${k} ${k === 1 ? 'file' : 'files'}`,
	},
	later: {
		title: 'Send later',
		change: 'Send at another time',
		menu: 'Send later …',
		when: 'When',
		example: 'tomorrow 9am, fri 14:30, in 2 h',
		hint: 'If the customer writes first, the answer is not sent.',
		unknown: 'That is no time in the future. For example: “tomorrow 9am”, “fri 14:30”, “in 2 h”, “27/11 8:15”.',
		hour: 'In 1 hour',
		tomorrow: 'Tomorrow morning',
		monday: 'Monday morning',
		send: 'Send then',
		set: 'Change time',
	},
	returned: {
		ticket_changed: 'Your answer has not left and lies here again.',
		ticket_confidential: 'The ticket has become confidential: your answer has not left and lies here again.',
		agent_inactive: 'Your login was disabled: your answer has not left.',
	} as Record<string, string>,
	returnedElse: (code: string) => `Your answer could not be sent (${code}) and lies here again.`,
	wroteCustomer: 'The customer has written meanwhile.',
	wrote: (who: string) => `${who} has written meanwhile.`,
	notSent: (who: string) => `Not sent: your answer to ${who} is a draft again.`,
	open: 'Open',
};
