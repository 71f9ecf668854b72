/* SPDX-License-Identifier: GPL-3.0-or-later */
// Which menu or dialog is open: keys, buttons and the palette open the same ones.
import { signal } from '@preact/signals';

export type MenuName = 'status' | 'type' | 'priority' | 'owner' | 'deadline' | 'more' | 'profile' | 'send' | 'answer';
export type DialogName = 'palette' | 'keys' | 'create' | 'folders' | 'alerts' | 'later' | 'own';

export const menu = signal<MenuName | null>(null);
export const dialog = signal<DialogName | null>(null);
/** Characters typed before the palette or field that they are meant for was there. */
export const ahead = { text: '' };
/** The subject of the open ticket is being edited. */
export const editingSubject = signal(false);
