import { parsePublish } from '../../publish.ts';
import { readCsv } from '../../../go/csv.ts';
import { parseUnsigned, reasonOf } from '../../../go/numbers.ts';
import { goQuote } from '../../../go/quote.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';

/**
 * Values of `docker service` and `docker swarm` (docker/cli v29.7 `opts/swarmopts`,
 * `cli/command/service/opts.go`, `cli/command/swarm/opts.go`).
 */
export interface PortConfig {
  readonly Protocol: string;
  readonly TargetPort: number;
  /** 0: one is chosen. */
  readonly PublishedPort: number;
  readonly PublishMode: 'ingress' | 'host';
}

/** `8080:80`, or `published=8080,target=80,protocol=tcp,mode=host`. */
export function parseServicePort(text: string): PortConfig[] | Refused {
  if (!/\w+=\w+(,\w+=\w+)*/.test(text)) return shortPorts(text);
  const fields = readCsv(text);
  if (isRefused(fields)) return fields;
  let config: PortConfig = {
    Protocol: 'tcp',
    TargetPort: 0,
    PublishedPort: 0,
    PublishMode: 'ingress',
  };
  for (const field of fields) {
    const lower = field.toLowerCase();
    const at = lower.indexOf('=');
    if (at < 1) return refuse(`invalid field: ${field}`);
    const next = takeField(config, lower.slice(0, at), lower.slice(at + 1));
    if (isRefused(next)) return next;
    config = next;
  }
  return config.TargetPort === 0 ? refuse("missing mandatory field 'target'") : [config];
}

function takeField(config: PortConfig, key: string, value: string): PortConfig | Refused {
  switch (key) {
    case 'protocol':
      if (['tcp', 'udp', 'sctp'].includes(value)) return { ...config, Protocol: value };
      return refuse(`invalid protocol value '${value}'`);
    case 'mode':
      if (value === 'ingress' || value === 'host') return { ...config, PublishMode: value };
      return refuse(`invalid publish mode value (${value}): must be either 'ingress' or 'host'`);
    case 'target':
    case 'published': {
      const port = parseUnsigned(value, 16);
      if (isRefused(port)) {
        const why = `value must be an integer: ${reasonOf(port)}`;
        return refuse(`invalid ${key} port (${value}): ${why}`);
      }
      return key === 'target'
        ? { ...config, TargetPort: port }
        : { ...config, PublishedPort: port };
    }
    default:
      return refuse(`invalid field key: ${key}`);
  }
}

function shortPorts(text: string): PortConfig[] | Refused {
  const mappings = parsePublish(text);
  if (isRefused(mappings)) return mappings;
  if (mappings.some(({ HostIp }) => HostIp !== '')) return refuse('hostip is not supported');
  return mappings.flatMap(({ port, HostPort }) => {
    const [target = '', protocol = 'tcp'] = port.split('/');
    const [first = '0', last = first] = (HostPort === '' ? '0' : HostPort).split('-');
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: count }, (_, at) => ({
      Protocol: protocol,
      TargetPort: Number(target),
      PublishedPort: Number(first) + at,
      PublishMode: 'ingress' as const,
    }));
  });
}

/** `--secret` and `--config`: a name, or `source=…,target=…,uid=…,gid=…,mode=…`. */
export function fileReferenceProblem(text: string, what: 'secret' | 'config'): string | undefined {
  const fields = readCsv(text);
  if (isRefused(fields)) return fields.refused;
  if (fields.length === 1 && !fields[0]!.includes('=')) return undefined;
  let source = '';
  for (const field of fields) {
    const at = field.indexOf('=');
    if (at < 1) return `invalid field '${field}' must be a key=value pair`;
    const [key, value] = [field.slice(0, at), field.slice(at + 1)];
    const name = key.toLowerCase();
    if (name === 'source' || name === 'src') source = value;
    else if (name === 'mode') {
      const mode = parseUnsigned(value, 32, 0);
      if (isRefused(mode)) return `invalid mode specified: ${mode.refused}`;
    } else if (!['target', 'uid', 'gid'].includes(name)) {
      return `invalid field in ${what} request: ${key}`;
    }
  }
  return source === '' ? 'source is required' : undefined;
}

export function placementProblem(text: string): string | undefined {
  const at = text.indexOf('=');
  if (at < 1) return 'placement preference must be of the format "<strategy>=<arg>"';
  const strategy = text.slice(0, at);
  return strategy === 'spread'
    ? undefined
    : `unsupported placement preference ${strategy} (only spread is supported)`;
}

export const credentialProblem = (text: string): string | undefined =>
  text === '' || /^(config|file|registry):\/\//.test(text)
    ? undefined
    : 'invalid credential spec: value must be prefixed with "config://", "file://", or "registry://"';

export function externalCaProblem(text: string): string | undefined {
  const fields = readCsv(text);
  if (isRefused(fields)) return fields.refused;
  const keys = new Set<string>();
  for (const field of fields) {
    const at = field.indexOf('=');
    if (at === -1) return `invalid field '${field}' must be a key=value pair`;
    const key = field.slice(0, at).toLowerCase();
    const value = field.slice(at + 1);
    keys.add(key);
    if (key === 'protocol' && value.toLowerCase() !== 'cfssl') {
      return `unrecognized external CA protocol ${value}`;
    }
  }
  const missing = ['protocol', 'url'].find((key) => !keys.has(key));
  return missing === undefined ? undefined : `the external-ca option needs a ${missing}= parameter`;
}

/** `HOST:PORT`, `HOST` or `:PORT`. */
export function nodeAddressProblem(text: string): string | undefined {
  const port = /:([^:\]]*)$/.exec(text)?.[1];
  if (port === undefined || /^\d*$/.test(port)) return undefined;
  const url = goQuote(`tcp://${text}`);
  return `parse ${url}: invalid port ${goQuote(`:${port}`)} after host`;
}

/** A shell's words: quotes must be closed. */
export function commandProblem(text: string): string | undefined {
  const bare = text.replace(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/g, '');
  if (/['"]/.test(bare)) return 'EOF found when expecting closing quote';
  return bare.endsWith('\\') ? 'EOF found after escape character' : undefined;
}
