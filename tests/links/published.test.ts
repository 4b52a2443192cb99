import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/components/run/scenario-folder.ts';
import { isStep } from '../../src/diagram/captions.ts';
import { readWorldFile } from '../../src/engine/link/world-file.ts';
import { decodeWorld } from '../../src/engine/link/world-link.ts';
import type { DecodedWorld, WorldRun } from '../../src/engine/link/world-run.ts';
import { openWorldAtOnce } from '../../src/engine/open-world.ts';
import { ENGINE_VERSION } from '../../src/engine/version.ts';
import { decodeLink, type MomentLink } from '../../src/islands/link/payload.ts';
import { play } from '../../src/scenarios/play.ts';
import { parseScenario } from '../../src/scenarios/scenario.ts';

/**
 * Links and files that are out, of every version there was. They stay as they are for ever: each is
 * still read, and leads to the state that it led to, or the engine has another version since.
 */
const FOLDER = new URL('published/', import.meta.url);
const MOMENTS = new URL('published-moments.json', import.meta.url);
const MINUTES = 60_000;
const REMEDY = 'the same version leads to another state: raise ENGINE_VERSION in engine/version.ts';

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.link'))
  .map((name) => name.replace(/\.link$/, ''));
const text = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const need = (decoded: DecodedWorld): WorldRun =>
  decoded.kind === 'world' ? decoded.run : expect.unreachable(decoded.kind);

describe('a world that was sent', () => {
  it.each(names)('%s, is read as it was written, as a link and as a file', (name) => {
    const file = text(`${name}.drydock.json`);
    const run = need(readWorldFile(file));
    expect(need(decodeWorld(text(`${name}.link`).trim()))).toEqual(run);
    const { engine, world, seed, entries } = run.journal;
    const { moment, hash } = run;
    const written: unknown = JSON.parse(file);
    expect(written).toMatchObject({ engine, world, seed, moment, hash, entries });
    expect(name).toMatch(new RegExp(`^${engine}-`));
  });

  it.each(names)('%s, opens, and says whether it is the same', { timeout: MINUTES }, (name) => {
    const opened = openWorldAtOnce(need(readWorldFile(text(`${name}.drydock.json`))));
    if (opened.kind === 'refused') expect.unreachable(opened.why);
    const { made, now } = opened;
    expect(name).toMatch(new RegExp(`^${made}-`));
    expect(now).toBe(ENGINE_VERSION);
    if (made === now) expect(opened.kind, REMEDY).toBe('same');
    // Whatever it became, somebody can go on in it.
    expect(opened.session.type('echo here').exitCode).toBe(0);
  });
});

describe('a link to a moment', () => {
  const published = JSON.parse(readFileSync(MOMENTS, 'utf8')) as {
    readonly link: string;
    readonly decoded: MomentLink;
  }[];

  it.each(published)('of engine $decoded.engine is read as it was written', (one) => {
    expect(decodeLink(one.link)).toEqual({ kind: 'moment', link: one.decoded });
    expect(decodeWorld(one.link)).toEqual({ kind: 'moment' });
  });

  it.each(published)('of engine $decoded.engine leads there', { timeout: MINUTES }, (one) => {
    const { scenario, moment, record, engine, hash } = one.decoded;
    const parsed = parseScenario(readScenario(scenario));
    if (!parsed.ok) expect.unreachable(JSON.stringify(parsed.faults));
    const playback = play(parsed.scenario, isStep);
    const step = playback.stepOf(moment, record);
    if (engine === ENGINE_VERSION) {
      expect(step, REMEDY).toBeDefined();
      expect(playback.hashOf(step!), REMEDY).toBe(hash);
    } else if (step !== undefined) expect(playback.hashOf(step)).toMatch(/^[0-9a-f]{13}$/);
  });
});
