import type { Read } from './ast.ts';
import type { Expanded } from './expand.ts';
import { goQuote, parseBool } from './go-text.ts';
import { suggestion } from './suggest.ts';

/**
 * `RUN --mount=type=cache,target=/x`
 * (moby/buildkit v0.32 `frontend/dockerfile/instructions/commands_runmount.go`).
 */
export type MountType = 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';

export interface Mount {
  readonly type: MountType;
  readonly from: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly sizeBytes: number;
  readonly id: string;
  readonly sharing: string;
  readonly required: boolean;
  readonly env?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const SHARING = ['shared', 'private', 'locked'];
const KEYS = [
  ...['type', 'from', 'source', 'target', 'readonly', 'id', 'sharing', 'required', 'size', 'mode'],
  ...['uid', 'gid', 'src', 'dst', 'destination', 'ro', 'rw', 'readwrite', 'env'],
];

type Draft = { -readonly [K in keyof Mount]: Mount[K] } & { readOnlySet?: true };

/** Puts variables in; without one, only what needs none is looked at. */
export type MountExpander = ((word: string) => Expanded) | undefined;

export function parseMount(text: string, expand: MountExpander): Read<Mount> {
  const fields = splitCsv(text);
  if (!fields) return refuse('failed to parse csv mounts: parse error on line 1: bare " in field');
  const mount: Draft = {
    ...{ type: 'bind', from: '', source: '', target: '', readOnly: false, sizeBytes: 0 },
    ...{ id: '', sharing: '', required: false },
  };
  for (const field of fields) {
    const equals = field.indexOf('=');
    const key = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    const message =
      equals === -1
        ? expand && setSwitch(mount, key, field)
        : setExpanded(mount, key, field.slice(equals + 1), field, expand);
    if (message !== undefined) return refuse(message);
  }
  const wrong = check(mount);
  if (wrong !== undefined) return refuse(wrong);
  const { readOnlySet, ...value } = mount;
  if (!readOnlySet) value.readOnly = mount.type !== 'cache' && mount.type !== 'tmpfs';
  return { ok: true, value };
}

const refuse = (message: string): Read<Mount> => ({ ok: false, message });

function setSwitch(mount: Draft, key: string, field: string): string | undefined {
  if (['readonly', 'ro', 'readwrite', 'rw'].includes(key)) {
    mount.readOnly = key === 'readonly' || key === 'ro';
    mount.readOnlySet = true;
    return undefined;
  }
  if (key !== 'required') return `invalid field '${field}' must be a key=value pair`;
  if (mount.type !== 'secret' && mount.type !== 'ssh') return unexpected(mount, key);
  mount.required = true;
  return undefined;
}

const unexpected = ({ type }: Draft, key: string): string =>
  `unexpected key '${key}' for mount type '${type}'`;

function setExpanded(
  mount: Draft,
  key: string,
  text: string,
  field: string,
  expand: MountExpander,
): string | undefined {
  if (expand) {
    const expanded = expand(text);
    return expanded.ok ? setValue(mount, key, expanded.value, field) : expanded.message;
  }
  // Without variables only the source matters: it says which stages are needed.
  if (key !== 'from') return undefined;
  const dollar = text.indexOf('$');
  if (dollar !== -1 && dollar !== text.length - 1) {
    return `'${key}' doesn't support variable expansion, define alias stage instead`;
  }
  mount.from = text;
  return undefined;
}

function setValue(mount: Draft, key: string, value: string, field: string): string | undefined {
  const invalid = `invalid value for ${key}: ${value}`;
  switch (key) {
    case 'type': {
      const type = value.toLowerCase();
      if (!TYPES.includes(type)) {
        return `unsupported mount type ${goQuote(value)}${suggestion(value, TYPES)}`;
      }
      mount.type = type as MountType;
      return undefined;
    }
    case 'from':
      mount.from = value;
      return undefined;
    case 'source':
    case 'src':
      mount.source = value;
      return undefined;
    case 'target':
    case 'dst':
    case 'destination':
      mount.target = value;
      return undefined;
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw': {
      const on = parseBool(value);
      if (on === undefined) return invalid;
      mount.readOnly = key.startsWith('reado') || key === 'ro' ? on : !on;
      mount.readOnlySet = true;
      return undefined;
    }
    case 'required': {
      if (mount.type !== 'secret' && mount.type !== 'ssh') return unexpected(mount, key);
      const on = parseBool(value);
      if (on === undefined) return invalid;
      mount.required = on;
      return undefined;
    }
    case 'size': {
      if (mount.type !== 'tmpfs') return unexpected(mount, key);
      const bytes = ramBytes(value);
      if (bytes === undefined) return invalid;
      mount.sizeBytes = bytes;
      return undefined;
    }
    case 'id':
      mount.id = value;
      return undefined;
    case 'sharing': {
      const sharing = value.toLowerCase();
      if (!SHARING.includes(sharing)) {
        return `unsupported sharing value ${goQuote(value)}${suggestion(value, SHARING)}`;
      }
      mount.sharing = sharing;
      return undefined;
    }
    case 'env':
      mount.env = value;
      return undefined;
    default:
      return setNumber(mount, key, value, field);
  }
}

