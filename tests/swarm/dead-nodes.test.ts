import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** A service with a task on each node, asked by way of the first one. */
function swarmOf(size: number) {
  const session = new Session({ preset: 'swarm', seed: 11 });
  const must = (line: string): string => {
    const { printed, exitCode } = session.type(line);
    if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
    return printed;
  };
  must('docker swarm init --advertise-addr 192.168.10.11');
  const join = must('docker swarm join-token manager')
    .split('\n')
    .find((line) => line.includes('--token'));
  for (let n = 2; n <= size; n++) must(`ssh node-${n} ${join?.trim()}`);
  must('docker service create -q --name web --mode global -p 8080:80 nginx && sleep 3');
  const ask = (): boolean =>
    session.type('curl -s -m 0.2 -o /dev/null localhost:8080').exitCode === 0;
  const passedS = () => session.world.kernel.now / 1000;
  /** Asks until nothing failed for a whole round and more; gives when the last one failed, seconds. */
  const untilServed = (): { failed: number; asked: number; lastS: number } => {
    const startS = passedS();
    let [failed, asked, lastS, row] = [0, 0, 0, 0];
    while (row < 4 * size) {
      asked += 1;
      row += 1;
      if (ask()) continue;
      failed += 1;
      lastS = passedS() - startS;
      row = 0;
    }
    return { failed, asked, lastS };
  };
  return { must, ask, untilServed };
}

describe('tasks of a node that is gone', () => {
  it.each([3, 5])('are sent requests until the other nodes of %i have given it up', (size) => {
    const { must, untilServed } = swarmOf(size);
    must('drydock fault machine node-2 down');
    const { failed, lastS } = untilServed();
    expect(failed).toBeGreaterThan(2);
    // Found out by a probe, suspected for four seconds: much earlier than the managers notice.
    expect(lastS).toBeGreaterThan(4);
    expect(lastS).toBeLessThan(11);
    expect(must('docker node ls')).toMatch(/node-2 +Ready/);
  });

  it('are one in three of the requests meanwhile', () => {
    const { must, ask } = swarmOf(3);
    must('drydock fault machine node-3 down');
    const answers = [1, 2, 3, 4, 5, 6].map(() => ask());
    expect(answers.filter((isServed) => !isServed)).toHaveLength(2);
  });

  it('are never asked where its daemon said that it leaves', () => {
    const { must, untilServed } = swarmOf(3);
    must('drydock fault daemon node-2 stop');
    expect(untilServed().failed).toBe(0);
  });

  it('are asked on and on where others still hear of the node', () => {
    const { must, ask } = swarmOf(3);
    must('drydock fault link node-1 node-2 cut; sleep 30');
    expect([1, 2, 3].map(() => ask()).filter((isServed) => !isServed)).toHaveLength(1);
    must('drydock fault link node-1 node-2 mend');
    expect([1, 2, 3].every(() => ask())).toBe(true);
  });

  it('serve again a moment after the node is back', () => {
    const { must, untilServed } = swarmOf(3);
    must('drydock fault machine node-2 down; sleep 10; drydock fault machine node-2 up; sleep 20');
    expect(
      must('docker service ps web --filter desired-state=running -q').split('\n'),
    ).toHaveLength(4);
    expect(untilServed().failed).toBe(0);
  });
});
