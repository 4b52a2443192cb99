import { canonicalAddress, isAddress } from '../../../go/address.ts';
import { readCsv } from '../../../go/csv.ts';
import { parseInteger, reasonOf } from '../../../go/numbers.ts';
import { goQuote } from '../../../go/quote.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';

/** `--network NAME` or `--network name=NAME,alias=…` (docker/cli v29.7 `opts/network.go`). */
export interface NetworkSpec {
  readonly target: string;
  readonly aliases: readonly string[];
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly links: readonly string[];
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly linkLocalIps: readonly string[];
  readonly macAddress?: string;
  readonly gwPriority: number;
}

export const networkSpec = (target: string): NetworkSpec => ({
  target,
  aliases: [],
  driverOpts: {},
  links: [],
  linkLocalIps: [],
  gwPriority: 0,
});

export function parseNetwork(text: string): NetworkSpec | Refused {
  if (!/\w+=\w+(,\w+=\w+)*/.test(text)) return networkSpec(text);
  const fields = readCsv(text);
  if (isRefused(fields)) return fields;
  let spec = networkSpec('');
  for (const field of fields) {
    const lower = field.toLowerCase();
    const at = lower.indexOf('=');
    if (at < 1) return refuse(`invalid field ${field}`);
    const next = take(spec, lower.slice(0, at).trim(), lower.slice(at + 1).trim());
    if (isRefused(next)) return next;
    spec = next;
  }
  return spec.target === '' ? refuse('network name/id is not specified') : spec;
}

function take(spec: NetworkSpec, key: string, value: string): NetworkSpec | Refused {
  switch (key) {
    case 'name':
      return { ...spec, target: value };
    case 'alias':
      return { ...spec, aliases: [...spec.aliases, value] };
    case 'ip':
    case 'ip6':
    case 'link-local-ip': {
      const address = parseAddress(value);
      if (isRefused(address)) return address;
      if (key === 'ip') return { ...spec, ipv4: address };
      if (key === 'ip6') return { ...spec, ipv6: address };
      return { ...spec, linkLocalIps: [...spec.linkLocalIps, address] };
    }
    case 'mac-address':
      return { ...spec, macAddress: value };
    case 'driver-opt': {
      const at = value.indexOf('=');
      if (at < 1) return refuse('invalid key value pair format in driver options');
      const pair = { [value.slice(0, at).trim()]: value.slice(at + 1).trim() };
      return { ...spec, driverOpts: { ...spec.driverOpts, ...pair } };
    }
    case 'gw-priority': {
      const priority = parseInteger(value, { what: 'Atoi' });
      if (isRefused(priority)) {
        return refuse(`invalid gw-priority (${value}): ${reasonOf(priority)}`);
      }
      return { ...spec, gwPriority: priority };
    }
    default:
      return refuse(`invalid field key ${key}`);
  }
}

/** Go's `netip.ParseAddr`, with its words for the commonest mistakes. */
export function parseAddress(text: string): string | Refused {
  if (isAddress(text)) return canonicalAddress(text);
  const wrong = (why: string): Refused => refuse(`ParseAddr(${goQuote(text)}): ${why}`);
  if (!/[.:%]/.test(text)) return wrong('unable to parse IP');
  const first = /[.:%]/.exec(text)?.[0];
  if (first !== '.') return wrong(first === '%' ? 'missing IPv6 address' : 'unexpected character');
  const bad = /[^\d.]/.exec(text);
  if (bad) return wrong(`unexpected character (at ${goQuote(text.slice(bad.index))})`);
  const parts = text.split('.');
  if (parts.some((part) => part !== '' && Number(part) > 255)) {
    return wrong('IPv4 field has value >255');
  }
  if (parts.some((part) => /^0\d/.test(part)))
    return wrong('IPv4 field has octet with leading zero');
  if (parts.length < 4) return wrong('IPv4 address too short');
  if (parts.length > 4) return wrong('IPv4 address too long');
  return wrong('IPv4 field must have at least one digit');
}
