import type { Read } from './ast.ts';
import { suggestion } from './suggest.ts';

/** Flags of an instruction (moby/buildkit v0.32 `frontend/dockerfile/instructions/bflag.go`). */
export type FlagKind = 'text' | 'texts' | 'switch';

export type FlagTable = Readonly<Record<string, FlagKind>>;

export interface Flags {
  /** Names that were given. */
  readonly used: ReadonlySet<string>;
  readonly text: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
  readonly isOn: (name: string) => boolean;
}

/** Values of `--name=value`, each known to the table; or BuildKit's words against one. */
export function parseFlags(given: readonly string[], known: FlagTable): Read<Flags> {
  const values = new Map<string, string[]>();
  const refuse = (message: string): Read<Flags> => ({ ok: false, message });
  for (const flag of given) {
    if (flag === '--') break;
    if (!flag.startsWith('--')) return refuse(`arg should start with -- : ${flag}`);
    const equals = flag.indexOf('=');
    const shown = equals === -1 ? flag : flag.slice(0, equals);
    const value = equals === -1 ? undefined : flag.slice(equals + 1);
    const name = shown.slice(2);
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) {
      return refuse(`unknown flag: ${shown}${suggestion(name, Object.keys(known))}`);
    }
    const before = values.get(name);
    if (before && kind !== 'texts') return refuse(`duplicate flag specified: ${shown}`);
    if (kind === 'switch') {
      if (value === '') return refuse(`missing a value on flag: ${shown}`);
      const word = (value ?? 'true').toLowerCase();
      if (word !== 'true' && word !== 'false') {
        return refuse(`expecting boolean value for flag ${shown}, not: ${value ?? ''}`);
      }
      values.set(name, [word]);
    } else if (value === undefined) return refuse(`missing a value on flag: ${shown}`);
    else values.set(name, [...(before ?? []), value]);
  }
  return {
    ok: true,
    value: {
      used: new Set(values.keys()),
      text: (name) => values.get(name)?.[0] ?? '',
      texts: (name) => values.get(name) ?? [],
      isOn: (name) => values.get(name)?.[0] === 'true',
    },
  };
}
