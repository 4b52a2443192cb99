import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/engine/kubernetes/api/workloads.ts';
import { apiWorld, object, said, WEB } from './api-world.ts';

function deployed(fieldManager = 'kubectl-client-side-apply') {
  const world = apiWorld();
  object(world.ask({ verb: 'create', ...PLACE, body: WEB, fieldManager }));
  const patch = (patchType: 'json' | 'merge' | 'strategic', body: unknown) =>
    world.ask({ verb: 'patch', ...PLACE, name: 'web', patchType, body });
  const apply = (fieldManager: string, spec: object, force = false) =>
    world.ask({
      ...{ verb: 'patch', ...PLACE, name: 'web', patchType: 'apply', fieldManager, force },
      body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec },
    });
  const live = () => world.client.get('deployments', 'default', 'web')!;
  return { ...world, patch, apply, live };
}

const PLACE = { resource: 'deployments', namespace: 'default' } as const;
const container = (deployment: Deployment) => deployment.spec.template.spec.containers[0];

describe('a patch', () => {
  it('of the JSON kind does its operations in order, or none of them', () => {
    const { patch, live } = deployed();
    const path = '/spec/template/spec/containers/0';
    const done = patch('json', [
      { op: 'test', path: '/spec/replicas', value: 3 },
      { op: 'replace', path: '/spec/replicas', value: 5 },
      { op: 'add', path: `${path}/env`, value: [{ name: 'A', value: '1' }] },
      { op: 'add', path: `${path}/env/-`, value: { name: 'B', value: '2' } },
      { op: 'copy', from: '/metadata/labels/app', path: '/metadata/labels/copy' },
    ]);
    expect(said(done)).toMatchObject({ spec: { replicas: 5 } });
    expect(container(live())?.env?.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(live().metadata.labels).toEqual({ app: 'web', copy: 'web' });
    const refused = patch('json', [
      { op: 'replace', path: '/spec/replicas', value: 9 },
      { op: 'remove', path: '/spec/nothing' },
    ]);
    expect(said(refused)).toBe('the server rejected our request due to an error in our request');
    expect(live().spec.replicas).toBe(5);
  });

  it('of the merge kind replaces lists and takes away what is null', () => {
    const { patch, live } = deployed();
    patch('merge', { metadata: { labels: { app: null, tier: 'front' } }, spec: { replicas: 1 } });
    expect(live().metadata.labels).toEqual({ tier: 'front' });
    expect(live().spec.replicas).toBe(1);
    const gone = patch('merge', { spec: { template: { spec: { containers: [] } } } });
    expect(said(gone)).toContain('spec.template.spec.containers: Required value');
  });

  it('of the strategic kind merges containers by name and ports by number', () => {
    const { patch, live } = deployed();
    patch('strategic', {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'nginx:1.30', ports: [{ containerPort: 81 }] },
              { name: 'side', image: 'busybox' },
            ],
          },
        },
      },
    });
    const { containers } = live().spec.template.spec;
    expect(containers.map(({ name, image }) => `${name} ${image}`)).toEqual([
      'web nginx:1.30',
      'side busybox',
    ]);
    expect(container(live())?.ports?.map(({ containerPort }) => containerPort)).toEqual([81, 80]);
    patch('strategic', {
      spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } },
    });
    expect(live().spec.template.spec.containers).toHaveLength(1);
    expect(live().metadata.generation).toBe(3);
  });

  it('of the strategic kind goes from rolling to recreating, since it retains one key', () => {
    const { patch, live } = deployed();
    patch('strategic', { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } });
    expect(live().spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('says what it is when it is none, and who it meant when nobody is there', () => {
    const { patch, ask } = deployed();
    expect(said(patch('merge', []))).toBe(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
    const nobody = ask({ verb: 'patch', ...PLACE, name: 'api', body: {} });
    expect(said(nobody)).toBe('deployments.apps "api" not found');
  });
});

describe('server-side apply', () => {
  it('refuses to take what another manages, until it is forced to', () => {
    const { apply, live } = deployed();
    expect(said(apply('kubectl', { replicas: 5 }))).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: ' +
        '.spec.replicas',
    );
    expect(live().spec.replicas).toBe(3);
    expect(said(apply('kubectl', { replicas: 5 }, true))).toMatchObject({ spec: { replicas: 5 } });
    const owner = live().metadata.managedFields?.find(({ manager }) => manager === 'kubectl');
    expect(owner).toMatchObject({
      operation: 'Apply',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    });
    expect(said(apply('ci', { replicas: 6 }))).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
    );
  });

  it('names every conflict by its manager', () => {
    const { apply } = deployed();
    const containers = [{ name: 'web', image: 'nginx:1.30' }];
    expect(said(apply('kubectl', { replicas: 5, template: { spec: { containers } } }))).toBe(
      'Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:\n' +
        '- .spec.replicas\n- .spec.template.spec.containers[name="web"].image',
    );
  });

  it('shares what several say alike, and takes away what its manager says no more', () => {
    const { apply, live } = deployed();
    const named = (env: object[]) => ({
      template: { spec: { containers: [{ name: 'web', env }] } },
    });
    expect(said(apply('a', named([{ name: 'X', value: '1' }])))).toMatchObject({});
    expect(
      said(
        apply(
          'b',
          named([
            { name: 'X', value: '1' },
            { name: 'Y', value: '2' },
          ]),
        ),
      ),
    ).toMatchObject({ metadata: { generation: 3 } });
    apply('a', named([]));
    expect(container(live())?.env).toEqual([
      { name: 'X', value: '1' },
      { name: 'Y', value: '2' },
    ]);
    apply('b', named([{ name: 'Y', value: '2' }]));
    expect(container(live())?.env).toEqual([{ name: 'Y', value: '2' }]);
  });

  it('makes what is not there, and changes nothing the second time', () => {
    const { ask, kernel, api } = apiWorld();
    const again = () =>
      ask({
        ...{ verb: 'patch', ...PLACE, name: 'web', patchType: 'apply', fieldManager: 'kubectl' },
        body: WEB,
      });
    expect(said(again())).toMatchObject({ spec: { replicas: 3, revisionHistoryLimit: 10 } });
    const { revision } = api;
    kernel.advance(60_000);
    expect(said(again())).toMatchObject({ metadata: { generation: 1 } });
    expect(api.revision).toBe(revision);
    const nameless = ask({ verb: 'patch', ...PLACE, name: 'web', patchType: 'apply', body: WEB });
    expect(said(nameless)).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  });

  it('counts who scaled, so that an autoscaler and a manifest do not fight unseen', () => {
    const { apply, client, live } = deployed();
    const scale = client.getScale('deployments', 'default', 'web');
    const wanted = { ...object<{ metadata: never; spec: never }>(scale), spec: { replicas: 7 } };
    client.updateScale('deployments', wanted as never);
    expect(live().spec.replicas).toBe(7);
    expect(said(apply('kubectl', { replicas: 3 }))).toBe(
      'Apply failed with 1 conflict: conflict with "tester" with subresource "scale" using apps/v1: ' +
        '.spec.replicas',
    );
  });
});
