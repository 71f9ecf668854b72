/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { Account, Folder } from '../api-types';
import { folder, folderKey, openAccount, openFolder } from '../desk';
import { L, LANGUAGES, named } from '../i18n';
import { number } from '../i18n/format';
import { connected } from '../live';
import { dialog, menu } from '../popups';
import { chooseLang, density, lang, singleKeys, theme } from '../prefs';
import { go, PAGES, route, routePath } from '../router';
import { chooseUndo, logout } from '../session';
import { accounts, alerts, can, folders, me, meta, outboxCounts } from '../store';
import { PersonAvatar } from '../ui/avatar';
import { Brand, Icon, type IconName } from '../ui/icon';
import { ICONS } from '../ui/icon-names';
import { Menu, type Item } from '../ui/menu';

const LOUD = new Set(['inbox', 'mine', 'unassigned']);
const KNOWN = new Set<string>(ICONS);
const BY_KEY: Record<string, IconName> = {
	inbox: 'i-inbox', mine: 'i-user', unassigned: 'i-circle-dashed', waiting: 'i-clock', drafts: 'i-pencil', failed: 'i-triangle-alert', check: 'i-shield-check',
};

function iconOf(f: Folder): IconName {
	const name = `i-${f.icon}`;
	return BY_KEY[f.key ?? ''] ?? (KNOWN.has(name) ? name as IconName : 'i-folder');
}

const plainClick = (e: MouseEvent) => e.button === 0 && !e.ctrlKey && !e.metaKey && !e.shiftKey && !e.altKey;

function Fold(p: { href: string; name: string; icon: IconName; count: number; capped?: boolean; here: boolean; cls?: string; warn?: string | null; told?: string; go: () => void }) {
	const shown = p.count > 0 ? number(Math.min(p.count, 1000)) + (p.capped || p.count > 1000 ? '+' : '') : '';
	const told = p.told ?? (p.count > 1000 || p.capped ? L.value.nav.over(1000) : L.value.nav.count(p.count));
	return (
		<a class={`fold ${p.cls ?? ''}`} href={p.href} title={p.warn ? `${p.name}: ${p.warn}` : p.name} aria-current={p.here ? 'page' : undefined}
			onClick={(e) => { if (plainClick(e)) { e.preventDefault(); p.go(); } }}>
			<Icon name={p.icon} /><span class="trunc">{p.name}</span>
			{p.warn && <Icon name="i-circle-alert" size="xs" class="warn" />}
			<span class="count" aria-hidden="true">{shown}</span><span class="vh">{p.count > 0 ? `, ${told}` : ''}</span>
		</a>
	);
}

function FolderLink({ f }: { f: Folder }) {
	const loud = LOUD.has(f.key ?? '') && f.count > 0;
	const alarm = (f.key === 'failed' || f.key === 'check') && f.count > 0;
	return <Fold href={routePath({ view: 'desk', folder: folderKey(f), account: null, ticket: null })} name={named(f.name)} icon={iconOf(f)}
		count={f.count} capped={f.capped} here={folder.value?.id === f.id && route.value.view === 'desk'}
		cls={`${loud ? 'has' : ''} ${alarm ? 'alarm' : ''} ${f.parent_id ? 'sub' : ''}`} go={() => openFolder(folderKey(f))} />;
}

/** What has not left: how much, in alarm when something failed. */
function OutboxLink() {
	const c = outboxCounts.value;
	const r = route.value;
	const missed = c ? c.failed + c.returned : 0;
	const n = c ? missed || c.queued + c.deferred + c.scheduled : 0;
	return <Fold href={routePath({ view: 'page', page: 'outbox', ticket: null })} name={L.value.nav.pages.outbox} icon="i-send" count={n} here={r.view === 'page' && r.page === 'outbox'}
		told={L.value.nav.outbox(missed, c ? c.queued + c.deferred : 0, c?.scheduled ?? 0)} cls={`opt ${missed > 0 ? 'alarm' : ''}`} go={() => go({ view: 'page', page: 'outbox', ticket: null })} />;
}

function AccountLink({ a }: { a: Account }) {
	const r = route.value;
	const warn = a.last_error ? L.value.nav.accountError(a.last_error) : null;
	return <Fold href={routePath({ view: 'desk', folder: null, account: a.id, ticket: null })} name={a.address || a.name} icon="i-mail" count={a.open}
		here={r.view === 'desk' && r.account === a.id} cls="opt" warn={warn} go={() => openAccount(a.id)} />;
}

