/* SPDX-License-Identifier: GPL-3.0-or-later */
// Builds web/dist: hashed chunks, one style sheet, fonts, the page, and .gz/.br beside each text.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const SHELL_LIMIT = 60 * 1024;
const CHUNK_LIMIT = 40 * 1024;

// The icons that the source names; the sprite carries these and no others.
function sprite() {
	const names = readFileSync(join(root, 'src/ui/icon-names.ts'), 'utf8');
	const all = readFileSync(join(root, 'icons/lucide.svg'), 'utf8');
	const wanted = [...names.matchAll(/^\t'([a-z0-9-]+)',$/gm)].map((m) => m[1]);
	const parts = wanted.map((name) => {
		const at = all.indexOf(`<symbol id="${name}"`);
		if (at < 0)
			throw new Error(`icons/lucide.svg has no symbol ${name}`);
		return all.slice(at, all.indexOf('</symbol>', at) + 9);
	});
	return `<svg width="0" height="0" class="sprite" aria-hidden="true"><defs>\n${parts.join('\n')}\n</defs></svg>`;
}

function br(data) {
	const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length };
	return brotliCompressSync(data, { params });
}

function files(dir) {
	return readdirSync(dir, { withFileTypes: true }).flatMap((f) =>
		f.isDirectory() ? files(join(dir, f.name)) : [join(dir, f.name)]);
}

const common = {
	bundle: true, minify: true, metafile: true, legalComments: 'none', logLevel: 'warning',
	absWorkingDir: root, outdir: 'dist/assets', entryNames: '[name]-[hash]',
	assetNames: '[name]-[hash]', loader: { '.woff2': 'file', '.svg': 'file' },
};

// esbuild makes a chunk of each set of parts that share some code. Parts that are loaded later import the whole shell, so
// that its code is one chunk: a dozen small ones are heavier and take longer.
const wholeShell = {
	name: 'whole-shell',
	setup(b) {
		const later = new Set(files(join(root, 'src')).flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/import\('(\.[^']+)'\)/g)]
			.map((m) => `${join(dirname(f), m[1])}.tsx`)));
		b.onLoad({ filter: /\.tsx$/ }, ({ path }) => (later.has(path)
			? { contents: `${readFileSync(path, 'utf8')}\nimport '${relative(dirname(path), join(root, 'src/app'))}';`, loader: 'tsx' } : null));
	},
};

async function bundle() {
	const js = await build({
		...common, entryPoints: ['src/main.tsx'], format: 'esm', splitting: true, plugins: [wholeShell],
		chunkNames: 'c-[hash]', target: ['es2022'], jsx: 'automatic', jsxImportSource: 'preact',
	});
	const css = await build({ ...common, entryPoints: ['src/styles/main.css', 'src/styles/later.css'], target: ['esnext'] });
	// What is loaded later has an entry point of its own.
	const entry = (meta, name) => Object.keys(meta.outputs).find((f) => meta.outputs[f].entryPoint === name);
	const main = entry(js.metafile, 'src/main.tsx');
	const first = (f) => js.metafile.outputs[f].imports.filter((i) => i.kind === 'import-statement')
		.flatMap((i) => [i.path, ...first(i.path)]);
	return {
		main, style: entry(css.metafile, 'src/styles/main.css'), later: entry(css.metafile, 'src/styles/later.css'), early: [...new Set(first(main))],
		chunks: [...Object.keys(js.metafile.outputs), entry(css.metafile, 'src/styles/later.css')],
		font: Object.keys(css.metafile.outputs).find((f) => f.includes('inter-latin-wght')),
	};
}

function page(made) {
	const icon = readFileSync(join(root, 'icons/favicon.svg'));
	const iconName = `dist/assets/favicon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
	const url = (f) => '/' + relative('dist', f);
	writeFileSync(join(root, iconName), icon);
	const html = readFileSync(join(root, 'index.html'), 'utf8')
		.replace('{{favicon}}', url(iconName)).replace('{{font}}', url(made.font))
		.replace('{{css}}', url(made.style)).replace('{{later}}', url(made.later)).replace('{{js}}', url(made.main))
		.replace('{{preloads}}', made.early.map((f) => `<link rel="modulepreload" href="${url(f)}">`).join('\n'))
		.replace('{{icons}}', () => sprite());
	writeFileSync(join(dist, 'index.html'), html);
}

function compress() {
	for (const f of files(dist).filter((f) => /\.(js|css|html|svg)$/.test(f))) {
		const data = readFileSync(f);
		writeFileSync(`${f}.gz`, gzipSync(data, { level: 9 }));
		writeFileSync(`${f}.br`, br(data));
	}
}

function weigh(made) {
	const size = (f) => readFileSync(join(root, `${f}.br`)).length;
	const shell = [made.main, ...made.early, made.style, 'dist/index.html'];
	const total = shell.reduce((n, f) => n + size(f), 0);
	const lazy = made.chunks.filter((f) => !shell.includes(f));
	const kb = (n) => (n / 1024).toFixed(1);
	console.log(`shell ${kb(total)} kB brotli (limit 60), lazy chunks ${lazy.map((f) => kb(size(f))).join(' ') || 'none'}`);
	if (total > SHELL_LIMIT || lazy.some((f) => size(f) > CHUNK_LIMIT))
		throw new Error('the build is heavier than its budget');
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'assets'), { recursive: true });
const made = await bundle();
page(made);
compress();
weigh(made);
