import { isRefused, refuse, type Refused } from '../../../go/refused.ts';

/** `a=b` by name; without `=` the value is empty (docker/cli v29.7 `opts/parse.go`). */
export function pairs(values: readonly string[]): Record<string, string> {
  const map: Record<string, string> = {};
  for (const value of values) {
    const at = value.indexOf('=');
    map[at === -1 ? value : value.slice(0, at)] = at === -1 ? '' : value.slice(at + 1);
  }
  return map;
}

/** A name without value takes it from the environment, and stays a name when that has none. */
export function withEnvironment(
  values: readonly string[],
  env: Readonly<Record<string, string>>,
): string[] {
  return values.map((value) =>
    !value.includes('=') && Object.hasOwn(env, value) ? `${value}=${env[value] ?? ''}` : value,
  );
}

/** What a file that a flag names holds; undefined when it is not there. */
export type FileTexts = Readonly<Record<string, string | undefined>>;

/**
 * The lines of `--env-file` and `--label-file` (docker/cli v29.7 `pkg/kvfile/kvfile.go`): without
 * comments and empty lines; a name alone counts when `env` has it.
 */
export function keyValueFiles(
  names: readonly string[],
  files: FileTexts,
  env: Readonly<Record<string, string>> = {},
): string[] | Refused {
  const lines: string[] = [];
  for (const name of names) {
    const text = files[name];
    if (text === undefined) return refuse(`open ${name}: no such file or directory`);
    const read = keyValueLines(text, env);
    if (isRefused(read)) return refuse(`invalid env file (${name}): ${read.refused}`);
    lines.push(...read);
  }
  return lines;
}

function keyValueLines(text: string, env: Readonly<Record<string, string>>): string[] | Refused {
  const lines: string[] = [];
  for (const raw of text.replace(/^\ufeff/, '').split('\n')) {
    const line = raw.replace(/\r$/, '').trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const key = at === -1 ? line : line.slice(0, at);
    if (key === '') return refuse(`no variable name on line '${line}'`);
    if (/[ \t]/.test(key)) return refuse(`variable '${key}' contains whitespaces`);
    if (at !== -1) lines.push(line);
    else if (Object.hasOwn(env, line)) lines.push(`${key}=${env[line] ?? ''}`);
  }
  return lines;
}
