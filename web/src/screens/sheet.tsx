/* SPDX-License-Identifier: GPL-3.0-or-later */
import { L } from '../i18n';
import { dialog } from '../popups';
import { singleKeys } from '../prefs';
import { Dialog } from '../ui/dialog';
import { Icon, Keys } from '../ui/icon';
import { verbName, verbs, type Group } from '../verbs';

const GROUPS: Group[] = ['list', 'ticket', 'write', 'go', 'app'];

/** The sheet of all keys, drawn from the table of verbs. */
export function Sheet() {
	const w = L.value.sheet;
	const close = () => { dialog.value = null; };
	const of = (g: Group) => {
		const byId = new Map<string, { name: string; keys: string[] }>();
		for (const v of verbs.filter((x) => x.group === g && x.keys)) {
			const e = byId.get(v.id) ?? { name: verbName(v), keys: [] };
			e.keys.push(...v.keys!);
			byId.set(v.id, e);
		}
		return [...byId.entries()];
	};
	return (
		<Dialog label={w.title} class="dlg sheet" onClose={close}>
			<header><h2>{w.title}</h2><button type="button" class="btn bare ico push" aria-label={w.close} title={w.close} onClick={close}><Icon name="i-x" /></button></header>
			<div class="in scroll" tabIndex={0}>
				<p class="muted">{w.hint}</p>
				<div class="cols">
					{GROUPS.map((g) => (
						<section key={g}>
							<h3>{w.groups[g]}</h3>
							<dl>{of(g).map(([id, e]) => (
								<div key={id}><dt>{e.name}</dt><dd>{e.keys.map((k) => <><span class="vh">{k}</span><Keys keys={k} /></>)}</dd></div>
							))}</dl>
						</section>
					))}
				</div>
			</div>
			<footer>
				<span class="setting grow"><span>{L.value.me.single}</span>
					<span class="seg" role="group" aria-label={L.value.me.single}>
						<button type="button" aria-pressed={singleKeys.value} onClick={() => { singleKeys.value = true; }}>{L.value.me.on}</button>
						<button type="button" aria-pressed={!singleKeys.value} onClick={() => { singleKeys.value = false; }}>{L.value.me.off}</button>
					</span>
				</span>
				<button type="button" class="btn" onClick={close}>{w.close}</button>
			</footer>
		</Dialog>
	);
}
