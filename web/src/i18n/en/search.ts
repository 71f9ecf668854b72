/* SPDX-License-Identifier: GPL-3.0-or-later */
// Search.
import type { Catalog } from '../de';

export const search: Pick<Catalog, 'search'> = {
	search: {
		label: 'Search',
		placeholder: 'Words, "whole phrase", status:open, owner:me …',
		clear: 'Clear the input',
		start: 'Search everything',
		startText: 'Messages, comments, subjects and files. Results appear while you type.',
		none: 'Nothing found',
		noneText: 'Check the spelling, or take out a restriction.',
		took: (ms) => `in ${ms} ms`,
		busy: 'Searching …',
		end: 'Those are all results.',
		back: (when) => `Searched back to ${when}`,
		notes: {
			words: (text) => `“${text}” was searched as words.`,
			unknown: (text) => `There is no “${text}”.`,
			too_long: () => 'The question is too long; its beginning was searched.',
			too_many: () => 'Too many alternatives of words and conditions; all of it was searched as words.',
		},
		error: 'The search did not answer.',
		narrow: 'Narrow down',
		where: 'Found in',
		wheres: { message: 'Message', comment: 'Comment', subject: 'Subject', file: 'File', attached: 'In file', people: 'Person' },
		results: 'Results',
	},
};
