/* SPDX-License-Identifier: GPL-3.0-or-later */
// Managing folders, and what is new in them; loaded with their dialogs.

export const folders = {
	folders: 'Ordner verwalten',
	rename: 'Name von',
	up: 'Nach oben',
	down: 'Nach unten',
	watch: 'Hinweise',
	remove: 'Löschen',
	none: 'Noch kein eigener Ordner. Suchen Sie etwas und sichern Sie die Suche als Ordner.',
	removed: 'Ordner gelöscht',
	shared: 'für alle',
	alerts: 'Neu in beobachteten Ordnern',
	seen: 'Alle gesehen',
	noAlerts: 'Nichts Neues.',
	close: 'Schließen',
	undo: 'Rückgängig',
};
