/* SPDX-License-Identifier: GPL-3.0-or-later */
// Bundles the unit tests for node and runs them: node test/unit/run.js
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'docket-web-'));
try {
	const entryPoints = readdirSync(here).filter((f) => f.endsWith('.test.ts')).map((f) => join(here, f));
	buildSync({ entryPoints, outdir: out, bundle: true, platform: 'node', format: 'esm', target: 'node18', outExtension: { '.js': '.mjs' },
		jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning', banner: { js: "globalThis.navigator ??= { language: 'de' };" } });
	const tests = readdirSync(out).map((f) => join(out, f));
	const ran = spawnSync(process.execPath, ['--test', ...tests], { encoding: 'utf8' });
	process.exitCode = ran.status ?? 1;
	if (process.exitCode !== 0)
		process.stdout.write(ran.stdout + ran.stderr);
	else
		console.log(`# ${/^# pass \d+/m.exec(ran.stdout)?.[0].slice(2) ?? 'passed'} in web/test/unit`);
} finally {
	rmSync(out, { recursive: true });
}
