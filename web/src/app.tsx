/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { ComponentChild } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { expired } from './api';
import { folder, narrow, openId } from './desk';
import { L, named } from './i18n';
import { dialog } from './popups';
import { route, type PageName } from './router';
import { Login } from './screens/login';
import { ListPane } from './screens/list';
import { Phone } from './screens/phone';
import { Rail } from './screens/rail';
import { TicketPane } from './screens/ticket';
import { start } from './session';
import { accountById, asked, fullTicket, ready, session, trouble } from './store';
import { sentence } from './toasts';
import { Dialog } from './ui/dialog';
import { Icon } from './ui/icon';
import { lazy, loadAhead } from './ui/lazy';
import { Strips, Toasts } from './ui/notes';

const Search = lazy(() => import('./screens/search').then((m) => m.Search));
const Accounts = lazy(() => import('./screens/accounts').then((m) => m.Accounts));
const Outbox = lazy(() => import('./screens/outbox').then((m) => m.Outbox));
const Parked = lazy(() => import('./screens/parked').then((m) => m.Parked));

/** What the pages beside the desk show. */
const BESIDE: Record<PageName, () => ComponentChild> = {
	accounts: () => <Accounts />,
	parked: () => <Parked />,
	outbox: () => <Outbox />,
};
const Palette = lazy(() => import('./screens/palette').then((m) => m.Palette));
const Sheet = lazy(() => import('./screens/sheet').then((m) => m.Sheet));
const Folders = lazy(() => import('./screens/folders').then((m) => m.Folders));
const Later = lazy(() => import('./screens/later').then((m) => m.Later));
const Alerts = lazy(() => import('./screens/folders').then((m) => m.Alerts));
const Own = lazy(() => import('./screens/own').then((m) => m.Own));
const Create = lazy(() => import('./screens/create').then((m) => m.Create));

function useTitle() {
	const id = openId.value;
	const r = route.value;
	const t = id !== null ? fullTicket(id) : null;
	const place = r.view === 'search' ? L.value.search.label
		: r.view === 'page' ? L.value.nav.pages[r.page]
		: r.account ? accountById.value.get(r.account)?.name : named(folder.value?.name);
	const title = t ? `${t.subject} #${t.id}` : session.value ? place : L.value.login.title;
	useEffect(() => { document.title = title ? `${title} · docket` : 'docket'; }, [title]);
}

/** What is shown until the server has answered once; nothing for the first 300 ms. */
function Waiting() {
	const [late, set] = useState(false);
	useEffect(() => {
		const t = setTimeout(() => set(true), 300);
		return () => clearTimeout(t);
	}, []);
	if (trouble.value)
		return (
			<main class="gate"><div class="blank" role="alert">
				<Icon name="i-wifi-off" />
				<h1>{sentence(trouble.value)}</h1>
				{trouble.value.request && <p>{L.value.fail.request(trouble.value.request)}</p>}
				<button type="button" class="btn" onClick={() => void start()}>{L.value.fail.retry}</button>
			</div></main>
		);
	return <main class="gate" aria-busy="true">{late && <p class="blank" role="status">{L.value.word.loading} …</p>}</main>;
}

function Desk() {
	useEffect(loadAhead, []);
	const r = route.value;
	const search = r.view === 'search';
	const at = openId.value !== null;
	const beside = r.view === 'page';
	const panes = (search || beside) && !at ? 'two' : '';
	return (
		<div class="frame">
			<Strips />
			<div class={`app ${panes} ${search || beside ? 'at-search' : ''} ${at ? 'at-ticket' : ''}`}>
				<Rail />
				{(!at || !narrow.value) && (beside ? BESIDE[r.page]() : search ? <Search /> : <ListPane />)}
				{(at || !search && !beside && !narrow.value) && <TicketPane />}
				<Phone />
			</div>
			<Toasts />
		</div>
	);
}

/** The whole page: login, or the desk with what lies over it. */
export function App() {
	useTitle();
	if (asked.value && !session.value && !trouble.value)
		return <Login />;
	if (!session.value || !ready.value)
		return <Waiting />;
	return (
		<>
			<Desk />
			{dialog.value === 'palette' && <Palette />}
			{dialog.value === 'keys' && <Sheet />}
			{dialog.value === 'create' && <Create />}
			{dialog.value === 'folders' && <Folders />}
			{dialog.value === 'alerts' && <Alerts />}
			{dialog.value === 'later' && <Later />}
			{dialog.value === 'own' && <Own />}
			{expired.value && <Dialog label={L.value.login.again} class="over" fixed onClose={() => undefined}><Login over /></Dialog>}
		</>
	);
}
