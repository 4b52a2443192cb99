import type { Command } from '../../machine/command.ts';
import {
  FAULT_TEXT,
  linkFile,
  listNodes,
  makeDirectory,
  putNode,
  readBytes,
  removeFile,
  stat,
  writeFile,
  type FileFault,
  type Stat,
} from '../../machine/files.ts';
import type { LayerEntry } from '../../oci/entry.ts';
import { writeTar } from '../../oci/tar.ts';
import { readMembers, type TarMember } from '../../oci/tar-read.ts';
import { formatDate, WORLD_EPOCH_UNIX_MS } from '../../shell-language/tools/dates.ts';
import { modeText, ownerName } from '../../shell-language/tools/ls.ts';
import { Tool } from '../../shell-language/tools/tool.ts';
import { bytesOf, deflated, inflated, isGzip, toText } from './archives.ts';
import { fail, isBusybox, say, type Step } from './console.ts';
import { readWish, type TarWish } from './tar-options.ts';

/**
 * `tar`: packs, lists and unpacks (GNU tar 1.35, src/{create,extract,list}.c; busybox 1.37,
 * archival/tar.c).
 *
 * Simplified: names stand in order and no times are kept, as in the archives of layers; only gzip is
 * known; nothing is added to an archive that is there.
 */
const DELAYED = 'Exiting with failure status due to previous errors';
const FATAL = 'Error is not recoverable: exiting now';

export const tar: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const busybox = yield* isBusybox(line);
  const wish = readWish(tool.args);
  if ('answer' in wish) {
    yield* say(self, wish.answer);
    return 0;
  }
  if ('problem' in wish) {
    if (busybox) return yield* tool.fail('must specify one of -c, -x or -t', 1);
    yield* tool.fail(wish.problem);
    return yield* fail(self, "Try 'tar --help' or 'tar --usage' for more information.", 2);
  }
  const at = new Archiver(tool, wish, busybox);
  const directory = yield* stat(tool.place, at.base);
  if (directory?.type !== 'dir') {
    const why = directory ? 'Not a directory' : 'No such file or directory';
    return yield* at.stop(
      busybox ? `can't change directory to '${wish.directory}'` : wish.directory,
      why,
    );
  }
  if (wish.action === 'create') return yield* at.create();
  return yield* at.read();
};

class Archiver {
  readonly tool: Tool;
  readonly wish: TarWish;
  readonly busybox: boolean;
  /** Where members are looked for, or put. */
  readonly base: string;
  #failed = false;

  constructor(tool: Tool, wish: TarWish, busybox: boolean) {
    this.tool = tool;
    this.wish = wish;
    this.busybox = busybox;
    this.base = tool.path(wish.directory);
  }

  *create(): Step<number> {
    const { tool, wish } = this;
    if (wish.names.length === 0) {
      const why = this.busybox ? 'empty archive' : 'Cowardly refusing to create an empty archive';
      yield* tool.fail(why);
      if (this.busybox) return 1;
      return yield* fail(tool.self, "Try 'tar --help' or 'tar --usage' for more information.", 2);
    }
    const entries = new Map<string, LayerEntry>();
    for (const name of wish.names) yield* this.#collect(name, entries);
    for (const [path, entry] of entries) {
      if (!wish.verbose) break;
      const shown = entry.type === 'dir' ? `${path}/` : path;
      // With the archive on standard output, names would be in it.
      if (wish.file === '-') yield* fail(tool.self, shown);
      else yield* tool.out(`${shown}\n`);
    }
    const bytes = writeTar([...entries]).bytes;
    const packed = wish.zip ? deflated(bytes) : bytes;
    if (wish.file === '-') yield* tool.out(toText(packed));
    else {
      const fault = yield* writeFile(tool.place, tool.path(wish.file), packed);
      if (fault) return yield* this.stop(wish.file, FAULT_TEXT[fault]);
    }
    return yield* this.#end();
  }

  /** A file, or a directory with all that is below it. */
  *#collect(name: string, entries: Map<string, LayerEntry>): Step<void> {
    const { tool } = this;
    const path = this.#at(name);
    const there = yield* stat(tool.place, path, false);
    if (!there) {
      this.#failed = true;
      const why = 'No such file or directory';
      yield* tool.fail(this.busybox ? `${name}: ${why}` : `${name}: Cannot stat: ${why}`);
      return;
    }
    const stripped = name.replace(/^\/+/, '');
    if (stripped !== name && !entries.has('')) {
      const verb = this.busybox ? "removing leading '/'" : "Removing leading `/'";
      yield* tool.fail(`${verb} from member names`);
    }
    const top = stripped.replace(/\/+$/, '') || '.';
    if (this.#isLeftOut(top)) return;
    const entry = yield* this.#entry(path, there);
    if (entry) entries.set(top, entry);
    if (there.type !== 'dir') return;
    for (const [below, node] of yield* listNodes(tool.place, path)) {
      const member = `${top}/${below}`;
      const { modifiedMs: _time, ...rest } = node;
      if (!this.#isLeftOut(member) && this.#at(member) !== this.tool.path(this.wish.file)) {
        entries.set(member, rest);
      }
    }
  }

