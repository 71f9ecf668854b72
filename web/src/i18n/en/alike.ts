/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { alike as de } from '../de/alike';

export const alike: typeof de = {
	found: (n) => (n === 1 ? 'One similar solved ticket' : `${n} similar solved tickets`),
	insert: 'Use this answer',
	insertOf: (subject) => `Use this answer: ${subject}`,
	open: 'Open',
	openIt: (id) => `Open #${id}`,
};
