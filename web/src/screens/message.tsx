/* SPDX-License-Identifier: GPL-3.0-or-later */
// A message or comment of the thread: words, folded quote, HTML in its frame, files, and how its mails stand.
import { useState } from 'preact/hooks';
import type { FileRef, Mail, Message } from '../api-types';
import { call, get } from '../api';
import { L } from '../i18n';
import { exact, hour, short, size } from '../i18n/format';
import { can, loadDetail } from '../store';
import { failed, toast } from '../toasts';
import { PersonAvatar } from '../ui/avatar';
import { Icon, type IconName } from '../ui/icon';
import { lazy } from '../ui/lazy';
import { Prose } from '../ui/prose';

const Fate = lazy(() => import('./fate').then((m) => m.Fate));
const Cards = lazy(() => import('./cards').then((m) => m.Cards));
const MailFrame = lazy(() => import('./frame').then((m) => m.MailFrame));

const EXT = /\.([a-z0-9]{1,4})$/i;

/** What programs of mail put into a file, which nobody knows by its name. */
function kindOf(file: FileRef): string | undefined {
	const w = L.value.thread.kinds;
	if (/ms-tnef/.test(file.type) || /^winmail\.dat$/i.test(file.name))
		return w.tnef;
	if (/pkcs7-signature/.test(file.type) || /\.p7s$/i.test(file.name))
		return w.signature;
	if (/pkcs7-mime/.test(file.type) || /\.p7m$/i.test(file.name))
		return w.sealed;
	return undefined;
}

/** A file, as a link that downloads it. */
export function FileLink({ file }: { file: FileRef }) {
	const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.type);
	const ext = EXT.exec(file.name)?.[1]?.toUpperCase() ?? '–';
	const bytes = size(file.size);
	const kind = kindOf(file);
	return (
		<a class="file" href={`/api/v1/files/${file.id}`} download={file.name} title={`${file.name} · ${kind ?? file.type}`}>
			{picture ? <img class="ext" src={`/api/v1/files/${file.id}?show=true`} alt="" loading="lazy" /> : <span class="ext" aria-hidden="true">{ext}</span>}
			<span class="trunc">{file.name}</span>{kind && <small>{kind}</small>}<small class="num">{bytes}</small><span class="vh">{L.value.thread.download}</span>
		</a>
	);
}

const answer = (m: Mail) => [m.code, m.reply].filter((x) => x !== null && x !== '' && x !== undefined)
	.join(' ').replace(/^(\d{3}) \1\b/, '$1') || L.value.mail.noAnswer;

/** Its words in the composer once more, to be sent to whom they did not reach. */
function Again({ mail, ticket, message }: { mail: Mail; ticket: number; message: number }) {
	const edit = () => void import('./resend').then((m) => m.editAgain(ticket, message, mail.results ?? null), failed);
	return mail.replaced || !can('ticket.write') ? null
		: <button type="button" class="btn sm" onClick={edit}><Icon name="i-pencil" size="xs" />{L.value.mail.editAgain}</button>;
}

function Retry({ mail, ticket, message, label }: { mail: Mail; ticket: number; message: number; label: string }) {
	const [busy, setBusy] = useState(false);
	const retry = async () => {
		setBusy(true);
		try {
			await call('POST', `/outbox/${mail.id}/retry`);
			toast({ text: L.value.mail.retried });
			await loadDetail(ticket, true);
		} catch (e) {
			failed(e, () => void retry());
		}
		setBusy(false);
	};
	if (!can('ticket.write'))
		return null;
	return (
		<>
			<button type="button" class="btn sm" disabled={busy} onClick={() => void retry()}><Icon name="i-rotate-ccw" size="xs" />{label}</button>
			{mail.state === 'failed' && <Again mail={mail} ticket={ticket} message={message} />}
		</>
	);
}

/** How one mail of a message stands, in words, with the server's answer. */
function MailLine({ mail, ticket, message }: { mail: Mail; ticket: number; message: number }) {
	const w = L.value.mail;
	const line = (icon: IconName, cls: string, text: string, more = '', extra: preact.ComponentChildren = null) => (
		<div class={`state ${cls}`}><Icon name={icon} size="xs" /><span>{text}{more && <span class="said"> · {more}</span>}</span>{extra}</div>
	);
	switch (mail.state) {
	case 'queued': return line('i-clock', '', w.queued(mail.to));
	case 'sending': return line('i-send', '', w.sending(mail.to));
	case 'sent':
		if (mail.bounced)
			return line('i-circle-alert', mail.bounced === 'failed' ? 'bad' : 'warn', mail.bounced === 'failed' ? w.bounced(mail.to) : w.delayed(mail.to),
				[mail.bounce_status, mail.bounce_words].filter(Boolean).join(' '), mail.bounced === 'failed' && <Again mail={mail} ticket={ticket} message={message} />);
		return line('i-check', '', w.sent(mail.to, mail.sent_at ? short(mail.sent_at) : ''), answer(mail));
	case 'deferred': return line('i-clock', 'warn', w.deferred(mail.to),
		[answer(mail), w.tries(mail.attempts), mail.next_at ? w.next(hour(mail.next_at)) : ''].filter(Boolean).join(' · '),
		<Retry mail={mail} ticket={ticket} message={message} label={w.retryNow} />);
	case 'failed': return line('i-circle-alert', 'bad', w.failed(mail.to), answer(mail), !mail.replaced && <Retry mail={mail} ticket={ticket} message={message} label={w.retry} />);
	case 'cancelled': return line('i-x', '', w.cancelled(mail.to));
	}
}

