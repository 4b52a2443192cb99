import type { IpamConfig } from '../../api.ts';
import { ipv6Groups, isAddress, isIpv4 } from '../../../go/address.ts';
import { goQuote } from '../../../go/quote.ts';
import { refuse, type Refused } from '../../../go/refused.ts';

/**
 * Subnets with their ranges, gateways and addresses set aside, matched by address (docker/cli
 * v29.7 `cli/command/network/create.go`, `createIPAMConfig`).
 */
export interface Addressing {
  readonly subnets: readonly string[];
  readonly ranges: readonly string[];
  readonly gateways: readonly string[];
  readonly auxiliary: Readonly<Record<string, string>>;
}

interface Prefix {
  readonly bits: bigint;
  readonly length: number;
  readonly size: 32 | 128;
}

function addressBits(text: string): { bits: bigint; size: 32 | 128 } | undefined {
  if (isIpv4(text)) {
    const bits = text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    return { bits, size: 32 };
  }
  const groups = ipv6Groups(text);
  if (!groups) return undefined;
  return { bits: groups.reduce((sum, group) => sum * 65_536n + BigInt(group), 0n), size: 128 };
}

function prefixOf(text: string): Prefix | undefined {
  const [address = '', length, more] = text.split('/');
  const parsed = addressBits(address);
  if (!parsed || length === undefined || more !== undefined) return undefined;
  if (!/^\d{1,3}$/.test(length) || Number(length) > parsed.size) return undefined;
  return { ...parsed, length: Number(length) };
}

/** Is an address, or the first of a range, in the subnet? */
function includes(subnet: Prefix, text: string): boolean {
  const other = addressBits(text.split('/')[0] ?? '');
  if (other?.size !== subnet.size) return false;
  const shift = BigInt(subnet.size - subnet.length);
  return other.bits >> shift === subnet.bits >> shift;
}

const cidrProblem = (text: string): Refused =>
  refuse(`invalid subnet: invalid CIDR address: ${text}`);

function prefixProblem(text: string): string {
  const at = text.lastIndexOf('/');
  if (at === -1) return "no '/'";
  const [address, length] = [text.slice(0, at), text.slice(at + 1)];
  if (!isAddress(address)) return `ParseAddr(${goQuote(address)}): unable to parse IP`;
  return /^[1-9]\d{0,2}$|^0$/.test(length)
    ? 'prefix length out of range'
    : `bad bits after slash: ${goQuote(length)}`;
}

/** With the bits behind the prefix taken off, as `net.IPNet` prints a range. */
function masked(text: string): string {
  const prefix = prefixOf(text);
  if (prefix?.size !== 32) return text;
  const shift = BigInt(32 - prefix.length);
  const bits = (prefix.bits >> shift) << shift;
  const bytes = [24n, 16n, 8n, 0n].map((at) => String((bits >> at) & 255n));
  return `${bytes.join('.')}/${prefix.length}`;
}

export function networkConfigs(addressing: Addressing): IpamConfig[] | Refused {
  const { subnets, ranges, gateways, auxiliary } = addressing;
  if (subnets.length < ranges.length || subnets.length < gateways.length) {
    return refuse('every ip-range or gateway must have a corresponding subnet');
  }
  const known: { readonly text: string; readonly prefix: Prefix; config: IpamConfig }[] = [];
  for (const text of subnets) {
    const prefix = prefixOf(text);
    if (!prefix) {
      if (known.length > 0) return cidrProblem(text);
      return refuse(`netip.ParsePrefix(${goQuote(text)}): ${prefixProblem(text)}`);
    }
    if (known.some((one) => includes(one.prefix, text) || includes(prefix, one.text))) {
      return refuse('multiple overlapping subnet configuration is not supported');
    }
    known.push({ text, prefix, config: { Subnet: text } });
  }
  /** Gives a field to every subnet that the address belongs to; none, or twice, is a mistake. */
  const give = (text: string, field: 'IPRange' | 'Gateway', what: string, several: string) => {
    const homes = known.filter(({ prefix }) => includes(prefix, text));
    if (homes.length === 0) return refuse(`no matching subnet for ${what} ${text}`);
    for (const home of homes) {
      const before = home.config[field];
      if (before !== undefined) {
        return refuse(
          `cannot configure multiple ${several} (${text}, ${before}) ${on(home.text, field)}`,
        );
      }
      home.config = { ...home.config, [field]: text };
    }
    return undefined;
  };
  for (const text of ranges) {
    const wrong = give(masked(text), 'IPRange', 'range', 'ranges');
    if (wrong) return wrong;
  }
  for (const text of gateways) {
    const wrong = give(text, 'Gateway', 'gateway', 'gateways');
    if (wrong) return wrong;
  }
  for (const [name, address] of Object.entries(auxiliary)) {
    if (address === '') continue;
    if (!isAddress(address)) return refuse(`ParseAddr(${goQuote(address)}): unable to parse IP`);
    const home = known.find(({ prefix }) => includes(prefix, address));
    if (!home) return refuse(`no matching subnet for aux-address ${address}`);
    const auxiliaries = { ...home.config.AuxiliaryAddresses, [name]: address };
    home.config = { ...home.config, AuxiliaryAddresses: auxiliaries };
  }
  return known.map(({ config }) => config);
}

const on = (subnet: string, field: string): string =>
  field === 'IPRange' ? `on the same subnet (${subnet})` : `for the same subnet (${subnet})`;
