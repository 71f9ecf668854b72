/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { failed } from '../toasts';

const soon: (() => void)[] = [];

/** Loads what has not been shown yet, when the page has nothing else to do, so that the first key finds it there. */
export function loadAhead() {
	const idle = window.requestIdleCallback ?? ((f: () => void) => setTimeout(f, 500));
	for (const f of soon.splice(0))
		idle(f);
}

/** A component whose code is loaded when it is first shown. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
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
