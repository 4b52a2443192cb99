import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/**
 * A Job's Pod is held by a finalizer until its end is counted. Where it was deleted before it
 * began, somebody has to say that it has ended.
 */
function job(pod: object) {
  const session = new Session({ preset: 'cluster', seed: 12 });
  const sh = (line: string): string => session.type(line).printed;
  const container = { name: 'main', image: 'busybox', command: ['sleep', '5'] };
  const spec = {
    podReplacementPolicy: 'Failed',
    template: { spec: { restartPolicy: 'Never', containers: [container], ...pod } },
  };
  const metadata = { name: 'sums' };
  session.write(
    'job.json',
    JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec }),
  );
  const begin = () => sh('sleep 15; kubectl apply -f job.json; sleep 2');
  const names = () => sh('kubectl get pods -o name').trim().split('\n');
  const read = (path: string) => sh(`kubectl get job sums -o jsonpath='{.status.${path}}'`);
  return { sh, begin, names, read };
}

describe('a Pod of a Job that was deleted', () => {
  it('before its kubelet saw it has failed as soon as the kubelet does, and is replaced', () => {
    const { sh, begin, names, read } = job({ nodeName: 'node-1' });
    sh('drydock fault kubelet node-1 stop');
    begin();
    const [first = ''] = names();
    sh(`kubectl delete ${first} --wait=false; sleep 10`);
    expect(names()).toEqual([first]);
    expect(read('terminating')).toBe('1');
    sh('drydock fault kubelet node-1 start; sleep 2');
    expect(names()).not.toContain(first);
    expect(read('failed')).toBe('1');
    sh('sleep 30');
    expect(read('succeeded')).toBe('1');
  });

  it('before it had a node has failed when garbage is collected, and is replaced', () => {
    const { sh, begin, names, read } = job({ nodeSelector: { disk: 'ssd' } });
    begin();
    const [first = ''] = names();
    expect(first).toMatch(/^pod\/sums-/);
    sh(`kubectl delete ${first} --wait=false; sleep 1`);
    expect(names()).toEqual([first]);
    sh('sleep 20');
    expect(names()).not.toContain(first);
    expect(read('failed')).toBe('1');
    sh('kubectl label node node-1 disk=ssd; sleep 40');
    expect(read('succeeded')).toBe('1');
  });
});
