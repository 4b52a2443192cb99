import { execFileSync } from 'node:child_process';

/**
 * Author dates of the pages' last commits by path (`content/docs/ko/…`), read once with one git
 * command. Empty without git or with a shallow history, where every file would bear the same date.
 */
function readDates(): ReadonlyMap<string, string> {
  const git = (...words: string[]): string =>
    execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const dates = new Map<string, string>();
  try {
    if (git('rev-parse', '--is-shallow-repository').trim() === 'true') return dates;
    let date = '';
    const log = git(
      '-c',
      'core.quotePath=false',
      'log',
      '--relative',
      '--name-only',
      '--format=@%as',
      '--',
      'content/docs',
    );
    for (const line of log.split('\n')) {
      if (line.startsWith('@')) date = line.slice(1);
      else if (line !== '' && !dates.has(line)) dates.set(line, date);
    }
  } catch {
    return new Map();
  }
  return dates;
}

let dates: ReadonlyMap<string, string> | undefined;

/** The day (YYYY-MM-DD) a page was last changed by its author, or `undefined`. */
export function lastChanged(path: string): string | undefined {
  dates ??= readDates();
  return dates.get(path);
}
