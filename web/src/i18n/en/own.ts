/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { own as de } from '../de/own';

export const own: typeof de = {
	signature: 'Signature',
	signatureHint: 'Stands under your answers. Empty: the signature of the mailbox.',
	saved: 'Signature saved.',
	save: 'Save signature',
	passwordTitle: 'New password',
	old: 'Present password',
	fresh: 'New password',
	freshHint: 'At least 12 characters. Wherever else you are signed in, you are signed out.',
	short: 'At least 12 characters, please.',
	missing: 'Please give the present password.',
	change: 'Change password',
	changed: 'The password is changed.',
};
