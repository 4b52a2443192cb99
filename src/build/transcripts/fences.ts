/**
 * What a page's transcripts are made of, in document order: files of the page's world and commands
 * typed in it. A `console` fence with `run` is a transcript; `run=NAME` is one in another world, and
 * the first fence of a world may say its `preset=`. A fence with `file=PATH` is a file of the world
 * from there on (`world=NAME` for another one), so that a later one edits it.
 *
 *     ```console run
 *     $ docker pull nginx
 *     Using default tag: latest
 *     ```
 *
 * A line that begins with `$ ` is typed, those after it that begin with `> ` continue it, and the
 * rest is what was printed.
 */
import { mdxToMdast } from 'satteri';
import { fenceOption } from '../markdown/highlight.ts';

export interface TypedCommand {
  /** As it is typed, lines joined. */
  readonly text: string;
  /** What the page says it prints, without the last line end. */
  readonly printed: string;
  readonly line: number;
}

export interface TranscriptFence {
  readonly kind: 'transcript';
  readonly world: string;
  readonly preset?: string;
  readonly commands: readonly TypedCommand[];
  /** Lines of the page that are the fence's content: from the first to before the second. */
  readonly from: number;
  readonly to: number;
}

export interface FileFence {
  readonly kind: 'file';
  readonly world: string;
  readonly path: string;
  readonly text: string;
  readonly line: number;
}

export type PageFence = TranscriptFence | FileFence;

/** The world of fences that name none. */
export const PAGE_WORLD = 'page';

interface Node {
  readonly type: string;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly value?: string;
  readonly children?: readonly Node[];
  readonly position?: { readonly start: { readonly line: number } };
}

/** The transcripts and files of a page; none when it has no transcript. */
export function fencesOfPage(source: string): PageFence[] {
  const fences: PageFence[] = [];
  const visit = (node: Node): void => {
    const fence = node.type === 'code' ? fenceOf(node) : undefined;
    if (fence) fences.push(fence);
    node.children?.forEach(visit);
  };
  visit(mdxToMdast(source));
  return fences.some(({ kind }) => kind === 'transcript') ? fences : [];
}

function fenceOf({ lang, meta, value = '', position }: Node): PageFence | undefined {
  const line = position?.start.line ?? 1;
  const words = (meta ?? '').split(/\s+/);
  const path = fenceOption(meta ?? '', 'file');
  if (path !== undefined) {
    const world = fenceOption(meta ?? '', 'world') ?? PAGE_WORLD;
    return { kind: 'file', world, path, text: `${value}\n`, line };
  }
  const named = fenceOption(meta ?? '', 'run');
  if (lang !== 'console' || (named === undefined && !words.includes('run'))) return undefined;
  const preset = fenceOption(meta ?? '', 'preset');
  const lines = value.split('\n');
  return {
    kind: 'transcript',
    world: named ?? PAGE_WORLD,
    ...(preset === undefined ? {} : { preset }),
    commands: commandsOf(lines, line + 1),
    from: line + 1,
    to: line + 1 + (value === '' ? 0 : lines.length),
  };
}

/** @param first the line of the page at which the first of the lines stands */
export function commandsOf(lines: readonly string[], first: number): TypedCommand[] {
  const commands: { typed: string[]; printed: string[]; line: number }[] = [];
  for (const [i, text] of lines.entries()) {
    const last = commands.at(-1);
    if (text.startsWith('$ '))
      commands.push({ typed: [text.slice(2)], printed: [], line: first + i });
    else if (last && text.startsWith('> ') && last.printed.length === 0)
      last.typed.push(text.slice(2));
    else last?.printed.push(text);
  }
  return commands.map(({ typed, printed, line }) => ({
    text: typed.join('\n'),
    printed: printed.join('\n'),
    line,
  }));
}

/** A transcript's lines, as they stand in a fence. */
export function linesOf(commands: readonly Pick<TypedCommand, 'text' | 'printed'>[]): string[] {
  return commands.flatMap(({ text, printed }) => [
    ...text.split('\n').map((line, i) => (i === 0 ? `$ ${line}` : `> ${line}`)),
    ...(printed === '' ? [] : printed.split('\n')),
  ]);
}
