import { describe, expect, it } from 'vitest';
import { smallCluster, WEB } from './small-cluster.ts';

function serving() {
  const world = smallCluster();
  world.write('web.yaml', WEB);
  world.sh('kubectl apply -f web.yaml');
  world.sh('kubectl rollout status deployment/web');
  const client = world.cluster.client('test');
  const web = () => client.get('deployments', 'default', 'web');
  const progressing = () => web()?.status.conditions?.find(({ type }) => type === 'Progressing');
  return { ...world, client, web, progressing };
}

describe('kubectl rollout', () => {
  it('pauses: a new template waits, a new size does not, and resume lets it out', () => {
    const { kernel, sh, client, progressing } = serving();
    const sets = () => [...client.scan('replicasets', 'default')];
    expect(sh('kubectl rollout pause deployment/web').out).toBe('deployment.apps/web paused\n');
    expect(sh('kubectl rollout pause deployment/web')).toEqual({
      out: '',
      err: 'error: deployments.apps "web" is already paused\n',
      code: 1,
    });
    sh('kubectl set image deployment/web web=nginx:1.29.3-alpine');
    sh('kubectl scale deployment/web --replicas=5');
    kernel.advance(kernel.now + 700_000);
    expect(sets().map(({ spec }) => spec.replicas)).toEqual([5]);
    expect(progressing()).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    expect(sh('kubectl rollout undo deployment/web').err).toContain(
      'error: no rollout history found for deployment "web"',
    );
    expect(sh('kubectl rollout restart deployment/web').err).toBe(
      'error: deployments.apps "web" can\'t restart paused deployment (run rollout resume first)\n',
    );
    expect(sh('kubectl rollout resume deployment/web').out).toBe('deployment.apps/web resumed\n');
    expect(sh('kubectl rollout status deployment/web').code).toBe(0);
    expect(sets().map(({ spec }) => spec.replicas)).toEqual(expect.arrayContaining([0, 5]));
    expect(progressing()?.reason).toBe('NewReplicaSetAvailable');
    expect(sh('kubectl rollout resume deployment/web').err).toBe(
      'error: deployments.apps "web" is not paused\n',
    );
  });

  it('shows what a revision was made of', () => {
    const { sh } = serving();
    sh('kubectl set image deployment/web web=nginx:1.29.3-alpine');
    const first = sh('kubectl rollout history deployment/web --revision=1').out;
    expect(first).toMatch(
      /^deployment\.apps\/web with revision #1\nPod Template:\n {2}Labels:\tapp=web\n\tpod-template-hash=\w+\n/,
    );
    expect(first).toContain('    Image:\tnginx:1.29-alpine\n    Port:\t80/TCP\n');
    expect(sh('kubectl rollout history deployment/web --revision=7').err).toBe(
      'error: unable to find the specified revision\n',
    );
  });

  it('warns when it undoes what apply has made', () => {
    const { sh } = serving();
    sh('kubectl set image deployment/web web=nginx:1.29.3-alpine');
    expect(sh('kubectl rollout undo deployment/web').err).toMatch(
      /^Warning: resource deployments\/web was previously managed with 'kubectl apply'\./,
    );
  });
});

describe('kubectl waits no longer than it is told', () => {
  it('for a rollout', () => {
    const { kernel, sh } = serving();
    sh('kubectl set image deployment/web web=nginx:no-such-tag');
    const beganMs = kernel.now;
    expect(sh('kubectl rollout status deployment/web --timeout=30s')).toMatchObject({
      err: 'error: timed out waiting for the condition\n',
      code: 1,
    });
    expect(kernel.now - beganMs).toBeGreaterThanOrEqual(30_000);
    expect(kernel.now - beganMs).toBeLessThan(30_100);
    expect(sh('kubectl rollout status deployment/web --timeout=5').err).toContain(
      'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"',
    );
  });

  it('for what it deletes', () => {
    const { cluster, sh, client } = serving();
    const pod = [...client.scan('pods', 'default')].find((p) => p.spec.nodeName === 'node-2');
    const name = pod?.metadata.name ?? '';
    cluster.setSilent('node-2', true);
    expect(sh(`kubectl delete pod ${name} --timeout=10s`)).toEqual({
      out: `pod "${name}" deleted from default namespace\n`,
      err: `error: timed out waiting for the condition on pods/${name}\n`,
      code: 1,
    });
  });
});

describe('kubectl describe', () => {
  it('lines a Deployment up as the real one does', () => {
    const { sh } = serving();
    const lines = sh('kubectl describe deployment web').out.split('\n');
    expect(lines.slice(0, 10)).toEqual([
      'Name:                   web',
      'Namespace:              default',
      'CreationTimestamp:      Mon, 05 Jan 2026 00:00:00 +0000',
      'Labels:                 <none>',
      'Annotations:            deployment.kubernetes.io/revision: 1',
      'Selector:               app=web',
      'Replicas:               3 desired | 3 updated | 3 total | 3 available | 0 unavailable',
      'StrategyType:           RollingUpdate',
      'MinReadySeconds:        0',
      'RollingUpdateStrategy:  25% max unavailable, 25% max surge',
    ]);
    expect(lines).toContain('  Progressing    True    NewReplicaSetAvailable');
    expect(lines).toContain('OldReplicaSets:  <none>');
  });

  it('tells of a Pod where it runs and what happened to it', () => {
    const { sh, client } = serving();
    const [pod] = [...client.scan('pods', 'default')];
    const text = sh(`kubectl describe pod ${pod?.metadata.name ?? ''}`).out;
    expect(text).toContain(`Node:             ${pod?.spec.nodeName ?? ''}/10.0.0.`);
    expect(text).toContain('Status:           Running\n');
    expect(text).toContain('  PodScheduled                True \n');
    expect(text).toMatch(/ {2}Normal {2}Pulling {4}\S+ {4}kubelet {12}spec\.containers\{web\}: /);
    expect(text).toMatch(/Readiness: {4}http-get http:\/\/:80\/ delay=0s timeout=1s period=2s /);
  });
});

it('kubectl refuses what it cannot read, in the words of the real one', () => {
  const { sh } = smallCluster();
  expect(sh('kubectl scale deploy/web --replicas=x').err).toBe(
    'error: invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid ' +
      "syntax\nSee 'kubectl scale --help' for usage.\n",
  );
  expect(sh('kubectl set frob').err).toBe(
    'error: unknown command "frob"\nSee \'kubectl set -h\' for help and examples\n',
  );
  expect(sh('kubectl set image').err).toMatch(
    /^error: You must provide one or more resources by argument or filename\.\n/,
  );
});

it('kubectl alone says what it can do', () => {
  const { sh } = smallCluster();
  expect(sh('kubectl')).toMatchObject({ code: 0, err: '' });
  expect(sh('kubectl --help').out).toContain(
    '  rollout         Manage the rollout of a resource\n',
  );
});
