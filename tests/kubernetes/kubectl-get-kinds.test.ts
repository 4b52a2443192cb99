import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** As kubectl 1.32 prints what a server that has one object answers. */
describe('kubectl get of several kinds', () => {
  const session = new Session({ preset: 'cluster', seed: 1 });
  const names = (words: string) =>
    session.type(`kubectl get ${words} --no-headers | cut -c1-60`).printed.trim();

  it('names the kind, though there is one of a single kind only', () => {
    expect(names('all')).toMatch(/^service\/kubernetes /);
    expect(names('pods,services')).toMatch(/^service\/kubernetes /);
    expect(names('pv,pvc,sc')).toMatch(/^storageclass\.storage\.k8s\.io\/standard \(default\)/);
  });

  it('does not where one kind was asked for', () => {
    expect(names('services')).toMatch(/^kubernetes /);
  });
});
