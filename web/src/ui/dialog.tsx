/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A modal dialog; Escape and a click on the scrim close it, the focus goes back to where it was. */
export function Dialog(p: { label: string; class: string; onClose: () => void; fixed?: boolean; children: ComponentChildren }) {
	const ref = useRef<HTMLDialogElement>(null);
	useLayoutEffect(() => {
		const before = document.activeElement as HTMLElement | null;
		const d = ref.current;
		d?.showModal();
		return () => {
			d?.close();
			before?.focus?.({ preventScroll: true });
		};
	}, []);
	return (
		<dialog ref={ref} class={p.class} aria-label={p.label}
			onCancel={(e) => { e.preventDefault(); if (!p.fixed) p.onClose(); }}
			onClick={(e) => { if (e.target === ref.current && !p.fixed) p.onClose(); }}>
			{p.children}
		</dialog>
	);
}
