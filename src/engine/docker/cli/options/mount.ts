import type { Mount } from '../../api/config.ts';
import { resolvePath } from '../../../machine/command.ts';
import { ramInBytes } from '../../units.ts';
import { readCsv } from '../../../go/csv.ts';
import { goQuote } from '../../../go/quote.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';

/**
 * `--mount type=bind,source=/a,target=/b,readonly` as the Engine API's Mount (docker/cli v29.7
 * `opts/mount.go`, `opts/mount_utils.go`). What is left out is undefined.
 */
export type MountSpec = Omit<Mount, 'Type'> & { readonly Type: string };

const SWITCHES = ['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive', 'bind-create-src'];

/** One `key=value`; the value of a switch may be left out. */
interface Field {
  readonly key: string;
  readonly value: string;
  readonly given: boolean;
  readonly text: string;
}

type Taker = (mount: MountSpec, field: Field, cwd: string) => MountSpec | Refused;

const bind = (mount: MountSpec, more: MountSpec['BindOptions']): MountSpec => ({
  ...mount,
  BindOptions: { ...mount.BindOptions, ...more },
});
const volume = (mount: MountSpec, more: MountSpec['VolumeOptions']): MountSpec => ({
  ...mount,
  VolumeOptions: { ...mount.VolumeOptions, ...more },
});

/** On, off or, in words of its own, neither. */
function truth({ key, value, given }: Field): boolean | Refused {
  if (!given || value === '1' || value === 'true') return true;
  if (value === '0' || value === 'false') return false;
  const must = 'must be one of "true", "1", "false", or "0" (default "true")';
  return refuse(`invalid value for '${key}': invalid boolean value (${goQuote(value)}): ${must}`);
}

const flag =
  (set: (mount: MountSpec, on: boolean) => MountSpec): Taker =>
  (mount, field) => {
    const on = truth(field);
    return isRefused(on) ? on : set(mount, on);
  };

/** `a=b` joined to what is there; without a name nothing. */
function pair(map: Readonly<Record<string, string>> | undefined, text: string) {
  const at = text.indexOf('=');
  const key = at === -1 ? text : text.slice(0, at);
  return key === '' ? map : { ...map, [key]: at === -1 ? '' : text.slice(at + 1) };
}

const RECURSION: Readonly<Record<string, MountSpec['BindOptions']>> = {
  disabled: { NonRecursive: true },
  writable: { ReadOnlyNonRecursive: true },
  readonly: { ReadOnlyForceRecursive: true },
};

const source: Taker = (mount, { value }, cwd) => ({
  ...mount,
  Source: value.startsWith('.') ? resolvePath(cwd, value) : value,
});
const target: Taker = (mount, { value }) => ({ ...mount, Target: value });
const readOnly = flag((mount, on) => ({ ...mount, ReadOnly: on }));

