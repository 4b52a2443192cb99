import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What a Pod of busybox is told of names, as busybox's nslookup asks for them. */
const HEAD = 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n';
const FAILED = 'command terminated with exit code 1\n';
const nowhere = (name: string) => `** server can't find ${name}: NXDOMAIN\n\n`;

function box() {
  const session = new Session({ preset: 'cluster', seed: 5 });
  session.type('kubectl run box --image=alpine -- sleep infinity');
  session.type('kubectl wait --for=condition=Ready pod/box');
  return (line: string) => session.type(`kubectl exec box -- ${line}`).printed;
}

describe('nslookup in a Pod', () => {
  it('asks for a bare name in every domain, and fails by those that do not know it', () => {
    const full = 'kubernetes.default.svc.cluster.local';
    const others = nowhere('kubernetes.svc.cluster.local') + nowhere('kubernetes.cluster.local');
    expect(box()('nslookup kubernetes')).toBe(
      `${HEAD}Name:\t${full}\nAddress: 10.96.0.1\n\n${others}\n${others}${FAILED}`,
    );
  });

  it('asks for a name with a dot as it is, unlike other programs', () => {
    const inBox = box();
    const unknown = nowhere('kubernetes.default').repeat(2);
    expect(inBox('nslookup kubernetes.default')).toBe(`${HEAD}${unknown}${FAILED}`);
    expect(inBox('getent hosts kubernetes.default')).toContain('10.96.0.1');
  });

  it('hears of the own domain with authority, of others at second hand', () => {
    const inBox = box();
    const full = 'kubernetes.default.svc.cluster.local';
    expect(inBox(`nslookup ${full}`)).toBe(`${HEAD}Name:\t${full}\nAddress: 10.96.0.1\n\n\n`);
    expect(inBox('nslookup registry.local')).toBe(
      `${HEAD}Non-authoritative answer:\nName:\tregistry.local\nAddress: 192.168.10.5\n\n` +
        'Non-authoritative answer:\n\n',
    );
  });
});
