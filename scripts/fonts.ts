/**
 * `fonts:update` cuts the fonts to what the site prints; `fonts:verify` fails when a page prints a
 * character that no slice holds, a file is stale, or a page would fetch more than its budget.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cutFace, drawable, FACES, LICENCES, readSource } from '../src/build/fonts/families.ts';
import { missingOn, PAGE_BUDGET_BYTES, slicesOf } from '../src/build/fonts/manifest.ts';
import type { CutSlice, FontManifest } from '../src/build/fonts/manifest.ts';
import { planFaces } from '../src/build/fonts/plan.ts';
import { readSiteText } from '../src/build/fonts/site-text.ts';
import type { SiteText } from '../src/build/fonts/site-text.ts';
import { renderStylesheet } from '../src/build/fonts/stylesheet.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'public/fonts');
const manifestFile = join(root, 'src/build/fonts/slices.json');
const stylesheetFile = join(root, 'src/styles/fonts.css');
const preloadsFile = join(root, 'src/styles/font-preloads.json');

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);

function versionOf(name: string): string {
  const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function update(site: SiteText): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const slices: CutSlice[] = [];
  const undrawable: Record<string, string> = {};
  for (const { face, slices: planned } of planFaces(site)) {
    const source = readSource(root, face.source);
    const lost: string[] = [];
    for (const slice of planned) {
      const characters = await drawable(source, slice.characters);
      lost.push(...slice.characters.filter((one) => !characters.includes(one)));
      const bytes = await cutFace(source, face, characters);
      const file = `${face.role}-${slice.name}.${hashOf(bytes)}.woff2`;
      writeFileSync(join(folder, file), bytes);
      slices.push({
        role: face.role,
        name: slice.name,
        file,
        bytes: bytes.length,
        characters: characters.join(''),
      });
    }
    undrawable[face.role] = lost.join('');
  }
  for (const [name, source] of Object.entries(LICENCES)) {
    copyFileSync(join(root, 'node_modules', source), join(folder, name));
  }
  const manifest: FontManifest = {
    madeBy: 'npm run fonts:update',
    versions: Object.fromEntries(
      ['pretendard', '@ibm/plex-mono', 'subset-font'].map((name) => [name, versionOf(name)]),
    ),
    slices,
    undrawable,
  };
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(stylesheetFile, renderStylesheet(slices));
  writeFileSync(preloadsFile, `${JSON.stringify(preloads(slices), null, 2)}\n`);
}

/** What every page of a language needs at once: preloaded, so that the first paint has it. */
function preloads(slices: readonly CutSlice[]) {
  const named = (names: string[]) =>
    slices
      .filter((one) => one.role !== 'code' && names.includes(one.name))
      .map((one) => `fonts/${one.file}`);
  return { ko: named(['latin', 'core']), en: named(['latin']) };
}

function verify(site: SiteText): string[] {
  if (!existsSync(manifestFile)) return ['no fonts were cut yet: run `npm run fonts:update`'];
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as FontManifest;
  const faults: string[] = [];
  for (const [name, version] of Object.entries(manifest.versions)) {
    if (versionOf(name) !== version)
      faults.push(`cut with ${name} ${version}, not ${versionOf(name)}`);
  }
  for (const slice of manifest.slices) {
    const path = join(folder, slice.file);
    if (!existsSync(path)) faults.push(`public/fonts/${slice.file} is missing`);
    else if (!slice.file.includes(hashOf(readFileSync(path)))) {
      faults.push(`public/fonts/${slice.file} is not what its name says`);
    }
  }
  const known = new Set([...manifest.slices.map((one) => one.file), ...Object.keys(LICENCES)]);
  for (const file of readdirSync(folder)) {
    if (!known.has(file)) faults.push(`public/fonts/${file} belongs to no slice`);
  }
  if (readFileSync(stylesheetFile, 'utf8') !== renderStylesheet(manifest.slices)) {
    faults.push('src/styles/fonts.css differs from the slices');
  }
  for (const page of site.pages) {
    const missing = missingOn(page, manifest);
    if (missing.length) faults.push(`${page.file}: no slice holds ${missing.join(' ')}`);
    const bytes = slicesOf(page, manifest).reduce((sum, slice) => sum + slice.bytes, 0);
    if (bytes > PAGE_BUDGET_BYTES) {
      faults.push(`${page.file}: would fetch ${bytes} bytes of fonts, over ${PAGE_BUDGET_BYTES}`);
    }
  }
  return faults;
}

function report(site: SiteText): void {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as FontManifest;
  const total = manifest.slices.reduce((sum, slice) => sum + slice.bytes, 0);
  const costs = site.pages.map((page) => ({
    id: page.id,
    bytes: slicesOf(page, manifest).reduce((sum, slice) => sum + slice.bytes, 0),
  }));
  const heaviest = costs.sort((a, b) => b.bytes - a.bytes)[0];
  console.log(
    `fonts: ${manifest.slices.length} slices of ${FACES.length} faces, ${total} bytes in all; ` +
      `the heaviest page, ${heaviest?.id}, fetches ${heaviest?.bytes}`,
  );
}

const site = await readSiteText(root);
if (process.argv[2] === 'update') await update(site);
const faults = verify(site);
faults.forEach((fault) => console.error(`fonts: ${fault}`));
if (faults.length) {
  console.error('fonts: run `npm run fonts:update` and commit public/fonts and src/styles');
  process.exitCode = 1;
} else {
  report(site);
}
