import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'images/multi-stage';
const lived = live(ID);
const { playback, during, endOf, printed, scenario } = lived;

const WHOLE = ['build 1', 'build 2', 'build 3', 'build 4', 'stage-1 1', 'stage-1 2'];
/** The steps that ran, or came from the cache, in one build: `build 3`. */
const steps = (build: string, verb: 'step' | 'step-cached') =>
  WHOLE.filter((name) =>
    during(build).some(
      (record) => record.verb === verb && String(record.detail?.step).startsWith(`[${name}/`),
    ),
  );
const layersOf = (step: string, reference: string) =>
  playback
    .worldAt(endOf(step))
    .images()
    .find((image) => image.reference === `docker.io/library/${reference}`)?.config.rootfs.diff_ids;

describe('a build of two stages', () => {
  it('runs both, and keeps of the first what the second took', () => {
    expect(steps('build', 'step')).toEqual(WHOLE);
    const first = layersOf('target', 'files:build') ?? [];
    const second = layersOf('target', 'files:latest') ?? [];
    expect(first.length).toBeGreaterThan(second.length);
    expect(second.filter((layer) => first.includes(layer))).toEqual([]);
  });

  it('stops at the stage that it is told, and takes it from the cache', () => {
    expect(steps('target', 'step')).toEqual([]);
    expect(steps('target', 'step-cached')).toEqual(WHOLE.slice(0, 4));
  });

  it('leaves compiler and source out of the image', () => {
    expect(printed('inside')).toContain('\nfiles\n');
    expect(printed('inside')).not.toMatch(/^(src|go)$/m);
  });

  it('compiles again when the source changed, and fetches the new program', () => {
    expect(steps('again', 'step')).toEqual(['build 3', 'build 4', 'stage-1 2']);
    expect(layersOf('again', 'files:latest')?.at(-1)).not.toBe(
      layersOf('build', 'files:latest')?.at(-1),
    );
  });

  it('is of the files of its page', () => {
    for (const locale of locales) {
      const file = `content/docs/${locale}/images/build-cache-and-multi-stage.mdx`;
      const page = readFileSync(file, 'utf8');
      for (const { content } of scenario.files) expect(page).toContain(`\n${content}\`\`\``);
    }
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'images/build-cache-and-multi-stage';
    const { figure, faults } = figureOn(locale, page, 'two-stages', lived);
    expect(faults).toEqual([]);
    const at = (step: string) => figure.viewAt(endOf(step)).nodes;
    const [small, big] = [at('target').image?.badge, at('target').big?.badge];
    expect(small).toMatch(/^\d+MB$/);
    expect(big).toMatch(/^\d\.\d+GB$/);
    for (const size of [small, big]) expect(printed('compare')).toContain(size);
    expect(at('build').big).toMatchObject({ state: 'empty' });
    expect(at('again').golang).toMatchObject({ badge: 'CACHED' });
    expect(at('again').compile).toMatchObject({ badge: 'DONE' });
    // While one stage waits for its base image, the other one is done with its own.
    const pulled = during('build').find(
      ({ verb, object }) => verb === 'pulled' && object.includes('alpine'),
    );
    const { nodes } = figure.viewAt(playback.records.indexOf(pulled!));
    expect(nodes.golang).toMatchObject({ state: 'starting' });
  });

  isAStory(lived);
});
