import { expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import { createWorld, type ShellAction } from '../../src/engine/world.ts';

it('starts no Docker on a machine that has none when its power comes back', () => {
  const { kernel } = createWorld({ preset: 'cluster', seed: 7 });
  const type = (line: string): void => {
    const typed: ShellAction = { type: 'shell', machine: 'workstation', line };
    kernel.dispatch(typed);
    kernel.advance(kernel.now + 1000);
  };
  for (const machine of ['node-1', 'workstation']) {
    type(`drydock fault machine ${machine} down`);
    type(`drydock fault machine ${machine} up`);
  }
  const daemons = [...kernel.trace.since(0)].filter(({ object }) => object.startsWith('daemon '));
  expect(daemons.map(({ verb, object }) => `${verb} ${object}`)).toEqual([
    'stop daemon workstation',
    'start daemon workstation',
  ]);
});

it('knows no exit code of containers that ran when the power went', () => {
  const session = new Session({ preset: 'host', seed: 1 });
  const type = (line: string): string => session.type(line).printed;
  for (const name of ['lost', 'stopped']) type(`docker run -d --name ${name} nginx`);
  type('docker stop stopped');
  type('drydock fault machine host down');
  type('sleep 30');
  type('drydock fault machine host up');
  type('sleep 5');
  expect(type("docker ps -a --format '{{.Names}} {{.Status}}'")).toBe(
    'stopped Exited (0) 35 seconds ago\nlost Exited (255) 5 seconds ago\n',
  );
});

it('reports Pods whose containers ran when the power went as ended for an unknown reason', () => {
  const session = new Session({ preset: 'cluster', seed: 1 });
  const type = (line: string): string => session.type(line).printed;
  type('kubectl run web --image=nginx');
  type('kubectl wait --for=condition=Ready pod/web');
  const node = type("kubectl get pod web -o jsonpath='{.spec.nodeName}'");
  type(`drydock fault machine ${node} down`);
  type('sleep 5');
  type(`drydock fault machine ${node} up`);
  type('sleep 15');
  const last = '{.status.containerStatuses[0].lastState.terminated}';
  const { reason, exitCode } = JSON.parse(type(`kubectl get pod web -o jsonpath='${last}'`)) as {
    reason: string;
    exitCode: number;
  };
  expect({ reason, exitCode }).toEqual({ reason: 'Unknown', exitCode: 255 });
});
