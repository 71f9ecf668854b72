/* SPDX-License-Identifier: GPL-3.0-or-later */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { reachable } from './api';
import { App } from './app';
import { watchDesk, watchWidth } from './desk';
import { saveUnsent, watchLeaving } from './drafts';
import { focusComing, watchFocus } from './focus';
import { now } from './i18n/format';
import { listen } from './keys';
import { ahead, dialog, menu } from './popups';
import { applyPrefs, singleKeys } from './prefs';
import { watchHistory } from './router';
import { start } from './session';
import { ready } from './store';
import { verbs } from './verbs';

applyPrefs();
watchWidth();
watchHistory();
watchDesk();
watchLeaving();
watchFocus();
listen(verbs.map((v) => ({ ...v, when: () => ready.peek() && v.when() })), () => singleKeys.peek(),
	() => dialog.peek() !== null || menu.peek() !== null || focusComing(), (char) => { ahead.text += char; });
setInterval(() => { now.value = Date.now(); }, 30_000);
effect(() => {
	if (reachable.value && ready.value)
		saveUnsent();
});
render(<App />, document.getElementById('app')!);
void start();
