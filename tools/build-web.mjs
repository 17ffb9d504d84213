// Builds the browser pages into dist/web: one HTML file a page, scripts and styles under assets/ with a hash of
// their content in the name, so that they can be cached for good. Run it, or call `buildWeb()`.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = join(ROOT, 'src/web');

/** A page is a folder of src/web with `main.tsx`, `NAME.css` and `index.html`. */
const PAGES = [{ name: 'home', file: 'index.html' }];

/** Writes one file under its content's hash and returns its URL. */
async function writeAsset(outDir, name, extension, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const file = `${name}-${hash}.${extension}`;
  await writeFile(join(outDir, 'assets', file), bytes);
  return `/assets/${file}`;
}

async function bundle(entry) {
  const result = await build({
    entryPoints: [join(SOURCE, entry)],
    tsconfig: join(SOURCE, 'tsconfig.json'),
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    charset: 'utf8',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  return result.outputFiles[0].contents;
}

/** Puts `values` into the template's `{{name}}` marks; a mark without a value stops the build. */
function fillTemplate(template, values) {
  return template.replace(/\{\{([a-z]+)\}\}/g, (_mark, name) => {
    if (!Object.hasOwn(values, name)) throw new Error(`the page template asks for an unknown {{${name}}}`);
    return values[name];
  });
}

async function buildPage({ name, file }, icon, outDir) {
  const script = await writeAsset(outDir, name, 'js', await bundle(`${name}/main.tsx`));
  const style = await writeAsset(outDir, name, 'css', await bundle(`${name}/${name}.css`));
  const template = await readFile(join(SOURCE, name, 'index.html'), 'utf8');
  await writeFile(join(outDir, file), fillTemplate(template, { script, style, icon }));
  return { name, file, script, style };
}

/** Builds every page; `outDir` is emptied first. Returns the pages with the URLs of their assets. */
export async function buildWeb(outDir = join(ROOT, 'dist/web')) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(join(outDir, 'assets'), { recursive: true });
  const icon = await writeAsset(outDir, 'mark', 'svg', await readFile(join(SOURCE, 'shared/mark.svg')));
  return Promise.all(PAGES.map((page) => buildPage(page, icon, outDir)));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const page of await buildWeb()) console.log(`built ${page.file}: ${page.script} ${page.style}`);
}
