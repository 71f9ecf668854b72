/* SPDX-License-Identifier: GPL-3.0-or-later */
import { folder, openFolder } from '../desk';
import { L, named } from '../i18n';
import { dialog } from '../popups';
import { route } from '../router';
import { folders } from '../store';
import { Icon, type IconName } from '../ui/icon';
import { openSearch } from '../verbs';

/** The bar at the foot of a narrow screen. */
export function Phone() {
	const w = L.value.nav;
	const entry = (icon: IconName, text: string, here: boolean, run: () => void) => (
		<button type="button" aria-current={here ? 'page' : undefined} onClick={run}><Icon name={icon} size="l" />{text}</button>
	);
	const place = (key: string, icon: IconName) => {
		const f = folders.value.find((x) => x.key === key);
		return f && entry(icon, named(f.name), route.value.view === 'desk' && folder.value?.key === key, () => openFolder(key));
	};
	return (
		<nav class="mobar" aria-label={w.areas}>
			{place('inbox', 'i-inbox')}
			{place('mine', 'i-user')}
			{entry('i-search', w.search, route.value.view === 'search', openSearch)}
			{entry('i-square-pen', w.fresh, false, () => { dialog.value = 'create'; })}
			{entry('i-ellipsis', w.more, false, () => { dialog.value = 'palette'; })}
		</nav>
	);
}
