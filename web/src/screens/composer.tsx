/* SPDX-License-Identifier: GPL-3.0-or-later */
// The composer: blue leaves the house, yellow stays inside; beside Send stands by which rule it leaves.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Detail, Kind, Message } from '../api-types';
import { narrow } from '../desk';
import { beginDraft, clearDraft, draftOf, KEEP, rebase, removeUpload, setMode, setStatus, takeOther, textOf, write, type Draft } from '../drafts';
import { focus } from '../focus';
import { L, named } from '../i18n';
import { size } from '../i18n/format';
import { leaves, strangers } from '../people';
import { attach, insert, newerThan, send, sendingOf, statusWith } from '../send';
import { can, me, statusById, typeOf } from '../store';
import { toast } from '../toasts';
import { Icon, Keys, Mark } from '../ui/icon';
import { lazy } from '../ui/lazy';
import { Menu, type Item } from '../ui/menu';
import { dialog, menu } from '../popups';
import { takeBack } from '../scheduled';
import { meant, shown } from '../pictures';
import { People, Strangers } from './people';
import { whoWrote, words } from './waiting';

const Alike = lazy(() => import('./alike').then((m) => m.Alike));
const TALLEST = 0.42;

/** A text field as high as its text, up to a part of the window. */
function useGrowing(text: string, big: boolean) {
	const ref = useRef<HTMLTextAreaElement>(null);
	useLayoutEffect(() => {
		const e = ref.current;
		if (!e)
			return;
		const fit = () => {
			e.style.height = 'auto';
			const most = innerHeight * (big ? 0.6 : TALLEST);
			e.style.height = `${big ? most : Math.min(e.scrollHeight, most)}px`;
		};
		fit();
		addEventListener('resize', fit);
		return () => removeEventListener('resize', fit);
	}, [text, big]);
	return ref;
}

function Modes({ d, draft }: { d: Detail; draft: Draft }) {
	const w = L.value.composer;
	const id = d.ticket.id;
	const tab = (kind: Kind, icon: 'i-reply' | 'i-lock', text: string, key: string) => (
		<button type="button" class="mode" role="radio" aria-checked={draft.mode === kind} onClick={() => { setMode(id, kind); focus('composer'); }}>
			<Icon name={icon} size="s" />{text}<Keys keys={key} />
			{draft.mode !== kind && draft[kind] && <span class="pending" title={w.draftSaved} />}
		</button>
	);
	return <span class="tabs2" role="radiogroup" aria-label={w.text}>{tab('message', 'i-reply', w.reply, 'r')}{tab('comment', 'i-lock', w.comment, 'c')}</span>;
}

function SavedNote({ draft }: { draft: Draft }) {
	const w = L.value.composer;
	const text = { none: '', local: w.draftLocal, saving: w.draftSaving, server: w.draftSaved }[draft.saved];
	return <span class="saved" role="status">{textOf(draft) ? text : ''}</span>;
}

function Lockline({ d }: { d: Detail }) {
	const w = L.value.composer;
	const name = d.ticket.customer || d.ticket.from_name;
	return <div class="to"><span class="lockline"><Icon name="i-lock" size="s" />{name ? w.lock(name) : w.lockPlain}</span></div>;
}

const NOTICED_AFTER = 500;

/** Says what is new. It must have stood there for a moment before a key can send in spite of it. */
function Guard({ d, newer, returned }: { d: Detail; newer: Message[]; returned: string | null }) {
	const w = L.value.composer;
	const { id, version } = d.ticket;
	const last = newer.at(-1);
	useEffect(() => {
		const t = setTimeout(() => { sendingOf(id).value = { ...sendingOf(id).peek(), warned: version }; }, NOTICED_AFTER);
		return () => clearTimeout(t);
	}, [id, version]);
	const read = () => {
		if (last)
			document.getElementById(`m-${last.id}`)?.scrollIntoView({ block: 'nearest' });
		sendingOf(id).value = { ...sendingOf(id).peek(), conflict: false };
		rebase(id);
	};
	return (
		<div class="guard" role="alert">
			<Icon name="i-circle-alert" />
			<div class="grow">
				<b class="strong">{returned ? whoWrote(d) : newer.length > 1 ? w.newerMany(newer.length) : last ? w.newer(last.author) : L.value.fail.codes.ticket_changed}</b>
				{returned && <span>{words().returned[returned]}</span>}
				{last && <q class="trunc">{last.text.replace(/\s+/g, ' ').slice(0, 160)}</q>}
			</div>
			<button type="button" class="btn sm" onClick={read}>{w.read}</button>
		</div>
	);
}

