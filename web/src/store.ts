/* SPDX-License-Identifier: GPL-3.0-or-later */
// What the page knows: who asks, the words of the shop, and every ticket once, each in a signal of its own.
import { batch, computed, signal, type Signal } from '@preact/signals';
import { ApiError, get, isAbort } from './api';
import type {
	Account, Agent, Alert, Detail, Folder, Me, Meta, OutboxCounts, Owner, Role, Session, Status, Team, Ticket, TicketFull, Type,
} from './api-types';
import { named } from './i18n';
import { zone } from './i18n/format';
import { chooseLang, lang, langChosen } from './prefs';

export const meta = signal<Meta | null>(null);
export const session = signal<Session | null>(null);
export const agents = signal<Agent[]>([]);
export const teams = signal<Team[]>([]);
export const roles = signal<Role[]>([]);
export const types = signal<Type[]>([]);
export const accounts = signal<Account[]>([]);
export const folders = signal<Folder[]>([]);
/** What is new in watched folders and was not looked at yet, newest first. */
export const alerts = signal<Alert[]>([]);
/** How much has not left; null until it was asked. */
export const outboxCounts = signal<OutboxCounts | null>(null);
/** True once the server has said whether somebody is logged in. */
export const asked = signal(false);
export const ready = signal(false);
export const trouble = signal<ApiError | null>(null);

const byId = <T extends { id: number }>(list: Signal<T[]>) => computed(() => new Map(list.value.map((x) => [x.id, x])));

export const agentById = byId(agents);
export const teamById = byId(teams);
export const roleById = byId(roles);
export const typeById = byId(types);
export const accountById = byId(accounts);
export const statusById = computed(() => new Map(types.value.flatMap((t) => t.statuses.map((s) => [s.id, s] as const))));

export const me = computed<Me | null>(() => session.value?.agent ?? null);
export const can = (permission: string) => session.value?.permissions.includes(permission) ?? false;

/** One ticket as a reading pane sees it: its data when known, and how the loading of it goes. */
export interface DetailState {
	data: Detail | null;
	error: ApiError | null;
	loading: boolean;
	stale: boolean;
}

const tickets = new Map<number, Signal<Ticket>>();
const details = new Map<number, Signal<DetailState>>();
const KEPT_DETAILS = 120;

/** Takes over who is logged in. */
export function setSession(s: Session) {
	batch(() => {
		session.value = s;
		zone.value = validZone(s.agent.zone);
		if (!langChosen() && s.agent.language !== lang.value)
			chooseLang(s.agent.language);
	});
}

function validZone(name: string): string | undefined {
	try {
		return name ? new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone : undefined;
	} catch {
		return undefined;
	}
}

/** Loads the words that every screen needs; throws the first failure. */
export async function loadWords() {
	const [a, t, r, y, c, f] = await Promise.all([
		get<Agent[]>('/agents'), get<Team[]>('/teams'), get<Role[]>('/roles'),
		get<Type[]>('/types'), get<Account[]>('/accounts'), get<Folder[]>('/folders'),
	]);
	const placed = <T extends { position: number }>(x: T[]) => [...x].sort((p, q) => p.position - q.position);
	batch(() => {
		agents.value = a;
		teams.value = t;
		roles.value = placed(r);
		types.value = placed(y).map((type) => ({ ...type, statuses: placed(type.statuses) }));
		accounts.value = c;
		folders.value = placed(f);
		ready.value = true;
	});
	void refreshOutbox();
}

/** Asks what is new in watched folders; a failure leaves what was known. */
export const refreshAlerts = () => get<Alert[]>('/alerts').then((a) => { alerts.value = a; }, () => undefined);

/** Asks how much has not left; a failure leaves what was known. */
export const refreshOutbox = () => get<OutboxCounts>('/outbox/counts').then((c) => { outboxCounts.value = c; }, () => undefined);

/** Reads the folders' and accounts' counts anew; a failure leaves the old ones. */
export async function refreshCounts() {
	void refreshOutbox();
	try {
		const [f, c] = await Promise.all([get<Folder[]>('/folders'), get<Account[]>('/accounts')]);
		batch(() => {
			folders.value = [...f].sort((p, q) => p.position - q.position);
			accounts.value = c;
		});
	} catch {
		/* the next change asks again */
	}
}

/** The signal of a known ticket; undefined when no list or answer has named it yet. */
export function ticketOf(id: number): Signal<Ticket> | undefined {
	return tickets.get(id);
}

const keyOf = (o: Owner) => o.agent_id ?? -(o.team_id ?? 0);
const asOwner = (k: number): Owner => ({ id: 0, agent_id: k > 0 ? k : null, team_id: k < 0 ? -k : null, role_id: 0 });

/** The owners of a row that names only their numbers: with their roles where those are known. */
function ownersOf(t: Ticket, known: Ticket | undefined): Owner[] {
	if (t.owners)
		return t.owners;
	const ids = t.owner_ids ?? [];
	const before = known?.owners ?? [];
	const same = new Set(before.map(keyOf)).size === ids.length && before.every((o) => ids.includes(keyOf(o)));
	return same ? before : ids.map((k) => before.find((o) => keyOf(o) === k) ?? asOwner(k));
}

