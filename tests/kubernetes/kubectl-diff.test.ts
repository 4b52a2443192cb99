import { describe, expect, it } from 'vitest';
import { smallCluster, WEB } from './small-cluster.ts';

describe('kubectl diff', () => {
  it('shows what apply would change, and says by its exit code whether it would', () => {
    const { sh, write } = smallCluster();
    write('web.yaml', WEB);
    expect(sh('kubectl diff -f web.yaml').out).toContain('\n@@ -0,0 +1,');
    sh('kubectl apply -f web.yaml');
    sh('kubectl rollout status deployment/web');
    expect(sh('kubectl diff -f web.yaml')).toEqual({ out: '', err: '', code: 0 });
    write('web.yaml', WEB.replace(/replicas: \d+/, 'replicas: 7'));
    const { out, code } = sh('kubectl diff -f web.yaml');
    expect(code).toBe(1);
    expect(out).toMatch(/^diff -u -N \/tmp\/LIVE-\d+\/apps\.v1\.Deployment\.default\.web /);
    expect(out).toContain('+  replicas: 7\n');
    expect(sh('kubectl get deployment web -o jsonpath={.spec.replicas}').out).not.toBe('7');
  });

  it('shows the manifest that apply noted', () => {
    const { sh, write } = smallCluster();
    write('web.yaml', WEB);
    sh('kubectl apply -f web.yaml');
    const { out } = sh('kubectl apply view-last-applied deployment/web');
    expect(out).toContain('kind: Deployment\n');
    expect(out).not.toContain('uid');
  });
});
