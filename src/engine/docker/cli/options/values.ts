import { ramInBytes } from '../../units.ts';
import { isAddress } from '../../../go/address.ts';
import { readCsv } from '../../../go/csv.ts';
import { parseDuration } from '../../../go/duration.ts';
import {
  parseBoolean,
  parseFloatNumber,
  parseInteger,
  parseUnsigned,
  reasonOf,
} from '../../../go/numbers.ts';
import { goQuote } from '../../../go/quote.ts';
import { isRefused, type Refused } from '../../../go/refused.ts';
import type { FlagSpec } from '../spec/command-spec.ts';
import { LIST_CHECKS, parseUlimit } from './lists.ts';
import { parseMount } from './mount.ts';
import { parseNetwork } from './network.ts';
import {
  commandProblem,
  credentialProblem,
  externalCaProblem,
  fileReferenceProblem,
  nodeAddressProblem,
  parseServicePort,
  placementProblem,
} from './swarm.ts';

/** Why a flag does not take a value, by its type as help names it; undefined when it does. */
type Check = (value: string, spec: FlagSpec) => string | undefined;

const why = (result: unknown): string | undefined =>
  isRefused(result) ? result.refused : undefined;

/** `--memory-swap` and its like may be -1: without limit. */
const bytes: Check = (value, { name }) =>
  value === '-1' && name === 'memory-swap' ? undefined : why(ramInBytes(value));

/** Nanos of a processor: at most nine digits behind the point. */
export function parseCpus(text: string): number | Refused {
  const match = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,3}))?$/.exec(text);
  const parts = /^([-+]?\d+)\/(\d+)$/.exec(text);
  if (parts && BigInt(parts[2]!) !== 0n) {
    const whole = BigInt(parts[1]!) * 1_000_000_000n;
    if (whole % BigInt(parts[2]!) !== 0n) return { refused: 'value is too precise' };
    return Number(whole / BigInt(parts[2]!));
  }
  const digits = `${match?.[2] ?? ''}${match?.[3] ?? ''}`;
  if (!match || digits === '') {
    return { refused: `failed to parse ${text} as a rational number` };
  }
  const shift = 9 - (match[3] ?? '').length + Number(match[4] ?? 0);
  const cut = shift < 0 ? digits.slice(shift) : '';
  if (/[1-9]/.test(cut)) return { refused: 'value is too precise' };
  const nanos = shift < 0 ? digits.slice(0, shift) : digits + '0'.repeat(Math.min(shift, 40));
  return Number(`${match[1] ?? ''}${nanos === '' ? '0' : nanos}`);
}

function gpuProblem(value: string): string | undefined {
  const fields = readCsv(value);
  if (isRefused(fields)) return fields.refused;
  const seen: string[] = [];
  for (const field of fields) {
    const at = field.indexOf('=');
    const key = at === -1 ? field : field.slice(0, at);
    if (seen.includes(key)) return `gpu request key '${key}' can be specified only once`;
    seen.push(key);
    const count = at === -1 ? key : key === 'count' ? field.slice(at + 1) : 'all';
    const number = count === 'all' ? 0 : parseInteger(count, { what: 'Atoi' });
    if (isRefused(number)) {
      const must = 'value must be either "all" or an integer';
      return `invalid count (${count}): ${must}: ${reasonOf(number)}`;
    }
    const known = ['driver', 'count', 'device', 'capabilities', 'options'].includes(key);
    if (at !== -1 && !known) return `unexpected key '${key}' in '${field}'`;
  }
  return undefined;
}

const filter: Check = (value) =>
  value === '' || value.includes('=') ? undefined : 'bad format of filter (expected name=value)';

const list: Check = (value, { name, type, unchecked }) => {
  if (unchecked) return undefined;
  // Services take any sysctl: it is the machine of a task that would refuse it.
  if (name.startsWith('sysctl') && type === 'list') return undefined;
  return Object.hasOwn(LIST_CHECKS, name) ? LIST_CHECKS[name]?.(value) : undefined;
};

const duration: Check = (value, { positive }) => {
  const ns = parseDuration(value);
  if (isRefused(ns)) return ns.refused;
  return positive && ns < 0 ? 'duration cannot be negative' : undefined;
};

const ip: Check = (value) =>
  isAddress(value.trim()) ? undefined : `failed to parse IP: ${goQuote(value)}`;

const ips: Check = (value) => {
  const fields = value === '' ? [] : readCsv(value);
  if (isRefused(fields)) return fields.refused;
  const bad = fields.find((one) => !isAddress(one.trim()));
  return bad === undefined ? undefined : `invalid string being converted to IP address: ${bad}`;
};

const networks: Check = (value) => {
  if (value === '') return undefined;
  for (const one of value.split(',')) {
    const [address = '', length = ''] = one.trim().split('/');
    const most = address.includes(':') ? 128 : 32;
    if (!isAddress(address) || !/^\d{1,3}$/.test(length) || Number(length) > most) {
      return `invalid string being converted to CIDR: ${one}`;
    }
  }
  return undefined;
};

/** Switches have no type in help. */
const SWITCH: Check = (value) => why(parseBoolean(value));

const CHECKS: Readonly<Record<string, Check>> = {
  '': SWITCH,
  int: (value) => why(parseInteger(value, { base: 0 })),
  uint: (value) => why(parseUnsigned(value, 64, 0)),
  uint16: (value) => why(parseUnsigned(value, 16, 0)),
  uint32: (value) => why(parseUnsigned(value, 32, 0)),
  float: (value) => why(parseFloatNumber(value)),
  duration,
  bytes,
  decimal: (value) => why(parseCpus(value)),
  strings: (value) => (value === '' ? undefined : why(readCsv(value))),
  list,
  map: list,
  filter,
  ulimit: (value) => {
    const limit = parseUlimit(value);
    return typeof limit === 'string' ? limit : undefined;
  },
  mount: (value) => why(parseMount(value)),
  network: (value) => why(parseNetwork(value)),
  'gpu-request': gpuProblem,
  ip,
  ipSlice: ips,
  ipNetSlice: networks,
  port: (value) => why(parseServicePort(value)),
  secret: (value) => fileReferenceProblem(value, 'secret'),
  config: (value) => fileReferenceProblem(value, 'config'),
  pref: placementProblem,
  'credential-spec': credentialProblem,
  'external-ca': externalCaProblem,
  'node-addr': nodeAddressProblem,
  command: commandProblem,
};

/** `before` holds the values that the flag has already. */
export function valueProblem(
  spec: FlagSpec,
  value: string,
  before: readonly string[],
): string | undefined {
  if (spec.name === 'host' && spec.shorthand === 'H') {
    return before.length > 0 ? 'specify only one -H' : undefined;
  }
  return Object.hasOwn(CHECKS, spec.type) ? CHECKS[spec.type]?.(value, spec) : undefined;
}
