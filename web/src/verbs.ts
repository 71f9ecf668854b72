/* SPDX-License-Identifier: GPL-3.0-or-later */
// Everything that can be done, once: palette, keys, sheet and menus are drawn from this table.
import type { Catalog } from './i18n';
import { L } from './i18n';
import { change, statusFor, takeOver, undo } from './edit';
import { beside, closeTicket, list, narrow, nextAfter, openFolder, openId, openTicket, step, unfoldAll } from './desk';
import { draftOf, setMode, setPeople } from './drafts';
import { focus } from './focus';
import { reload } from './lists';
import { othersOf } from './people';
import { ahead, dialog, editingSubject, menu } from './popups';
import { chooseLang, density, lang, singleKeys, theme } from './prefs';
import { go, route } from './router';
import { send } from './send';
import { logout } from './session';
import { can, detailOf, folders, ticketOf, typeOf } from './store';
import { toast } from './toasts';
import type { IconName } from './ui/icon';
import type { Kind } from './api-types';

export type VerbId = keyof Catalog['verbs'];
export type Group = keyof Catalog['sheet']['groups'];

export interface Verb {
	id: VerbId;
	group: Group;
	icon: IconName;
	keys?: readonly string[];
	inText?: boolean;
	/** Not offered by the palette: only a key makes sense. */
	keyOnly?: boolean;
	when: () => boolean;
	run: () => void;
}

const always = () => true;
const onTicket = () => openId.peek() !== null && ticketOf(openId.peek()!) !== undefined;
const mayWrite = () => onTicket() && can('ticket.write');
const inDesk = () => route.peek().view === 'desk';
const rowIsCurrent = () => openId.peek() === null && list.peek()?.cursor.peek() != null;
const inComposer = () => document.activeElement?.matches('[data-focus="composer"]') ?? false;
const inThread = () => document.activeElement?.closest('.talk, .side, dialog') != null;

/** There is an answer that can wait, or one that waits. */
const maySendLater = () => {
	const id = openId.peek();
	return id !== null && mayWrite() && (draftOf(id).peek().message.trim() !== '' || detailOf(id).peek().data?.scheduled != null);
};

function compose(mode: Kind) {
	setMode(openId.peek()!, mode);
	focus('composer');
}

/** An answer to the customer, with a copy for everybody else whom his mail names. */
function replyAll() {
	const id = openId.peek()!;
	const data = detailOf(id).peek().data;
	compose('message');
	if (data)
		setPeople(id, { cc: [...new Set([...draftOf(id).peek().cc, ...othersOf(data)])] });
}

function back() {
	if (document.activeElement?.matches('input, textarea')) {
		(document.activeElement as HTMLElement).blur();
		focus(openId.peek() !== null ? 'thread' : 'list');
		return;
	}
	if (!narrow.peek() && inDesk())
		focus('list');
	else
		closeTicket();
}

function done() {
	const id = openId.peek()!;
	const t = ticketOf(id)?.peek();
	const status = t && statusFor(typeOf(t), t.closed ? 'open' : 'done');
	if (!t || !status)
		return;
	if (!t.closed)
		nextAfter(id);
	void change(id, { status });
}

function copy(text: string) {
	const told = () => toast({ text: L.value.ticket.copied(text) });
	if (navigator.clipboard)
		void navigator.clipboard.writeText(text).then(told, () => undefined);
}

const jump = (key: string) => () => {
	openFolder(key);
	focus('list');
};
const hasFolder = (key: string) => () => folders.peek().some((f) => f.key === key);

const cycle = <T,>(all: readonly T[], at: T): T => all[(all.indexOf(at) + 1) % all.length]!;

