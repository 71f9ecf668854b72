/* SPDX-License-Identifier: GPL-3.0-or-later */
// Beside the thread: the customer, their other tickets, the files of this one.
import { useEffect, useState } from 'preact/hooks';
import { call, get } from '../api';
import type { Detail, Page, Ticket } from '../api-types';
import { openTicket } from '../desk';
import { L, LANGUAGES, named } from '../i18n';
import { exact, month, number, short } from '../i18n/format';
import { accountById, can, loadDetail, putTicket, statusOf } from '../store';
import { failed } from '../toasts';
import { PersonAvatar } from '../ui/avatar';
import { Icon, Mark } from '../ui/icon';
import { FileLink } from './message';

const others = new Map<number, Ticket[]>();

function useOthers(customer: number | null): Ticket[] {
	const [found, set] = useState<Ticket[]>(customer ? others.get(customer) ?? [] : []);
	useEffect(() => {
		if (!customer)
			return;
		set(others.get(customer) ?? []);
		const stop = new AbortController();
		get<Page>(`/customers/${customer}/tickets`, { limit: 8 }, stop.signal).then((p) => {
			p.tickets.forEach(putTicket);
			others.set(customer, p.tickets);
			set(p.tickets);
		}, () => undefined);
		return () => stop.abort();
	}, [customer]);
	return found;
}

function Customer({ d }: { d: Detail }) {
	const w = L.value.side;
	const t = d.ticket;
	const name = t.customer || t.from_name || t.from_email || w.noCustomer;
	const email = t.customer_email ?? t.from_email;
	return (
		<div class="card">
			<div class="person">
				<PersonAvatar name={name} />
				<div class="grow">
					<h2 class="strong trunc" title={name}>{name}</h2>
					{t.customer_since && <div class="muted small">{w.since(month(t.customer_since))}</div>}
				</div>
			</div>
			<dl class="kv">
				{email && <><dt>{w.email}</dt><dd class="trunc"><a class="soft" href={`mailto:${email}`} title={email}>{email}</a></dd></>}
				{t.customer_phone && <><dt>{w.phone}</dt><dd class="num"><a class="soft" href={`tel:${t.customer_phone.replace(/[^\d+]/g, '')}`}>{t.customer_phone}</a></dd></>}
				{t.customer_id !== null && <><dt>{w.language}</dt><dd><Language t={t} /></dd></>}
				{t.customer_tickets !== null && <><dt>{w.count}</dt><dd class="num">{number(t.customer_tickets)}</dd></>}
			</dl>
			{t.customer_note && <p class="notecard"><span class="lockline"><Icon name="i-lock" size="xs" />{w.note}</span>{t.customer_note}</p>}
		</div>
	);
}

/** In which language docket writes to the customer: as his mails are, or as somebody decided. */
function Language({ t }: { t: Detail['ticket'] }) {
	const w = L.value.side;
	const now = t.customer_language ?? 'auto';
	const ask = (select: HTMLSelectElement, language: string) => {
		call('PATCH', `/customers/${t.customer_id}`, { body: { language } }).then(() => loadDetail(t.id, true), (e: unknown) => {
			select.value = now;
			failed(e, () => ask(select, language));
		});
	};
	return (
		<select class="soft" aria-label={w.language} title={w.languageTitle} value={now}
			disabled={!can('ticket.write')} onChange={(e) => ask(e.currentTarget, e.currentTarget.value)}>
			<option value="auto">{t.customer_language ? w.byMail : `${t.language === 'en' ? LANGUAGES.en : LANGUAGES.de} · auto`}</option>
			<option value="de">{LANGUAGES.de}</option>
			<option value="en">{LANGUAGES.en}</option>
		</select>
	);
}

function Facts({ d }: { d: Detail }) {
	const w = L.value.side;
	const t = d.ticket;
	const account = t.account_id ? accountById.value.get(t.account_id) : undefined;
	return (
		<div class="card">
			<h2 class="h3">{w.details}</h2>
			<dl class="kv">
				<dt>{w.created}</dt><dd class="num" title={exact(t.created_at)}>{short(t.created_at)}</dd>
				<dt>{w.changed}</dt><dd class="num" title={exact(t.updated_at)}>{short(t.updated_at)}</dd>
				<dt>{w.source}</dt><dd>{L.value.ticket.source[t.source] ?? t.source}</dd>
				{account && <><dt>{w.account}</dt><dd class="trunc" title={account.address}>{account.address}</dd></>}
			</dl>
		</div>
	);
}

function Others({ d }: { d: Detail }) {
	const w = L.value.side;
	const found = useOthers(d.ticket.customer_id).filter((t) => t.id !== d.ticket.id).slice(0, 6);
	if (!d.ticket.customer_id || found.length === 0)
		return null;
	return (
		<div class="card">
			<h2 class="h3">{w.others}</h2>
			<ul class="others">
				{found.map((t) => (
					<li key={t.id}>
						<button type="button" onClick={() => openTicket(t.id)} title={`${t.subject} · ${named(statusOf(t)?.name)}`}>
							<Mark category={statusOf(t)?.category} colour={statusOf(t)?.colour} /><span class="trunc">{t.subject || L.value.list.noSubject}</span>
							<time class="num" dateTime={t.updated_at}>{short(t.updated_at)}</time>
						</button>
					</li>
				))}
			</ul>
		</div>
	);
}

function Files({ d }: { d: Detail }) {
	const files = d.messages.flatMap((m) => m.files).filter((f) => !f.inline);
	if (files.length === 0)
		return null;
	return (
		<div class="card">
			<h2 class="h3">{L.value.side.files} <span class="muted num">{files.length}</span></h2>
			<div class="vstack">{files.map((f) => <FileLink key={f.id} file={f} />)}</div>
		</div>
	);
}

/** The side pane of a ticket. */
export function Side({ d }: { d: Detail }) {
	return (
		<aside class="side scroll" aria-label={L.value.side.label} tabIndex={0}>
			<Customer d={d} /><Facts d={d} /><Others d={d} /><Files d={d} />
		</aside>
	);
}
