/** The transcripts of all pages: rewritten by `update`, compared with the engine by `verify`. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../authoring-error.ts';
import { fencesOfPage, linesOf } from './fences.ts';
import { replay, TranscriptFault, type Replayed } from './replay.ts';

interface Page {
  readonly file: string;
  readonly source: string;
}

const pagesOf = (root: string, named = ''): Page[] =>
  globSync('content/docs/**/*.mdx', { cwd: root })
    .filter((file) => file.includes(named))
    .sort()
    .map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }));

/** Lives a page's transcripts. @returns them, or why they cannot be lived */
function live({ file, source }: Page): Replayed[] | Fault {
  try {
    return replay(fencesOfPage(source));
  } catch (error) {
    if (!(error instanceof TranscriptFault)) throw error;
    return { file, line: error.line, what: error.message, remedy: 'Mend the transcript.' };
  }
}

/** The page with what the engine prints. */
export function withOutputs(source: string, replayed: readonly Replayed[]): string {
  const lines = source.split('\n');
  for (const { fence, commands } of [...replayed].reverse()) {
    const indent = /^\s*/.exec(lines[fence.from - 2] ?? '')?.[0] ?? '';
    const printed = linesOf(commands).map((line) => (line === '' ? '' : indent + line));
    lines.splice(fence.from - 1, fence.to - fence.from, ...printed);
  }
  return lines.join('\n');
}

/**
 * Where pages say something else than the engine prints: the first difference of each command.
 *
 * @param named a part of the paths of the pages to look at
 */
export function findTranscriptFaults(
  root = '.',
  named = '',
): { faults: Fault[]; commands: number } {
  const faults: Fault[] = [];
  let count = 0;
  for (const page of pagesOf(root, named)) {
    const replayed = live(page);
    if (!Array.isArray(replayed)) {
      faults.push(replayed);
      continue;
    }
    for (const { fence, commands } of replayed) {
      for (const [i, { text, printed, line }] of commands.entries()) {
        count += 1;
        const said = fence.commands[i]?.printed ?? '';
        if (said === printed) continue;
        const what = `"${text}" prints something else.\n${difference(said, printed)}`;
        faults.push({ file: page.file, line, what, remedy: 'Run npm run transcripts:update.' });
      }
    }
  }
  return { faults, commands: count };
}

/** Lines that only one of two texts has, the page's with `-`, the engine's with `+`. */
function difference(said: string, printed: string): string {
  const [ours, theirs] = [said.split('\n'), printed.split('\n')];
  const lines: string[] = [];
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    if (ours[i] === theirs[i]) continue;
    if (ours[i] !== undefined) lines.push(`  - ${ours[i] ?? ''}`);
    if (theirs[i] !== undefined) lines.push(`  + ${theirs[i] ?? ''}`);
  }
  return lines.join('\n');
}

/**
 * Rewrites the pages whose transcripts say something else.
 *
 * @param named a part of the paths of the pages to look at
 * @returns a line for each page changed
 */
export function updateTranscripts(root = '.', named = ''): { changes: string[]; faults: Fault[] } {
  const changes: string[] = [];
  const faults: Fault[] = [];
  for (const page of pagesOf(root, named)) {
    const replayed = live(page);
    if (!Array.isArray(replayed)) {
      faults.push(replayed);
      continue;
    }
    const text = withOutputs(page.source, replayed);
    if (text === page.source) continue;
    writeFileSync(join(root, page.file), text);
    changes.push(`updated ${page.file}`);
  }
  return { changes, faults };
}
