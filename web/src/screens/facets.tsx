/* SPDX-License-Identifier: GPL-3.0-or-later */
// Beside the results: boxes that put words of the query language into the question and take them out again.
import type { ComponentChildren } from 'preact';
import { L, named } from '../i18n';
import { agents, me, types } from '../store';
import { hasTerm, toggleTerm } from '../ui/terms';
import { Mark } from '../ui/icon';

function Box(p: { q: string; set: (q: string) => void; term: string; children: ComponentChildren }) {
	return (
		<label class="mi">
			<input type="checkbox" class="box" checked={hasTerm(p.q, p.term)} onChange={() => p.set(toggleTerm(p.q, p.term))} />{p.children}
		</label>
	);
}

const quoted = (text: string) => (/[\s"():]/.test(text) ? `"${text.replace(/"/g, '')}"` : text);

/** The ways to narrow a search down. */
export function Facets({ q, set }: { q: string; set: (q: string) => void }) {
	const w = L.value.search;
	const seen = new Set<string>();
	const statuses = types.value.flatMap((t) => t.statuses).filter((s) => !seen.has(named(s.name)) && seen.add(named(s.name)));
	const people = agents.value.filter((a) => a.active).sort((a, b) => Number(b.id === me.value?.id) - Number(a.id === me.value?.id) || a.name.localeCompare(b.name));
	return (
		<aside class="facets scroll" aria-label={w.narrow} tabIndex={0}>
			<fieldset class="facet"><legend>{w.where}</legend>
				<Box q={q} set={set} term="in:comment">{w.wheres.comment}</Box>
				<Box q={q} set={set} term="has:file">{L.value.list.filterFiles}</Box>
			</fieldset>
			<fieldset class="facet"><legend>{L.value.ticket.status}</legend>
				{statuses.slice(0, 12).map((s) => (
					<Box key={s.id} q={q} set={set} term={`status:${quoted(named(s.name))}`}><Mark category={s.category} colour={s.colour} /><span class="trunc">{named(s.name)}</span></Box>
				))}
			</fieldset>
			<fieldset class="facet"><legend>{L.value.ticket.owner}</legend>
				{people.slice(0, 8).map((a) => <Box key={a.id} q={q} set={set} term={a.id === me.value?.id ? 'is:mine' : `owner:${quoted(a.name)}`}><span class="trunc">{a.name}</span></Box>)}
				<Box q={q} set={set} term="is:unassigned"><span class="trunc">{L.value.list.noOwner}</span></Box>
			</fieldset>
			<fieldset class="facet"><legend>{w.when}</legend>
				<Box q={q} set={set} term="created:today">{w.whens.today}</Box>
				<Box q={q} set={set} term="created:week">{w.whens.week}</Box>
				<Box q={q} set={set} term="created:month">{w.whens.month}</Box>
				<Box q={q} set={set} term="created:year">{w.whens.year}</Box>
			</fieldset>
		</aside>
	);
}
