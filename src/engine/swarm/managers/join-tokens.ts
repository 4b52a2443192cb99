import type { Random } from '../../sim/random.ts';
import type { NodeRole } from '../api.ts';
import type { ClusterObject, RootCa } from '../objects.ts';
import { digestOfCa } from './root-ca.ts';

/**
 * What lets a machine into a swarm: `SWMTKN-1-`, the hash of the swarm's certificate in base 36, and
 * a secret for the role (moby/swarmkit v2.1 `ca/config.go`).
 */
const PREFIX = 'SWMTKN-1-';
const DIGEST_LENGTH = 50;
const SECRET_LENGTH = 25;
const BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** The token of a role as people see it. */
export const tokenOf = ({ joinTokens }: ClusterObject, role: NodeRole): string =>
  `${PREFIX}${joinTokens[role]}`;

/** What comes after the prefix. */
export function newToken(ca: RootCa, random: Random): string {
  const digest = BigInt(`0x${digestOfCa(ca)}`)
    .toString(36)
    .padStart(DIGEST_LENGTH, '0');
  return `${digest}-${random.text(SECRET_LENGTH, BASE_36)}`;
}

export interface ParsedToken {
  /** Of the certificate: 64 hexadecimal digits. */
  readonly digest: string;
  /** What comes after the prefix. */
  readonly token: string;
}

/** Undefined for what is no join token. */
export function parseToken(text: string): ParsedToken | undefined {
  const [name, version, digest = '', secret = '', ...more] = text.split('-');
  if (name !== 'SWMTKN' || version !== '1' || more.length > 0) return undefined;
  if (digest.length !== DIGEST_LENGTH || secret.length !== SECRET_LENGTH) return undefined;
  let value = 0n;
  for (const char of digest) {
    const digit = BASE_36.indexOf(char.toLowerCase());
    if (digit === -1) return undefined;
    value = value * 36n + BigInt(digit);
  }
  return { digest: value.toString(16).padStart(64, '0'), token: `${digest}-${secret}` };
}

/** The role that a token is for in a swarm. */
export function roleOf({ joinTokens }: ClusterObject, token: string): NodeRole | undefined {
  if (token === joinTokens.worker) return 'worker';
  return token === joinTokens.manager ? 'manager' : undefined;
}
