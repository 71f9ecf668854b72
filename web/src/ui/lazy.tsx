/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { failed } from '../toasts';

const soon: (() => void)[] = [];

let styled: Promise<void> | null = null;

/** The style sheet of everything that is loaded later. A failure is tried again by the next that needs it. */
function laterStyles(): Promise<void> {
	styled ??= new Promise<void>((done, fail) => {
		const link = document.getElementById('later') as HTMLLinkElement;
		link.addEventListener('load', () => done(), { once: true });
		link.addEventListener('error', () => { styled = null; fail(new Error('later.css')); }, { once: true });
		link.rel = 'stylesheet';
	});
	return styled;
}

/** Loads what has not been shown yet, when the page has nothing else to do, so that the first key finds it there. */
export function loadAhead() {
	const idle = window.requestIdleCallback ?? ((f: () => void) => setTimeout(f, 500));
	for (const f of soon.splice(0))
		idle(f);
}

/** A component whose code is loaded when it is first shown. */
export function lazy<P extends object>(part: () => Promise<ComponentType<P>>): ComponentType<P> {
	const load = () => Promise.all([part(), laterStyles()]).then(([c]) => c);
	let made: ComponentType<P> | null = null;
	soon.push(() => void load().then((c) => { made = c; }, () => undefined));
	return function Lazy(props: P) {
		const [Shown, set] = useState<ComponentType<P> | null>(() => made);
		useEffect(() => {
			if (!Shown) // also when it was loaded ahead between drawing and this
				load().then((c) => { made = c; set(() => c); }, (e: unknown) => failed(e, () => location.reload()));
		}, []);
		return Shown && <Shown {...props} />;
	};
}
