import { resolvePath } from '../../machine/command.ts';
import type { Mount, MountType } from '../api.ts';

/**
 * Mounts as a request says them, `-v`'s texts and `--mount`'s objects (moby/moby v29.7
 * `daemon/volume/mounts/linux_parser.go`, `validate.go`).
 */
export interface ParsedMount {
  readonly type: MountType;
  /** A volume's; '' for one that gets a name of its own. */
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  readonly readOnly: boolean;
  readonly driver: string;
  readonly mode: string;
  readonly propagation: string;
  /** A new volume is filled from the image. */
  readonly copy: boolean;
  /** A missing directory of the machine is not made. */
  readonly mustExist: boolean;
  readonly subpath: string;
  readonly spec: Mount;
}

export type Parsed =
  | { readonly ok: true; readonly mount: ParsedMount }
  | { readonly ok: false; readonly message: string };

const PROPAGATIONS = ['private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared'];
const MODE_GROUPS: readonly (readonly string[])[] = [
  ['rw', 'ro'],
  ['z', 'Z'],
  PROPAGATIONS,
  ['nocopy'],
  ['consistent', 'cached', 'delegated', 'default'],
];

const fail = (message: string): Parsed => ({ ok: false, message });

export function isMode(mode: string): boolean {
  if (mode === '') return true;
  const words = mode.split(',');
  if (!words.every((word) => MODE_GROUPS.some((group) => group.includes(word)))) return false;
  return MODE_GROUPS.every((group) => words.filter((word) => group.includes(word)).length <= 1);
}

/** `name:/data`, `/src:/dst:ro`, `/data`. */
export function parseBind(raw: string, volumeDriver: string): Parsed {
  const invalid = `invalid volume specification: '${raw}'`;
  const parts = raw.split(':');
  const [first = '', second = '', mode = ''] = parts;
  if (first === '' || parts.length > 3) return fail(invalid);
  if (parts.length === 2 && isMode(second)) return fail(invalid);
  if (!isMode(mode)) return fail(`invalid mode: ${mode}`);
  const [source, target] = parts.length === 1 ? ['', first] : [first, second];
  const words = mode.split(',');
  const propagation = words.find((word) => PROPAGATIONS.includes(word));
  const isVolume = !source.startsWith('/');
  const spec: Mount = {
    Type: isVolume ? 'volume' : 'bind',
    ...(source === '' ? {} : { Source: source }),
    Target: target,
    ReadOnly: words.includes('ro'),
    ...(propagation === undefined ? {} : { BindOptions: { Propagation: propagation } }),
    ...volumeOptions(isVolume, words.includes('nocopy'), volumeDriver),
  };
  const parsed = parseMount(spec, () => true);
  if (!parsed.ok) return fail(`${invalid}: ${parsed.message}`);
  return { ok: true, mount: { ...parsed.mount, mode, mustExist: false } };
}

function volumeOptions(isVolume: boolean, noCopy: boolean, driver: string): Partial<Mount> {
  const own = isVolume && driver !== '' ? { DriverConfig: { Name: driver } } : {};
  const options = { ...own, ...(noCopy ? { NoCopy: true } : {}) };
  return Object.keys(options).length > 0 ? { VolumeOptions: options } : {};
}

/** One object of `HostConfig.Mounts`; `exists` tells whether the machine has a path. */
export function parseMount(spec: Mount, exists: (path: string) => boolean): Parsed {
  const problem = mountProblem(spec, exists);
  if (problem !== undefined) {
    return fail(`invalid mount config for type ${JSON.stringify(spec.Type ?? '')}: ${problem}`);
  }
  const { Type = 'volume', Source = '', Target = '', ReadOnly = false, VolumeOptions } = spec;
  const isBind = Type === 'bind';
  return {
    ok: true,
    mount: {
      type: Type,
      name: Type === 'volume' ? Source : '',
      source: isBind ? resolvePath('/', Source) : '',
      destination: resolvePath('/', Target),
      readOnly: ReadOnly,
      driver: VolumeOptions?.DriverConfig?.Name ?? '',
      mode: '',
      propagation: isBind ? (spec.BindOptions?.Propagation ?? 'rprivate') : '',
      copy: Type === 'volume' && !VolumeOptions?.NoCopy,
      mustExist: isBind && !spec.BindOptions?.CreateMountpoint,
      subpath: VolumeOptions?.Subpath ?? '',
      spec,
    },
  };
}

function mountProblem(spec: Mount, exists: (path: string) => boolean): string | undefined {
  const { Type, Source = '', Target = '' } = spec;
  const extra = exclusiveProblem(spec);
  if (extra !== undefined) return `field ${extra} must not be specified`;
  if (Target === '') return 'field Target must not be empty';
  if (resolvePath('/', Target) === '/') return "invalid specification: destination can't be '/'";
  if (!Target.startsWith('/')) return notAbsolute(Target);
  switch (Type) {
    case 'bind':
      return bindProblem(spec, exists);
    case 'volume':
      return subpathProblem(spec);
    case 'tmpfs':
      if (Source !== '') return 'field Source must not be specified';
      return tmpfsProblem(spec.TmpfsOptions?.Options ?? []);
    default:
      // Simplified: images are not mounted.
      return 'mount type unknown';
  }
}