  *#entry(path: string, { type, mode, uid, gid, target }: Stat): Step<LayerEntry | undefined> {
    const owned = { mode: mode & 0o7777, uid, gid };
    if (type === 'dir') return { type, ...owned };
    if (type === 'symlink') return { type, ...owned, target: target ?? '' };
    const content = yield* readBytes(this.tool.place, path);
    return content && { type, ...owned, content };
  }

  #isLeftOut(member: string): boolean {
    return this.wish.exclude.some((pattern) => {
      const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
      return new RegExp(`(^|/)${source.replace(/\?/g, '.')}($|/)`).test(member);
    });
  }

  #at(name: string): string {
    if (name.startsWith('/')) return name.replace(/\/+$/, '') || '/';
    return this.tool.path(`${this.base}/${name}`);
  }

  /** Lists, or unpacks. */
  *read(): Step<number> {
    const { tool, wish } = this;
    const bytes = yield* bytesOf(tool, wish.file);
    const why = 'No such file or directory';
    if (!bytes) {
      if (this.busybox) return yield* tool.fail(`can't open '${wish.file}': ${why}`);
      return yield* this.stop(wish.file, why);
    }
    const plain = isGzip(bytes) ? inflated(bytes) : bytes;
    if (wish.zip && !isGzip(bytes) && !this.busybox) {
      yield* fail(tool.self, '\ngzip: stdin: not in gzip format');
      yield* tool.fail('Child returned status 1');
      return yield* tool.fail(FATAL, 2);
    }
    const members = plain && readMembers(plain);
    if (!members?.ok || plain?.length === 0) {
      if (this.busybox)
        return yield* tool.fail(bytes.length === 0 ? 'short read' : 'invalid tar magic');
      yield* tool.fail('This does not look like a tar archive');
      return yield* tool.fail(DELAYED, 2);
    }
    const met = new Set<string>();
    for (const member of members.value) {
      const wanted = wish.names.find((name) => isWithin(member.path, name));
      if (wish.names.length > 0 && wanted === undefined) continue;
      if (this.#isLeftOut(member.path.replace(/\/$/, ''))) continue;
      if (wanted !== undefined) met.add(wanted);
      if (wish.action === 'list' || wish.verbose) yield* this.#show(member);
      if (wish.action === 'extract') yield* this.#unpack(member);
    }
    for (const name of wish.names) {
      if (met.has(name)) continue;
      this.#failed = true;
      yield* tool.fail(
        this.busybox ? `${name}: not found in archive` : `${name}: Not found in archive`,
      );
    }
    return yield* this.#end();
  }

  *#show(member: TarMember): Step<void> {
    const { tool, wish } = this;
    const { path, typeflag, link, mode, uid, gid } = member;
    const arrow = typeflag === '2' ? ` -> ${link}` : '';
    let line = `${path}\n`;
    if (wish.action === 'list' && wish.verbose) {
      const kind = path.endsWith('/') ? 'dir' : typeflag === '2' ? 'symlink' : 'file';
      const owner = `${ownerName(uid)}/${ownerName(gid)}`;
      const size = String(member.model?.sizeBytes ?? member.bytes.length);
      const time = formatDate(WORLD_EPOCH_UNIX_MS, '%Y-%m-%d %H:%M');
      const text = modeText(kind, mode);
      line = `${text} ${owner} ${size.padStart(18 - owner.length)} ${time} ${path}${arrow}\n`;
    }
    if (wish.toOutput) yield* fail(tool.self, line.slice(0, -1));
    else yield* tool.out(line);
  }

  *#unpack(member: TarMember): Step<void> {
    const { tool, wish } = this;
    const { typeflag, mode, uid, gid, link, model, bytes } = member;
    const parts = member.path.split('/').filter((part) => part !== '' && part !== '.');
    const kept = parts.slice(wish.strip);
    if (kept.length === 0 || kept.includes('..')) return;
    if (wish.toOutput) {
      if (!member.path.endsWith('/')) yield* tool.out(toText(bytes));
      return;
    }
    const path = tool.path(`${this.base}/${kept.join('/')}`);
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    yield* makeDirectory(tool.place, parent, { parents: true });
    let fault: FileFault | undefined;
    const there = yield* stat(tool.place, path, false);
    if (typeflag === '5' || member.path.endsWith('/')) {
      if (there?.type !== 'dir') fault = yield* makeDirectory(tool.place, path, { mode });
    } else if (typeflag === '2') {
      if (there && there.type !== 'dir') yield* removeFile(tool.place, path);
      fault = yield* linkFile(tool.place, link, path);
    } else {
      const content = model ?? bytes;
      fault = yield* putNode(tool.place, path, { type: 'file', mode, uid, gid, content });
    }
    if (!fault) return;
    this.#failed = true;
    yield* tool.fail(`${member.path}: Cannot open: ${FAULT_TEXT[fault]}`);
  }

  /** What cannot go on. */
  *stop(name: string, why: string): Step<number> {
    const { tool, busybox } = this;
    if (busybox) return yield* tool.fail(`${name}: ${why}`);
    yield* tool.fail(`${name}: Cannot open: ${why}`);
    return yield* tool.fail(FATAL, 2);
  }

  *#end(): Step<number> {
    if (!this.#failed) return 0;
    if (this.busybox) return yield* this.tool.fail('error exit delayed from previous errors');
    return yield* this.tool.fail(DELAYED, 2);
  }
}

/** A directory stands for all that is below it. */
function isWithin(path: string, name: string): boolean {
  const [member, wanted] = [path, name].map((one) => one.replace(/\/+$/, ''));
  return member === wanted || path.startsWith(`${wanted}/`);
}
