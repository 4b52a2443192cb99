import { ramInBytes } from '../../units.ts';
import { isAddress } from '../../../go/address.ts';
import { parseInteger, parseUnsigned } from '../../../go/numbers.ts';
import { goQuote } from '../../../go/quote.ts';
import { isRefused } from '../../../go/refused.ts';

/**
 * What docker checks of a value when a flag that may be repeated takes it, by the flag's name
 * (docker/cli v29.7 `opts/`, `cli/command/container/opts.go`). Each gives why it refuses.
 */
type Check = (value: string) => string | undefined;

const before = (value: string, by: string): string => {
  const at = value.indexOf(by);
  return at === -1 ? value : value.slice(0, at);
};

const env: Check = (value) =>
  before(value, '=') === '' ? `invalid environment variable: ${value}` : undefined;

export const labelProblem: Check = (value) => {
  const key = before(value, '=').replace(/^[ \t]+/, '');
  if (key === '') return `invalid label '${value}': empty name`;
  return /[ \t]/.test(key) ? `label '${key}' contains whitespaces` : undefined;
};

const address: Check = (value) =>
  isAddress(value.trim()) ? undefined : `IP address is not correctly formatted: ${value}`;

const DOMAIN =
  /^(:?(:?[a-zA-Z0-9]|(:?[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))(:?\.(:?[a-zA-Z0-9]|(:?[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])))*)\.?\s*$/;

const domain: Check = (value) => {
  const name = value.replace(/^ +| +$/g, '');
  if (name === '.') return undefined;
  const short = (DOMAIN.exec(name)?.[1] ?? '').length;
  const good = /[a-zA-Z]/.test(name) && short > 0 && short < 255;
  return good ? undefined : `${name} is not a valid domain`;
};

const extraHost: Check = (value) => {
  const by = value.includes('=') ? '=' : ':';
  const at = value.indexOf(by);
  if (at < 1 || value.slice(0, at).includes(':')) {
    return `bad format for add-host: ${goQuote(value)}`;
  }
  const host = value.slice(at + 1).replace(/^\[(.+)\]$/, '$1');
  if (host === 'host-gateway' || isAddress(host.trim())) return undefined;
  return `invalid IP address in add-host: ${goQuote(host)}`;
};

const link: Check = (value) => {
  if (value === '') return 'empty string specified for links';
  return value.split(':').length > 2 ? `bad format for links: ${value}` : undefined;
};

const KERNEL = [
  'msgmax',
  'msgmnb',
  'msgmni',
  'sem',
  'shmall',
  'shmmax',
  'shmmni',
  'shm_rmid_forced',
];

const sysctl: Check = (value) => {
  const key = before(value, '=');
  const known =
    KERNEL.some((name) => key === `kernel.${name}`) || /^(net\.|fs\.mqueue\.)/.test(key);
  return value.includes('=') && known ? undefined : `sysctl '${value}' is not allowed`;
};

const attach: Check = (value) =>
  ['stdin', 'stdout', 'stderr'].includes(value.toLowerCase())
    ? undefined
    : 'valid streams are STDIN, STDOUT and STDERR';

const deviceRule: Check = (value) =>
  /^[acb] (\d+|\*):(\d+|\*) [rwm]{1,3}$/.test(value)
    ? undefined
    : `invalid device cgroup format '${value}'`;

/** `/dev/sda:…`: the part behind the device is for `rest` to judge. */
const ofDevice =
  (rest: (figure: string, value: string) => string | undefined): Check =>
  (value) => {
    const at = value.indexOf(':');
    if (at < 1) return `bad format: ${value}`;
    if (!value.startsWith('/dev/')) return `bad format for device path: ${value}`;
    return rest(value.slice(at + 1), value);
  };

const weight = ofDevice((figure, value) => {
  const size = parseUnsigned(figure, 16);
  const wrong = isRefused(size) || (size > 0 && (size < 10 || size > 1000));
  return wrong ? `invalid weight for device: ${value}` : undefined;
});

const bytesRate = ofDevice((figure, value) => {
  if (!isRefused(ramInBytes(figure))) return undefined;
  const form = '<device-path>:<number>[<unit>]. Number must be a positive integer.';
  const unit = 'Unit is optional and can be kb, mb, or gb';
  return `invalid rate for device: ${value}. The correct format is ${form} ${unit}`;
});

const operationsRate = ofDevice((figure, value) => {
  if (!isRefused(parseUnsigned(figure))) return undefined;
  const form = '<device-path>:<number>. Number must be a positive integer';
  return `invalid rate for device: ${value}. The correct format is ${form}`;
});

const genericResource: Check = (value) =>
  value.includes('=')
    ? undefined
    : `invalid generic-resource format \`${value}\` expected \`name=value\``;

export const LIST_CHECKS: Readonly<Record<string, Check>> = {
  env,
  'env-add': env,
  label: labelProblem,
  'label-add': labelProblem,
  'container-label': labelProblem,
  'container-label-add': labelProblem,
  'generic-resource': genericResource,
  'generic-resource-add': genericResource,
  'log-opt': env,
  attach,
  dns: address,
  'dns-add': address,
  'dns-search': domain,
  'dns-search-add': domain,
  'add-host': extraHost,
  host: extraHost,
  'host-add': extraHost,
  link,
  sysctl,
  'sysctl-add': sysctl,
  'device-cgroup-rule': deviceRule,
  'blkio-weight-device': weight,
  'device-read-bps': bytesRate,
  'device-write-bps': bytesRate,
  'device-read-iops': operationsRate,
  'device-write-iops': operationsRate,
};

const ULIMITS = [
  ...['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc'],
  ...['rss', 'rtprio', 'rttime', 'sigpending', 'stack'],
];

/** `nofile=1024:2048` (docker/go-units v0.5 `ulimit.go`). */
export interface Ulimit {
  readonly Name: string;
  readonly Hard: number;
  readonly Soft: number;
}

export function parseUlimit(text: string): Ulimit | string {
  const at = text.indexOf('=');
  if (at === -1) return `invalid ulimit argument: ${text}`;
  const [name, limits] = [text.slice(0, at), text.slice(at + 1)];
  if (!ULIMITS.includes(name)) return `invalid ulimit type: ${name}`;
  const parts = limits.split(':');
  if (parts.length > 2) {
    return (
      `too many limit value arguments - ${limits}, ` + 'can only have up to two, `soft[:hard]`'
    );
  }
  const [soft, hard] = [parseInteger(parts[0] ?? ''), parseInteger(parts[1] ?? parts[0] ?? '')];
  if (isRefused(hard)) return hard.refused;
  if (isRefused(soft)) return soft.refused;
  const must = 'ulimit soft limit must be less than or equal to hard limit';
  if (hard !== -1 && soft === -1) return `${must}: soft: -1 (unlimited), hard: ${hard}`;
  if (hard !== -1 && soft > hard) return `${must}: ${soft} > ${hard}`;
  return { Name: name, Hard: hard, Soft: soft };
}
