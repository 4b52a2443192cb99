import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { newToken, parseToken } from '../../src/engine/swarm/managers/join-tokens.ts';
import { digestOfCa, newRootCa } from '../../src/engine/swarm/managers/root-ca.ts';
import { Random } from '../../src/engine/sim/random.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

it('the certificate of a swarm is one that others can read', () => {
  for (const seed of SEEDS) {
    const ca = newRootCa(new Random(seed, ['ca']));
    const read = new X509Certificate(ca.certificate);
    expect([read.subject, read.issuer, read.ca]).toEqual(['CN=swarm-ca', 'CN=swarm-ca', true]);
    expect(new Date(read.validFrom).toISOString()).toBe('2026-01-04T23:00:00.000Z');
    expect(Buffer.from(ca.subject, 'base64').toString('latin1')).toContain('swarm-ca');
    expect(read.raw.includes(Buffer.from(ca.publicKey, 'base64'))).toBe(true);
  }
});

it('a join token says which certificate its swarm has', () => {
  for (const seed of SEEDS) {
    const random = new Random(seed, ['token']);
    const ca = newRootCa(random);
    const token = newToken(ca, random);
    expect(token).toMatch(/^[0-9a-z]{50}-[0-9a-z]{25}$/);
    expect(parseToken(`SWMTKN-1-${token}`)).toEqual({ digest: digestOfCa(ca), token });
  }
  for (const text of [
    '',
    'SWMTKN-1-a-b',
    'SWMTKN-9-',
    `SWMTKN-1-${'!'.repeat(50)}-${'a'.repeat(25)}`,
  ]) {
    expect(parseToken(text)).toBeUndefined();
  }
});
