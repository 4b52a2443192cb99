import { ComposeError, fail } from '../failure.ts';

/**
 * Where a value stands, as the older loader says it: each service and each section is read for
 * itself, into Go's own fields. A field of several words has a tag with the name of the file's key
 * (docker/cli v29 `cli/compose/types/types.go`, mapstructure v2 `mapstructure.go`).
 */
const PLACE = /^(decoding failed[^']*)'([^']+)'/;
const TAGGED = new Set([
  ...['cpus', 'memory', 'domainname', 'isolation', 'tty', 'nocopy', 'subpath'],
]);
const SPELT: Readonly<Record<string, string>> = { healthcheck: 'HealthCheck', dns: 'DNS' };

const goName = (key: string): string =>
  key.includes('_') || TAGGED.has(key)
    ? key
    : (SPELT[key] ?? `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`);

function goPlace(place: string): string {
  const [, section = '', name = '', rest = ''] = /^(\w+)\[([^\]]*)\]\.?(.*)$/.exec(place) ?? [];
  if (section === '') return place;
  const fields = rest
    .split('.')
    .map((field) => field.replace(/^[\w-]+/, goName))
    .join('.');
  return section === 'services' ? fields : `[${name}].${fields}`;
}

export function inGoNames<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return fail(
      error.message.replace(PLACE, (_all, words: string, at: string) => `${words}'${goPlace(at)}'`),
    );
  }
}
