import { describe, expect, it } from 'vitest';
import { parseBindings } from './bindings.ts';

const faultsOf = (line: string) => parseBindings(`flowchart LR\n${line}`).faults;

describe('bindings', () => {
  it('reads every form with its line', () => {
    const { bindings, faults } = parseBindings(`flowchart LR
      %% a plain comment
      %% bind node web = deployment/web
      %%bind node registry = registry
      a --> b
      %% bind node slot1 = pod[app=web,tier=front]#2
      %% bind edge e1 = api kubectl->apiserver`);
    expect(faults).toEqual([]);
    expect(bindings).toEqual([
      {
        type: 'node',
        node: 'web',
        target: { type: 'object', kind: 'deployment', name: 'web' },
        line: 3,
      },
      { type: 'node', node: 'registry', target: { type: 'member', name: 'registry' }, line: 4 },
      {
        type: 'node',
        node: 'slot1',
        target: { type: 'slot', kind: 'pod', labels: { app: 'web', tier: 'front' }, slot: 2 },
        line: 6,
      },
      { type: 'edge', edge: 'e1', channel: 'api', from: 'kubectl', to: 'apiserver', line: 7 },
    ]);
  });

  it.each([
    ['%% bind', 'is not a binding'],
    ['%% bind pod web = pod/web', 'is not a binding'],
    ['%% bind node web deployment/web', 'is not a binding'],
    ['%% bind node web = pod[app=web]', 'names no object'],
    ['%% bind node web = pod[app=web]#0', 'names no object'],
    ['%% bind node web = pod[app]#1', 'names no object'],
    ['%% bind node web = Deployment', 'names no object'],
    ['%% bind edge e1 = kubectl->apiserver', 'is no channel'],
    ['%% bind edge e1 = api kubectl', 'is no channel'],
    ['%% bind edge e1 = smoke kubectl->apiserver', 'is not a channel'],
    ['a --> b %% bind edge e1 = api a->b', 'follows a statement'],
  ])('refuses %s', (line, what) => {
    const faults = faultsOf(line);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.line).toBe(2);
    expect(faults[0]?.what).toContain(what);
    expect(faults[0]?.remedy).not.toBe('');
  });

  it('refuses a second binding of the same node', () => {
    const { bindings, faults } = parseBindings('%% bind node a = etcd\n%% bind node a = registry');
    expect(bindings).toHaveLength(1);
    expect(faults).toMatchObject([
      { line: 2, what: 'The node a is bound already, 1 lines above.' },
    ]);
  });
});
