import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'images/layers-and-cache';
const lived = live(ID);
const { playback, during, endOf, scenario } = lived;

/** The numbers of the steps that ran, or came from the cache, in one build. */
const steps = (build: string, verb: 'step' | 'step-cached') =>
  during(build)
    .filter((record) => record.verb === verb)
    .map(({ detail }) => Number(/^\[(\d+)\//.exec(String(detail?.step))?.[1]));
const imageAfter = (build: string) =>
  playback
    .worldAt(endOf(build))
    .images()
    .find(({ reference }) => reference === 'docker.io/library/shop:latest');
const layersOf = (build: string) => imageAfter(build)?.config.rootfs.diff_ids ?? [];

describe('the build cache', () => {
  it('has nothing at first: every step runs', () => {
    expect(steps('build', 'step')).toEqual([1, 2, 3, 4, 5]);
    expect(steps('build', 'step-cached')).toEqual([]);
  });

  it('has everything when nothing changed, and the image is the same to the byte', () => {
    expect(steps('again', 'step')).toEqual([]);
    expect(steps('again', 'step-cached')).toEqual([1, 2, 3, 4, 5]);
    expect(imageAfter('build')).toBeDefined();
    expect(imageAfter('again')?.digest).toBe(imageAfter('build')?.digest);
  });

  it('keeps the packages when only the source changed', () => {
    expect(steps('source', 'step-cached')).toEqual([1, 2, 3, 4]);
    expect(steps('source', 'step')).toEqual([5]);
    expect(layersOf('source').slice(0, -1)).toEqual(layersOf('build').slice(0, -1));
    expect(layersOf('source').at(-1)).not.toBe(layersOf('build').at(-1));
  });

  it('installs again when the list of packages changed, and copies again after it', () => {
    expect(steps('last', 'step-cached')).toEqual([1, 2]);
    expect(steps('last', 'step')).toEqual([3, 4, 5]);
    const took = (build: string) => {
      const records = during(build);
      return (records.at(-1)?.timeMs ?? 0) - (records[0]?.timeMs ?? 0);
    };
    expect(took('last')).toBeGreaterThan(5 * took('source'));
  });

  it('is built from the Dockerfile of its page', () => {
    const dockerfile = scenario.files.find(({ path }) => path.endsWith('/Dockerfile'))?.content;
    for (const locale of locales) {
      const file = `content/docs/${locale}/images/build-cache-and-multi-stage.mdx`;
      expect(readFileSync(file, 'utf8')).toContain(`\n${dockerfile ?? 'none'}\`\`\``);
    }
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'images/build-cache-and-multi-stage';
    const { figure, faults } = figureOn(locale, page, 'layers-and-cache', lived);
    expect(faults).toEqual([]);
    const badges = (build: string) => {
      const { nodes } = figure.viewAt(endOf(build));
      return ['from', 'workdir', 'list', 'install', 'source'].map((node) => nodes[node]?.badge);
    };
    expect(badges('build')).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
    expect(badges('again')).toEqual(['CACHED', 'CACHED', 'CACHED', 'CACHED', 'CACHED']);
    expect(badges('last')).toEqual(['CACHED', 'CACHED', 'DONE', 'DONE', 'DONE']);
    const installing = during('last').findIndex(
      ({ verb, detail }) => verb === 'step' && String(detail?.step).startsWith('[4/'),
    );
    const first = endOf('last') - during('last').length + 1;
    const { nodes } = figure.viewAt(first + installing);
    expect(nodes.install).toMatchObject({ state: 'starting' });
    expect(nodes.source).toMatchObject({ state: 'empty' });
  });

  isAStory(lived);
});
