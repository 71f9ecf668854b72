/* SPDX-License-Identifier: GPL-3.0-or-later */
// A mail as HTML, and its pictures; loaded with the frame.
import { plural } from '../plural';

const n = (count: number) => plural('de', count);
const pictures = (k: number) => `${k} ${n(k) === 'one' ? 'Bild' : 'Bilder'}`;

export const frame = {
	title: (who: string) => `Nachricht von ${who} als HTML`,
	blocked: (k: number) => `${pictures(k)} aus dem Netz ${n(k) === 'one' ? 'ist' : 'sind'} nicht geladen: der Absender sähe, dass die Mail gelesen wird.`,
	show: 'Bilder anzeigen',
	always: 'Immer für diesen Absender',
	loading: 'Bilder werden geladen …',
	waiting: (k: number) => `${pictures(k)} ${n(k) === 'one' ? 'wird' : 'werden'} noch geholt.`,
	look: 'Nachsehen',
	gone: (k: number) => `${pictures(k)} ${n(k) === 'one' ? 'war' : 'waren'} nicht zu haben.`,
	again: 'Noch einmal versuchen',
	isAlways: 'Bilder dieses Absenders werden immer geladen.',
	stop: 'Nicht mehr immer',
	pixels: (k: number) => (n(k) === 'one' ? 'Ein Zählpixel wurde weggelassen.' : `${k} Zählpixel wurden weggelassen.`),
	alwaysOn: (who: string) => `Bilder von ${who} werden immer geladen`,
	alwaysOff: (who: string) => `Bilder von ${who} werden nur auf Wunsch geladen`,
	undo: 'Zurücknehmen',
	quote: 'Zitat zeigen',
	unquote: 'Zitat verbergen',
};
