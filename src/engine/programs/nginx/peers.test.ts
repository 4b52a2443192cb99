import { describe, expect, it } from 'vitest';
import {
  choosePeer,
  freePeer,
  ordinaryPeer,
  triesOf,
  type Peer,
  type PeerStates,
} from './peers.ts';

const A = ordinaryPeer('10.0.0.1:80');
const B = ordinaryPeer('10.0.0.2:80');
const C = ordinaryPeer('10.0.0.3:80');

/** One nginx over time: `asked` says whom the next request goes to, `failed` that it got nothing. */
function nginxWith(peers: readonly Peer[]) {
  let states: PeerStates = {};
  let nowS = 1000;
  return {
    asked(tried: readonly string[] = []): string | undefined {
      const chosen = choosePeer(peers, states, tried, nowS);
      states = chosen?.states ?? states;
      return chosen?.peer.address;
    },
    failed(address: string): boolean {
      const freed = freePeer(peers, states, { address, hasFailed: true, nowS });
      states = freed.states;
      return freed.isDisabled;
    },
    served(address: string): void {
      ({ states } = freePeer(peers, states, { address, hasFailed: false, nowS }));
    },
    wait(seconds: number): void {
      nowS += seconds;
    },
  };
}

describe('servers of an upstream', () => {
  it('are asked in turn, as often as their weights say', () => {
    const even = nginxWith([A, B, C]);
    const order = [1, 2, 3, 4].map(() => even.asked());
    expect(order).toEqual([A.address, B.address, C.address, A.address]);
    const heavy = nginxWith([{ ...A, weight: 3 }, B]);
    const eight = [1, 2, 3, 4, 5, 6, 7, 8].map(() => heavy.asked());
    expect(eight.filter((one) => one === A.address)).toHaveLength(6);
  });

  it('are passed over for ten seconds after one failure, and then tried once', () => {
    const nginx = nginxWith([A, B]);
    expect(nginx.asked()).toBe(A.address);
    expect(nginx.failed(A.address)).toBe(true);
    expect([1, 2, 3].map(() => nginx.asked())).toEqual([B.address, B.address, B.address]);
    nginx.wait(10);
    expect(nginx.asked()).toBe(B.address);
    nginx.wait(1);
    // One request finds out; until it has, others go on with the rest.
    const seen = [1, 2, 3, 4, 5, 6].map(() => nginx.asked());
    expect(seen.filter((one) => one === A.address)).toHaveLength(1);
    nginx.served(A.address);
    expect([1, 2, 3, 4].map(() => nginx.asked())).toContain(A.address);
  });

  it('are all passed over when all failed, but one alone never is', () => {
    const two = nginxWith([A, B]);
    two.asked();
    two.failed(A.address);
    two.failed(B.address);
    expect(two.asked()).toBeUndefined();
    const one = nginxWith([A]);
    expect(one.failed(A.address)).toBe(false);
    expect(one.asked()).toBe(A.address);
  });

  it('may fail more often where max_fails says so, or as often as they like', () => {
    const patient = nginxWith([{ ...A, maxFails: 2 }, B]);
    expect(patient.failed(A.address)).toBe(false);
    expect(patient.failed(A.address)).toBe(true);
    const never = nginxWith([{ ...A, maxFails: 0 }, B]);
    expect([1, 2, 3].map(() => never.failed(A.address))).toEqual([false, false, false]);
  });

  it('wait as backups until no other is left, and are not asked when down', () => {
    const nginx = nginxWith([A, { ...B, isBackup: true }, { ...C, isDown: true }]);
    expect([1, 2].map(() => nginx.asked())).toEqual([A.address, A.address]);
    expect(nginx.asked([A.address])).toBe(B.address);
    expect(nginx.asked([A.address, B.address])).toBeUndefined();
    expect(triesOf([A, B, { ...C, isDown: true }])).toBe(2);
  });
});
