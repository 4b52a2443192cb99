import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/diagram/inspect.ts';
import { faultsOfFigure } from '../../src/diagram/projection/check.ts';
import { findCondition } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { TraceRecord } from '../../src/engine/sim/trace.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'delivery/code-to-cluster';
const lived = live(ID);
const { playback, scenario } = lived;
const last = playback.records.length - 1;
const chapter = (id: string): number =>
  playback.chapters.find((one) => one.id === id)?.firstStep ?? Number.NaN;
const between = (from: string, to: string): TraceRecord[] =>
  playback.records.slice(chapter(from), chapter(to));
const done = (records: readonly TraceRecord[], actor: string, verb: string) =>
  records.filter((record) => record.actor === actor && record.verb === verb);

function podsAt(step: number) {
  const client = playback.worldAt(step).cluster?.client;
  const pods = client ? [...client.scan('pods', 'default')] : [];
  const isReady = (pod: (typeof pods)[number]) =>
    findCondition(pod.status.conditions, 'Ready')?.status === 'True';
  return {
    all: pods.filter((pod) => pod.metadata.deletionTimestamp === undefined),
    ready: pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod)),
  };
}

describe(ID, () => {
  it('sends every layer with the first push, and only what changed with the second', () => {
    const first = between('push', 'apply');
    const second = between('repush', 'update');
    expect(done(first, 'docker/workstation', 'push-skip')).toEqual([]);
    const blobs = (records: readonly TraceRecord[], verb: string) =>
      done(records, 'docker/workstation', verb).map((record) => record.object);
    const sent = blobs(first, 'push-blob');
    const skipped = blobs(second, 'push-skip');
    expect(sent).toEqual(expect.arrayContaining(skipped));
    // Of the layers and the configuration, one layer and the configuration are new.
    expect(skipped).toHaveLength(sent.length - 2);
    expect(blobs(second, 'push-blob')).toHaveLength(2);
    expect(sent).not.toEqual(expect.arrayContaining(blobs(second, 'push-blob')));
  });

  it('reuses the cache up to the file that changed', () => {
    const rebuilt = between('rebuild', 'repush');
    const cached = done(rebuilt, 'docker/workstation', 'step-cached').map(
      (record) => record.detail?.step,
    );
    expect(cached).toEqual([
      '[1/4] FROM nginx:1.29-alpine',
      '[2/4] RUN apk add --no-cache jq',
      '[3/4] COPY default.conf /etc/nginx/conf.d/default.conf',
    ]);
    expect(
      done(rebuilt, 'docker/workstation', 'step').map((record) => record.detail?.step),
    ).toEqual(['[4/4] COPY site/ /usr/share/nginx/html/']);
  });

  it('gives each of the three Pods a node of its own', () => {
    const nodes = podsAt(chapter('load')).ready.map((pod) => pod.spec.nodeName);
    expect(nodes).toHaveLength(3);
    expect(new Set(nodes)).toEqual(new Set(['node-1', 'node-2', 'node-3']));
  });

  it('pulls whole images the first time, and on the same nodes only what is missing later', () => {
    const first = between('apply', 'load');
    const second = playback.records.slice(chapter('update'));
    for (const node of ['node-1', 'node-2', 'node-3']) {
      const fetched = (records: readonly TraceRecord[]) =>
        done(records, `containerd/${node}`, 'fetch').reduce(
          (sum, r) => sum + (r.flow?.bytes ?? 0),
          0,
        );
      expect(fetched(first)).toBeGreaterThan(20_000_000);
      expect(fetched(second)).toBeGreaterThan(0);
      expect(fetched(second)).toBeLessThan(20_000);
    }
  });

  it('never has fewer than three Pods ready or more than four during the update', () => {
    let most = 0;
    for (let step = chapter('update'); step <= last; step++) {
      const { all, ready } = podsAt(step);
      expect(ready.length).toBeGreaterThanOrEqual(3);
      expect(all.length).toBeLessThanOrEqual(4);
      most = Math.max(most, all.length);
    }
    expect(most).toBe(4);
    const images = podsAt(last).ready.map((pod) => pod.spec.containers[0]?.image);
    expect(images).toEqual(Array(3).fill('registry.local:5000/web:1.1'));
  });

  it('answers every request, the old version first and the new one at the end', () => {
    const { load } = playback.worldAt(last);
    expect(load.served).toBeGreaterThan(8);
    expect(load.failed).toBe(0);
    const versions = done(playback.records, 'client', 'served').map((record) => {
      const [, name = ''] = /^Pod default\/(.+)$/.exec(String(record.detail?.by)) ?? [];
      return name.replace(/-[^-]+$/, '');
    });
    expect(new Set(versions).size).toBe(2);
    expect(versions[0]).not.toBe(versions.at(-1));
  });

  it('can tell of every Pod why it is there, back to what the developer typed', () => {
    const world = playback.worldAt(last);
    for (const pod of podsAt(last).ready) {
      const name = `Pod default/${pod.metadata.name}`;
      const { why, state, facts } = inspect(world, name, 'en');
      expect(why[0]).toMatchObject({ actor: 'developer', verb: 'run' });
      expect(why[0]?.object).toMatch(/^kubectl set image deployment\/web /);
      expect(state).toBe('running');
      expect(facts).toContainEqual(['node', pod.spec.nodeName]);
    }
  });

  it('finds the way back to every step by its moment and record', () => {
    playback.records.forEach(({ id }, step) => {
      const moment = playback.momentOf(step);
      expect(playback.stepOf(moment, id)).toBe(step);
      const lastOfMoment = playback.stepOf(moment) ?? -1;
      expect(lastOfMoment).toBeGreaterThanOrEqual(step);
      expect(playback.momentOf(lastOfMoment)).toEqual(moment);
    });
    const end = playback.momentOf(last);
    expect(playback.stepOf({ ...end, sequence: end.sequence + 1 })).toBeUndefined();
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'scenarios/code-to-cluster';
    const { figure, faults, bindings, graph } = figureOn(locale, page, 'code-to-cluster', lived);
    expect(faults).toEqual([]);
    expect(figure.viewAt(last).nodes.service).toMatchObject({ state: 'running', badge: '3' });
    const unmet = bindings.map((b) =>
      b.type === 'node' && b.target.type === 'object'
        ? { ...b, target: { ...b.target, name: 'nobody' } }
        : b,
    );
    expect(faultsOfFigure(playback, unmet, graph, scenario.cast)[0]?.what).toBe(
      'service never meets its object, service/nobody.',
    );
  });

  isAStory(lived);
});