/** Takes a ticket over, unless a newer version of it is known. */
export function putTicket(t: Ticket): Signal<Ticket> {
	const known = tickets.get(t.id);
	const was = known?.peek();
	if (!known) {
		const made = signal({ ...t, owners: ownersOf(t, was) });
		tickets.set(t.id, made);
		return made;
	}
	if (t.version >= was!.version)
		known.value = { ...was!, ...t, owners: ownersOf(t, was) };
	return known;
}

/** Changes a known ticket on the page only; the answer of the server follows or takes it back. */
export function patchTicket(id: number, patch: Partial<Ticket>) {
	const known = tickets.get(id);
	if (known)
		known.value = { ...known.peek(), ...patch };
}

/** The signal of a ticket's whole content; made empty when nothing is known. */
export function detailOf(id: number): Signal<DetailState> {
	let d = details.get(id);
	if (!d) {
		d = signal<DetailState>({ data: null, error: null, loading: false, stale: true });
		details.set(id, d);
		forgetOldest();
	}
	return d;
}

function forgetOldest() {
	for (const id of details.keys()) {
		if (details.size <= KEPT_DETAILS)
			return;
		details.delete(id);
	}
}

/** Takes a whole ticket over. */
export function putDetail(id: number, data: Detail) {
	const d = detailOf(id);
	batch(() => {
		putTicket(data.ticket);
		if (!d.peek().data || data.ticket.version >= d.peek().data!.ticket.version)
			d.value = { data, error: null, loading: false, stale: false };
		else
			d.value = { ...d.peek(), error: null, loading: false };
	});
}

/** Loads a ticket's content when it is not known or no longer fresh. */
export async function loadDetail(id: number, force = false): Promise<Detail | null> {
	const d = detailOf(id);
	const s = d.peek();
	if (s.data && !s.stale && !force)
		return s.data;
	d.value = { ...s, loading: true, error: null };
	try {
		putDetail(id, await get<Detail>(`/tickets/${id}`));
	} catch (e) {
		if (isAbort(e))
			return null;
		d.value = { ...d.peek(), loading: false, error: e instanceof ApiError ? e : new ApiError(0, 'offline', '') };
	}
	return d.peek().data;
}

/** Marks what is known of a ticket as old; true when something was known. */
export function markStale(id: number): boolean {
	const d = details.get(id);
	if (d?.peek().data)
		d.value = { ...d.peek(), stale: true };
	return d !== undefined;
}

/** Marks everything as old (after a lost connection). */
export function markAllStale() {
	for (const id of details.keys())
		markStale(id);
}

/** The full ticket, as far as it is known: the row's facts are newer than the pane's. */
export function fullTicket(id: number): Ticket & Partial<TicketFull> | null {
	const row = tickets.get(id)?.value;
	const full = details.get(id)?.value.data?.ticket;
	if (row && full && row.owners.some((o) => o.id === 0))
		return { ...full, ...row, owners: row.version > full.version ? row.owners : full.owners };
	if (!row)
		return full ?? null;
	return full ? { ...full, ...row } : row;
}

export const statusOf = (t: Ticket): Status | undefined => statusById.value.get(t.status_id);
export const typeOf = (t: Ticket): Type | undefined => typeById.value.get(t.type_id);

/** Name, initials and kind of an owner, for avatars and chips. */
export function ownerFace(o: Owner): { name: string; initials: string; hue: string; team: boolean; role: string } {
	const role = named(roleById.value.get(o.role_id)?.name);
	if (o.team_id) {
		const name = named(teamById.value.get(o.team_id)?.name) || `#${o.team_id}`;
		return { name, initials: initialsOf(name), hue: hueOf(o.team_id * 3 + 4), team: true, role };
	}
	const a = o.agent_id ? agentById.value.get(o.agent_id) : undefined;
	const name = a?.name ?? `#${o.agent_id ?? '?'}`;
	return { name, initials: a?.initials || initialsOf(name), hue: hueOf(o.agent_id ?? 0), team: false, role };
}

const HUES = ['c-blue', 'c-green', 'c-orange', 'c-violet', 'c-teal', 'c-pink', 'c-red', 'c-grey'];

/** A hue for a person or team, always the same for the same number. */
export const hueOf = (k: number) => HUES[Math.abs(k) % HUES.length]!;

/** A hue for a name. */
export function hueOfName(name: string): string {
	let h = 0;
	for (const c of name)
		h = (h * 31 + c.charCodeAt(0)) | 0;
	return hueOf(h);
}

/** Two letters for a name: Anna Vogt is AV. */
export function initialsOf(name: string): string {
	const words = name.replace(/[^\p{L}\p{N} ]+/gu, ' ').trim().split(/\s+/).filter(Boolean);
	const first = words[0]?.[0] ?? '?';
	const last = words.length > 1 ? words[words.length - 1]![0]! : words[0]?.[1] ?? '';
	return (first + last).toUpperCase();
}
