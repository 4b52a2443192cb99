import { expect, it } from 'vitest';
import { Kernel } from '../../sim/kernel.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { RegistryStore } from './registry-store.ts';

const service = (name: string, app: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    resourceVersion: '',
    creationTimestamp: '',
    labels: { app },
  },
  ...{ spec: { selector: { app } } },
});

function world() {
  const kernel = new Kernel({ seed: 1 });
  const store = new RegistryStore(kernel, 'main');
  const names = () => store.inNamespace('services', 'default').map(({ metadata }) => metadata.name);
  const versionOf = (name: string) =>
    store.get('services', 'default', name)?.metadata.resourceVersion;
  return { kernel, store, names, versionOf };
}

it('finds what was written, under its latest version', () => {
  const { store, names, versionOf } = world();
  store.put('services', service('b', 'web'));
  store.put('services', service('a', 'web'));
  expect(names()).toEqual(['a', 'b']);
  store.put('services', service('b', 'db'));
  expect(versionOf('b')).toBe('3');
  expect(store.byIndex('services', labelTerm('default', 'app', 'web'))).toHaveLength(1);
  store.delete('services', service('a', 'web'));
  expect(versionOf('a')).toBeUndefined();
  expect(names()).toEqual(['b']);
});

it('gives the very list of before until one of its kind is written', () => {
  const { store } = world();
  store.put('services', service('a', 'web'));
  const list = store.inNamespace('services', 'default');
  const stamp = store.stampOf('services');
  store.put('configmaps', { ...service('other', 'web'), kind: 'ConfigMap' });
  expect(store.inNamespace('services', 'default')).toBe(list);
  expect(store.stampOf('services')).toBe(stamp);
  store.put('services', service('a', 'db'));
  expect(store.stampOf('services')).not.toBe(stamp);
  expect(store.inNamespace('services', 'default')[0]?.metadata.labels).toEqual({ app: 'db' });
});

it('forgets with the state what it found in it', () => {
  const { kernel, store, names, versionOf } = world();
  store.put('services', service('a', 'web'));
  const checkpoint = kernel.checkpoint();
  store.put('services', service('a', 'db'));
  store.put('services', service('b', 'web'));
  const stamps = [store.stampOf('services')];
  expect(names()).toEqual(['a', 'b']);
  kernel.restore(checkpoint);
  expect(names()).toEqual(['a']);
  expect(versionOf('a')).toBe('1');
  expect(versionOf('b')).toBeUndefined();
  stamps.push(store.stampOf('services'));
  store.put('services', service('b', 'web'));
  expect(versionOf('b')).toBe('2');
  kernel.restore(checkpoint);
  expect(names()).toEqual(['a']);
  stamps.push(store.stampOf('services'));
  expect(new Set(stamps).size).toBe(3);
});

it('lets those who follow a kind hear of each write, with what was there before', () => {
  const { store, versionOf } = world();
  const heard: (string | undefined)[][] = [];
  store.follow('services', (before, after) => {
    const sides = [before, after].map((side) => side?.metadata.resourceVersion);
    heard.push([...sides, versionOf('a')]);
  });
  store.put('services', service('a', 'web'));
  store.put('configmaps', { ...service('other', 'web'), kind: 'ConfigMap' });
  store.put('services', service('a', 'db'));
  store.delete('services', service('a', 'another'));
  expect(heard).toEqual([
    [undefined, '1', '1'],
    ['1', '3', '3'],
    ['3', undefined, undefined],
  ]);
});