/** Permissions in octal digits, owners in decimal ones. */
function setNumber(mount: Draft, key: string, value: string, field: string): string | undefined {
  if (key !== 'mode' && key !== 'uid' && key !== 'gid') {
    return `unexpected key '${key}' in '${field}'${suggestion(key, KEYS)}`;
  }
  if (!(key === 'mode' ? /^[0-7]{1,10}$/ : /^\d{1,9}$/).test(value)) {
    return `invalid value ${value} for ${key}`;
  }
  mount[key] = parseInt(value, key === 'mode' ? 8 : 10);
  return undefined;
}

/** Rules about keys together. */
function check(mount: Draft): string | undefined {
  const { type } = mount;
  if (type === 'bind' || type === 'tmpfs') {
    for (const key of ['mode', 'uid', 'gid'] as const) {
      if (mount[key] !== undefined) return `${key} not allowed for "${type}" type mounts`;
    }
  }
  if (type === 'secret') {
    if (mount.from !== '') return 'secret mount should not have a from';
    if (mount.sharing !== '') return 'secret mount should not define sharing';
    if (mount.source === '' && mount.target === '' && mount.id === '') {
      return 'invalid secret mount. one of source, target required';
    }
    if (mount.source !== '' && mount.id !== '') return "both source and id can't be set";
  }
  if (mount.sharing !== '' && type !== 'cache') {
    return `invalid cache sharing set for ${type} mount`;
  }
  return undefined;
}

/** `64m`, `1.5g`: in units of 1024 (docker/go-units `RAMInBytes`). */
function ramBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp])?(?:i?b)?$/i.exec(text);
  if (!match) return undefined;
  const power = 'kmgtp'.indexOf((match[2] ?? '').toLowerCase()) + 1;
  let bytes = Number(match[1]);
  for (let i = 0; i < (match[2] === undefined ? 0 : power); i++) bytes *= 1024;
  return Math.trunc(bytes);
}

/** The fields of one comma-separated line; undefined when its quotes are wrong. */
export function splitCsv(line: string): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ;) {
    if (line[at] === '"') {
      let field = '';
      for (at += 1; ; at++) {
        if (at >= line.length) return undefined;
        if (line[at] !== '"') field += line[at]!;
        else if (line[at + 1] === '"') field += line[++at]!;
        else break;
      }
      at += 1;
      fields.push(field);
      if (at < line.length && line[at] !== ',') return undefined;
    } else {
      const comma = line.indexOf(',', at);
      const field = comma === -1 ? line.slice(at) : line.slice(at, comma);
      if (field.includes('"')) return undefined;
      fields.push(field);
      at += field.length;
    }
    if (at >= line.length) return fields;
    at += 1;
  }
}
