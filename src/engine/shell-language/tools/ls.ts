import type { Command } from '../../machine/command.ts';
import { listDirectory, stat, type NamedStat, type Stat } from '../../machine/files.ts';
import { now } from '../../sim/process.ts';
import type { Step } from '../state.ts';
import { readOptions, Tool, type Options } from './tool.ts';
import { monthDayTime } from './dates.ts';

/** `ls` (GNU coreutils 9), and how modes and sizes are written. */
const BITS = 'rwxrwxrwx';

export function modeText(type: Stat['type'], mode: number): string {
  const bits = Array.from(BITS, (letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-'));
  if (mode & 0o4000) bits[2] = bits[2] === 'x' ? 's' : 'S';
  if (mode & 0o2000) bits[5] = bits[5] === 'x' ? 's' : 'S';
  if (mode & 0o1000) bits[8] = bits[8] === 'x' ? 't' : 'T';
  return { file: '-', dir: 'd', symlink: 'l' }[type] + bits.join('');
}

/** `4.0K`, `12M`: rounded up, as `ls -h` and `du -h` have it. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < 5) {
    value /= 1024;
    unit += 1;
  }
  const shown = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value));
  return shown + 'KMGTPE'[unit]!;
}

const OWNERS: Readonly<Record<number, string>> = {
  0: 'root',
  1: 'daemon',
  33: 'www-data',
  65534: 'nobody',
};
export const ownerName = (id: number): string => OWNERS[id] ?? String(id);

const blocksOf = (entry: Stat): number =>
  entry.type === 'symlink' ? 0 : Math.ceil(entry.sizeBytes / 4096) * 4;
const sizeOf = (entry: Stat): number => (entry.type === 'dir' ? 4096 : entry.sizeBytes);

function longLines(entries: readonly NamedStat[], options: Options, nowMs: number): string[] {
  const rows = entries.map((entry) => ({
    mode: modeText(entry.type, entry.mode),
    links: entry.type === 'dir' ? '2' : '1',
    owner: options.has('n') ? String(entry.uid) : ownerName(entry.uid),
    group: options.has('n') ? String(entry.gid) : ownerName(entry.gid),
    size: options.has('h') ? humanBytes(sizeOf(entry)) : String(sizeOf(entry)),
    date: monthDayTime(entry.modifiedMs, nowMs),
    name: entry.target === undefined ? entry.name : `${entry.name} -> ${entry.target}`,
  }));
  const width = (key: 'links' | 'owner' | 'group' | 'size') =>
    Math.max(0, ...rows.map((row) => row[key].length));
  const [links, owner, group, size] = [
    width('links'),
    width('owner'),
    width('group'),
    width('size'),
  ];
  return rows.map((row) =>
    [
      row.mode,
      row.links.padStart(links),
      row.owner.padEnd(owner),
      row.group.padEnd(group),
      row.size.padStart(size),
      row.date,
      row.name,
    ].join(' '),
  );
}

class Listing {
  readonly #tool: Tool;
  readonly #options: Options;
  readonly #nowMs: number;

  constructor(tool: Tool, options: Options, nowMs: number) {
    this.#tool = tool;
    this.#options = options;
    this.#nowMs = nowMs;
  }

  *show(entries: readonly NamedStat[], total: boolean): Step<void> {
    const options = this.#options;
    const sorted = [...entries];
    if (options.has('t')) sorted.sort((a, b) => b.modifiedMs - a.modifiedMs);
    if (options.has('S')) sorted.sort((a, b) => b.sizeBytes - a.sizeBytes);
    if (options.has('r')) sorted.reverse();
    if (!options.has('l') && !options.has('n')) {
      const mark = (entry: Stat): string =>
        options.has('F') || options.has('p')
          ? entry.type === 'dir'
            ? '/'
            : !options.has('F')
              ? ''
              : entry.type === 'symlink'
                ? '@'
                : entry.mode & 0o111
                  ? '*'
                  : ''
          : '';
      yield* this.#tool.out(sorted.map((entry) => `${entry.name}${mark(entry)}\n`).join(''));
      return;
    }
    const blocks = sorted.reduce((sum, entry) => sum + blocksOf(entry), 0);
    const head = total ? `total ${options.has('h') ? humanBytes(blocks * 1024) : blocks}\n` : '';
    const lines = longLines(sorted, options, this.#nowMs);
    yield* this.#tool.out(head + lines.map((line) => `${line}\n`).join(''));
  }

  *directory(name: string, path: string, titled: boolean): Step<void> {
    const tool = this.#tool;
    const options = this.#options;
    const all = (yield* listDirectory(tool.place, path)) ?? [];
    const visible = all.filter(
      (entry) => options.has('a') || options.has('A') || !entry.name.startsWith('.'),
    );
    const dots: NamedStat[] = [];
    if (options.has('a')) {
      for (const dot of ['.', '..']) {
        const entry = yield* stat(tool.place, tool.path(`${path}/${dot}`));
        if (entry) dots.push({ ...entry, name: dot });
      }
    }
    if (titled) yield* tool.out(`${name}:\n`);
    yield* this.show([...dots, ...visible], true);
    if (!options.has('R')) return;
    for (const entry of visible.filter(({ type }) => type === 'dir')) {
      yield* tool.out('\n');
      yield* this.directory(
        `${name === '/' ? '' : name}/${entry.name}`,
        `${path === '/' ? '' : path}/${entry.name}`,
        true,
      );
    }
  }
}

export const ls: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const args = tool.args.filter(
    (arg) => !/^--(color|group-directories-first|time-style|full-time)/.test(arg),
  );
  const options = readOptions(args, 'laA1RhdtrSFpnGgoisCx', {
    long: {
      all: 'a',
      'almost-all': 'A',
      recursive: 'R',
      'human-readable': 'h',
      directory: 'd',
      reverse: 'r',
    },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem, 2);
  const names = options.operands.length === 0 ? ['.'] : options.operands;
  const listing = new Listing(tool, options, yield* now());
  const files: NamedStat[] = [];
  const directories: { name: string; path: string }[] = [];
  let status = 0;
  const isLong = options.has('l') || options.has('n');
  for (const name of names) {
    const path = tool.path(name);
    const entry =
      (yield* stat(tool.place, path, !isLong || name.endsWith('/'))) ??
      (yield* stat(tool.place, path, false));
    if (!entry) {
      status = 2;
      if (yield* tool.isBusybox()) {
        yield* tool.fail(`${name}: No such file or directory`);
        status = 1;
      } else yield* tool.fail(`cannot access '${name}': No such file or directory`);
    } else if (entry.type === 'dir' && !options.has('d')) directories.push({ name, path });
    else files.push({ ...entry, name });
  }
  if (files.length > 0) yield* listing.show(files, false);
  const titled = names.length > 1 || options.has('R');
  let isFirst = files.length === 0;
  for (const { name, path } of directories) {
    if (!isFirst) yield* tool.out('\n');
    isFirst = false;
    yield* listing.directory(name, path, titled);
  }
  return status;
};
