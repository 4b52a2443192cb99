/** Needs Chromium; the other tests of diagrams read what was drawn before. */
import { beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openRenderer } from '../../src/diagram/browser.ts';
import type { RawDrawing } from '../../src/diagram/mermaid-page.ts';
import { toNormalForm } from '../../src/diagram/normal-form/normal-form.ts';
import { fixtures, goldenOf, renderFixtures, type Fixture } from './diagram-fixtures.ts';

describe.skipIf(findChromium() === undefined)('rendering in a browser', () => {
  let drawings: Map<Fixture, RawDrawing>;
  beforeAll(async () => {
    drawings = await renderFixtures();
  }, 120_000);

  it.each(fixtures)('draws %s again, byte for byte', (name) => {
    const raw = drawings.get(name);
    expect(raw && toNormalForm(name, raw)).toBe(goldenOf(name));
  });

  it('draws the same twice in one page', async () => {
    const renderer = await openRenderer();
    const source = 'classDiagram\n  accTitle: a\n  accDescr: b\n  class Pod\n  Pod --> Node\n';
    const [first, second] = [
      await renderer.render('a', source),
      await renderer.render('a', source),
    ];
    await renderer.close();
    if (!('drawing' in first) || !('drawing' in second)) throw new Error('It was not drawn.');
    expect(toNormalForm('a', second.drawing)).toBe(toNormalForm('a', first.drawing));
  }, 120_000);

  it('refuses kinds that the normal form does not know', async () => {
    const renderer = await openRenderer();
    const answer = await renderer.render('a', 'pie\n  "x" : 1\n');
    await renderer.close();
    expect('error' in answer ? answer.error : '').toContain('not one of the four kinds');
  }, 120_000);
});
