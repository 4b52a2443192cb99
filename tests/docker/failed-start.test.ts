import { expect, test } from 'vitest';
import { Session } from '../../src/engine/session.ts';

const processesOf = ({ world }: Session): string[] => {
  const rows = world.kernel.store.tables().get('sim/processes');
  return [...(rows?.values() ?? [])].map((row) => (row as { program: string }).program);
};

test.each([
  'docker run alpine nosuch',
  'docker run --network container:c1 alpine true',
  'docker run --rm -p 80:80 --name c2 alpine true',
])('who waits for what never starts is let go: %s', (line) => {
  const session = new Session({ preset: 'host', seed: 3 });
  session.type('docker create --name c1 alpine');
  session.type('docker run -d -p 80:80 --name web nginx:alpine');
  expect(session.type(line).exitCode).toBeGreaterThan(0);
  expect(processesOf(session)).not.toContain('docker/attach');
  session.type('docker rm -f $(docker ps -aq)');
  session.type('sleep 1');
  expect(processesOf(session)).toEqual(['terminal/session']);
  expect(session.world.kernel.store.tables().get('sim/streams')?.size).toBe(3);
});
