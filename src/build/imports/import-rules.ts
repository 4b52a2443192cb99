/** The import rules: what the table of rooms means for each import and for the whole graph. */
import { findCycles } from './cycles.ts';
import type { Edge, ImportGraph } from './import-graph.ts';
import { FOLDERS_APART, ONE_FILE_PACKAGES, ROOMS, roomOf, type Room } from './rooms.ts';

export interface Violation {
  /** The rule that is broken, such as `room`, `package`, `cycle`. */
  rule: string;
  file: string;
  /** What is written there, to find the line; empty when the file as a whole is at fault. */
  specifier: string;
  /** What is wrong and what to do. */
  message: string;
}

const TEST_FILE = /\.test\.tsx?$/;
const TEST_PACKAGES = ['vitest', 'fast-check'];

function matches(patterns: readonly string[], name: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === name || (pattern.endsWith('/*') && name.startsWith(pattern.slice(0, -1))),
  );
}

function folderApart(file: string): string | undefined {
  for (const parent of FOLDERS_APART) {
    const inside = file.startsWith(`${parent}/`) ? file.slice(parent.length + 1) : '';
    if (inside.includes('/')) return `${parent}/${inside.slice(0, inside.indexOf('/'))}`;
  }
  return undefined;
}

function brokenByPackage(room: Room, { from, to }: Edge): [string, string] | undefined {
  const beside = TEST_FILE.test(from);
  if (to.kind === 'node') {
    if (room.node || beside) return undefined;
    return ['node', `${room.name} runs in the browser too and may not import ${to.name}.`];
  }
  if (room.packages === 'any' || matches(room.packages, to.name)) return undefined;
  if (beside && matches(TEST_PACKAGES, to.name)) return undefined;
  const allowed = room.packages.length === 0 ? 'none' : room.packages.join(', ');
  return ['package', `${room.name} may not import the package ${to.name} (allowed: ${allowed}).`];
}

function brokenByFile(room: Room, { from, specifier, to }: Edge): [string, string] | undefined {
  if (to.kind === 'missing') {
    return ['unresolved', `No file ${to.name}. Write the path with its extension (.ts, .tsx).`];
  }
  if (TEST_FILE.test(to.name)) return ['test', `${to.name} is a test; nothing may import it.`];
  const target = roomOf(to.name);
  if (target === undefined) {
    return /\.[cm]?[jt]sx?$|\.astro$|\.mdx$/.test(to.name)
      ? ['no-room', `${to.name} lies in no room. Add its room to src/build/imports/rooms.ts.`]
      : undefined;
  }
  if (target !== room && !room.knows.includes(target.name)) {
    const where = 'The table is src/build/imports/rooms.ts.';
    return ['room', `${room.name} may not know ${target.name} (${specifier}). ${where}`];
  }
  const [own, other] = [folderApart(from), folderApart(to.name)];
  if (own !== undefined && other !== undefined && own !== other) {
    return ['apart', `${own} and ${other} may not know each other; they meet at the API server.`];
  }
  return undefined;
}

function judgeEdges(edges: readonly Edge[]): Violation[] {
  return edges.flatMap((edge) => {
    const { from: file, specifier } = edge;
    const room = roomOf(file);
    if (room === undefined) return [];
    const inProject = edge.to.kind === 'file' || edge.to.kind === 'missing';
    const broken = inProject ? brokenByFile(room, edge) : brokenByPackage(room, edge);
    return broken === undefined ? [] : [{ rule: broken[0], file, specifier, message: broken[1] }];
  });
}

function judgeOneFilePackages(edges: readonly Edge[]): Violation[] {
  return ONE_FILE_PACKAGES.flatMap((name) => {
    const users = edges.filter(
      ({ from, to }) => to.kind === 'package' && to.name === name && from.startsWith('src/'),
    );
    const files = [...new Set(users.map((user) => user.from))].filter((f) => !TEST_FILE.test(f));
    if (files.length < 2) return [];
    const message = `Only one file may import ${name}; these do: ${files.join(', ')}.`;
    return files.slice(1).map((file) => ({ rule: 'one-file', file, specifier: name, message }));
  });
}

/** Files that Astro, Vitest or TypeScript reads without being told so by an import. */
const ENTRY = /^src\/(pages\/|content\.config\.ts$)|\.test\.tsx?$|\.d\.ts$/;

function judgeFiles({ files, read, edges }: ImportGraph): Violation[] {
  const imported = new Set(edges.filter((e) => e.from !== e.to.name).map((e) => e.to.name));
  return files.flatMap((file) => {
    const violation = (rule: string, message: string) => [{ rule, file, specifier: '', message }];
    if (!read.has(file)) return violation('unread', 'The checker could not read this file.');
    if (roomOf(file) === undefined) {
      return violation('no-room', 'This file lies in no room (src/build/imports/rooms.ts).');
    }
    if (file.startsWith('src/') && !ENTRY.test(file) && !imported.has(file)) {
      return violation('orphan', 'Nothing imports this file. Use it or remove it.');
    }
    return [];
  });
}

function judgeCycles(edges: readonly Edge[]): Violation[] {
  return findCycles(edges).map((group) => ({
    rule: 'cycle',
    file: group[0] ?? '',
    specifier: '',
    message: `These files import one another in a circle: ${group.join(' -> ')}.`,
  }));
}

function judgeReading({ files, read }: ImportGraph): Violation[] {
  if (files.some((file) => /\.tsx?$/.test(file) && read.has(file))) return [];
  const message = 'No TypeScript module was read, so nothing was checked.';
  return [{ rule: 'nothing-read', file: 'src', specifier: '', message }];
}

/** Every breach of the import rules in a graph. */
export function judgeImports(graph: ImportGraph): Violation[] {
  return [
    ...judgeReading(graph),
    ...judgeFiles(graph),
    ...judgeEdges(graph.edges),
    ...judgeOneFilePackages(graph.edges),
    ...judgeCycles(graph.edges),
  ];
}

/** Names in the table that no room has; a rule that names nobody forbids nothing. */
export function unknownRoomNames(): string[] {
  const names = new Set(ROOMS.map((room) => room.name));
  return ROOMS.flatMap((room) => room.knows).filter((name) => !names.has(name));
}
