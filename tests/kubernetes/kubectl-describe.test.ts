import { describe, expect, it } from 'vitest';
import { smallCluster, WEB } from './small-cluster.ts';

function serving() {
  const world = smallCluster();
  world.write('web.yaml', WEB);
  world.sh('kubectl apply -f web.yaml');
  world.sh('kubectl rollout status deployment/web');
  return world;
}

describe('kubectl describe', () => {
  it('takes what is no name for the beginning of one', () => {
    const { sh } = serving();
    const shown = sh('kubectl describe pod we').out;
    expect(shown.match(/^Name: +web-/gm)).toHaveLength(3);
    expect(shown).not.toContain('Events:');
    expect(sh('kubectl describe pod nobody')).toEqual({
      out: '',
      err: 'Error from server (NotFound): pods "nobody" not found\n',
      code: 1,
    });
  });

  it('shows events of one object, and of several only when told to', () => {
    const { sh } = serving();
    const [first = '', second] = sh('kubectl get pods -o name').out.trim().split('\n');
    expect(sh(`kubectl describe ${first}`).out).toMatch(/\nEvents:\n(.*\n)+.* kubelet /);
    expect(sh(`kubectl describe ${first} --show-events=false`).out).not.toContain('Events:');
    const both = `kubectl describe ${first} ${second ?? ''}`;
    expect(sh(both).out).not.toContain('Events:');
    expect(sh(both).out).toMatch(/\n\n\nName: +web-/);
    expect(sh(`${both} --show-events`).out.match(/^Events:/gm)).toHaveLength(2);
  });

  it('says when there is nothing, and when it was not told what', () => {
    const { sh } = serving();
    expect(sh('kubectl describe jobs')).toEqual({
      out: '',
      err: 'No resources found in default namespace.\n',
      code: 0,
    });
    expect(sh('kubectl describe').err).toBe(
      'error: You must specify the type of resource to describe. Use "kubectl api-resources" ' +
        'for a complete list of supported resources.\n',
    );
  });

  it('has words for every kind that a cluster has', () => {
    const { sh } = serving();
    const kinds = sh('kubectl api-resources --verbs=list -o name').out.trim().split('\n');
    expect(kinds.length).toBeGreaterThan(25);
    for (const kind of kinds) {
      const { out, err, code } = sh(`kubectl describe ${kind} -A`);
      const said = err.replace(/^Warning: v1 \w+ is deprecated in .*\n/gm, '');
      const isFine = said === '' || said.startsWith('No resources found');
      expect([kind, code, isFine], err).toEqual([kind, 0, true]);
      expect(out).not.toMatch(/undefined|\[object/);
    }
  });
});
