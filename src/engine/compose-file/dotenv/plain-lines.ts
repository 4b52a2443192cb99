import { fail } from '../failure.ts';
import type { Lookup } from './dotenv.ts';

/**
 * Lines `KEY=value` as they are, no quotes read and no variables: how `docker run`, `docker stack`
 * and `env_file` of `format: raw` read a file (docker/cli v29.7 `pkg/kvfile/kvfile.go`). A key alone
 * counts when the surroundings have it.
 */
export function readPlainLines(text: string, lookup: Lookup): [string, string][] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((line): [string, string][] => {
      const bare = line.replace(/\r$/, '').trimStart();
      if (bare === '' || bare.startsWith('#')) return [];
      const at = bare.indexOf('=');
      const name = at === -1 ? bare : bare.slice(0, at);
      if (/\s/.test(name)) fail(`variable '${name}' contains whitespaces`);
      if (name === '') fail(`no variable name on line '${bare}'`);
      if (at !== -1) return [[name, bare.slice(at + 1)]];
      const outside = lookup(name);
      return outside === undefined ? [] : [[name, outside]];
    });
}
