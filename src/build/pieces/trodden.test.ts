import { describe, expect, it } from 'vitest';
import { PARTS, Trodden } from './trodden.ts';

const runs = [
  ...['loading', 'containers/one', 'containers/two', 'images/three', 'host 1', 'host 2'],
  ...['orchestration/one', 'orchestration/two', 'compose/one', 'delivery/one'],
];
const at = (...names: readonly string[]): number[] => names.map((name) => runs.indexOf(name));
const docker = ['containers/one', 'containers/two', 'images/three', 'host 1', 'host 2'];

const trodden = new Trodden({
  runs,
  modules: {
    'src/engine/docker/daemon.ts': {
      start: at(...docker),
      stop: at(...docker.slice(1)),
      pause: at('containers/one', 'delivery/one'),
      top: at('containers/two', 'compose/one'),
      kill: at('containers/two', 'orchestration/one'),
      serve: at('orchestration/one', 'orchestration/two'),
      share: at('orchestration/one', 'compose/one'),
      table: at('loading', ...docker.slice(1)),
      ship: at('delivery/one'),
    },
    'src/engine/kubernetes/watch.ts': { watch: at('orchestration/one', 'orchestration/two') },
    'src/engine/sim/kernel.ts': {},
    'node_modules/yaml/dist/parse.js': { parse: at('compose/one') },
  },
});

describe('what is trodden', () => {
  it.each([
    ['is used by all worlds of its platform', 'docker/daemon', 'start', 'usual'],
    ['is used by many', 'docker/daemon', 'stop', 'warm/docker'],
    ['is used by some', 'docker/daemon', 'pause', 'warm/docker'],
    ['is used by some, and by others', 'docker/daemon', 'top', 'warm/hosts'],
    ['is used by some, and by clusters', 'docker/daemon', 'kill', 'warm/shared'],
    ['is used by worlds of another platform', 'docker/daemon', 'serve', 'warm/kubernetes'],
    ['is used by several others', 'docker/daemon', 'share', 'warm/platforms'],
    ['is used where several are shown', 'docker/daemon', 'ship', 'warm/others'],
    ['is used by nobody', 'docker/daemon', 'constructor', 'cold/docker'],
    ['is used while modules are loaded', 'docker/daemon', 'table', undefined],
    ['is in a module that nobody knows', 'docker/other', 'start', undefined],
    ['is used by all clusters', 'kubernetes/watch', 'watch', 'usual'],
    ['holds worlds', 'sim/kernel', 'rare', 'usual'],
  ])('knows where something is that %s', (_, module, name, part) => {
    expect(trodden.partOf(`src/engine/${module}.ts`, name)).toBe(part);
    if (part !== undefined) expect(PARTS).toContain(part);
  });

  it('knows a package by what Node has of it', () => {
    expect(trodden.partOf('node_modules/yaml/browser/dist/parse.js', 'parse')).toBe('usual');
  });

  it('tells which parts a run uses', () => {
    expect(trodden.partsOf('containers/one')).toEqual(['warm/docker']);
    expect(trodden.partsOf('orchestration/one')).toEqual([
      ...['warm/kubernetes', 'warm/platforms', 'warm/shared'],
    ]);
    expect(trodden.partsOf('host 1')).toEqual(['warm/docker']);
    expect(trodden.partsOf('nowhere/one')).toEqual([]);
  });
});
