import { describe, expect, it } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { Addresses } from './address.ts';
import { parsePrefix } from './prefix.ts';
import { Subnets } from './subnets.ts';

function subnet(prefix: string, range?: string) {
  const kernel = new Kernel({ seed: 1 });
  const addresses = new Addresses(kernel);
  const subnets = new Subnets(kernel, addresses);
  const owner = { machine: 'dev', owner: 'c' };
  subnets.open(
    'net',
    'dev',
    parsePrefix(prefix)!,
    range === undefined ? undefined : parsePrefix(range),
  );
  return {
    kernel,
    addresses,
    subnets,
    next: () => subnets.allocate('net', owner),
    claim: (ip: string) => subnets.claim('net', ip, owner),
    release: (ip: string) => subnets.release('net', ip),
  };
}

describe('a subnet', () => {
  it('gives its lowest free address, never network and broadcast', () => {
    const { next, release } = subnet('10.0.0.0/29');
    const all = [next(), next(), next(), next(), next(), next(), next()];
    expect(all).toEqual([1, 2, 3, 4, 5, 6].map((n) => `10.0.0.${n}`).concat([undefined as never]));
    release('10.0.0.4');
    release('10.0.0.2');
    expect([next(), next(), next()]).toEqual(['10.0.0.2', '10.0.0.4', undefined]);
  });

  it('steps over addresses that were asked for by name', () => {
    const { next, claim, release } = subnet('10.0.0.0/24');
    expect(claim('10.0.0.2')).toBe(true);
    expect(claim('10.0.0.2')).toBe(false);
    expect(claim('10.0.0.255')).toBe(false);
    expect([next(), next()]).toEqual(['10.0.0.1', '10.0.0.3']);
    release('10.0.0.2');
    expect(next()).toBe('10.0.0.2');
    expect(claim('10.0.0.9')).toBe(true);
    release('10.0.0.9');
    expect(next()).toBe('10.0.0.4');
  });

  it('keeps to its range, and counts', () => {
    const { next, claim, subnets } = subnet('10.0.0.0/24', '10.0.0.252/30');
    expect([next(), next(), next(), next()]).toEqual([
      ...['10.0.0.252', '10.0.0.253', '10.0.0.254'],
      undefined,
    ]);
    expect(claim('10.0.0.7')).toBe(true);
    expect(subnets.use('net')).toEqual({ used: 6, free: 0 });
  });

  it('of two or one addresses has neither network nor broadcast', () => {
    expect([subnet('10.0.0.4/31').next(), subnet('10.0.0.4/32').next()]).toEqual([
      '10.0.0.4',
      '10.0.0.4',
    ]);
  });

  it('leaves nothing behind when it is closed', () => {
    const { subnets, next, release, addresses } = subnet('10.0.0.0/24');
    const ip = next()!;
    release(ip);
    subnets.close('net');
    expect(addresses.at('10.0.0.0', 'dev') ?? addresses.at('10.0.0.255', 'dev')).toBe(undefined);
  });
});
