/* SPDX-License-Identifier: GPL-3.0-or-later */
import { Component, h, type FunctionComponent } from 'preact';

/** Draws a component again only when one of its properties or a signal it read has changed. */
export function memo<P extends object>(fn: FunctionComponent<P>): FunctionComponent<P> {
	class Memo extends Component<P> {
		override shouldComponentUpdate(next: P) {
			const was = this.props as Record<string, unknown>;
			const is = next as Record<string, unknown>;
			return Object.keys(is).some((k) => is[k] !== was[k]) || Object.keys(was).length !== Object.keys(is).length;
		}
		override render() {
			return h(fn, this.props as P);
		}
	}
	return Memo as unknown as FunctionComponent<P>;
}
