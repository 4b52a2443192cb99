import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/engine/sim/trace.ts';
import { inspect } from '../../src/diagram/inspect.ts';
import { containerOf } from '../../src/diagram/projection/docker-subjects.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'compose/start-order';
const [DB, CHECK] = ['order-db-1', 'order-check-1'];
const lived = live(ID);
const { playback, during, endOf } = lived;
const last = playback.records.length - 1;

/** The first record of a step that did this to that container. */
function first(step: string, verb: string, name: string): TraceRecord {
  const found = during(step).find(
    (record) => record.verb === verb && record.object === `container ${name}`,
  );
  if (!found) throw new Error(`${step} has no ${verb} of ${name}`);
  return found;
}

describe('the order of a start', () => {
  it('begins with the database, also without a condition', () => {
    const [db, check] = [DB, CHECK].map((name) => first('plain', 'start', name).timeMs);
    expect(check).toBeGreaterThan(db ?? Infinity);
    expect((check ?? Infinity) - (db ?? 0)).toBeLessThan(1_000);
  });

  it('does not wait without a condition: the question comes before anybody listens', () => {
    const plain = during('plain');
    expect(plain.filter(({ verb }) => verb === 'listen')).toEqual([]);
    const refused = plain.find(({ verb }) => verb === 'refuse');
    expect(refused).toMatchObject({ actor: `container ${DB}`, detail: { port: 3306 } });
    expect(first('plain', 'exit', CHECK).detail?.exitCode).toBe(1);
    const world = playback.worldAt(endOf('plain'));
    expect(containerOf(world, DB)?.State).toBe('running');
    expect(containerOf(world, CHECK)?.Status).toMatch(/^Exited \(1\)/);
  });

  it('removes all of it with down', () => {
    const world = playback.worldAt(endOf('down'));
    expect([DB, CHECK].map((name) => containerOf(world, name))).toEqual([undefined, undefined]);
  });

  it('waits with a condition until the health check succeeds', () => {
    const healthy = first('healthy', 'healthy', DB);
    const start = first('healthy', 'start', CHECK);
    expect(healthy.timeMs - first('healthy', 'start', DB).timeMs).toBeGreaterThan(9_000);
    expect(start.timeMs).toBeGreaterThan(healthy.timeMs);
    // Compose looks every half second.
    expect(start.timeMs - healthy.timeMs).toBeLessThan(1_000);
  });

  it('has the question answered then', () => {
    const asked = during('healthy').find(
      ({ verb, actor }) => verb === 'request' && actor === `container ${CHECK}`,
    );
    expect(asked?.flow?.to).toBe(`container ${DB}`);
    expect(first('healthy', 'exit', CHECK).detail?.exitCode).toBe(0);
  });

  it('can tell that somebody who typed up is the cause', () => {
    const { why } = inspect(playback.worldAt(last), `container ${CHECK}`, 'en');
    expect(why[0]).toMatchObject({ actor: 'developer', object: 'docker compose up -d' });
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'compare/compose', 'compose-start-order', lived);
    expect(faults).toEqual([]);
    const at = (step: string) => figure.viewAt(endOf(step)).nodes;
    expect(at('plain').check).toMatchObject({ state: 'failed', badge: 'exited 1' });
    expect(at('plain').db).toMatchObject({ state: 'running', badge: 'running' });
    // A tool, which neither runs nor fails.
    expect(at('plain').compose).not.toHaveProperty('state');
    expect(at('down').db).toMatchObject({ state: 'empty' });
    expect(at('healthy').db).toMatchObject({ state: 'running', badge: 'healthy' });
    expect(at('healthy').check).toMatchObject({ state: 'succeeded', badge: 'exited 0' });
    const waiting = playback.records.indexOf(first('healthy', 'start', DB));
    expect(figure.viewAt(waiting + 1).nodes.db).toMatchObject({
      state: 'starting',
      badge: 'starting',
    });
    const travelled = during('healthy').flatMap(
      (record) => figure.journeyOf(playback.records.indexOf(record))?.legs ?? [],
    );
    expect(travelled.filter(({ edge }) => edge === 'ask').map(({ reversed }) => reversed)).toEqual([
      false,
      true,
    ]);
  });

  it.each(locales)('starts what the page shows (%s)', (locale) => {
    const page = readFileSync(`content/docs/${locale}/compare/compose.mdx`, 'utf8');
    const files = lived.scenario.files.map(({ path, content }) => [path, page.includes(content)]);
    expect(files).toEqual([
      ['/root/order/compose.yaml', true],
      ['/root/order/healthy.yaml', true],
    ]);
  });

  isAStory(lived);
});
