import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What nobody would write on purpose is refused or held, in the real words, and never for ever. */
const MINUTE = 60_000;
const configMap = (name: string, data = 'x'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "${name}"}\ndata: {a: "${data}"}\n`;
const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

function prompt(preset = 'nodes-1') {
  const session = new Session({ preset, seed: 3 });
  const apply = (text: string) => {
    session.write('x.yaml', text);
    return session.type('kubectl apply -f x.yaml');
  };
  return { session, apply, type: (line: string) => session.type(line) };
}

describe('documents', () => {
  const { apply, type } = prompt();

  it.each([
    ['a list ten thousand deep', nested('[', ']', 10_000), 'exceeded max depth of 10000'],
    ['a map that holds itself', 'metadata: &m {labels: *m}', "anchor 'm' value contains itself"],
    ['ten megabytes', configMap('big', 'x'.repeat(10_000_000)), 'the file is too large'],
    ['a name of ten thousand letters', configMap('n'.repeat(10_000)), 'must be no more than 253'],
    [
      'three megabytes, and as many again of what was applied last',
      configMap('large', 'x'.repeat(3_000_000)),
      'Request entity too large: limit is 3145728',
    ],
    [
      'more aliases than words',
      Array.from('bcdefghij').reduce(
        (text, at, i) =>
          `${text}${at}: &${at} [${Array<string>(9).fill(`*${'abcdefghij'[i]}`).join()}]\n`,
        'a: &a [x, x, x, x, x, x, x, x, x]\n',
      ),
      'document contains excessive aliasing',
    ],
    [
      'a megabyte of annotations',
      configMap('told').replace('{name', `{annotations: {a: ${'x'.repeat(1_000_000)}}, name`),
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ],
    [
      'a label of 64 letters',
      configMap('l').replace('{name', `{labels: {a: ${'b'.repeat(64)}}, name`),
      'must be no more than 63 bytes',
    ],
  ])('%s', (_what, text, why) => {
    const { printed, exitCode } = apply(text);
    expect(exitCode).toBe(1);
    expect(printed).toContain(why);
  });

  it('a patch five thousand deep', () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const { printed, exitCode } = type(`kubectl patch cm kube-root-ca.crt -p '${deep}'`);
    expect(exitCode).toBe(1);
    expect(printed).toContain('exceeded max depth');
  });

  it('ten thousand documents', { timeout: MINUTE }, () => {
    const texts = Array.from({ length: 10_000 }, (_, i) => configMap(`c${i}`));
    expect(apply(texts.join('---\n')).exitCode).toBe(0);
    expect(type('kubectl get cm -o name | wc -l').printed.trim()).toBe('10001');
  });
});

describe('what never ends', () => {
  it('a thousand million Pods: the database is full', { timeout: 3 * MINUTE }, () => {
    const { type } = prompt();
    type('kubectl create deployment web --image=nginx:1.29-alpine');
    type('kubectl scale deployment web --replicas=1000000000; sleep 60');
    expect(type('kubectl describe deployment web').printed).toContain('ReplicaFailure');
    expect(type('kubectl get events').printed).toContain(
      'Error creating: etcdserver: mvcc: database space exceeded',
    );
    const pods = Number(type('kubectl get pods -o name | wc -l').printed);
    expect(pods).toBeGreaterThan(5000);
    expect(pods).toBeLessThan(5500);
    type('kubectl delete deployment web; sleep 120');
    expect(type('kubectl get pods').printed).toContain('No resources found');
  });

  it('a finalizer that nobody removes holds its object, and the namespace says so', () => {
    const { apply, type } = prompt();
    const held = configMap('held').replace('{name', '{namespace: shop, finalizers: [a.b/c], name');
    type('kubectl create namespace shop');
    apply(held);
    type('kubectl delete namespace shop --wait=false; sleep 600');
    const { printed } = type('kubectl get namespace shop -o yaml');
    expect(printed).toContain('phase: Terminating');
    expect(printed).toContain('NamespaceFinalizersRemaining');
    type('kubectl patch cm held -n shop --type=merge -p \'{"metadata":{"finalizers":null}}\'');
    expect(type('sleep 1200; kubectl get namespace shop').printed).toContain('not found');
  });

  it('a thousand watches at once', () => {
    const { type } = prompt();
    type('for i in $(seq 1000); do kubectl get pods -w & done; sleep 10');
    expect(type('kubectl create configmap still').printed).toContain('configmap/still created');
  });
});
