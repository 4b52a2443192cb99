import { goDuration } from '../../go-duration.ts';
import { Nil, Struct, Worded } from '../../../go/template/typed.ts';
import { isList, isMap, keyedBy, never, type Value } from '../../../go/template/value.ts';
import { CLIENT_TYPES } from './client-types.ts';
import { ENGINE_TYPES } from './engine-types.ts';
import { SWARM_TYPES } from './swarm-types.ts';

/**
 * JSON read into the structs that the docker CLI reads it into, for templates to work on.
 *
 * Notation of a struct: `package.Name: Field type, …`, in Go's order; `Field=name` has another name
 * in JSON; `+type` is embedded; whole and broken numbers of any size are `int`. A line that begins
 * with blanks continues the one before.
 *
 * Simplified: a pointer within a struct is shown as what it points to, not as an address; times and
 * durations have no methods but `String`.
 */
interface Field {
  readonly name: string;
  readonly json: string;
  readonly type: string;
  readonly isEmbedded: boolean;
}

let structs: ReadonlyMap<string, readonly Field[]> | undefined;

function read(): ReadonlyMap<string, readonly Field[]> {
  const lines = [ENGINE_TYPES, SWARM_TYPES, CLIENT_TYPES]
    .join('')
    .replaceAll(/\n {2}/g, ' ')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [type, fields] = line.split(': ') as [string, string];
      return [type, fields.split(', ').map(fieldOf)];
    }),
  );
}

function fieldOf(text: string): Field {
  if (text.startsWith('+')) {
    const type = text.slice(1);
    return { name: type.slice(type.lastIndexOf('.') + 1), json: '', type, isEmbedded: true };
  }
  const [names, type] = text.split(' ') as [string, string];
  const [name, json = name] = names.split('=') as [string, string?];
  return { name, json, type, isEmbedded: false };
}

/**
 * @param type as the notation writes it: `swarm.Service`, `[]string`, `*int`
 * @param json what the daemon answered; nothing gives the zero value
 */
export function typed(type: string, json: Value): Value {
  const nothing = json === undefined || json === null;
  if (type.startsWith('*')) return nothing ? new Nil(type) : pointed(typed(type.slice(1), json));
  if (type === '[]uint8') return bytes(json);
  const [, size, element] = /^\[(\d*)\](.+)$/.exec(type) ?? [];
  if (element !== undefined) {
    if (isList(json)) return json.map((one) => typed(element, one));
    return size === ''
      ? never([])
      : Array.from({ length: Number(size) }, () => typed(element, null));
  }
  const [, key, entry] = /^map\[([^\]]+)\](.+)$/.exec(type) ?? [];
  if (key !== undefined && entry !== undefined) {
    if (!isMap(json)) return never({});
    const map = Object.fromEntries(
      Object.entries(json).map(([name, one]) => [name, typed(entry, one)]),
    );
    return key === 'string' ? map : keyedBy(key, map);
  }
  const known = SIMPLE[type];
  return known ? known(json) : structOf(type, isMap(json) ? json : {});
}

const pointed = (value: Value): Value =>
  value instanceof Struct ? new Struct(`*${value.type}`, value.all, value.json()) : value;

function structOf(type: string, json: Readonly<Record<string, Value>>): Struct {
  structs ??= read();
  const fields = type === 'struct{}' ? [] : structs.get(type);
  if (!fields) throw new Error(`no struct ${type} among the types of the docker CLI`);
  const all = fields.map((field) => {
    const { name, isEmbedded } = field;
    let kept: { value: Value } | undefined;
    const value = (): Value =>
      (kept ??= { value: typed(field.type, isEmbedded ? json : json[field.json]) }).value;
    return { name, isEmbedded, value };
  });
  return new Struct(type, all, json);
}

const SIMPLE: Readonly<Record<string, (json: Value) => Value>> = {
  string: (json) => json ?? '',
  int: (json) => json ?? 0,
  bool: (json) => json ?? false,
  any: (json) => json ?? null,
  'time.Time': time,
  'time.Duration': (json) => worded('time.Duration', goDuration(Number(json ?? 0)), json ?? 0),
  'netip.Addr': (json) => address('netip.Addr', json, 'invalid IP'),
  'netip.Prefix': (json) => address('netip.Prefix', json, 'invalid Prefix'),
  'network.HardwareAddr': (json) => json ?? '',
  'os.FileMode': (json) => worded('fs.FileMode', permissions(Number(json ?? 0)), json ?? 0),
};

const worded = (type: string, words: string, json: Value): Worded => new Worded(type, words, json);

/** `time.Time.String`, of a time in UTC. */
function time(json: Value): Worded {
  const written = typeof json === 'string' ? json : '0001-01-01T00:00:00Z';
  const [date, clock] = written.split('T') as [string, string];
  const plain = clock
    .replace(/(Z|\+00:00)$/, '')
    .replace(/\.?0+$/, (zeros) => (clock.includes('.') ? '' : zeros));
  return worded('time.Time', `${date} ${plain} +0000 UTC`, written);
}

/** An address that there is can be taken for its text; none is told in words. */
const address = (type: string, json: Value, none: string): Value =>
  json === undefined || json === null || json === '' ? worded(type, none, '') : json;

/** `fs.FileMode.String`, of a file: `-r--r--r--`. */
function permissions(mode: number): string {
  const shown = Array.from('rwxrwxrwx', (letter, at) => ((mode >> (8 - at)) & 1 ? letter : '-'));
  return `-${shown.join('')}`;
}

/** `[]byte`: numbers where it is shown, text for `%s`, base64 in JSON. */
function bytes(json: Value): Value {
  if (typeof json !== 'string') return never([]);
  const binary = atob(json);
  const codes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return new Worded('[]uint8', `[${codes.join(' ')}]`, json, new TextDecoder().decode(codes));
}
