import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/engine/sim/trace.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'compare/three-under-one-fault';
const lived = live(ID);
const { playback, printed } = lived;
const { records } = playback;
const last = records.length - 1;
const first = (fits: (record: TraceRecord) => boolean): number => records.findIndex(fits);
const dark = first(({ verb, object }) => verb === 'stop' && object === 'daemon compose-1');
const down = first(({ verb, actor }) => verb === 'down' && actor === 'dispatcher');
const notReady = first(
  ({ reason, object }) => reason === 'NodeNotReady' && object === 'Node node-1',
);
const back = first(({ verb, object }) => verb === 'start' && object === 'daemon compose-1');
const after = (step: number): number =>
  ((records[step]?.timeMs ?? 0) - (records[dark]?.timeMs ?? 0)) / 1000;

/** What the command counted: a row of its table by platform. */
function counted(row: string): Record<string, string> {
  const line = new RegExp(`^${row} +(.*)$`, 'm').exec(printed('fault'))?.[1] ?? '';
  const [compose = '', swarm = '', kubernetes = ''] = line.trim().split(/ {3,}/);
  return { compose, swarm, kubernetes };
}

describe('three platforms, of which each loses a machine', () => {
  it('notice it, each in its time', () => {
    expect(after(down)).toBeGreaterThan(10);
    expect(after(down)).toBeLessThan(20);
    expect(after(notReady)).toBeGreaterThan(40);
    expect(after(notReady)).toBeLessThan(60);
    expect(after(back)).toBeGreaterThan(after(notReady));
  });

  it('serve all, none, or what lies between', () => {
    const failed = counted('failed');
    expect(counted('served').compose).toBe('0');
    expect(Number(failed.compose)).toBe(240);
    expect(Number(failed.swarm)).toBeLessThan(Number(failed.kubernetes));
    expect(Number(failed.kubernetes)).toBeLessThan(Number(failed.compose));
    expect(counted('recovered after').compose).toBe('not yet');
  });

  it('have the task elsewhere on the swarm, and the Pod where it was in the cluster', () => {
    const between = records.slice(dark, back);
    const replaced = between.filter(
      ({ verb, actor }) => verb === 'restart' && actor === 'orchestrator',
    );
    expect(replaced.map(({ object }) => object.split('.')[0])).toContain('task bookshelf_api');
    expect(
      between.filter(({ verb, object }) => verb === 'create' && object.startsWith('Pod')),
    ).toEqual([]);
  });

  it('hear nothing of the health of containers on a machine that is dark', () => {
    const dead = ['docker/compose-1', 'docker/swarm-3'];
    const heard = records.slice(dark + 2, back).filter(({ actor }) => dead.includes(actor));
    expect(heard).toEqual([]);
  });

  it.each(locales)('are shown by their figure, all of it (%s)', (locale) => {
    const page = 'compare/compose-swarm-kubernetes';
    const { figure, faults } = figureOn(locale, page, 'three-under-one-fault', lived);
    expect(faults).toEqual([]);
    const { nodes } = figure.viewAt(notReady);
    expect(nodes.c1).toMatchObject({ state: 'failed' });
    expect(nodes.s3).toMatchObject({ state: 'failed', badge: 'Down' });
    expect(nodes.k1).toMatchObject({ state: 'unknown' });
    expect(nodes.s2b).toMatchObject({ state: 'running', label: 'api.1' });
    expect(nodes.cclients).toMatchObject({ state: 'failed' });
    expect(nodes.cclients?.badge).toMatch(/^0 \//);
    expect(nodes.sclients).toMatchObject({ state: 'running' });
    const whole = figure.viewAt(back).nodes;
    const told = { cclients: 'compose', sclients: 'swarm', kclients: 'kubernetes' } as const;
    for (const [node, platform] of Object.entries(told)) {
      const counts = `${counted('served')[platform]} / ${counted('failed')[platform]}`;
      expect(whole[node]?.badge).toBe(counts);
    }
    expect(figure.viewAt(last).nodes.c1).toMatchObject({ state: 'running' });
  });

  isAStory(lived);
});
