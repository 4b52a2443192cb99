import { describe, expect, it } from 'vitest';
import { SERVICE_NAME } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import { smallCluster, WEB } from './small-cluster.ts';

const pod = (name: string, rest: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n  - name: app\n${rest}`;

describe('a Pod', () => {
  it('that crashes is started again after 0, 10, 20, 40, 80, 160, 300 and 300 s', () => {
    const { kernel, sh, write } = smallCluster();
    write('crash.yaml', pod('crash', '    image: alpine:3.22\n    command: [sh, -c, exit 1]\n'));
    expect(sh('kubectl apply -f crash.yaml').out).toBe('pod/crash created\n');
    kernel.advance(1_300_000);
    const records = kernel.trace.of('Pod default/crash');
    const ends = records.filter(
      ({ verb, actor }) => verb === 'exit' && actor.startsWith('kubelet'),
    );
    const starts = records.filter(({ reason }) => reason === 'Created').slice(1);
    const waits = starts.map(({ timeMs }, i) =>
      Math.round((timeMs - (ends[i]?.timeMs ?? 0)) / 1000),
    );
    expect(waits.slice(0, 8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
    const [, row = ''] = sh('kubectl get pods').out.split('\n');
    expect(row).toMatch(/^crash {3}0\/1 {5}CrashLoopBackOff {3}\d+ \(\S+ ago\) {3}2\dm$/);
  });

  it('that fits nowhere stays Pending and says why, and runs when there is room', () => {
    const { kernel, sh, write, cluster } = smallCluster();
    const resources = '    resources: {requests: {cpu: 8}}\n';
    write('big.yaml', pod('big', `    image: nginx:1.29-alpine\n${resources}`));
    sh('kubectl apply -f big.yaml');
    kernel.advance(10_000);
    expect(sh('kubectl get pods').out).toMatch(/big {4}0\/1 {5}Pending {3}0 {10}\d+s/);
    const [why] = kernel.trace.of('Pod default/big').filter((r) => r.reason === 'FailedScheduling');
    expect(why?.message).toContain(
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu.',
    );
    const client = cluster.client('test');
    const node = client.get('nodes', '', 'node-2');
    if (!node) throw new Error('no node-2');
    const allocatable = { ...node.status.allocatable, cpu: '16' };
    client.updateStatus('nodes', { ...node, status: { ...node.status, allocatable } });
    kernel.advance(kernel.now + 15_000);
    expect(sh('kubectl get pods -o wide').out).toMatch(/big {4}1\/1 {5}Running .* node-2 /);
  });

  it('goes with its Deployment, and leaves no address behind', () => {
    const { kernel, sh, write, cluster } = smallCluster();
    write('web.yaml', WEB);
    sh('kubectl apply -f web.yaml');
    sh('kubectl rollout status deployment/web');
    expect(sh('kubectl delete deployment web').out).toBe(
      'deployment.apps "web" deleted from default namespace\n',
    );
    kernel.advance(kernel.now + 40_000);
    expect(sh('kubectl get pods,rs')).toEqual({
      out: '',
      err: 'No resources found in default namespace.\n',
      code: 0,
    });
    const slices = [...cluster.client('test').scan('endpointslices', 'default')];
    const own = slices.filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === 'web');
    expect(own.map(({ endpoints }) => endpoints)).toEqual([[]]);
    const owned = [...(kernel.store.tables().get('net/addresses')?.values() ?? [])];
    expect(owned.filter((row) => (row as { owner: string }).owner.startsWith('Pod'))).toEqual([]);
  });
});

describe('kubectl', () => {
  it('says what is wrong in the words of the real one', () => {
    const { sh, write } = smallCluster();
    const cases: [string, string][] = [
      ['kubectl apply', 'error: must specify one of -f and -k\n'],
      ['kubectl apply -f nosuch.yaml', 'error: the path "nosuch.yaml" does not exist\n'],
      ['kubectl scale deploy web', 'error: required flag(s) "replicas" not set\n'],
      ['kubectl get --frob', "error: unknown flag: --frob\nSee 'kubectl get --help' for usage.\n"],
      [
        'kubectl rollout frob',
        'error: unknown command "frob"\nSee \'kubectl rollout -h\' for help and examples\n',
      ],
      ['kubectl get pod x', 'Error from server (NotFound): pods "x" not found\n'],
    ];
    for (const [command, err] of cases) expect(sh(command)).toEqual({ out: '', err, code: 1 });
    write('bad.yaml', WEB.replace('replicas: 3', 'replicas: -1'));
    expect(sh('kubectl apply -f bad.yaml')).toEqual({
      out: 'service/web created\n',
      err:
        'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than ' +
        'or equal to 0\n',
      code: 1,
    });
  });

  it('applies a changed manifest, and takes away what it no longer says', () => {
    const { sh, write, cluster } = smallCluster();
    write('web.yaml', WEB);
    sh('kubectl apply -f web.yaml');
    write(
      'web.yaml',
      WEB.replace('replicas: 3\n', 'replicas: 2\n').replace(/ {8}resources:[^-]*/, ''),
    );
    expect(sh('kubectl apply -f web.yaml').out).toBe(
      'deployment.apps/web configured\nservice/web unchanged\n',
    );
    const web = cluster.client('test').get('deployments', 'default', 'web');
    expect(web?.spec.replicas).toBe(2);
    expect(web?.spec.template.spec.containers[0]?.resources).toEqual({});
  });
});

describe('what a cluster forgets', () => {
  it('is an Event, an hour after it was last seen', () => {
    const { kernel, sh, write } = smallCluster();
    write('one.yaml', pod('one', '    image: nginx:1.29-alpine\n'));
    sh('kubectl apply -f one.yaml');
    kernel.advance(3_500_000);
    expect(sh('kubectl get events').out).toMatch(
      /^LAST SEEN .*\n(58m +Normal +RegisteredNode +node\/.*\n)+58m +Normal +Scheduled +pod\/one /,
    );
    kernel.advance(3_620_000);
    expect(sh('kubectl get events').err).toBe('No resources found in default namespace.\n');
  });
});

it('a Pod that asks for a device waits for a node that has it', () => {
  const { kernel, sh, write, cluster } = smallCluster();
  const resources = '    resources: {limits: {example.com/gpu: 2}}\n';
  write('gpu.yaml', pod('gpu', `    image: nginx:1.29-alpine\n${resources}`));
  sh('kubectl apply -f gpu.yaml');
  kernel.advance(5000);
  const [why] = kernel.trace.of('Pod default/gpu').filter((r) => r.reason === 'FailedScheduling');
  expect(why?.message).toContain('3 Insufficient example.com/gpu.');
  const client = cluster.client('test');
  const node = client.get('nodes', '', 'node-3');
  if (!node) throw new Error('no node-3');
  const allocatable = { ...node.status.allocatable, 'example.com/gpu': 2 };
  client.updateStatus('nodes', { ...node, status: { ...node.status, allocatable } });
  kernel.advance(kernel.now + 15_000);
  expect(sh('kubectl get pods -o wide').out).toMatch(/gpu {4}1\/1 {5}Running .* node-3 /);
});