function Uploads({ id, draft, uploading }: { id: number; draft: Draft; uploading: string[] }) {
	const w = L.value.composer;
	if (draft.uploads.length === 0 && uploading.length === 0)
		return null;
	return (
		<div class="files">
			{draft.uploads.map((u) => (
				<span class="file" key={u.id}>
					{u.cid ? <img class="ext" src={`/api/v1/files/${u.id}?show=true`} alt="" /> : <span class="ext">{/\.(\w{1,4})$/.exec(u.name)?.[1]?.toUpperCase() ?? '–'}</span>}
					<span class="trunc">{u.name}</span>{u.cid && <small>{w.between}</small>}<small class="num">{size(u.size)}</small>
					<button type="button" class="drop" aria-label={w.removeFile(u.name)} onClick={() => removeUpload(id, u.id)}><Icon name="i-x" size="xs" /></button>
				</span>
			))}
			{uploading.map((n) => <span class="file going" key={n} role="status"><Icon name="i-upload" size="s" /><span class="trunc">{w.uploading(n)}</span></span>)}
		</div>
	);
}

const MENTIONS_FILE = /\b(im anhang|anbei|angehängt|beigefügt|attached|attachment|enclosed)\b/i;

function Why({ d, draft }: { d: Detail; draft: Draft }) {
	const w = L.value.composer;
	if (draft.mode === 'comment')
		return <span class="why grow">{w.internalOnly}</span>;
	if (MENTIONS_FILE.test(draft.message) && draft.uploads.length === 0)
		return <span class="why grow warn"><Icon name="i-paperclip" size="xs" class="in" />{w.forgot}</span>;
	if (!d.sending)
		return <span class="why grow strongly">{w.noRule}</span>;
	if (!leaves(d, draft.to))
		return <span class="why grow strongly">{w.noRecipient}</span>;
	if (d.sending.if_words)
		return <span class="why grow trunc strongly" title={words().byWordsLong(d.sending.rule, d.sending.account)}>{words().byWords(d.sending.rule)}</span>;
	return <span class="why grow trunc" title={w.byLong(d.sending.rule, d.sending.account)}>{w.by(d.sending.rule)}</span>;
}

/** The status that the ticket gets with the answer. */
function StatusAfter({ d, draft }: { d: Detail; draft: Draft }) {
	const w = words();
	const id = d.ticket.id;
	const now = statusById.value.get(d.ticket.status_id);
	const to = statusById.value.get(statusWith(d, draft) ?? 0);
	const set = (status: number) => () => { setStatus(id, status); focus('composer'); };
	const shown = to ?? now;
	const items: Item[] = [
		{ key: 'keep', text: w.keep(named(now?.name)), icon: <Mark category={now?.category} colour={now?.colour} />, on: !to, run: set(KEEP) },
		...(typeOf(d.ticket)?.statuses ?? []).filter((s) => s.id !== d.ticket.status_id)
			.map((s) => ({ key: String(s.id), text: named(s.name), icon: <Mark category={s.category} colour={s.colour} />, on: to?.id === s.id, run: set(s.id) })),
	];
	return <Menu name="answer" label={w.status} items={items} find={L.value.ticket.find(L.value.ticket.status)} align="end" up buttonClass={`btn bare after ${to ? '' : 'stays'}`} buttonTitle={`${w.status} (Alt+Enter)`}
		button={<><Mark category={shown?.category} colour={shown?.colour} /><span class="vh">{w.status}: </span><span class="trunc">{to ? named(to.name) : w.keepShort}</span><Icon name="i-chevron-down" size="xs" /></>} />;
}

