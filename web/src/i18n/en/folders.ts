/* SPDX-License-Identifier: GPL-3.0-or-later */
// Managing folders, and what is new in them; loaded with their dialogs.
import type { folders as german } from '../de/folders';

export const folders: typeof german = {
	folders: 'Manage folders',
	rename: 'Name of',
	up: 'Move up',
	down: 'Move down',
	watch: 'Alerts',
	remove: 'Delete',
	none: 'No folder of your own yet. Search for something and keep the search as a folder.',
	removed: 'Folder deleted',
	shared: 'for everybody',
	alerts: 'New in watched folders',
	seen: 'All seen',
	noAlerts: 'Nothing new.',
	close: 'Close',
	undo: 'Undo',
};
