import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';

/**
 * The columns READY, STATUS and RESTARTS of `kubectl get pods -w`, where they changed.
 */
function watched(limitSeconds: number, sh: string, spec = {}): string[] {
  const { create, begin, output, advance } = podStories();
  const watch = begin('kubectl get pods --watch --no-headers');
  create('app', [{ sh }], spec);
  advance(limitSeconds);
  const rows = output(watch.stdout)
    .trim()
    .split('\n')
    .map((row) => /^app +(\S+ +\S+ +\d+(?: \(\S+ ago\))?) +\S+$/.exec(row)?.[1] ?? row)
    .map((row) => row.replace(/ +/g, ' ').replace(/\(\d+s ago\)/, '(…)'));
  return rows.filter((row, i) => row !== rows[i - 1]);
}

describe('kubectl get pods says of a Pod', () => {
  it('that crashes: how it ended, that it runs again, how it ended, that it is held back', () => {
    expect(watched(28, 'sleep 5; exit 3')).toEqual([
      '0/1 Pending 0',
      '0/1 ContainerCreating 0',
      '1/1 Running 0',
      '0/1 Error 0',
      '1/1 Running 1 (…)',
      '0/1 Error 1 (…)',
      '0/1 CrashLoopBackOff 1 (…)',
      '1/1 Running 2 (…)',
      '0/1 Error 2 (…)',
      '0/1 CrashLoopBackOff 2 (…)',
    ]);
  });

  it('whose init container fails: the same, of its initialization', () => {
    const initContainers = [
      { name: 'init', image: 'alpine:3.22', command: ['sh', '-c', 'sleep 1; exit 1'] },
    ];
    expect(watched(8, 'sleep 100', { initContainers })).toEqual([
      '0/1 Pending 0',
      '0/1 Init:0/1 0',
      '0/1 Init:Error 0',
      '0/1 Init:0/1 1 (…)',
      '0/1 Init:Error 1 (…)',
      '0/1 Init:CrashLoopBackOff 1 (…)',
    ]);
  });
});

describe('kubectl logs', () => {
  it('has nothing to show of a Pod without a node; exec finds no host', () => {
    const { sh, write } = podStories();
    const spec =
      '  nodeSelector: {disk: none}\n  containers:\n  - {name: app, image: alpine:3.22}\n';
    write('far.yaml', `apiVersion: v1\nkind: Pod\nmetadata: {name: far}\nspec:\n${spec}`);
    sh('kubectl apply -f far.yaml');
    expect(sh('kubectl logs far')).toEqual({ code: 0, out: '', err: '' });
    const refused = 'Error from server (BadRequest): pod far does not have a host assigned\n';
    expect(sh('kubectl exec far -- true')).toEqual({ code: 1, out: '', err: refused });
  });
});
