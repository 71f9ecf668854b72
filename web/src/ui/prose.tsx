/* SPDX-License-Identifier: GPL-3.0-or-later */
// Plain text as paragraphs with links; text nodes only, in one pass.
import type { ComponentChildren } from 'preact';

const LINK = /\bhttps?:\/\/[^\s<>"']+|\bwww\.[^\s<>"']+\.[^\s<>"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const TAIL = /[.,;:!?)\]}…]+$/;

/** The text of one line with its links. */
export function linked(line: string): ComponentChildren[] {
	const out: ComponentChildren[] = [];
	let from = 0;
	for (const m of line.matchAll(LINK)) {
		const word = m[0].replace(TAIL, '');
		const at = m.index!;
		if (at > from)
			out.push(line.slice(from, at));
		const mail = !word.startsWith('http') && !word.startsWith('www.');
		const href = mail ? `mailto:${word}` : word.startsWith('http') ? word : `https://${word}`;
		out.push(<a class="link" href={href} target="_blank" rel="noopener noreferrer nofollow">{word}</a>);
		from = at + word.length;
	}
	if (from < line.length)
		out.push(line.slice(from));
	return out;
}

/** Text as paragraphs: an empty line ends one, a line break stays one. */
export function Prose({ text }: { text: string }) {
	const paragraphs = text.replace(/\r\n?/g, '\n').trim().split(/\n{2,}/);
	return (
		<>
			{paragraphs.map((p, k) => (
				<p key={k}>{p.split('\n').flatMap((line, n) => (n ? [<br />, ...linked(line)] : linked(line)))}</p>
			))}
		</>
	);
}
