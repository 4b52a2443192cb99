import { describe, expect, it } from 'vitest';
import type { Container, PodSpec } from '../api/pod.ts';
import { delayOf, podActions } from './pod-actions.ts';
import { NEW_CONTAINER, type ContainerWork, type PodWork } from './pod-worker-row.ts';

const named = (name: string, more: Partial<Container> = {}): Container => ({
  ...{ name, image: 'x' },
  ...more,
});
const sidecar = (name: string): Container => named(name, { restartPolicy: 'Always' });

const running: ContainerWork = { ...NEW_CONTAINER, stage: 'running', startedMs: 1, started: true };
const starting: ContainerWork = { ...NEW_CONTAINER, stage: 'starting' };
const ended = (exitCode: number): ContainerWork => ({
  ...NEW_CONTAINER,
  startedMs: 1,
  ended: { state: { exitCode }, finishedMs: 5 },
});

function actions(spec: PodSpec, containers: Record<string, ContainerWork>) {
  const work: PodWork = {
    ...{ node: 'n', namespace: 'd', name: 'p', uid: 'u', ip: '', startedMs: 0, containers },
  };
  const { start, isOver } = podActions(spec, work);
  return { start: start.map(({ name }) => name), isOver };
}

describe('what is to be done about a Pod', () => {
  const spec: PodSpec = {
    initContainers: [named('first'), sidecar('proxy'), named('second')],
    containers: [named('a'), named('b')],
  };

  it('is one init container after the other', () => {
    expect(actions(spec, {}).start).toEqual(['first']);
    expect(actions(spec, { first: running }).start).toEqual(['first']);
    expect(actions(spec, { first: ended(0) }).start).toEqual(['proxy']);
    const slow = { ...running, started: false };
    expect(actions(spec, { first: ended(0), proxy: slow }).start).toEqual([]);
    expect(actions(spec, { first: ended(0), proxy: running }).start).toEqual(['second']);
    const through = { first: ended(0), proxy: running, second: ended(0) };
    expect(actions(spec, through)).toEqual({ start: ['a', 'b'], isOver: false });
    expect(actions(spec, { ...through, a: starting }).start).toEqual(['a', 'b']);
  });

  it('is never init again once a container has run, but sidecars are kept up', () => {
    const through = { first: ended(0), proxy: running, second: ended(0), a: running, b: running };
    expect(actions(spec, through)).toEqual({ start: [], isOver: false });
    expect(actions(spec, { ...through, proxy: ended(1) }).start).toEqual(['proxy']);
    expect(actions(spec, { ...through, first: ended(1) }).start).toEqual([]);
  });

  it('is nothing any more when all have ended for good', () => {
    const never: PodSpec = { ...spec, restartPolicy: 'Never' };
    const through = { first: ended(0), proxy: running, second: ended(0) };
    const over = { start: [], isOver: true };
    expect(actions(never, { ...through, a: ended(0), b: ended(1) })).toEqual(over);
    expect(actions(never, { ...through, a: ended(0), b: running }).isOver).toBe(false);
    expect(actions(never, { first: ended(2) })).toEqual(over);
    const onFailure: PodSpec = { ...spec, restartPolicy: 'OnFailure' };
    expect(actions(onFailure, { ...through, a: ended(0), b: ended(1) }).start).toEqual(['b']);
    expect(actions(onFailure, { first: ended(2) }).start).toEqual(['first']);
  });

  it('is an ephemeral container once', () => {
    const debug: PodSpec = { containers: [named('a')], ephemeralContainers: [named('debug')] };
    expect(actions(debug, { a: running }).start).toEqual(['debug']);
    expect(actions(debug, { a: running, debug: { ...ended(0), id: 'x' } }).start).toEqual([]);
  });
});

describe('what holds a container back', () => {
  it('is its crash, its image, or what could not be made', () => {
    const backoff = { delayMs: 10_000, takenMs: 0 };
    const crashed = { ...ended(1), crashBackoff: backoff };
    expect(delayOf(crashed, 1000)).toEqual({ why: 'crash', leftMs: 9005 });
    expect(delayOf(crashed, 10_005)).toEqual({ why: 'nothing' });
    expect(delayOf({ ...NEW_CONTAINER, pullBackoff: backoff }, 4000)).toEqual({
      why: 'pull',
      leftMs: 6000,
    });
    expect(delayOf({ ...NEW_CONTAINER, againMs: 500 }, 400)).toEqual({
      why: 'refused',
      leftMs: 100,
    });
    expect(delayOf(NEW_CONTAINER, 0)).toEqual({ why: 'nothing' });
  });
});
