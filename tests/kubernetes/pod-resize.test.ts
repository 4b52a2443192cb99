import { describe, expect, it } from 'vitest';
import { scenario } from './scenario-session.ts';

/** A Pod on node-1, which has two processors, and what is said of it. */
function resizing() {
  const { sh, code } = scenario();
  const run = (name: string, container: object): string => {
    const containers = [{ name: 'app', image: 'alpine:3.22', ...container }];
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
      spec: { nodeName: 'node-1', containers },
    };
    return sh(`echo '${JSON.stringify(pod)}' | kubectl apply -f -`);
  };
  const idle = { command: ['sleep', '100000'] };
  const resize = (name: string, resources: object): string => {
    const patch = JSON.stringify({ spec: { containers: [{ name: 'app', resources }] } });
    return sh(`kubectl patch pod ${name} --subresource resize -p '${patch}'`);
  };
  const of = (name: string, path: string): string =>
    sh(`kubectl get pod ${name} -o jsonpath='{${path}}'`);
  const status = (name: string, path: string): string =>
    of(name, `.status.containerStatuses[0].${path}`);
  return { sh, code, run, idle, resize, of, status };
}

const size = (cpu: string, memory: string) => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
});

describe('a Pod that runs gets another size', () => {
  it('in place, without a restart', () => {
    const { sh, run, idle, resize, status, of } = resizing();
    run('web', { ...idle, resources: size('200m', '64Mi') });
    sh('sleep 10s');
    expect(resize('web', size('500m', '128Mi'))).toBe('pod/web patched\n');
    sh('sleep 2s');
    expect(status('web', 'resources.limits')).toBe('{"cpu":"500m","memory":"128Mi"}');
    expect(status('web', 'allocatedResources.cpu')).toBe('500m');
    expect(status('web', 'restartCount')).toBe('0');
    expect(of('web', '.metadata.generation')).toBe('2');
    expect(sh('kubectl exec web -- cat /sys/fs/cgroup/memory.max').trim()).toBe(
      String(128 * 2 ** 20),
    );
    const sizes =
      '{"containers":[{"name":"app","resources":{"limits":{"cpu":"500m","memory":"128Mi"},' +
      '"requests":{"cpu":"500m","memory":"128Mi"}}}],"generation":2}';
    const told = sh('kubectl describe pod web');
    expect(told).toContain(`Pod resize started: ${sizes}`);
    expect(told).toContain(`Pod resize completed: ${sizes}`);
  });

  it('by a restart, where its policy says so', () => {
    const { sh, run, idle, resize, status, of } = resizing();
    run('web', {
      ...idle,
      resources: size('200m', '64Mi'),
      resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }],
    });
    sh('sleep 10s');
    resize('web', size('300m', '64Mi'));
    sh('sleep 2s');
    expect(status('web', 'restartCount')).toBe('0');
    resize('web', size('300m', '128Mi'));
    sh('sleep 2s');
    expect(of('web', '.status.conditions[?(@.type=="PodResizeInProgress")].status')).toBe('True');
    sh('sleep 40s');
    expect(status('web', 'restartCount')).toBe('1');
    expect(status('web', 'resources.limits.memory')).toBe('128Mi');
    const told = sh('kubectl describe pod web');
    expect(told).toContain('Container app resize requires restart');
    expect(told).not.toContain('PodResizeInProgress');
  });

  it('not below the memory that it uses', () => {
    const { sh, run, idle, resize, status, of } = resizing();
    run('web', { ...idle, resources: size('200m', '64Mi') });
    sh('sleep 10s');
    resize('web', size('200m', '500Ki'));
    sh('sleep 20s');
    const inProgress = '.status.conditions[?(@.type=="PodResizeInProgress")]';
    expect(of('web', `${inProgress}.reason`)).toBe('Error');
    expect(of('web', `${inProgress}.message`)).toMatch(
      /^attempting to set pod memory limit \(512000\) below current usage \(\d+\)$/,
    );
    expect(status('web', 'resources.limits.memory')).toBe('64Mi');
    resize('web', size('200m', '32Mi'));
    sh('sleep 2s');
    expect(status('web', 'resources.limits.memory')).toBe('32Mi');
    expect(of('web', inProgress)).toBe('');
  });

  it('when another one has left room for it', () => {
    const { sh, run, idle, resize, status, of } = resizing();
    run('web', { ...idle, resources: { requests: { cpu: '100m' } } });
    run('big', { ...idle, resources: { requests: { cpu: '1' } } });
    sh('sleep 10s');
    const capacity = sh("kubectl get node node-1 -o jsonpath='{.status.allocatable.cpu}'");
    expect(capacity).toBe('2');
    resize('web', { requests: { cpu: '1500m' } });
    sh('sleep 2s');
    const pending = '.status.conditions[?(@.type=="PodResizePending")]';
    expect(of('web', `${pending}.reason`)).toBe('Deferred');
    expect(of('web', `${pending}.message`)).toMatch(
      /^Node didn't have enough resource: cpu, requested: 1500, used: 1\d\d\d, capacity: 2000$/,
    );
    expect(status('web', 'resources.requests.cpu')).toBe('100m');
    expect(sh('kubectl describe pod web')).toContain('Pod resize OutOfcpu: {"containers":');
    sh('kubectl delete pod big --grace-period=1');
    sh('sleep 5s');
    expect(status('web', 'resources.requests.cpu')).toBe('1500m');
    expect(of('web', pending)).toBe('');
    resize('web', { requests: { cpu: '5' } });
    sh('sleep 2s');
    expect(of('web', `${pending}.reason`)).toBe('Infeasible');
    expect(of('web', `${pending}.message`)).toBe(
      "Node didn't have enough capacity: cpu, requested: 5000, capacity: 2000",
    );
    expect(status('web', 'resources.requests.cpu')).toBe('1500m');
  });
});

describe('a size that is refused', () => {
  it('changes the class, takes a limit away, or is no CPU or memory', () => {
    const { sh, code, run, idle, resize } = resizing();
    run('web', { ...idle, resources: size('200m', '64Mi') });
    run('some', { ...idle, resources: { requests: { cpu: '100m' }, limits: { cpu: '200m' } } });
    sh('sleep 10s');
    expect(resize('web', { requests: { cpu: '100m' } })).toBe(
      'The Pod "web" is invalid: spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing\n',
    );
    expect(resize('some', { limits: { cpu: null } })).toBe(
      'The Pod "some" is invalid: spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed\n',
    );
    expect(resize('some', { requests: { 'ephemeral-storage': '1Gi' } })).toBe(
      'The Pod "some" is invalid: spec: Forbidden: only cpu and memory resources are mutable\n',
    );
    const other =
      '{"spec":{"containers":[{"name":"app","resources":{"requests":{"cpu":"150m"}}}]}}';
    expect(code(`kubectl patch pod some -p '${other}'`)).toBe(1);
  });
});