function Who({ m }: { m: Message }) {
	const w = L.value.thread;
	if (m.kind === 'comment')
		return <span class="lockline"><Icon name="i-lock" size="xs" />{w.internal}</span>;
	const to = m.agent_id ? w.to(m.to || m.mails.map((x) => x.to).join(', ') || L.value.composer.customer) : m.email ?? '';
	return (
		<>
			<span class="rcpt trunc" title={to}>{to}</span>
			{m.automatic && <span class="chip" title={m.automatic}>{w.automatic}</span>}
			{m.trust === 'failed' && <span class="chip bad"><Icon name="i-triangle-alert" size="xs" />{w.auth.failed}</span>}
			{m.trust === 'verified' && <span class="chip meta" title={w.auth.verified}><Icon name="i-shield-check" size="xs" /><span class="vh">{w.auth.verified}</span></span>}
		</>
	);
}

function Body({ m: given, ticket, html }: { m: Message; ticket: number; html: boolean }) {
	const w = L.value.thread;
	const [open, setOpen] = useState(false);
	const [whole, setWhole] = useState<Message | null>(null);
	const m = whole ?? given;
	if (html)
		return <MailFrame m={m} ticket={ticket} />;
	const load = () => void get<Message>(`/messages/${m.id}`).then(setWhole, (e: unknown) => failed(e, load));
	return (
		<div class="body">
			{m.text.trim() ? <Prose text={m.text} /> : <p class="muted">{w.noText}</p>}
			{m.folded && (
				<button type="button" class="quote" aria-expanded={open} aria-label={open ? w.unquote : w.quote} title={open ? w.unquote : w.quote}
					onClick={() => setOpen(!open)}>···</button>
			)}
			{m.folded && open && <div class="quoted"><Prose text={m.folded} /></div>}
			{m.cut && <p><button type="button" class="btn sm" onClick={load}><Icon name="i-chevron-down" size="xs" />{w.whole}</button></p>}
		</div>
	);
}

/** One entry of the thread, unfolded. */
export function Entry({ m, ticket, first, onReply }: { m: Message; ticket: number; first?: boolean; onReply?: () => void }) {
	const w = L.value.thread;
	const inline = m.files.some((f) => f.inline);
	const [html, setHtml] = useState(m.html && (inline || !m.text.trim()));
	const files = m.files.filter((f) => !(f.inline && html));
	const side = m.kind === 'comment' ? 'comment' : m.agent_id ? 'agent' : 'customer';
	const act = (icon: IconName, label: string, run: () => void) => (
		<button type="button" class="btn bare ico" aria-label={label} title={label} onClick={run}><Icon name={icon} size="s" /></button>
	);
	return (
		<div class={`reg ${side}`} id={`m-${m.id}`} data-message={m.id}>
			<div class="gut"><time dateTime={m.created_at} title={exact(m.created_at)}>{hour(m.created_at)}</time></div>
			<article class="msg" aria-label={`${m.author}, ${exact(m.created_at)}`}>
				<header>
					<PersonAvatar name={m.author} agent={m.agent_id} /><span class="who trunc">{m.author}</span><Who m={m} />
					<span class="acts">
						{m.html && act(html ? 'i-text-quote' : 'i-receipt-text', html ? w.asText : w.asHtml, () => setHtml(!html))}
						{m.raw && <a class="btn bare ico" href={`/api/v1/messages/${m.id}/raw`} download aria-label={w.original} title={w.original}><Icon name="i-download" size="s" /></a>}
						{onReply && m.kind === 'message' && !m.agent_id && act('i-reply', w.reply, onReply)}
					</span>
				</header>
				<Body m={m} ticket={ticket} html={html} />
				{(m.crypto || m.calendar || m.attached.length > 0) && <Cards m={m} />}
				{files.length > 0 && <div class="files">{files.map((f) => <FileLink key={f.id} file={f} />)}</div>}
				{m.raw && !m.agent_id && <Fate m={m} ticket={ticket} first={first ?? false} />}
				{m.mails.map((x) => <MailLine key={x.id} mail={x} ticket={ticket} message={m.id} />)}
				{m.kind === 'message' && m.agent_id && m.mails.length === 0 && <div class="state"><Icon name="i-circle-dashed" size="xs" /><span>{L.value.mail.none}</span></div>}
			</article>
		</div>
	);
}

/** One entry folded to a line. */
export function Folded({ m, onOpen }: { m: Message; onOpen: () => void }) {
	const side = m.kind === 'comment' ? 'comment' : m.agent_id ? 'agent' : 'customer';
	return (
		<div class={`reg folded ${side}`}>
			<div class="gut"><time dateTime={m.created_at} title={exact(m.created_at)}>{hour(m.created_at)}</time></div>
			<button type="button" class="fold1" aria-expanded="false" onClick={onOpen}>
				{m.kind === 'comment' && <Icon name="i-lock" size="xs" />}
				<b>{m.author}</b><span class="trunc">{m.text.slice(0, 200).replace(/\[cid:[^\]\s]*\]/g, '')}</span>
				{m.files.length > 0 && <Icon name="i-paperclip" size="xs" class="push" />}
			</button>
		</div>
	);
}
