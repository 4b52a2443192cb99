import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../apimachinery/object.ts';
import { strategicThreeWay } from './strategic-diff.ts';

/** Patches that the real client 1.33.1 sent for such manifests. */
const deployment = (template: object, spec: object = {}, labels: object = {}): KubeObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { app: 'web', ...labels } },
    spec: { replicas: 3, ...spec, template: { spec: template } },
  }) as unknown as KubeObject;

const web = (more: object = {}) => ({ name: 'web', image: 'nginx', ...more });
const ONE = { containers: [web({ ports: [{ containerPort: 80 }] })] };
const TWO = {
  containers: [
    web({
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      ports: [{ containerPort: 8080 }, { containerPort: 80 }],
    }),
    { name: 'side', image: 'busybox' },
  ],
  volumes: [{ name: 'v', emptyDir: {} }],
};

describe('the patch of apply', () => {
  it('adds containers, variables, ports and volumes, and says their order', () => {
    const live = deployment(ONE);
    const after = deployment(TWO, { replicas: 2 }, { tier: 'front' });
    expect(strategicThreeWay(live, after, live)).toEqual({
      metadata: { labels: { tier: 'front' } },
      spec: {
        replicas: 2,
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'web' }, { name: 'side' }],
            containers: [
              {
                '$setElementOrder/ports': [{ containerPort: 8080 }, { containerPort: 80 }],
                env: [
                  { name: 'A', value: '1' },
                  { name: 'B', value: '2' },
                ],
                name: 'web',
                ports: [{ containerPort: 8080 }],
              },
              { name: 'side', image: 'busybox' },
            ],
            volumes: [{ name: 'v', emptyDir: {} }],
          },
        },
      },
    });
  });

  it('takes away what the manifest no longer says', () => {
    const live = deployment(TWO, {}, { tier: 'front' });
    expect(strategicThreeWay(live, deployment(ONE), live)).toEqual({
      metadata: { labels: { tier: null } },
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'web' }],
            containers: expect.arrayContaining([
              { $patch: 'delete', name: 'side' },
              {
                '$setElementOrder/ports': [{ containerPort: 80 }],
                env: null,
                name: 'web',
                ports: [{ $patch: 'delete', containerPort: 8080 }],
              },
            ]) as unknown,
            volumes: null,
          },
        },
      },
    });
  });

  it('keeps one source of a volume', () => {
    const live = deployment({ ...ONE, volumes: [{ name: 'v', emptyDir: {} }] });
    const after = deployment({ ...ONE, volumes: [{ name: 'v', configMap: { name: 'c' } }] });
    expect(strategicThreeWay(live, after, live)).toMatchObject({
      spec: {
        template: {
          spec: {
            volumes: [{ $retainKeys: ['configMap', 'name'], configMap: { name: 'c' }, name: 'v' }],
          },
        },
      },
    });
  });

  it('leaves alone what others have added', () => {
    const applied = deployment(ONE);
    const live = deployment({ containers: [...ONE.containers, { name: 'injected', image: 'x' }] });
    expect(strategicThreeWay(applied, deployment(ONE), live)).toEqual({});
  });
});
