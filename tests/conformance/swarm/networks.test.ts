import { expect, it } from 'vitest';
import { swarmSession } from '../../swarm/swarm-session.ts';

it('network-in-use', () => {
  const { found, must, type, pass } = swarmSession();
  found(1, 0);
  const network = must('docker network create -d overlay back').trim();
  pass(1);
  const service = must('docker service create -d --network back alpine:3.22 sleep 1d').trim();
  expect(type('docker network rm back')).toContain(
    `desc = network ${network} is in use by service ${service}\n`,
  );
});
