import { sha256 } from '@noble/hashes/sha2.js';
import { md5 } from '@noble/hashes/legacy.js';
import type { Command } from '../../machine/command.ts';
import { FAULT_TEXT, listDirectory, readBytes, stat } from '../../machine/files.ts';
import type { Step } from '../state.ts';
import { formatDate, WORLD_EPOCH_UNIX_MS } from './dates.ts';
import { humanBytes, modeText, ownerName } from './ls.ts';
import { readOptions, Tool } from './tool.ts';

/** Tools that look at files as a whole: stat, du, sha256sum, md5sum, base64 (GNU coreutils 9). */
const KINDS = { file: 'regular file', dir: 'directory', symlink: 'symbolic link' };

export const statTool: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'c:Lft', {
    long: { format: 'c', printf: 'c', dereference: 'L' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  if (options.operands.length === 0) return yield* tool.misuse('missing operand');
  let status = 0;
  for (const name of options.operands) {
    const entry = yield* stat(tool.place, tool.path(name), options.has('L'));
    if (!entry) {
      const busybox = yield* tool.isBusybox();
      status = yield* tool.fail(
        busybox
          ? `can't stat '${name}': No such file or directory`
          : `cannot statx '${name}': No such file or directory`,
      );
      continue;
    }
    const size = entry.type === 'dir' ? 4096 : entry.sizeBytes;
    const octal = (entry.mode & 0o7777).toString(8);
    const text = modeText(entry.type, entry.mode);
    const kind = entry.type === 'file' && size === 0 ? 'regular empty file' : KINDS[entry.type];
    const unixMs = WORLD_EPOCH_UNIX_MS + entry.modifiedMs;
    const time = formatDate(unixMs, '%Y-%m-%d %H:%M:%S.%N +0000');
    const blocks = entry.type === 'dir' ? 8 : Math.ceil(size / 4096) * 8;
    const parts: Readonly<Record<string, string>> = {
      ...{
        n: name,
        N: `'${name}'`,
        s: String(size),
        a: octal,
        A: text,
        F: kind,
        U: ownerName(entry.uid),
        G: ownerName(entry.gid),
      },
      ...{
        u: String(entry.uid),
        g: String(entry.gid),
        y: time,
        Y: String(Math.floor(unixMs / 1000)),
        b: String(blocks),
        B: '512',
        h: '1',
        '%': '%',
      },
    };
    const format = options.value('c');
    if (format !== undefined) {
      yield* tool.out(
        `${format.replace(/%([a-zA-Z%])/g, (all, letter: string) => parts[letter] ?? all)}\n`,
      );
      continue;
    }
    const shown = entry.target === undefined ? name : `${name} -> ${entry.target}`;
    const owner = (number: number) =>
      `${String(number).padStart(5)}/${ownerName(number).padStart(8)}`;
    yield* tool.out(
      `  File: ${shown}\n  Size: ${String(size).padEnd(10)}\tBlocks: ${String(blocks).padEnd(10)} IO Block: 4096   ${kind}\n` +
        `Access: (${octal.padStart(4, '0')}/${text})  Uid: (${owner(entry.uid)})   Gid: (${owner(entry.gid)})\n` +
        `Access: ${time}\nModify: ${time}\nChange: ${time}\n Birth: -\n`,
    );
  }
  return status;
};

const ENTRY_LIMIT = 1_000_000;

export const du: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'shackd:mbx', {
    long: {
      summarize: 's',
      'human-readable': 'h',
      all: 'a',
      'max-depth': 'd',
      total: 'c',
      bytes: 'b',
    },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const depthLimit = options.has('s') ? 0 : Number(options.value('d') ?? Infinity);
  let count = 0;
  const shown = (kib: number): string =>
    options.has('h')
      ? humanBytes(kib * 1024)
      : options.has('m')
        ? String(Math.ceil(kib / 1024))
        : options.has('b')
          ? String(kib * 1024)
          : String(kib);
  const measure = function* (name: string, path: string, depth: number): Step<number> {
    const entry = yield* stat(tool.place, path, false);
    count += 1;
    if (!entry || count > ENTRY_LIMIT || depth > 500) return 0;
    let kib =
      entry.type === 'symlink'
        ? 0
        : entry.type === 'dir'
          ? 4
          : Math.ceil(entry.sizeBytes / 4096) * 4;
    if (entry.type === 'dir') {
      for (const child of (yield* listDirectory(tool.place, path)) ?? []) {
        kib += yield* measure(
          `${name.replace(/\/$/, '')}/${child.name}`,
          `${path === '/' ? '' : path}/${child.name}`,
          depth + 1,
        );
      }
    }
    const listed = entry.type === 'dir' || options.has('a') || depth === 0;
    if (listed && depth <= depthLimit) yield* tool.out(`${shown(kib)}\t${name}\n`);
    return kib;
  };
  let status = 0;
  let total = 0;
  for (const name of options.operands.length === 0 ? ['.'] : options.operands) {
    if (!(yield* stat(tool.place, tool.path(name), false))) {
      status = yield* tool.fail(`cannot access '${name}': No such file or directory`);
    } else total += yield* measure(name, tool.path(name), 0);
  }
  if (options.has('c')) yield* tool.out(`${shown(total)}\ttotal\n`);
  return status;
};

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const digest = (hash: (bytes: Uint8Array) => Uint8Array): Command =>
  function* (line, self) {
    const tool = new Tool(line, self);
    const options = readOptions(tool.args, 'cbtqw', {
      long: { check: 'c', quiet: 'q', status: 's' },
    });
    if (options.problem !== undefined) return yield* tool.misuse(options.problem);
    let status = 0;
    const sumOf = function* (name: string): Step<string | undefined> {
      if (name === '-') return hex(hash(new TextEncoder().encode(yield* tool.input())));
      const bytes = yield* readBytes(tool.place, tool.path(name));
      if (bytes) return hex(hash(bytes));
      const there = yield* stat(tool.place, tool.path(name));
      yield* tool.cannotRead(name, there ? 'EISDIR' : 'ENOENT');
      return undefined;
    };
    for (const name of options.operands.length === 0 ? ['-'] : options.operands) {
      if (!options.has('c')) {
        const sum = yield* sumOf(name);
        if (sum === undefined) status = 1;
        else yield* tool.out(`${sum}  ${name}\n`);
        continue;
      }
      const list = yield* tool.text(name);
      if ('fault' in list) return yield* tool.fail(`${name}: ${FAULT_TEXT[list.fault]}`);
      let failed = 0;
      for (const match of list.text.matchAll(/^([0-9a-f]{32,128}) [ *](.+)$/gm)) {
        const holds = (yield* sumOf(match[2]!)) === match[1];
        if (!holds) failed += 1;
        if (!options.has('q') || !holds)
          yield* tool.out(`${match[2]!}: ${holds ? 'OK' : 'FAILED'}\n`);
      }
      if (failed > 0)
        status = yield* tool.fail(
          `WARNING: ${failed} computed checksum${failed === 1 ? '' : 's'} did NOT match`,
        );
    }
    return status;
  };

export const sha256sum = digest((bytes) => sha256(bytes));
export const md5sum = digest((bytes) => md5(bytes));

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    text += ALPHABET[a >> 2]! + ALPHABET[((a & 3) << 4) | (b >> 4)]!;
    text += left > 1 ? ALPHABET[((b & 15) << 2) | (c >> 6)]! : '=';
    text += left > 2 ? ALPHABET[c & 63]! : '=';
  }
  return text;
}

/** Undefined when the text is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  const clean = text.replace(/\s/g, '').replace(/=+$/, '');
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const char of clean) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 255);
    }
  }
  return clean.length % 4 === 1 ? undefined : Uint8Array.from(bytes);
}

export const base64: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'diw:D', {
    long: { decode: 'd', wrap: 'w', 'ignore-garbage': 'i' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const [name = '-'] = options.operands;
  const found = yield* tool.text(name);
  if ('fault' in found) {
    yield* tool.cannotRead(name, found.fault);
    return 1;
  }
  if (options.has('d') || options.has('D')) {
    const bytes = fromBase64(found.text);
    yield* tool.out(new TextDecoder().decode(bytes ?? new Uint8Array()));
    return bytes ? 0 : yield* tool.fail('invalid input');
  }
  const bytes =
    (name === '-' ? undefined : yield* readBytes(tool.place, tool.path(name))) ??
    new TextEncoder().encode(found.text);
  const text = toBase64(bytes);
  const width = Number(options.value('w') ?? 76);
  const lines = width > 0 ? (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []) : [text];
  if (text !== '') yield* tool.out(width > 0 ? `${lines.join('\n')}\n` : text);
  return 0;
};
