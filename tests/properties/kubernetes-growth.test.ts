import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import { CHECKPOINT_LIMIT } from '../../src/engine/sim/checkpoints.ts';

/**
 * What goes on for long, or too much at once, leaves a world no larger and costs no more than what
 * happens in it: counted in events, rows and characters, not in seconds.
 */
const MINUTE = 60_000;

function world(preset: string) {
  const session = new Session({ preset, seed: 1 });
  const { kernel } = session.world;
  const type = (line: string): string => session.type(line).printed;
  const apply = (manifest: unknown): string => {
    session.write('x.json', JSON.stringify(manifest));
    return type('kubectl apply -f x.json');
  };
  /** How many events a line takes, and how many things it records. */
  const costOf = (line: string): { readonly events: number; readonly records: number } => {
    const [events, records] = [kernel.moment.sequence, kernel.recorded];
    type(line);
    return { events: kernel.moment.sequence - events, records: kernel.recorded - records };
  };
  const rows = (): number => {
    let count = 0;
    for (const [, table] of kernel.store.tables()) count += table.size;
    return count;
  };
  /** Events that a seek to the worst of many moments lives again. */
  const worstSeek = (): number => {
    const { timeline } = session;
    const { end } = timeline.branch;
    const from = timeline.start.timeMs;
    const step = kernel.step.bind(kernel);
    let stepped = 0;
    kernel.step = () => {
      stepped += 1;
      return step();
    };
    const counts = Array.from({ length: 40 }, (_, i) => {
      stepped = 0;
      timeline.seekTime(from + Math.floor(((end.timeMs - from) * ((i * 17) % 40)) / 40));
      return stepped;
    });
    return Math.max(...counts);
  };
  const checkpoints = (): number =>
    (session.timeline.branch as unknown as { readonly checkpoints: unknown[] }).checkpoints.length;
  return { session, type, apply, costOf, rows, worstSeek, checkpoints };
}

const container = (command: readonly string[]) => ({ name: 'main', image: 'busybox', command });
const deployment = (replicas: number, pod: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: pod },
  },
});

describe('in the long run', () => {
  it('a quiet day takes what leases and metrics take', { timeout: 2 * MINUTE }, () => {
    const { costOf, checkpoints, rows } = world('cluster');
    costOf('sleep 600');
    const before = rows();
    const { events, records } = costOf('sleep 86400');
    expect(events).toBeLessThan(105_000);
    expect(records).toBeLessThan(2400);
    expect(rows()).toBeLessThanOrEqual(before + 10);
    expect(checkpoints()).toBeLessThanOrEqual(CHECKPOINT_LIMIT);
  });

  it('a day of crash loops leaves no more than an hour of them', { timeout: 3 * MINUTE }, () => {
    const { apply, costOf, checkpoints, rows, type } = world('nodes-1');
    apply(deployment(5, { containers: [container(['sh', '-c', 'exit 1'])] }));
    costOf('sleep 3600');
    const before = rows();
    const { events } = costOf('sleep 82800');
    // 23 hours of a restart every five minutes, of each Pod.
    const restarts = 5 * 23 * 12;
    expect(type('kubectl get pods').match(/CrashLoopBackOff|Error/g)).toHaveLength(5);
    expect(events / restarts).toBeLessThan(150);
    expect(rows()).toBeLessThanOrEqual(before + 100);
    expect(checkpoints()).toBeLessThanOrEqual(CHECKPOINT_LIMIT);
  });

  it('Pods that fit nowhere are tried every five minutes', { timeout: 3 * MINUTE }, () => {
    const { apply, costOf, checkpoints, type, worstSeek } = world('nodes-1');
    const pods = 1000;
    const nodeSelector = { no: 'such' };
    apply(deployment(pods, { nodeSelector, containers: [container(['true'])] }));
    costOf('sleep 60');
    expect(type('kubectl get pods -o name | wc -l').trim()).toBe(String(pods));
    const { events, records } = costOf('sleep 3600');
    expect(records / pods).toBeLessThan(30);
    expect(events / pods).toBeLessThan(30);
    expect(checkpoints()).toBeLessThanOrEqual(CHECKPOINT_LIMIT);
    expect(worstSeek()).toBeLessThan(2000);
  });

  it('a watch that nobody reads holds no more than a pipe does', () => {
    const { session, type } = world('nodes-1');
    type('kubectl get cm -w -o yaml | sleep 864000 &');
    type('for i in $(seq 1500); do kubectl annotate cm kube-root-ca.crt a=$i --overwrite; done');
    const tables = new Map(session.world.kernel.store.tables());
    const streams = [...(tables.get('sim/streams')?.values() ?? [])] as { chunks: unknown[] }[];
    const unread = streams.map(({ chunks }) => chunks.length);
    expect(Math.max(...unread)).toBeGreaterThan(1000);
    expect(Math.max(...unread)).toBeLessThanOrEqual(1025);
  });

  it(
    'a Job of a thousand million fills the database, which says so',
    { timeout: 3 * MINUTE },
    () => {
      const { apply, type } = world('nodes-1');
      const nowhere = { nodeSelector: { no: 'such' } };
      const job = (completionMode: string) => ({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: completionMode.toLowerCase() },
        spec: {
          completions: 1_000_000_000,
          parallelism: 1_000_000_000,
          completionMode,
          template: {
            spec: { ...nowhere, restartPolicy: 'Never', containers: [container(['true'])] },
          },
        },
      });
      expect(apply(job('Indexed'))).toContain(
        'spec.parallelism: Invalid value: 1000000000: must be less than or equal to 100000 when completion mode is Indexed',
      );
      apply(job('NonIndexed'));
      type('sleep 240');
      const pods = Number(type('kubectl get pods -o name | wc -l'));
      expect(pods).toBeGreaterThan(1000);
      expect(pods).toBeLessThan(5500);
      expect(type('kubectl run one-more --image=nginx')).toContain('database space exceeded');
    },
  );
});
