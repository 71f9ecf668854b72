/* SPDX-License-Identifier: GPL-3.0-or-later */
// The head of a ticket: subject, number, properties with their menus, and what can be done with it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Owner, Ticket, Type } from '../api-types';
import { closeTicket, openId } from '../desk';
import { addOwner, change, changeType, removeOwner } from '../edit';
import { L, named } from '../i18n';
import { exact, short, weekday, zoned } from '../i18n/format';
import { editingSubject, menu } from '../popups';
import { agents, can, hueOf, initialsOf, me, ownerFace, roles, statusOf, teams, typeOf, types } from '../store';
import { OwnerAvatar } from '../ui/avatar';
import { Icon, Keys, Mark, type IconName } from '../ui/icon';
import { ICONS } from '../ui/icon-names';
import { Menu, type Item } from '../ui/menu';
import { verb, verbName, type VerbId } from '../verbs';
import { Due } from './row';

const KNOWN = new Set<string>(ICONS);
const OTHER: Record<string, IconName> = { file: 'i-receipt-text' };

const typeIcon = (t: Type | undefined): IconName => (t && KNOWN.has(`i-${t.icon}`) ? `i-${t.icon}` as IconName : (t && OTHER[t.icon]) || 'i-tag');

function Subject({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const editing = editingSubject.value;
	const ref = useRef<HTMLTextAreaElement>(null);
	const [text, setText] = useState(t.subject);
	useLayoutEffect(() => {
		if (!editing)
			return;
		setText(t.subject);
		ref.current?.focus();
		ref.current?.select();
	}, [editing, t.id]);
	useLayoutEffect(() => () => { editingSubject.value = false; }, [t.id]);
	const title = <>{t.subject || L.value.list.noSubject} <span class="code">#{t.id}</span></>;
	if (!can('ticket.write'))
		return <h1 class="grow">{title}</h1>;
	const end = (save: boolean) => {
		editingSubject.value = false;
		const next = text.replace(/\s+/g, ' ').trim();
		if (save && next && next !== t.subject)
			void change(t.id, { subject: next });
	};
	if (!editing)
		return (
			<h1 class="grow">
				<span class="title">{title}</span>
				<button type="button" class="btn bare sm ico edit" aria-label={w.editSubject} title={w.editSubject} onClick={() => { editingSubject.value = true; }}>
					<Icon name="i-pencil" size="s" />
				</button>
			</h1>
		);
	return (
		<h1 class="grow">
			<textarea ref={ref} class="subject" rows={2} value={text} maxLength={500} aria-label={w.subject} data-focus="subject"
				onInput={(e) => setText(e.currentTarget.value)} onBlur={() => end(true)}
				onKeyDown={(e) => {
					if (e.key === 'Enter' || e.key === 'Escape') {
						e.preventDefault();
						e.stopPropagation();
						end(e.key === 'Enter');
					}
				}} />
		</h1>
	);
}

function StatusMenu({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const s = statusOf(t);
	const items: Item[] = (typeOf(t)?.statuses ?? []).map((x) => ({
		key: String(x.id), text: named(x.name), also: `${x.name.de} ${x.name.en}`, icon: <Mark category={x.category} colour={x.colour} />,
		on: x.id === t.status_id, run: () => { if (x.id !== t.status_id) void change(t.id, { status: x.id }); },
	}));
	return <Menu name="status" label={w.status} items={items} find={w.find(w.status)} buttonClass="prop"
		button={<><Mark category={s?.category} colour={s?.colour} /><span class="vh">{w.status}: </span>{named(s?.name) || w.status}</>} />;
}

function TypeMenu({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const items: Item[] = types.value.map((x) => ({
		key: String(x.id), text: named(x.name), also: `${x.name.de} ${x.name.en}`, icon: <Icon name={typeIcon(x)} size="s" />,
		on: x.id === t.type_id, run: () => { if (x.id !== t.type_id) void changeType(t.id, x); },
	}));
	return <Menu name="type" label={w.type} items={items} find={w.find(w.type)} buttonClass="prop"
		button={<><Icon name={typeIcon(typeOf(t))} /><span class="vh">{w.type}: </span>{named(typeOf(t)?.name) || w.type}</>} />;
}

function PriorityMenu({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const items: Item[] = [5, 4, 3, 2, 1, 0].map((p) => ({
		key: String(p), text: p ? w.prio(p) : w.prioNone, icon: <Icon name={p ? 'i-signal-high' : 'i-x'} size="s" />, on: p === t.priority,
		run: () => { if (p !== t.priority) void change(t.id, { priority: p }); },
	}));
	return <Menu name="priority" label={w.priority} items={items} buttonClass={`prop ${t.priority ? '' : 'empty'}`}
		button={<><Icon name="i-signal-high" />{t.priority ? w.prio(t.priority) : w.priority}</>} />;
}

function DeadlineMenu({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const evening = zoned(0, 18);
	const morning = (days: number) => zoned(days, 9);
	const at = (d: Date) => d.toISOString().replace(/\.\d+Z$/, 'Z');
	const set = (d: Date | null) => () => void change(t.id, { deadline: d ? at(d) : '' });
	const toMonday = ((8 - weekday()) % 7) || 7;
	const choice = (key: string, text: string, d: Date): Item => ({
		key, text, icon: <Icon name="i-calendar-clock" size="s" />, note: <small class="push num">{short(at(d))}</small>, run: set(d),
	});
	const items = [
		...(evening.getTime() > Date.now() ? [choice('today', w.today, evening)] : []),
		choice('tomorrow', w.tomorrow, morning(1)), choice('three', w.inDays(3), morning(3)),
		choice('monday', w.monday, morning(toMonday)), choice('week', w.inDays(7), morning(7)), choice('fortnight', w.inDays(14), morning(14)),
		...(t.deadline_at ? [{ key: 'none', text: w.noDeadline, icon: <Icon name="i-x" size="s" />, run: set(null) }] : []),
	];
	return <Menu name="deadline" label={w.deadline} items={items} buttonClass={`prop ${t.deadline_at ? '' : 'empty'}`}
		button={t.deadline_at ? <span class="due-prop" title={exact(t.deadline_at)}>{t.closed ? short(t.deadline_at) : <Due at={t.deadline_at} long />}</span> : <><Icon name="i-timer" />{w.deadline}</>} />;
}

function OwnerMenu({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const [role, setRole] = useState(0);
	const chosen = roles.value.find((r) => r.id === role) ?? roles.value[0];
	const has = (o: { agent?: number; team?: number }) => t.owners.find((x) => x.role_id === chosen?.id && (o.agent ? x.agent_id === o.agent : x.team_id === o.team));
	const toggle = (o: { agent?: number; team?: number }) => () => {
		const there = has(o);
		if (there)
			void removeOwner(t.id, there.id);
		else if (chosen)
			void addOwner(t.id, o, chosen.id);
	};
	const mine = me.value?.id;
	const people = agents.value.filter((a) => a.active).sort((a, b) => Number(b.id === mine) - Number(a.id === mine) || a.name.localeCompare(b.name));
	const items: Item[] = [
		...people.map((a) => ({
			key: `a${a.id}`, text: a.name, also: a.email, on: has({ agent: a.id }) !== undefined, run: toggle({ agent: a.id }), group: w.owner,
			icon: <span class={`ava ${hueOf(a.id)}`} aria-hidden="true">{a.initials || initialsOf(a.name)}</span>,
		})),
		...teams.value.map((x) => ({
			key: `t${x.id}`, text: named(x.name), on: has({ team: x.id }) !== undefined, run: toggle({ team: x.id }), group: w.team,
			icon: <span class={`ava org ${hueOf(x.id * 3 + 4)}`} aria-hidden="true">{initialsOf(named(x.name))}</span>,
		})),
	];
	const foot = roles.value.length > 1 && (
		<div class="setting"><span>{w.role}</span>
			<span class="seg" role="group" aria-label={w.role}>
				{roles.value.map((r) => <button type="button" key={r.id} aria-pressed={r.id === chosen?.id} onClick={() => setRole(r.id)}>{named(r.name)}</button>)}
			</span>
		</div>
	);
	return <Menu name="owner" label={w.owners} items={items} find={w.find(w.owner)} foot={foot} buttonClass="prop empty" buttonLabel={`${w.addOwnerLong} (I)`}
		button={<><Icon name="i-user-plus" />{t.owners.length === 0 && w.addOwner}</>} />;
}

function OwnerChip({ t, o }: { t: Ticket; o: Owner }) {
	const f = ownerFace(o);
	return (
		<span class="prop owner">
			<span class="swap">
				<OwnerAvatar owner={o} />
				{can('ticket.write') && (
					<button type="button" class="drop" aria-label={L.value.ticket.removeOwner(f.name)} title={L.value.ticket.removeOwner(f.name)} onClick={() => void removeOwner(t.id, o.id)}>
						<Icon name="i-x" size="xs" />
					</button>
				)}
			</span>
			{f.name}{f.role && <span class="role">{f.role}</span>}
		</span>
	);
}

const MORE: VerbId[] = ['mine', 'subject', 'deadline', 'confidential', 'expand', 'copyNumber', 'copyLink', 'print'];

function MoreMenu({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const items = MORE.map(verb).filter((v) => v.when()).map((v): Item => ({
		key: v.id, icon: <Icon name={v.icon} size="s" />, run: v.run, note: v.keys?.[0] && <span class="push"><Keys keys={v.keys[0]} /></span>,
		text: v.id === 'confidential' ? (t.confidential ? w.unsetConfidential : w.setConfidential) : verbName(v),
	}));
	return <Menu name="more" label={w.more} items={items} align="end" buttonClass="btn bare ico" buttonLabel={`${w.more} (.)`} button={<Icon name="i-ellipsis" />} />;
}

function ReadOnlyProps({ t }: { t: Ticket }) {
	const s = statusOf(t);
	return (
		<div class="props">
			<span class="prop"><Mark category={s?.category} colour={s?.colour} />{named(s?.name)}</span>
			<span class="prop"><Icon name={typeIcon(typeOf(t))} />{named(typeOf(t)?.name)}</span>
			{t.owners.map((o) => <OwnerChip key={o.id} t={t} o={o} />)}
		</div>
	);
}

/** The head of the open ticket. */
export function Head({ t }: { t: Ticket }) {
	const w = L.value.ticket;
	const write = can('ticket.write');
	return (
		<header class="thead">
			<div class="line">
				<Subject t={t} />
				<div class="hstack">
					<button type="button" class="btn bare back ico" aria-label={`${w.back} (U)`} title={`${w.back} (U)`} onClick={closeTicket}><Icon name="i-arrow-left" /></button>
					{openId.value !== null && <MoreMenu t={t} />}
					{write && (
						<button type="button" class="btn" onClick={() => verb('done').run()}>
							<Icon name={t.closed ? 'i-rotate-ccw' : 'i-check'} />{t.closed ? w.reopen : w.done}<Keys keys="e" />
						</button>
					)}
				</div>
			</div>
			{!write ? <ReadOnlyProps t={t} /> : (
				<div class="props" role="group" aria-label={w.properties}>
					<StatusMenu t={t} /><TypeMenu t={t} /><PriorityMenu t={t} /><DeadlineMenu t={t} />
					{t.owners.slice(0, -1).map((o) => <OwnerChip key={o.id} t={t} o={o} />)}
					<span class="together">
						{t.owners.slice(-1).map((o) => <OwnerChip key={o.id} t={t} o={o} />)}<OwnerMenu t={t} />
					</span>
					{t.confidential && <span class="prop"><Icon name="i-key-round" />{w.confidential}</span>}
				</div>
			)}
		</header>
	);
}

export const openMenu = (name: typeof menu.value) => { menu.value = name; };
