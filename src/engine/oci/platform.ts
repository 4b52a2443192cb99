/**
 * Platforms: what an image was built for and what a machine can run (containerd/platforms v1.0
 * `platforms.go`, `database.go`, `compare.go`). Texts are `os[/architecture[/variant]]`.
 *
 * Simplified: versions and features of an operating system are not known.
 */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
}

export type ParsedPlatform =
  | { readonly ok: true; readonly platform: Platform }
  | { readonly ok: false; readonly message: string };

/** What the machines of a world are. */
export const HOST_PLATFORM: Platform = { os: 'linux', architecture: 'amd64' };

/** How Docker calls a machine when an image does not fit it: with the level of its processor. */
export const DETECTED_PLATFORM: Platform = { ...HOST_PLATFORM, variant: 'v3' };

const SYSTEMS = (
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 ' +
  'solaris windows zos'
).split(' ');
const ARCHITECTURES = (
  '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le ' +
  'mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm'
).split(' ');

const SYSTEM_TEXT = '^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$';
const PART_TEXT = '^[A-Za-z0-9_.-]+$';
const SYSTEM = new RegExp(SYSTEM_TEXT);
const PART = new RegExp(PART_TEXT);
const INVALID = 'invalid argument';
/** As Go writes a pattern in quotes. */
const goQuoted = (text: string): string => JSON.stringify(text);

const fail = (message: string): ParsedPlatform => ({ ok: false, message });

const platformOf = (os: string, architecture: string, variant: string): ParsedPlatform => ({
  ok: true,
  platform: { architecture, os, ...(variant === '' ? {} : { variant }) },
});

export function parsePlatform(text: string): ParsedPlatform {
  if (text.includes('*')) {
    return fail(`${goQuoted(text)}: wildcards not yet supported: ${INVALID}`);
  }
  const [first = '', second, third, ...more] = text.split('/');
  const system = SYSTEM.exec(first);
  if (!system) {
    const rule = `OSAndVersion specifier component must match ${goQuoted(SYSTEM_TEXT)}`;
    const what = `${goQuoted(first)} is an invalid OS component of ${goQuoted(text)}`;
    return fail(`${what}: ${rule}: ${INVALID}`);
  }
  for (const part of [second, third, ...(more.length > 0 ? [more.join('/')] : [])]) {
    if (part === undefined || PART.test(part)) continue;
    const rule = `platform specifier component must match ${goQuoted(PART_TEXT)}`;
    const what = `${goQuoted(part)} is an invalid component of ${goQuoted(text)}`;
    return fail(`${what}: ${rule}: ${INVALID}`);
  }
  const os = normalSystem(system[1] ?? '');
  if (more.length > 0)
    return fail(`${goQuoted(text)}: cannot parse platform specifier: ${INVALID}`);
  if (second === undefined) return parseOnePart(text, first, os);
  const [architecture, variant] = normalArchitecture(second, third ?? '');
  if (third === undefined) {
    return platformOf(os, architecture, architecture === 'arm' && variant === 'v7' ? '' : variant);
  }
  return platformOf(os, architecture, architecture === 'arm64' && variant === '' ? 'v8' : variant);
}

/** A system or an architecture: the other is this machine's. */
function parseOnePart(text: string, part: string, os: string): ParsedPlatform {
  if (SYSTEMS.includes(os)) return platformOf(os, HOST_PLATFORM.architecture, '');
  const [architecture, variant] = normalArchitecture(part, '');
  if (!ARCHITECTURES.includes(architecture)) {
    return fail(`${goQuoted(text)}: unknown operating system or architecture: ${INVALID}`);
  }
  const usual = architecture === 'arm' && variant === 'v7';
  return platformOf(HOST_PLATFORM.os, architecture, usual ? '' : variant);
}

function normalSystem(os: string): string {
  const lower = os.toLowerCase();
  return lower === 'macos' ? 'darwin' : lower;
}

function normalArchitecture(architecture: string, variant: string): [string, string] {
  const [name, level] = [architecture.toLowerCase(), variant.toLowerCase()];
  switch (name) {
    case 'i386':
      return ['386', ''];
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return ['amd64', level === 'v1' ? '' : level];
    case 'aarch64':
    case 'arm64':
      if (['8', 'v8', 'v8.0'].includes(level)) return ['arm64', ''];
      return ['arm64', ['9', '9.0', 'v9.0'].includes(level) ? 'v9' : level];
    case 'armhf':
      return ['arm', 'v7'];
    case 'armel':
      return ['arm', 'v6'];
    case 'arm':
      if (level === '' || level === '7') return ['arm', 'v7'];
      return ['arm', ['5', '6', '8'].includes(level) ? `v${level}` : level];
    default:
      return [name, level];
  }
}

/** `linux/arm64/v8`. */
export const formatPlatform = ({ os, architecture, variant }: Platform): string =>
  os === '' ? 'unknown' : [os, architecture, variant].filter((part) => part).join('/');

function normalize(platform: Platform): Platform {
  const os = normalSystem(platform.os);
  const [architecture, variant] = normalArchitecture(platform.architecture, platform.variant ?? '');
  return { os, architecture, ...(variant === '' ? {} : { variant }) };
}

const same = (a: Platform, b: Platform): boolean => formatPlatform(a) === formatPlatform(b);

/** Whether an image's platform is the wanted one, however either is written. */
export const isPlatform = (wanted: Platform, offered: Platform): boolean =>
  same(normalize(wanted), normalize(offered));

/**
 * How well an image fits a machine: 0 is best, undefined does not run. A 64-bit processor runs what
 * was built for its smaller kin.
 */
export function platformRank(wanted: Platform, offered: Platform): number | undefined {
  const normal = normalize(offered);
  const rank = platformVector(normalize(wanted)).findIndex((one) => same(normalize(one), normal));
  return rank === -1 ? undefined : rank;
}

/** What runs on a platform, the best first. */
function platformVector(platform: Platform): Platform[] {
  const { os, architecture, variant = '' } = platform;
  const level = Number(variant.replace(/^v/, '') || 'NaN');
  const down = (from: number, to: number): Platform[] => {
    const levels: Platform[] = [];
    for (let v = from; v >= to; v--) levels.push({ os, architecture, variant: `v${v}` });
    return levels;
  };
  if (architecture === 'amd64') {
    const older = Number.isInteger(level) ? down(level - 1, 1) : [];
    return [platform, ...older, { os, architecture: '386' }];
  }
  if (architecture === 'arm')
    return [platform, ...(Number.isInteger(level) ? down(level - 1, 5) : [])];
  if (architecture !== 'arm64') return [platform];
  const small = { os, architecture: 'arm', variant: 'v8' };
  return [...arm64Levels(variant === '' ? 'v8' : variant, os), ...platformVector(small)];
}

/** arm64/v9.x also runs v8.(x+5) and what is below. */
function arm64Levels(variant: string, os: string): Platform[] {
  const match = /^v([89])(?:\.(\d))?$/.exec(variant);
  if (!match) return [];
  const [major, minor] = [Number(match[1]), Number(match[2] ?? 0)];
  const levels: string[] = [];
  for (let v = minor; v >= 0; v--) levels.push(v === 0 ? `v${major}` : `v${major}.${v}`);
  if (major === 9) for (let v = minor + 5; v >= 0; v--) levels.push(v === 0 ? 'v8' : `v8.${v}`);
  return levels.map((level) => ({ os, architecture: 'arm64', variant: level }));
}