const notAbsolute = (path: string): string =>
  `invalid mount path: '${path}' mount path must be absolute`;

function exclusiveProblem(spec: Mount): string | undefined {
  const options = [
    ['bind', 'BindOptions', spec.BindOptions],
    ['volume', 'VolumeOptions', spec.VolumeOptions],
    ['image', 'ImageOptions', spec.ImageOptions],
    ['tmpfs', 'TmpfsOptions', spec.TmpfsOptions],
  ] as const;
  const isMode = spec.Type === 'volume' && spec.BindOptions?.Propagation !== undefined;
  return options.find(([type, name, value]) => {
    if (name === 'BindOptions' && isMode) return true;
    return value !== undefined && spec.Type !== type;
  })?.[1];
}

function bindProblem(spec: Mount, exists: (path: string) => boolean): string | undefined {
  const { Source = '', BindOptions } = spec;
  if (Source === '') return 'field Source must not be empty';
  const { Propagation: propagation = '', CreateMountpoint } = BindOptions ?? {};
  if (propagation !== '' && !PROPAGATIONS.includes(propagation)) {
    return `invalid propagation mode: ${propagation}`;
  }
  if (!Source.startsWith('/')) return notAbsolute(Source);
  return exists(Source) || CreateMountpoint
    ? undefined
    : `bind source path does not exist: ${Source}`;
}

function subpathProblem({ Source = '', VolumeOptions }: Mount): string | undefined {
  const path = VolumeOptions?.Subpath ?? '';
  if (path === '') return undefined;
  if (Source === '') return 'must not set Subpath when using anonymous volumes';
  const isLocal = !path.startsWith('/') && !leavesAbove(path);
  return isLocal ? undefined : 'subpath must be a relative path within the volume';
}

function leavesAbove(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function tmpfsProblem(options: readonly (readonly string[])[]): string | undefined {
  for (const option of options) {
    if (option.length < 1 || option.length > 2) return 'invalid option array length';
    const [name = ''] = option;
    if (name !== 'exec' && name !== 'noexec') return `invalid option: ${name}`;
  }
  return undefined;
}

/** `--volumes-from`: another container, and how its volumes are mounted. */
export function parseVolumesFrom(
  text: string,
):
  | { readonly ok: true; readonly id: string; readonly readOnly: boolean }
  | { ok: false; message: string } {
  if (text === '') {
    return { ok: false, message: 'volumes-from specification cannot be an empty string' };
  }
  const at = text.indexOf(':');
  const mode = at === -1 ? '' : text.slice(at + 1);
  const words = mode.split(',');
  const isOther = words.some((word) => PROPAGATIONS.includes(word) || word === 'nocopy');
  if (!isMode(mode) || isOther) return { ok: false, message: `invalid mode: ${mode}` };
  return { ok: true, id: at === -1 ? text : text.slice(0, at), readOnly: words.includes('ro') };
}

export interface TmpfsMount {
  readonly sizeBytes?: number;
  readonly readOnly: boolean;
}

const UNITS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const FLAGS = new Set(
  (
    'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand ' +
    'atime noatime diratime nodiratime bind rbind unbindable runbindable private rprivate ' +
    'shared rshared slave rslave relatime norelatime strictatime nostrictatime'
  ).split(' '),
);
const FIELDS = ['', 'size', 'mode', 'uid', 'gid', 'nr_inodes', 'nr_blocks', 'mpol'];

/**
 * `--tmpfs /x:size=64m,mode=1777`, or the option that is none (moby/sys `mount/flags_unix.go`,
 * `MergeTmpfsOptions`).
 */
export function parseTmpfs(text: string): TmpfsMount | { readonly wrong: string } {
  let mount: TmpfsMount = { readOnly: false };
  const options = text === '' ? [] : text.split(',');
  const wrong = options.findLast((option) => !isTmpfsOption(option));
  if (wrong !== undefined) return { wrong: wrong.split('=')[0] ?? '' };
  for (const option of options) {
    const [name = '', value = ''] = option.split('=');
    if (name === 'ro' || name === 'rw') mount = { ...mount, readOnly: name === 'ro' };
    const size = name === 'size' ? /^(\d+)([kmg]?)$/i.exec(value) : null;
    if (!size) continue;
    const sizeBytes = Number(size[1]) * (UNITS[(size[2] ?? '').toLowerCase()] ?? 1);
    mount = { ...mount, sizeBytes };
  }
  return mount;
}

function isTmpfsOption(option: string): boolean {
  const at = option.indexOf('=');
  return FLAGS.has(option) || (at !== -1 && FIELDS.includes(option.slice(0, at)));
}
