/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { frame as German } from '../de/frame';
import { plural } from '../plural';

const n = (count: number) => plural('en', count);
const pictures = (k: number) => `${k} ${n(k) === 'one' ? 'picture' : 'pictures'}`;

export const frame: typeof German = {
	title: (who) => `Message from ${who} as HTML`,
	blocked: (k) => `${pictures(k)} from the network ${n(k) === 'one' ? 'is' : 'are'} not loaded: the sender would see that the mail is read.`,
	show: 'Show pictures',
	always: 'Always for this sender',
	loading: 'Loading pictures …',
	waiting: (k) => `${pictures(k)} ${n(k) === 'one' ? 'is' : 'are'} still being fetched.`,
	look: 'Look again',
	gone: (k) => `${pictures(k)} could not be had.`,
	again: 'Try again',
	isAlways: 'Pictures of this sender are always loaded.',
	stop: 'Not always any more',
	pixels: (k) => (n(k) === 'one' ? 'One tracking pixel was left out.' : `${k} tracking pixels were left out.`),
	alwaysOn: (who) => `Pictures from ${who} are always loaded`,
	alwaysOff: (who) => `Pictures from ${who} are loaded on demand only`,
	undo: 'Undo',
	quote: 'Show quote',
	unquote: 'Hide quote',
};
