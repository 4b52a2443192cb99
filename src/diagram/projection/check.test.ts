import { beforeAll, describe, expect, it } from 'vitest';
import { play } from '../../scenarios/play.ts';
import type { Playback } from '../../scenarios/playback.ts';
import { parseScenario, type Scenario } from '../../scenarios/scenario.ts';
import { parseBindings } from '../bindings.ts';
import { isStep } from '../captions.ts';
import type { Graph } from '../graph.ts';
import { faultsOfFigure } from './check.ts';
import type { Cast } from './journeys.ts';

const graph: Graph = {
  kind: 'flowchart',
  title: '',
  description: '',
  nodes: ['you', 'docker', 'thing'].map((id) => {
    return { id, label: id, shape: 'box', classes: [], parent: null };
  }),
  edges: [{ id: 'type', from: 'you', to: 'docker', label: '', line: 'solid', relation: 'arrow' }],
  steps: [],
};

function read(definition: string): Scenario {
  const parsed = parseScenario({ id: 'trial/trial', definition, files: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.scenario;
}

const begun = (preset: string, machine: string, before: string, run: string): Scenario =>
  read(`title: { ko: 하나, en: One }
about: { ko: 하나., en: One. }
preset: ${preset}
seed: 7
machine: ${machine}
directory: /root
cast:
  developer: [developer, docker-cli, kubectl]
  daemon: [docker/${machine}, apiserver]
before: ${before}
steps:
  - id: run
    title: { ko: 실행, en: run }
    run: ${run}
`);

const scenario = begun(
  'host',
  'host',
  '[docker pull -q alpine]',
  'docker run -d --name web alpine sleep 1d',
);
let playback: Playback;
beforeAll(() => {
  playback = play(scenario, isStep);
});

const ALL = ['%% bind node you = developer', '%% bind node docker = daemon'];

function faults(lines: readonly string[], lived = playback, cast: Cast = scenario.cast) {
  const { bindings, faults: ofForm } = parseBindings([...ALL, ...lines].join('\n'));
  expect(ofForm).toEqual([]);
  return faultsOfFigure(lived, bindings, graph, cast).map(
    ({ line, what, remedy }) => `${line} ${what} ${remedy}`,
  );
}

describe('a figure that does not show its scenario', () => {
  it('is sound as long as everything is met', () => {
    expect(faults(['%% bind node thing = container/web'])).toEqual([]);
    expect(faults(['%% bind edge type = api developer->daemon'])).toEqual([]);
  });

  it.each([
    ['node thing = container/wbe', '3 thing never meets its object, container/wbe.'],
    ['node thing = pod[app=web]#1', '3 No pod[app=web] ever fills thing'],
    ['node thing = daemn', '3 daemn is not in the cast. The cast is developer, daemon.'],
    ['node thing = constructor/web', '3 No figure shows a constructor. Use '],
    ['node thing = constructor', '3 constructor is not in the cast.'],
    ['node thing = constructor[a=b]#1', '3 No slot takes a constructor. Use '],
    ['edge type = bytes developer->daemon', '3 Nothing ever travels along type: bytes developer->'],
    ['edge type = bytes developer->daemon', 'What travels in this scenario: api developer->daemon'],
  ])('tells of %s', (binding, told) => {
    expect(faults([`%% bind ${binding}`]).join('\n')).toContain(told);
  });

  it('tells of a member of the cast whom nothing in the trace is called by', () => {
    const cast = { developer: ['developer', 'docker-cli'], daemon: ['docker/hots'] };
    const [first] = faults([], playback, cast);
    expect(first).toMatch(/^1 daemon, a member of the cast, never takes part as docker\/hots\./);
    expect(first).toContain('docker/host');
  });

  it('tells what makes a story too long to be stepped through', () => {
    const records = Array.from({ length: 1001 }, () => playback.records).flat();
    const worldAt = () => playback.worldAt(0);
    const long = { records, worldAt } as unknown as Playback;
    const [told] = faults([], long);
    expect(told).toMatch(/^1 The scenario has \d{4,} steps; 1000 are the most\. .*"omit: \[[a-z]+/);
  });
});

describe('what a node can stand for', () => {
  it('is a DaemonSet, a ReplicaSet and a Job, without code of its own', () => {
    const job = 'kubectl create job once --image=busybox:1.37 -- true';
    const make = `${job} && kubectl wait --for=condition=Complete job/once`;
    const lived = play(begun('cluster', 'workstation', '[]', make), isStep);
    expect(faults(['%% bind node thing = job/once'], lived)).toEqual([]);
    const none = faults(['%% bind node thing = daemonset/once'], lived);
    expect(none.join()).toContain('never meets');
  });

  it('is a service of a swarm, by its running tasks', () => {
    const create = 'docker service create --quiet --name web --replicas 2 nginx';
    const story = begun('swarm', 'node-1', '[docker swarm init]', create);
    const cast = { ...story.cast, daemon: ['docker/node-1', 'manager/node-1', 'orchestrator'] };
    const lived = play({ ...story, cast }, isStep);
    expect(faults(['%% bind node thing = service/web'], lived, cast)).toEqual([]);
    expect(faults(['%% bind node thing = service/wbe'], lived, cast).join()).toContain(
      'never meets',
    );
  });
});