export const verbs: readonly Verb[] = [
	{ id: 'next', group: 'list', icon: 'i-list', keys: ['j'], keyOnly: true, when: always, run: () => step(1) },
	{ id: 'prev', group: 'list', icon: 'i-list', keys: ['k'], keyOnly: true, when: always, run: () => step(-1) },
	{ id: 'next', group: 'list', icon: 'i-list', keys: ['ArrowDown'], keyOnly: true, when: () => !inThread(), run: () => step(1) },
	{ id: 'prev', group: 'list', icon: 'i-list', keys: ['ArrowUp'], keyOnly: true, when: () => !inThread(), run: () => step(-1) },
	{
		id: 'open', group: 'list', icon: 'i-list', keys: ['Enter', 'o'], keyOnly: true,
		when: () => (onTicket() && !inThread()) || rowIsCurrent(),
		run: () => {
			if (rowIsCurrent())
				openTicket(list.peek()!.cursor.peek()!);
			focus('thread');
		},
	},
	{ id: 'open', group: 'list', icon: 'i-list', keys: ['Enter', 'o'], keyOnly: true, when: () => beside.peek()?.open !== undefined, run: () => beside.peek()?.open?.() },
	{ id: 'outRetry', group: 'list', icon: 'i-rotate-ccw', keys: ['r'], when: () => beside.peek()?.retry !== undefined, run: () => beside.peek()?.retry?.() },
	{ id: 'outEdit', group: 'list', icon: 'i-pencil', keys: ['e'], when: () => beside.peek()?.edit !== undefined, run: () => beside.peek()?.edit?.() },
	{ id: 'outCancel', group: 'list', icon: 'i-x', keys: ['x'], when: () => beside.peek()?.cancel !== undefined, run: () => beside.peek()?.cancel?.() },
	{ id: 'back', group: 'list', icon: 'i-arrow-left', keys: ['u'], when: onTicket, run: back },
	{ id: 'back', group: 'list', icon: 'i-arrow-left', keys: ['Escape'], keyOnly: true, inText: true, when: () => onTicket() || inComposer() || document.activeElement?.matches('input') === true, run: back },
	{ id: 'refresh', group: 'list', icon: 'i-rotate-ccw', when: () => list.peek() !== null, run: () => void reload(list.peek()!) },

	{ id: 'reply', group: 'ticket', icon: 'i-reply', keys: ['r'], when: mayWrite, run: () => compose('message') },
	{ id: 'replyAll', group: 'ticket', icon: 'i-reply', keys: ['a'], when: mayWrite, run: replyAll },
	{ id: 'comment', group: 'ticket', icon: 'i-lock', keys: ['c'], when: mayWrite, run: () => compose('comment') },
	{ id: 'done', group: 'ticket', icon: 'i-check', keys: ['e'], when: mayWrite, run: done },
	{ id: 'status', group: 'ticket', icon: 'i-circle-dashed', keys: ['s'], when: mayWrite, run: () => { menu.value = 'status'; } },
	{ id: 'assign', group: 'ticket', icon: 'i-user-plus', keys: ['i'], when: mayWrite, run: () => { menu.value = 'owner'; } },
	{ id: 'mine', group: 'ticket', icon: 'i-user', keys: ['m'], when: mayWrite, run: () => takeOver(openId.peek()!) },
	{ id: 'type', group: 'ticket', icon: 'i-package', keys: ['y'], when: mayWrite, run: () => { menu.value = 'type'; } },
	{ id: 'priority', group: 'ticket', icon: 'i-signal-high', keys: ['p'], when: mayWrite, run: () => { menu.value = 'priority'; } },
	{ id: 'deadline', group: 'ticket', icon: 'i-timer', keys: ['h'], when: mayWrite, run: () => { menu.value = 'deadline'; } },
	{ id: 'subject', group: 'ticket', icon: 'i-pencil', when: mayWrite, run: () => { editingSubject.value = true; } },
	{
		id: 'confidential', group: 'ticket', icon: 'i-key-round', when: mayWrite,
		run: () => void change(openId.peek()!, { confidential: !ticketOf(openId.peek()!)!.peek().confidential }),
	},
	{
		id: 'expand', group: 'ticket', icon: 'i-text-quote', keys: [';'], when: onTicket,
		run: () => {
			const id = openId.peek()!;
			const now = unfoldAll.peek();
			unfoldAll.value = { ticket: id, all: !(now?.ticket === id && now.all) };
		},
	},
	{ id: 'menu', group: 'ticket', icon: 'i-ellipsis', keys: ['.'], when: onTicket, run: () => { menu.value = 'more'; } },
	{ id: 'copyNumber', group: 'ticket', icon: 'i-copy', when: onTicket, run: () => copy(`#${openId.peek()}`) },
	{ id: 'copyLink', group: 'ticket', icon: 'i-link', when: onTicket, run: () => copy(`${location.origin}/t/${openId.peek()}`) },
	{ id: 'print', group: 'ticket', icon: 'i-printer', when: onTicket, run: () => print() },
	{ id: 'undo', group: 'ticket', icon: 'i-undo-2', keys: ['z'], when: always, run: undo },

	{ id: 'sendNext', group: 'write', icon: 'i-send', keys: ['Ctrl+Enter'], inText: true, keyOnly: true, when: inComposer, run: () => void send(openId.peek()!, { next: true }) },
	{ id: 'sendStay', group: 'write', icon: 'i-send', keys: ['Ctrl+Shift+Enter'], inText: true, keyOnly: true, when: inComposer, run: () => void send(openId.peek()!, { next: false }) },

	{ id: 'answerStatus', group: 'write', icon: 'i-circle-dashed', keys: ['Alt+Enter'], inText: true, when: () => mayWrite() && draftOf(openId.peek()!).peek().mode === 'message', run: () => { menu.value = 'answer'; } },
	{ id: 'sendLater', group: 'write', icon: 'i-clock', keys: ['Ctrl+Alt+Enter'], inText: true, when: maySendLater, run: () => { dialog.value = 'later'; } },

	{ id: 'goInbox', group: 'go', icon: 'i-inbox', keys: ['g i'], when: hasFolder('inbox'), run: jump('inbox') },
	{ id: 'goMine', group: 'go', icon: 'i-user', keys: ['g m'], when: hasFolder('mine'), run: jump('mine') },
	{ id: 'goUnassigned', group: 'go', icon: 'i-circle-dashed', keys: ['g u'], when: hasFolder('unassigned'), run: jump('unassigned') },
	{ id: 'goWaiting', group: 'go', icon: 'i-clock', keys: ['g w'], when: hasFolder('waiting'), run: jump('waiting') },
	{ id: 'goDrafts', group: 'go', icon: 'i-pencil', keys: ['g d'], when: hasFolder('drafts'), run: jump('drafts') },
	{ id: 'goFailed', group: 'go', icon: 'i-triangle-alert', keys: ['g x'], when: hasFolder('failed'), run: jump('failed') },

	{ id: 'search', group: 'app', icon: 'i-search', keys: ['/'], when: always, run: openSearch },
	{ id: 'palette', group: 'app', icon: 'i-command', keys: ['Ctrl+k'], inText: true, keyOnly: true, when: always, run: togglePalette },
	{ id: 'outbox', group: 'go', icon: 'i-send', keys: ['g o'], when: always, run: () => go({ view: 'page', page: 'outbox', ticket: null }) },
	{ id: 'accounts', group: 'app', icon: 'i-mail', when: () => can('mail.admin'), run: () => go({ view: 'page', page: 'accounts', ticket: null }) },
	{ id: 'parked', group: 'app', icon: 'i-triangle-alert', when: () => can('mail.admin'), run: () => go({ view: 'page', page: 'parked', ticket: null }) },
	{ id: 'create', group: 'app', icon: 'i-square-pen', keys: ['n'], when: () => can('ticket.write'), run: () => { dialog.value = 'create'; } },
	{ id: 'keys', group: 'app', icon: 'i-command', keys: ['?'], when: always, run: () => { dialog.value = 'keys'; } },
	{ id: 'theme', group: 'app', icon: 'i-sun-moon', when: always, run: () => { theme.value = cycle(['light', 'dark', 'system'] as const, theme.peek()); } },
	{ id: 'density', group: 'app', icon: 'i-list', when: always, run: () => { density.value = density.peek() === 'compact' ? 'comfortable' : 'compact'; } },
	{ id: 'language', group: 'app', icon: 'i-languages', when: always, run: () => chooseLang(lang.peek() === 'de' ? 'en' : 'de') },
	{ id: 'singleKeys', group: 'app', icon: 'i-command', when: always, run: () => { singleKeys.value = !singleKeys.peek(); } },
	{ id: 'own', group: 'app', icon: 'i-pencil', when: always, run: () => { dialog.value = 'own'; } },
	{ id: 'logout', group: 'app', icon: 'i-key-round', when: always, run: () => void logout() },
];

function togglePalette() {
	ahead.text = '';
	dialog.value = dialog.peek() === 'palette' ? null : 'palette';
}

/** Opens the search, or puts the cursor into it. */
export function openSearch() {
	if (route.peek().view !== 'search')
		go({ view: 'search', q: lastQuery, ticket: null });
	else if (route.peek().ticket !== null)
		closeTicket();
	focus('search');
}

let lastQuery = '';

/** Remembers what was searched for, for the next opening of the search. */
export function rememberQuery(q: string) {
	lastQuery = q;
}

/** The words of a verb in the language that is on. */
export const verbName = (v: Verb) => L.value.verbs[v.id];

/** The first verb of a name. */
export const verb = (id: VerbId) => verbs.find((v) => v.id === id)!;

export const draftMode = (id: number) => draftOf(id).value.mode;
