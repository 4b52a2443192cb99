import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../api/workloads.ts';
import { maxUnavailable, resolveFenceposts } from './fenceposts.ts';
import { scaleInProportion } from './proportional.ts';
import { cleanUpUnhealthy, newSetReplicas, scaleNew, scaleOld } from './rolling.ts';

const spec = (replicas: number, surge: number | string, unavailable: number | string) =>
  ({
    replicas,
    selector: {},
    template: { spec: { containers: [] } },
    strategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable },
    },
  }) satisfies Deployment['spec'];

const set = (name: string, specReplicas: number, availableReplicas: number) => ({
  name,
  specReplicas,
  availableReplicas,
});

describe('fenceposts', () => {
  // deployment_util_test.go TestResolveFenceposts, TestMaxUnavailable
  it('round surge up and unavailable down, and never leave both at 0', () => {
    expect(resolveFenceposts('25%', '25%', 3)).toEqual({ surge: 1, unavailable: 0 });
    expect(resolveFenceposts('25%', '25%', 10)).toEqual({ surge: 3, unavailable: 2 });
    expect(resolveFenceposts('0%', '0%', 0)).toEqual({ surge: 0, unavailable: 1 });
    expect(maxUnavailable(spec(5, 0, 10))).toBe(5);
    expect(maxUnavailable(spec(0, 0, 10))).toBe(0);
  });
});

describe('a step of a rolling update', () => {
  it('lets the new set grow only as far as there is room', () => {
    expect(newSetReplicas(spec(1, 1, 1), 5, 5)).toBe(5);
    expect(scaleNew(spec(10, 0, 0), set('new', 0, 0), [set('old', 10, 10)])).toBeUndefined();
    expect(scaleNew(spec(10, 2, 0), set('new', 0, 0), [set('old', 10, 10)])?.to).toBe(2);
    expect(scaleNew(spec(10, 0, 0), set('new', 12, 0), [])?.to).toBe(10);
  });

  it('takes old Pods while enough stay available, those that are not available first', () => {
    const steps = scaleOld(spec(10, 0, 2), set('new', 0, 0), [set('old', 10, 10)]);
    expect(steps).toEqual([{ name: 'old', from: 10, to: 8 }]);
    expect(scaleOld(spec(3, 1, 0), set('new', 1, 0), [set('old', 3, 3)])).toEqual([]);
    expect(scaleOld(spec(3, 1, 0), set('new', 1, 1), [set('old', 3, 3)])[0]?.to).toBe(2);
    expect(cleanUpUnhealthy([set('old', 10, 8)], 1)).toEqual([{ name: 'old', from: 10, to: 9 }]);
  });

  it('never goes below what must be available nor above what may be, whatever happens', () => {
    for (let replicas = 1; replicas <= 12; replicas++) {
      for (const [surge, unavailable] of [
        [1, 0],
        [0, 1],
        ['25%', '25%'],
        [3, 2],
      ] as const) {
        const wanted = spec(replicas, surge, unavailable);
        const posts = resolveFenceposts(surge, unavailable, replicas);
        let fresh = set('new', 0, 0);
        let old = set('old', replicas, replicas);
        for (let step = 0; step < 200; step++) {
          const up = scaleNew(wanted, fresh, [old]);
          if (up) fresh = { ...fresh, specReplicas: up.to };
          const [down] = scaleOld(wanted, fresh, [old]);
          if (down) old = set('old', down.to, Math.min(old.availableReplicas, down.to));
          const available = fresh.availableReplicas + old.availableReplicas;
          expect(available).toBeGreaterThanOrEqual(replicas - posts!.unavailable);
          expect(fresh.specReplicas + old.specReplicas).toBeLessThanOrEqual(
            replicas + posts!.surge,
          );
          if (step % 2 === 1) fresh = set('new', fresh.specReplicas, fresh.specReplicas);
        }
        expect([old.specReplicas, fresh.specReplicas]).toEqual([0, replicas]);
      }
    }
  });
});

describe('scaling in the middle of a rollout', () => {
  // sync_test.go TestScale "normal scaling event: 10 -> 12" and its neighbours
  it('shares the change in proportion, the largest set first', () => {
    const rollout = [
      { name: 'foo-v2', replicas: 2, maxReplicas: 10, createdMs: 2 },
      { name: 'foo-v1', replicas: 8, maxReplicas: 10, createdMs: 1 },
    ];
    expect(
      Object.fromEntries(scaleInProportion({ spec: spec(20, 0, 0), status: {} }, rollout)),
    ).toEqual({
      'foo-v1': 16,
      'foo-v2': 4,
    });
    expect(
      Object.fromEntries(scaleInProportion({ spec: spec(5, 0, 0), status: {} }, rollout)),
    ).toEqual({
      'foo-v1': 4,
      'foo-v2': 1,
    });
  });
});