function SendButton({ d, draft, hot, busy }: { d: Detail; draft: Draft; hot: boolean; busy: boolean }) {
	const w = L.value.composer;
	const id = d.ticket.id;
	const go = (next: boolean) => () => void send(id, { next });
	const comment = draft.mode === 'comment';
	const sends = leaves(d, draft.to);
	const off = busy || !textOf(draft).trim();
	const text = busy ? w.busy : comment ? w.addComment : hot ? w.anyway : sends ? w.send : w.store;
	const main = (
		<button type="button" class={`btn ${comment ? 'note' : hot ? 'hot' : 'go'}`} aria-disabled={off} title={words().sendHint} onClick={go(true)}>
			{!hot && !busy && <Icon name={comment ? 'i-lock' : sends ? 'i-send' : 'i-check'} size="s" />}{text}<Keys keys="Ctrl+Enter" />
		</button>
	);
	if (comment || hot)
		return main;
	const items: Item[] = [
		{ key: 'next', text: w.sendNext, icon: <Icon name="i-send" size="s" />, note: <span class="push"><Keys keys="Ctrl+Enter" /></span>, run: go(true) },
		{ key: 'stay', text: w.sendStay, icon: <Icon name="i-send" size="s" />, note: <span class="push"><Keys keys="Ctrl+Shift+Enter" /></span>, run: go(false) },
		{ key: 'later', text: words().later.menu, icon: <Icon name="i-clock" size="s" />, note: <span class="push"><Keys keys="Ctrl+Alt+Enter" /></span>, run: () => { dialog.value = 'later'; } },
		{ key: 'status', text: words().chooseStatus, icon: <Icon name="i-circle-dashed" size="s" />, note: <span class="push"><Keys keys="Alt+Enter" /></span>, run: () => { menu.value = 'answer'; } },
	];
	return <span class="split">{main}<Menu name="send" label={w.options} items={items} align="end" up buttonClass="btn go ico" buttonLabel={w.options} button={<Icon name="i-chevron-down" size="s" />} /></span>;
}

/** As if it were typed, so that the field's own undo takes it back. */
function type(text: string) {
	const e = document.querySelector<HTMLTextAreaElement>('textarea.editor');
	e?.focus();
	document.execCommand('insertText', false, text);
}

function Editor({ d, draft, big }: { d: Detail; draft: Draft; big: boolean }) {
	const w = L.value.composer;
	const id = d.ticket.id;
	const text = shown(textOf(draft), draft.uploads);
	const ref = useGrowing(text, big);
	const take = (e: Event, files: FileList | undefined) => {
		if (!files?.length)
			return;
		e.preventDefault();
		e.stopPropagation();
		void insert(id, [...files], type);
	};
	return (
		<textarea ref={ref} class="editor" rows={narrow.value ? 1 : 3} value={text} data-focus="composer" spellcheck
			aria-label={draft.mode === 'comment' ? w.comment : w.reply}
			placeholder={draft.mode === 'comment' ? w.placeholderComment : w.placeholderReply}
			onInput={(e) => write(id, meant(e.currentTarget.value, draftOf(id).peek().uploads))}
			onPaste={(e) => take(e, e.clipboardData?.files)} />
	);
}

/** What the template puts under the answer, so that nobody types a second farewell; a click changes one's own. */
function Signature({ d }: { d: Detail }) {
	const w = words();
	const text = d.sending?.signature == null ? '' : me.value?.signature || d.sending.signature;
	if (!text.trim())
		return null;
	return <button type="button" class="sig" title={L.value.me.own} onClick={() => { dialog.value = 'own'; }}><span class="vh">{w.signature}: </span>{text}</button>;
}

function Foot({ d, draft, hot, busy }: { d: Detail; draft: Draft; hot: boolean; busy: boolean }) {
	const w = L.value.composer;
	const id = d.ticket.id;
	const pick = useRef<HTMLInputElement>(null);
	const picture = useRef<HTMLInputElement>(null);
	return (
		<div class="cfoot">
			<input ref={pick} type="file" multiple class="vh" tabIndex={-1} aria-label={w.attach} onChange={(e) => { void attach(id, [...e.currentTarget.files ?? []]); e.currentTarget.value = ''; }} />
			<button type="button" class="btn bare ico" aria-label={w.attach} title={w.attach} onClick={() => pick.current?.click()}><Icon name="i-paperclip" /></button>
			{draft.mode === 'message' && (
				<>
					<input ref={picture} type="file" multiple accept="image/png,image/jpeg,image/gif,image/webp" class="vh" tabIndex={-1} aria-label={w.insert} onChange={(e) => { void insert(id, [...e.currentTarget.files ?? []], type); e.currentTarget.value = ''; }} />
					<button type="button" class="btn bare ico" aria-label={w.insert} title={w.insert} onClick={() => picture.current?.click()}><Icon name="i-image" /></button>
				</>
			)}
			{textOf(draft) && (
				<button type="button" class="btn bare ico" aria-label={w.discard} title={w.discard} onClick={() => {
					const words = textOf(draft);
					clearDraft(id, draft.mode);
					toast({ text: w.discarded, action: { label: L.value.changed.undo, run: () => { setMode(id, draft.mode); write(id, words); } } });
				}}><Icon name="i-trash-2" /></button>
			)}
			<Why d={d} draft={draft} />
			{draft.mode === 'message' && <StatusAfter d={d} draft={draft} />}
			<SendButton d={d} draft={draft} hot={hot} busy={busy} />
		</div>
	);
}

