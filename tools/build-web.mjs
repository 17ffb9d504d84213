// Builds the browser pages into dist/web: one HTML file a page, scripts and styles under assets/ with a hash of
// their content in the name, so that they can be cached for good. Run it, or call `buildWeb()`.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = join(ROOT, 'src/web');

/**
 * A page is a folder of src/web with `main.tsx`, `NAME.css` and `index.html`. An app can be installed: it has a `manifest.json` too,
 * and a service worker that keeps it for when there is no network, but for the files that only `online` use makes sense of.
 */
const PAGES = [
  { name: 'home', file: 'index.html', app: false },
  { name: 'scan', file: 'scan.html', app: true },
  // What reads an offer's symbol: claiming needs the server anyway.
  { name: 'wallet', file: 'wallet.html', app: true, online: /^\/assets\/(?:decoder|zxing_reader)-/ },
];
const WORKER = 'worker/shell-worker.ts';
/** Workers that a page starts when it needs one, by name: a page NAME gets `/NAME-WORKER.js`. */
const MORE_WORKERS = { scan: { pdf: 'worker/pdf-pages.ts' } };
/** Pages read foreign CBOR and never write any; by its main module cborg would bring its encoder along. */
const CBORG = { cborg: join(ROOT, 'node_modules/cborg/lib/decode.js') };

function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 12);
}

/** Writes one file under its content's hash and returns its URL. */
async function writeAsset(outDir, name, extension, bytes) {
  const file = `${name}-${hashOf(bytes)}.${extension}`;
  await writeFile(join(outDir, 'assets', file), bytes);
  return `/assets/${file}`;
}

/**
 * What a page imports when it is asked for, and what it wants before the rest of it (`opening.ts`), become bundles of their own, put into
 * `files` with what they refer to. Nothing else is shared between bundles.
 */
function ownBundles(files) {
  return {
    name: 'own-bundles',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\./ }, async ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import' && basename(path) !== 'opening.js') return undefined;
        const entry = relative(SOURCE, join(resolveDir, path)).replace(/\.js$/, '.ts');
        const { contents, files: more } = await bundle(entry);
        const name =
          kind === 'dynamic-import' ? basename(entry, '.ts') : entry.replace('/', '-').slice(0, -3);
        const file = `${name}-${hashOf(contents)}.js`;
        files.push({ path: file, contents }, ...more);
        return { path: `/assets/${file}`, external: true };
      });
    },
  };
}

/** What the entry becomes, and the files it refers to by their addresses: sounds, and parts that are loaded when they are asked for. */
async function bundle(entry, define = {}) {
  const later = [];
  const result = await build({
    entryPoints: [join(SOURCE, entry)],
    tsconfig: join(SOURCE, 'tsconfig.json'),
    bundle: true,
    write: false,
    outdir: '/',
    minify: true,
    format: 'esm',
    charset: 'utf8',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    legalComments: 'none',
    logLevel: 'warning',
    loader: { '.mp3': 'file', '.wasm': 'file' },
    assetNames: '[name]-[hash]',
    publicPath: '/assets',
    alias: CBORG,
    plugins: [ownBundles(later)],
    define,
  });
  const name = basename(entry, extname(entry));
  const isEntry = ({ path }) => [`${name}.js`, `${name}.css`].includes(basename(path));
  return {
    contents: result.outputFiles.find(isEntry).contents,
    files: [...result.outputFiles.filter((file) => !isEntry(file)), ...later],
  };
}

/** Puts `values` into the template's `{{name}}` marks; a mark without a value stops the build. */
function fillTemplate(template, values) {
  return template.replace(/\{\{([a-z0-9-]+)\}\}/g, (_mark, name) => {
    if (!Object.hasOwn(values, name)) throw new Error(`the template asks for an unknown {{${name}}}`);
    return values[name];
  });
}

/** Icons by the name of their file without its ending. */
async function writeIcons(outDir) {
  const names = (await readdir(join(SOURCE, 'shared'))).filter((name) => /\.(svg|png)$/.test(name));
  const written = names.map(async (name) => {
    const ending = extname(name).slice(1);
    const bytes = await readFile(join(SOURCE, 'shared', name));
    return [
      basename(name, `.${ending}`),
      await writeAsset(outDir, basename(name, `.${ending}`), ending, bytes),
    ];
  });
  return Object.fromEntries(await Promise.all(written));
}

async function writeFiles(outDir, files) {
  await Promise.all(
    files.map(({ path, contents }) => writeFile(join(outDir, 'assets', basename(path)), contents)),
  );
  return files.map(({ path }) => `/assets/${basename(path)}`);
}

/** Under the page's own address, so that its service worker answers for them too. Returns what they hold, by their URLs. */
async function writeMoreWorkers(outDir, name) {
  const written = Object.entries(MORE_WORKERS[name] ?? {}).map(async ([worker, entry]) => {
    const { contents } = await bundle(entry);
    await writeFile(join(outDir, `${name}-${worker}.js`), contents);
    return [`/${name}-${worker}.js`, contents];
  });
  return Object.fromEntries(await Promise.all(written));
}

/** The service worker of an app, which keeps `urls` and the `more` workers; its version changes with any of them. */
async function writeWorker(outDir, name, page, urls, more) {
  const kept = [...urls, ...Object.keys(more)];
  const version = hashOf(page, urls.join('\n'), ...Object.values(more));
  const shell = { name, page: `/${name}`, urls: kept, version };
  const { contents } = await bundle(WORKER, { SHELL: JSON.stringify(shell) });
  await writeFile(join(outDir, `${name}-worker.js`), contents);
}

async function buildPage({ name, file, app, online = /^$/ }, icons, outDir) {
  const code = await bundle(`${name}/main.tsx`);
  const look = await bundle(`${name}/${name}.css`);
  const script = await writeAsset(outDir, name, 'js', code.contents);
  const style = await writeAsset(outDir, name, 'css', look.contents);
  const values = { ...icons, script, style };
  const files = await writeFiles(outDir, code.files);
  const urls = [script, style, ...files];
  const opening = files.find((url) => url.startsWith(`/assets/${name}-opening-`));
  if (opening !== undefined) values.opening = opening;
  if (app) {
    const manifest = fillTemplate(await readFile(join(SOURCE, name, 'manifest.json'), 'utf8'), icons);
    values.manifest = await writeAsset(outDir, name, 'webmanifest', manifest);
    urls.push(values.manifest, ...Object.values(icons));
  }
  const page = fillTemplate(await readFile(join(SOURCE, name, 'index.html'), 'utf8'), values);
  await writeFile(join(outDir, file), page);
  if (app) {
    const kept = urls.filter((url) => !online.test(url));
    await writeWorker(outDir, name, page, kept, await writeMoreWorkers(outDir, name));
  }
  return { name, file, script, style };
}

/** Builds every page; `outDir` is emptied first. Returns the pages with the URLs of their assets. */
export async function buildWeb(outDir = join(ROOT, 'dist/web')) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(join(outDir, 'assets'), { recursive: true });
  const icons = await writeIcons(outDir);
  return Promise.all(PAGES.map((page) => buildPage(page, icons, outDir)));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const page of await buildWeb()) console.log(`built ${page.file}: ${page.script} ${page.style}`);
}
