import { goQuote } from '../quote.ts';
import { Nil, Struct, Worded } from './typed.ts';
import { isList, isMap, sorted, Subject, typeName, type Value } from './value.ts';

/**
 * Go's `fmt` for the values of a template: `%v` of maps, lists and structs, and `printf`.
 *
 * Simplified: JSON does not say whether an object was a struct or a map in Go. Members known to be
 * maps are shown as maps, other objects as structs.
 */
const MAPS = new Set([
  ...['Labels', 'ExposedPorts', 'Ports', 'PortBindings', 'Networks', 'Volumes', 'Tmpfs'],
  ...['Sysctls', 'Annotations', 'Options', 'Containers', 'DriverOpts', 'Data', 'StorageOpt'],
  ...['AuxiliaryAddresses', 'Attributes', 'Details', 'Runtimes', 'Metadata', 'Endpoints'],
]);
const LISTS = new Set([
  ...['Cmd', 'Entrypoint', 'Env', 'Args', 'Shell', 'OnBuild', 'Binds', 'Links', 'Mounts', 'Dns'],
  ...['Aliases', 'CapAdd', 'CapDrop', 'ExtraHosts', 'GroupAdd', 'SecurityOpt', 'VolumesFrom'],
  ...['RepoTags', 'RepoDigests', 'Devices', 'Ulimits', 'DnsSearch', 'DnsOptions', 'ExecIDs'],
]);

/** A member that holds a map: what it has not is nothing, not a mistake. */
export const isMapName = (name: string): boolean => MAPS.has(name);

/** `%v`; `name` is the member that the value was read from. */
export function goText(value: Value, name = ''): string {
  if (value === undefined || value === null) {
    if (MAPS.has(name)) return 'map[]';
    return LISTS.has(name) ? '[]' : '<nil>';
  }
  if (value instanceof Nil) return '<nil>';
  if (value instanceof Struct) return `{${value.all.map((one) => goText(one.value())).join(' ')}}`;
  if (value instanceof Subject) {
    const text = value.member('String')?.();
    if (typeof text === 'string') return text;
    return `{${Object.values(value.fields())
      .map((one) => goText(one))
      .join(' ')}}`;
  }
  if (isList(value)) return `[${value.map((one) => goText(one)).join(' ')}]`;
  if (isMap(value)) {
    if (!MAPS.has(name) && name !== '') {
      return `{${Object.entries(value)
        .map(([key, one]) => goText(one, key))
        .join(' ')}}`;
    }
    const pairs = sorted(Object.keys(value)).map((key) => `${key}:${goText(value[key])}`);
    return `map[${pairs.join(' ')}]`;
  }
  return typeof value === 'number' ? goNumber(value) : String(value);
}

/** Whole numbers in full; others as `%v` shows a float. */
function goNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `fmt.Sprint`: blanks between neighbours of which neither is text. */
export function sprint(values: readonly Value[]): string {
  return values
    .map((value, at) => {
      const before = values[at - 1];
      const apart = at > 0 && typeof value !== 'string' && typeof before !== 'string';
      return (apart ? ' ' : '') + goText(value);
    })
    .join('');
}

export const sprintln = (values: readonly Value[]): string =>
  `${values.map((value) => goText(value)).join(' ')}\n`;

/** `fmt.Sprintf` with the verbs `v s q d t x X o b c e f g T` and flags, width and precision. */
export function sprintf(format: string, values: readonly Value[]): string {
  let next = 0;
  const text = format.replace(
    /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*))?([a-zA-Z%])?/g,
    (_all, flags: string, width?: string, precision?: string, verb?: string) => {
      if (verb === '%') return '%';
      if (verb === undefined) return '%!(NOVERB)';
      const wide = width === '*' ? Number(values[next++]) : Number(width ?? 0);
      const exact = precision === '*' ? Number(values[next++]) : precision;
      if (next >= values.length) return `%!${verb}(MISSING)`;
      const digits = exact === undefined ? undefined : Number(exact);
      return padded(verbText(verb, values[next++], flags, digits), flags, wide);
    },
  );
  const extra = values.slice(next);
  if (extra.length === 0) return text;
  return `${text}%!(EXTRA ${extra.map((one) => `${typeName(one)}=${goText(one)}`).join(', ')})`;
}

function padded(text: string, flags: string, width: number): string {
  const size = [...text].length;
  if (size >= width) return text;
  if (flags.includes('-')) return text + ' '.repeat(width - size);
  const fill = flags.includes('0') ? '0' : ' ';
  const sign = fill === '0' && /^[-+]/.test(text) ? (text[0] ?? '') : '';
  return sign + fill.repeat(width - size) + text.slice(sign.length);
}

function verbText(verb: string, value: Value, flags: string, digits?: number): string {
  const bad = `%!${verb}(${typeName(value)}=${goText(value)})`;
  switch (verb) {
    case 'v':
      return flags.includes('#') && typeof value === 'string' ? goQuote(value) : goText(value);
    case 's':
    case 'q': {
      if (typeof value === 'number' || typeof value === 'boolean') return bad;
      const all = value instanceof Worded ? value.bare : goText(value);
      const text = digits === undefined ? all : [...all].slice(0, digits).join('');
      return verb === 'q' ? goQuote(text) : text;
    }
    case 't':
      return typeof value === 'boolean' ? String(value) : bad;
    case 'T':
      return typeName(value);
    case 'd':
    case 'x':
    case 'X':
    case 'o':
    case 'b':
    case 'c':
      return wholeText(verb, value, flags) ?? bad;
    case 'f':
    case 'e':
    case 'g':
      if (typeof value !== 'number' || Number.isInteger(value)) return bad;
      if (verb === 'f') return value.toFixed(digits ?? 6);
      return verb === 'e' ? value.toExponential(digits ?? 6) : goNumber(value);
    default:
      return bad;
  }
}

const BASES: Readonly<Record<string, number>> = { d: 10, x: 16, X: 16, o: 8, b: 2 };

function wholeText(verb: string, value: Value, flags: string): string | undefined {
  if (typeof value === 'string' && (verb === 'x' || verb === 'X')) {
    const hex = [...new TextEncoder().encode(value)].map((byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return verb === 'x' ? hex.join('') : hex.join('').toUpperCase();
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  if (verb === 'c') return String.fromCodePoint(value);
  const text = BigInt(value).toString(BASES[verb]);
  const sign = flags.includes('+') && value >= 0 ? '+' : '';
  return sign + (verb === 'X' ? text.toUpperCase() : text);
}
