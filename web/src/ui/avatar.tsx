/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { Owner } from '../api-types';
import { L } from '../i18n';
import { hueOf, hueOfName, initialsOf, ownerFace } from '../store';

/** The avatar of an owner: round for people, square for teams. */
export function OwnerAvatar({ owner, large = false }: { owner: Owner; large?: boolean }) {
	const f = ownerFace(owner);
	return <span class={`ava ${f.hue} ${f.team ? 'org' : ''} ${large ? 'l' : ''}`} title={f.role ? `${f.name}, ${f.role}` : f.name}>{f.initials}</span>;
}

/** The owners of a row: three at most, then a number; a dashed circle when there is none. */
export function Owners({ owners }: { owners: Owner[] }) {
	if (owners.length === 0)
		return <span class="avas"><span class="ava none" title={L.value.list.noOwner}>?</span></span>;
	const shown = owners.length > 3 ? owners.slice(0, 2) : owners;
	return (
		<span class="avas">
			{shown.map((o, k) => <OwnerAvatar key={k} owner={o} />)}
			{shown.length < owners.length && <span class="ava more">+{owners.length - shown.length}</span>}
		</span>
	);
}

/** The avatar of somebody who is only a name, or of an agent by number. */
export function PersonAvatar({ name, agent, size = 'l' }: { name: string; agent?: number | null; size?: '' | 'l' | 'xl' }) {
	return <span class={`ava ${size} ${agent ? hueOf(agent) : hueOfName(name)}`} aria-hidden="true">{initialsOf(name)}</span>;
}