const TAKERS: Readonly<Record<string, Taker>> = {
  type: (mount, { value }) => ({ ...mount, Type: value.toLowerCase() }),
  source,
  src: source,
  target,
  dst: target,
  destination: target,
  readonly: readOnly,
  ro: readOnly,
  consistency: (mount, { value }) => ({ ...mount, Consistency: value.toLowerCase() }),
  'bind-propagation': (mount, { value }) => bind(mount, { Propagation: value.toLowerCase() }),
  'bind-nonrecursive': () =>
    refuse('bind-nonrecursive is deprecated, use bind-recursive=disabled instead'),
  'bind-recursive': (mount, { key, value }) => {
    if (value === 'enabled') return mount;
    const options = Object.hasOwn(RECURSION, value) ? RECURSION[value] : undefined;
    if (options) return bind(mount, options);
    const must = 'must be "enabled", "disabled", "writable", or "readonly"';
    return refuse(`invalid value for ${key}: ${value} (${must})`);
  },
  'bind-create-src': flag((mount, on) => bind(mount, { CreateMountpoint: on })),
  'volume-subpath': (mount, { value }) => volume(mount, { Subpath: value }),
  'volume-nocopy': flag((mount, on) => volume(mount, { NoCopy: on })),
  'volume-label': (mount, { value }) => {
    const labels = pair(mount.VolumeOptions?.Labels, value);
    return volume(mount, labels ? { Labels: labels } : {});
  },
  'volume-driver': (mount, { value }) =>
    volume(mount, { DriverConfig: { ...mount.VolumeOptions?.DriverConfig, Name: value } }),
  'volume-opt': (mount, { value }) => {
    const driver = mount.VolumeOptions?.DriverConfig;
    const options = pair(driver?.Options, value);
    return volume(mount, { DriverConfig: { ...driver, ...(options ? { Options: options } : {}) } });
  },
  'image-subpath': (mount, { value }) => ({ ...mount, ImageOptions: { Subpath: value } }),
  'tmpfs-size': (mount, { key, value }) => {
    const bytes = ramInBytes(value);
    if (isRefused(bytes)) return refuse(`invalid value for ${key}: ${value}`);
    return { ...mount, TmpfsOptions: { ...mount.TmpfsOptions, SizeBytes: bytes } };
  },
  'tmpfs-mode': (mount, { key, value }) => {
    if (!/^[0-7]{1,11}$/.test(value)) return refuse(`invalid value for ${key}: ${value}`);
    const mode = Number.parseInt(value, 8);
    return { ...mount, TmpfsOptions: { ...mount.TmpfsOptions, Mode: mode } };
  },
};

/** `cwd` is where a source that begins with a dot is looked for. */
export function parseMount(text: string, cwd = '/'): MountSpec | Refused {
  const fields = text.trim() === '' ? refuse('value is empty') : readCsv(text.trim());
  if (isRefused(fields)) return fields;
  let mount: MountSpec = { Type: 'volume' };
  for (const one of fields) {
    const field = readField(one);
    if (isRefused(field)) return field;
    const taker = Object.hasOwn(TAKERS, field.key) ? TAKERS[field.key] : undefined;
    if (!taker) return refuse(`unknown option '${field.key}' in '${one}'`);
    const next = taker(mount, field, cwd);
    if (isRefused(next)) return next;
    mount = next;
  }
  return conflict(mount) ?? mount;
}

function readField(text: string): Field | Refused {
  const at = text.indexOf('=');
  const given = at !== -1;
  const key = given ? text.slice(0, at) : text;
  const value = given ? text.slice(at + 1) : '';
  if (key.trim() !== key) {
    const why = 'option should not have whitespace';
    return refuse(`invalid option '${key.trim()}' in '${text}': ${why}`);
  }
  if (given && value.trim() === '') {
    return refuse(`invalid value for '${key}': value is empty`);
  }
  if (value.trim() !== value) {
    const why = 'value should not have whitespace';
    return refuse(`invalid value for '${key}' in '${text}': ${why}`);
  }
  const lower = key.toLowerCase();
  if (!given && !SWITCHES.includes(lower)) {
    return refuse(`invalid field '${text}' must be a key=value pair`);
  }
  return { key: lower, value, given, text };
}

function conflict(mount: MountSpec): Refused | undefined {
  if (mount.Type === '') return refuse('type is required');
  const kinds = [
    ['bind', mount.BindOptions],
    ['volume', mount.VolumeOptions],
    ['image', mount.ImageOptions],
    ['tmpfs', mount.TmpfsOptions],
  ] as const;
  for (const [kind, options] of kinds) {
    if (options && mount.Type !== kind) {
      return refuse(`cannot mix '${kind}-*' options with mount type '${mount.Type}'`);
    }
  }
  const { ReadOnlyNonRecursive, ReadOnlyForceRecursive, Propagation } = mount.BindOptions ?? {};
  const needs = (option: string, what: string) =>
    refuse(`option 'bind-recursive=${option}' requires '${what}' to be specified in conjunction`);
  if (ReadOnlyNonRecursive && !mount.ReadOnly) return needs('writable', 'readonly');
  if (ReadOnlyForceRecursive && !mount.ReadOnly) return needs('readonly', 'readonly');
  return ReadOnlyForceRecursive && Propagation !== 'rprivate'
    ? needs('readonly', 'bind-propagation=rprivate')
    : undefined;
}