function Seg<T extends string>(p: { label: string; value: T; all: Record<T, string>; set: (v: T) => void }) {
	return (
		<div class="setting"><span>{p.label}</span>
			<span class="seg" role="group" aria-label={p.label}>
				{(Object.keys(p.all) as T[]).map((k) => (
					<button type="button" key={k} aria-pressed={p.value === k} onClick={() => p.set(k)}>{p.all[k]}</button>
				))}
			</span>
		</div>
	);
}

/** Seconds in which an answer can be taken back. */
const UNDO: Record<string, string> = { 0: '0 s', 5: '5 s', 10: '10 s', 20: '20 s', 30: '30 s' };

function Profile() {
	const w = L.value.me;
	const items: Item[] = [
		{ key: 'keys', text: w.keys, icon: <Icon name="i-command" size="s" />, run: () => { dialog.value = 'keys'; } },
		{ key: 'own', text: w.own, icon: <Icon name="i-pencil" size="s" />, run: () => { dialog.value = 'own'; } },
		...(can('mail.admin') ? PAGES.filter((p) => p !== 'outbox').map((page) => ({ key: page, text: L.value.nav.pages[page], icon: <Icon name={page === 'accounts' ? 'i-mail' : 'i-triangle-alert'} size="s" />, run: () => go({ view: 'page', page, ticket: null }) })) : []),
		{ key: 'out', text: w.logout, icon: <Icon name="i-key-round" size="s" />, run: () => void logout() },
	];
	const foot = (
		<div class="settings">
			<Seg label={w.theme} value={theme.value} all={w.themes} set={(v) => { theme.value = v; }} />
			<Seg label={w.density} value={density.value} all={w.densities} set={(v) => { density.value = v; }} />
			<Seg label={w.language} value={lang.value} all={LANGUAGES} set={chooseLang} />
			{can('ticket.write') && <Seg label={w.undo} value={String(me.value?.undo_seconds ?? 0)} all={UNDO} set={(v) => void chooseUndo(Number(v))} />}
			<Seg label={w.single} value={singleKeys.value ? 'on' : 'off'} all={{ on: w.on, off: w.off }} set={(v) => { singleKeys.value = v === 'on'; }} />
		</div>
	);
	const name = me.value?.name ?? '';
	return <Menu name="profile" label={L.value.nav.profile} items={items} foot={foot} up buttonClass="who" buttonTitle={L.value.nav.profile}
		button={<><PersonAvatar name={name} agent={me.value?.id} size="" /><span class="trunc">{name}</span></>} />;
}

/** The rail on the left: search, folders, mailboxes, who is logged in. */
export function Rail() {
	const w = L.value.nav;
	const top = folders.value.filter((f) => f.key !== null && f.key in BY_KEY);
	const own = folders.value.filter((f) => f.key === null || !(f.key in BY_KEY));
	return (
		<aside class="rail" aria-label={w.folders}>
			<div class="brand"><Brand /><span>docket</span><span class="org push trunc">{meta.value?.name ?? ''}</span></div>
			<button type="button" class="cmdbtn" title={w.searchRun} onClick={() => { dialog.value = 'palette'; }}>
				<Icon name="i-search" size="s" /><span class="grow">{w.searchRun}</span><kbd aria-hidden="true">Ctrl K</kbd>
			</button>
			<nav class="scroll" aria-label={w.folders}>
				{top.map((f) => <FolderLink key={f.id} f={f} />)}
				<OutboxLink />
				{own.length > 0 && <h2 class="opt">{w.own}<button type="button" class="btn bare sm ico push" aria-label={w.manage} title={w.manage} onClick={() => { dialog.value = 'folders'; }}><Icon name="i-pencil" size="xs" /></button></h2>}
				{own.map((f) => <FolderLink key={f.id} f={f} />)}
				{accounts.value.length > 0 && <h2 class="opt">{w.accounts}</h2>}
				{accounts.value.filter((a) => a.active).map((a) => <AccountLink key={a.id} a={a} />)}
			</nav>
			<footer>
				<Profile />
				{alerts.value.length > 0 && (
					<button type="button" class="btn bare sm bell" aria-label={w.alerts(alerts.value.length)} title={w.alerts(alerts.value.length)} onClick={() => { dialog.value = 'alerts'; }}>
						<Icon name="i-bell" size="s" /><b class="num" aria-hidden="true">{alerts.value.length}</b>
					</button>
				)}
				<span class={`live push ${connected.value ? '' : 'off'}`} role="img" aria-label={connected.value ? w.live : w.notLive} title={connected.value ? w.live : w.notLive} />
				<button type="button" class="btn bare sm ico" aria-label={L.value.lang.switch} title={L.value.lang.switch}
					onClick={() => chooseLang(lang.value === 'de' ? 'en' : 'de')}>
					<Icon name="i-languages" size="s" />
				</button>
			</footer>
		</aside>
	);
}

export const openProfile = () => { menu.value = 'profile'; };
