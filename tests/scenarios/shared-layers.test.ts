import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'images/shared-layers';
const lived = live(ID);
const { playback, during, endOf } = lived;
const blobs = (step: string, verb: string) =>
  during(step)
    .filter((record) => record.verb === verb)
    .map(({ object }) => object);
const imagesAfter = (step: string) =>
  playback
    .worldAt(endOf(step))
    .images()
    .map(({ reference }) => reference);
const fetched = (step: string) =>
  Number(during(step).find(({ verb }) => verb === 'pulled')?.detail?.fetchedBytes);

describe('layers that two images share', () => {
  it('go up with the first push, and are skipped by the second', () => {
    const sent = blobs('push', 'push-blob');
    expect(blobs('push', 'push-skip')).toEqual([]);
    const skipped = blobs('repush', 'push-skip');
    expect(sent).toEqual(expect.arrayContaining(skipped));
    // One layer and the configuration are new.
    expect(skipped).toHaveLength(sent.length - 2);
    expect(blobs('repush', 'push-blob')).toHaveLength(2);
    expect(sent).not.toEqual(expect.arrayContaining(blobs('repush', 'push-blob')));
  });

  it('are gone with the last image that has them', () => {
    expect(imagesAfter('repush')).toHaveLength(2);
    expect(imagesAfter('wipe')).toEqual([]);
  });

  it('come down with the first pull, and not again with the second', () => {
    const [first, second] = [blobs('pull', 'fetch'), blobs('repull', 'fetch')];
    expect(first.length).toBe(blobs('push', 'push-blob').length + 1);
    // Manifest, configuration and one layer.
    expect(second).toHaveLength(3);
    expect(first.filter((blob) => second.includes(blob))).toEqual([]);
    expect(imagesAfter('repull')).toEqual([
      'registry.local:5000/web:1.0',
      'registry.local:5000/web:1.1',
    ]);
  });

  it('save as much as the page says', () => {
    // The size of what a pull tells is its layers and configuration; the manifest comes first.
    const kilobytes = `${(fetched('repull') / 1000).toFixed(1)} kB`;
    const megabytes = `${Math.round(fetched('pull') / 1_000_000)} MB`;
    for (const locale of locales) {
      const page = readFileSync(`content/docs/${locale}/images/registries.mdx`, 'utf8');
      expect(page).toContain(megabytes);
      expect(page).toContain(kilobytes);
    }
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'images/registries', 'shared-layers', lived);
    expect(faults).toEqual([]);
    const lit = (step: string) => {
      const { nodes } = figure.viewAt(endOf(step));
      return ['older', 'newer', 'kept', 'next'].filter((node) => nodes[node]?.state !== 'empty');
    };
    expect(lit('push')).toEqual(['older', 'newer', 'kept']);
    expect(lit('repush')).toEqual(['older', 'newer', 'kept', 'next']);
    expect(lit('wipe')).toEqual(['kept', 'next']);
    expect(lit('pull')).toEqual(['older', 'kept', 'next']);
    expect(lit('repull')).toEqual(['older', 'newer', 'kept', 'next']);
  });

  isAStory(lived);
});
