/**
 * Diagrams of the four kinds, what Mermaid drew of them (`NAME.raw.json`, made in a browser) and
 * their normal form (`NAME.svg`). `node tests/content/diagram-fixtures.ts` makes both again; read
 * the difference before you commit it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { openRenderer } from '../../src/diagram/browser.ts';
import { normaliseSource } from '../../src/diagram/figure-source.ts';
import type { RawDrawing } from '../../src/diagram/mermaid-page.ts';
import { toNormalForm } from '../../src/diagram/normal-form/normal-form.ts';

const folder = new URL('./fixtures/diagrams/', import.meta.url);

/** Fixture, which is also the id of its figure. */
export const fixtures = ['delivery', 'pull', 'lifecycle', 'owners'] as const;
export type Fixture = (typeof fixtures)[number];

const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');

export const fenceOf = (name: Fixture) => read(`${name}.mmd`);
export const goldenOf = (name: Fixture) => read(`${name}.svg`);
export const rawOf = (name: Fixture) => JSON.parse(read(`${name}.raw.json`)) as RawDrawing;

/** What Mermaid draws now. */
export async function renderFixtures(): Promise<Map<Fixture, RawDrawing>> {
  const renderer = await openRenderer();
  const drawings = new Map<Fixture, RawDrawing>();
  for (const name of fixtures) {
    const answer = await renderer.render(name, normaliseSource(fenceOf(name)).text);
    if ('error' in answer) throw new Error(`${name}: ${answer.error}`);
    drawings.set(name, answer.drawing);
  }
  await renderer.close();
  return drawings;
}

if (import.meta.main) {
  for (const [name, raw] of await renderFixtures()) {
    writeFileSync(new URL(`${name}.raw.json`, folder), `${JSON.stringify(raw, null, 1)}\n`);
    writeFileSync(new URL(`${name}.svg`, folder), toNormalForm(name, raw));
  }
}
