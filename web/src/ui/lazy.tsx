/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { failed } from '../toasts';

/** A component whose code is loaded when it is first shown. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
	let made: ComponentType<P> | null = null;
	return function Lazy(props: P) {
		const [Shown, set] = useState<ComponentType<P> | null>(() => made);
		useEffect(() => {
			if (!made)
				load().then((c) => { made = c; set(() => c); }, (e: unknown) => failed(e, () => location.reload()));
		}, []);
		return Shown && <Shown {...props} />;
	};
}
