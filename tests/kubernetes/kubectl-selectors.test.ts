import { describe, expect, it } from 'vitest';
import { smallCluster, WEB } from './small-cluster.ts';

/** Words that the real client 1.33.1 printed when it asked this API server. */
function serving() {
  const world = smallCluster();
  world.write('web.yaml', WEB);
  world.sh('kubectl apply -f web.yaml');
  world.sh('kubectl rollout status deployment/web');
  return world;
}

const FOUND = 'Error from server (BadRequest): Unable to find "/v1, Resource=';

describe('kubectl with selectors', () => {
  it('lets the server refuse them, once for each resource', () => {
    const { sh } = serving();
    expect(sh('kubectl get pods,svc -l a==b,=c')).toMatchObject({ out: '', code: 1 });
    expect(sh('kubectl get pods,svc -l =c').err.split('\n')).toEqual([
      expect.stringContaining(`${FOUND}pods" that match label selector "=c", field selector ""`),
      expect.stringContaining(`${FOUND}services" that match label selector "=c"`),
      '',
    ]);
    expect(sh('kubectl get pods --field-selector foo=bar').err).toBe(
      `${FOUND}pods" that match label selector "", field selector "foo=bar": ` +
        'field label not supported: foo\n',
    );
    expect(sh('kubectl delete pods --field-selector a').err).toBe(
      `${FOUND}pods" that match label selector "", field selector "a": ` +
        "invalid selector: 'a'; can't understand 'a'\n",
    );
    expect(sh('kubectl delete pods --all -l a=b').err).toBe(
      "error: setting 'all' parameter but found a non empty selector. \n",
    );
  });

  it('reads the selector itself where it filters files', () => {
    const { sh } = serving();
    expect(sh('kubectl apply -f web.yaml -l =c').err).toMatch(
      /^error: the provided selector "=c" is not valid: found '=', expected: /,
    );
  });
});

describe('kubectl and namespaces', () => {
  const OTHER = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: team\n';

  it('holds a manifest against -n', () => {
    const { sh, write } = smallCluster();
    write('a.yaml', OTHER);
    const why =
      'the namespace from the provided object "team" does not match the namespace "x". ' +
      "You must pass '--namespace=team' to perform this operation.\n";
    for (const command of ['create', 'apply', 'delete', 'get', 'replace']) {
      expect(sh(`kubectl ${command} -f a.yaml -n x`).err).toBe(`error: ${why}`);
    }
  });

  it('looks for an object where its manifest says, and misses the namespace first', () => {
    const { sh, write } = smallCluster();
    write('a.yaml', OTHER);
    const missing = 'Error from server (NotFound): namespaces "team" not found\n';
    expect(sh('kubectl get -f a.yaml').err).toBe(missing);
    expect(sh('kubectl get cm a -n team').err).toBe(missing);
    sh('kubectl create namespace team');
    sh('kubectl create -f a.yaml');
    expect(sh('kubectl get -f a.yaml -o name').out).toBe('configmap/a\n');
    expect(sh('kubectl get cm b -n team').err).toBe(
      'Error from server (NotFound): configmaps "b" not found\n',
    );
  });
});

describe('kubectl get', () => {
  it('finds a format wrong only when there is something to print', () => {
    const { sh } = serving();
    expect(sh('kubectl get pod nope -o frob').err).toBe(
      'Error from server (NotFound): pods "nope" not found\n',
    );
    expect(sh('kubectl get pods -o frob').err).toContain(
      'error: unable to match a printer suitable for the output format "frob"',
    );
    expect(sh('kubectl get secrets -o json --ignore-not-found')).toEqual({
      out: '',
      err: '',
      code: 0,
    });
  });
});

describe('kubectl wait', () => {
  it('ends in time however long nothing has changed', () => {
    const { kernel, sh } = serving();
    kernel.advance(kernel.now + 3_600_000);
    expect(sh('kubectl wait deploy/web --for=condition=Frob --timeout=2s')).toEqual({
      out: '',
      err: 'error: timed out waiting for the condition on deployments/web\n',
      code: 1,
    });
    expect(sh('kubectl wait deploy/nope --for=delete')).toEqual({ out: '', err: '', code: 0 });
    expect(sh('kubectl wait pods --all --for=condition=Ready').out.split('\n')).toHaveLength(4);
  });
});

describe('kubectl tells who cannot', () => {
  it('scale, roll back, or show logs', () => {
    const { sh } = serving();
    expect(sh('kubectl scale deploy nope --replicas=1').err).toBe(
      'error: no objects passed to scale deployments.apps "nope" not found\n',
    );
    expect(sh('kubectl scale svc web --replicas=1').err).toBe(
      'Error from server (NotFound): the server could not find the requested resource\n',
    );
    expect(sh('kubectl rollout history svc/web').err).toBe(
      'error: error retrieving history for "Service", no visitor method exists for { Service}\n',
    );
    expect(sh('kubectl logs nope').err).toBe(
      'error: error from server (NotFound): pods "nope" not found in namespace "default"\n',
    );
    expect(sh('kubectl logs deploy/web -c frob').err).toMatch(
      /error: container frob is not valid for pod web-\S+\n$/,
    );
    expect(sh('kubectl set env deploy/web -c frob A=b').err).toBe(
      'Warning: Deployment/web does not have any containers matching "frob"\n',
    );
  });

  it('finds the nodes that have a taint, and not those that have lost all', () => {
    const { sh } = serving();
    const node = sh('kubectl get nodes -o name').out.trim().split('\n').at(-1)!;
    const tainted = "kubectl get nodes -o jsonpath='{.items[?(@.spec.taints)].metadata.name}'";
    const before = sh(tainted).out;
    sh(`kubectl taint ${node.replace('/', ' ')} color=red:NoSchedule`);
    expect(sh(tainted).out).not.toBe(before);
    sh(`kubectl taint ${node.replace('/', ' ')} color-`);
    expect(sh(tainted).out).toBe(before);
    expect(sh(`kubectl get ${node} -o yaml`).out).not.toContain('taints');
  });
});