/** In place of the answer's field while an answer waits: a ticket has one at a time. */
function Sent({ id }: { id: number }) {
	const w = words().waiting;
	return (
		<div class="guard info" role="status"><Icon name="i-clock" /><div class="grow">{w.inPlace}</div>
			<button type="button" class="btn sm" data-focus="composer" onClick={() => void takeBack(id)}>{w.back}</button></div>
	);
}

/** Why an answer came back, when it was not because somebody wrote. */
function Returned({ code }: { code: string }) {
	const w = words();
	return <div class="guard bad" role="alert"><Icon name="i-circle-alert" /><div class="grow">{w.returned[code] ?? w.returnedElse(code)}</div></div>;
}

/** The composer of a ticket. */
export function Composer({ d }: { d: Detail }) {
	const w = L.value.composer;
	const id = d.ticket.id;
	const draft = draftOf(id).value;
	const s = sendingOf(id).value;
	const [big, setBig] = useState(false);
	const [over, setOver] = useState(false);
	const newer = draft.mode === 'message' ? newerThan(d, draft.base) : [];
	const waits = draft.mode === 'message' && d.scheduled !== null;
	const out = waits || draft.mode === 'comment' ? [] : strangers(d, draft);
	const asking = out.length > 0 && s.asking.join(' ') === out.join(' ') ? out : [];
	const hot = !waits && draft.mode === 'message' && (newer.length > 0 || s.conflict);
	useLayoutEffect(() => beginDraft(id), [id]);
	useEffect(() => {
		if (s.error && textOf(draft) === '')
			sendingOf(id).value = { ...s, error: null };
	}, [draft.message, draft.comment]);
	if (!can('ticket.write'))
		return <p class="readonly">{w.readOnly}</p>;
	const drop = (e: DragEvent) => {
		e.preventDefault();
		setOver(false);
		const files = [...e.dataTransfer?.files ?? []];
		void (e.target instanceof HTMLTextAreaElement ? insert(id, files, type) : attach(id, files));
	};
	return (
		<section class={`composer ${draft.mode === 'comment' ? 'comment' : 'reply'} ${over ? 'over' : ''}`} aria-label={draft.mode === 'comment' ? w.comment : w.reply}
			onDragOver={(e) => { if (e.dataTransfer?.types.includes('Files')) { e.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)} onDrop={drop}>
			{hot && <Guard d={d} newer={newer} returned={draft.returned} />}
			{asking.length > 0 && <Strangers id={id} asking={asking} />}
			{!hot && draft.mode === 'message' && draft.returned && <Returned code={draft.returned} />}
			{s.error && <div class="guard bad" role="alert"><Icon name="i-circle-alert" /><div class="grow">{s.error}</div></div>}
			{draft.other && (
				<div class="guard" role="status"><Icon name="i-history" /><div class="grow">{w.otherDraft}</div>
					<button type="button" class="btn sm" onClick={() => takeOther(id)}>{w.takeOther}</button></div>
			)}
			{draft.mode === 'message' && !waits && draft.resends !== null && <div class="guard info"><Icon name="i-rotate-ccw" /><div class="grow">{words().resends}</div></div>}
			{draft.mode === 'message' && !waits && !d.sending && <div class="guard info"><Icon name="i-circle-alert" /><div class="grow">{w.noRuleStrip}</div></div>}
			<div class="modes">
				<Modes d={d} draft={draft} />
				<span class="push hstack">
					<SavedNote draft={draft} />
					<button type="button" class="btn bare sm ico" aria-pressed={big} aria-label={big ? w.shrink : w.grow} title={big ? w.shrink : w.grow} onClick={() => setBig(!big)}>
						<Icon name="i-maximize-2" size="s" />
					</button>
				</span>
			</div>
			{waits ? <Sent id={id} /> : (
				<>
					{draft.mode === 'comment' ? <Lockline d={d} /> : <People d={d} draft={draft} />}
					<Alike id={id} />
					<Editor d={d} draft={draft} big={big} />
					{draft.mode === 'message' && <Signature d={d} />}
					<Uploads id={id} draft={draft} uploading={s.uploading} />
					<Foot d={d} draft={draft} hot={hot || asking.length > 0} busy={s.busy} />
				</>
			)}
		</section>
	);
}
