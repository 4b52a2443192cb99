import { parseDockerfile } from '../../src/engine/build/dockerfile/parse.ts';
import { operationOf, type Row, type RowContext } from './adapter.ts';
import { BuildWorld, stepsRun, type BuildFlagValues, type Built } from './build-world.ts';

/**
 * Rows that tell of several builds of one Dockerfile: what is changed between them is said in the
 * words of the operation, and read here as a person would read them.
 */
export interface StoryInput {
  readonly dockerfile?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

type Answers = Record<string, unknown>;

export const STORY =
  /^(?:rebuild (?:after|with no)|build(?:;| --)|(?:first|second|third|fourth|fifth) build)/;

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** Stages by name, or by number where they have none, and the files that they copy from outside. */
function outline(dockerfile: string): { stages: string[]; sources: string[] } {
  const parsed = parseDockerfile(dockerfile);
  if (!parsed.ok) return { stages: [], sources: [] };
  const { stages } = parsed.dockerfile;
  const sources = stages.flatMap(({ instructions }) =>
    instructions.flatMap((step) =>
      (step.kind === 'COPY' || step.kind === 'ADD') && step.from === ''
        ? step.sources.filter((source) => /^[\w./-]*\w$/.test(source))
        : [],
    ),
  );
  const names = stages.map(({ from }, i) => (from.stage === '' ? `stage-${i}` : from.stage));
  return { stages: names, sources };
}

/** A world in which everything is there that the Dockerfile copies by name. */
function begin(input: StoryInput): BuildWorld {
  const world = new BuildWorld();
  const { dockerfile = '', context } = input;
  const own = Object.fromEntries(outline(dockerfile).sources.map((path) => [path, `${path}\n`]));
  world.write({ ...(context ?? own), Dockerfile: dockerfile });
  return world;
}

/** What an operation changes in the directory that is built from. */
function change(world: BuildWorld, input: StoryInput, op: string): void {
  const { context = {} } = input;
  const renamed = /\brenaming (\S+) to (\S+)/.exec(op);
  const changed = /\b(?:changing|editing) (\S+) to (\S+)/.exec(op);
  const removed = /\b(?:removing|deleting) (\S+)/.exec(op);
  const added = /\badding (\S+)(?: with (\S+))?/.exec(op);
  const touched = /\btouching (\S+)/.exec(op);
  if (renamed) {
    world.remove(renamed[1]!);
    world.write({ [renamed[2]!]: context[renamed[1]!] ?? '' });
  } else if (changed) world.write({ [changed[1]!]: changed[2]! });
  else if (removed) world.remove(removed[1]!);
  else if (added) world.write({ [added[1]!]: added[2] ?? 'added' });
  else if (touched) {
    world.kernel.advance(60_000);
    world.write({ [touched[1]!]: context[touched[1]!] ?? '' });
  }
}

/** Options that an operation names: with no cache, for a target, with an argument that changed. */
function flagsOf(op: string, input: StoryInput, nth: number): BuildFlagValues {
  const flags: Record<string, string[]> = {};
  const limited = /\bno-cache (?:limited to|for|of) stages? (\S+)/.exec(op);
  if (limited) flags['no-cache-filter'] = [limited[1]!];
  else if (/\bno-cache\b/.test(op)) flags['no-cache'] = ['true'];
  const target = /--target[ =](\S+)/.exec(op);
  if (target) flags.target = [target[1]!];
  const args = Object.entries(input.buildArgs ?? {}).map(([key, value]) => `${key}=${value}`);
  const changed = /\b([A-Z_][A-Z0-9_]*) changed\b/.exec(op);
  if (changed) args.push(`${changed[1]!}=changed-${nth}`);
  if (args.length > 0) flags['build-arg'] = args;
  return flags;
}

/** The builds before it: those of rows above with the same Dockerfile, or as many as it counts. */
function before(row: Row, { table, index }: RowContext): readonly Row[] {
  const { dockerfile } = row.input as StoryInput;
  const nth = ORDINALS.findIndex((word) => operationOf(row).startsWith(`${word} build`));
  if (nth <= 0) return [];
  const above = table.cases.slice(0, index).filter((one) => {
    const op = operationOf(one);
    return (one.input as StoryInput).dockerfile === dockerfile && STORY.test(op);
  });
  const plain: Row = { ...row, input: { dockerfile, op: 'first build' }, op: 'first build' };
  const missing = Array.from({ length: Math.max(0, nth - above.length) }, () => plain);
  return [...missing, ...above.slice(-nth)];
}

export function tell(row: Row, context: RowContext): { built: Built; got: Answers } {
  const input = row.input as StoryInput;
  const op = operationOf(row);
  const world = begin(input);
  const earlier = before(row, context);
  for (const [nth, one] of earlier.entries()) {
    world.build(flagsOf(operationOf(one), one.input as StoryInput, nth));
  }
  if (op.startsWith('rebuild')) {
    world.build(flagsOf('', input, 0));
    change(world, input, op);
  }
  const built = world.build(flagsOf(op, input, earlier.length));
  return { built, got: answers(built, input, op) };
}

/** What can be asked of a build, by the names that rows ask it by. */
function answers(built: Built, { dockerfile = '' }: StoryInput, op: string): Answers {
  const ran = stepsRun(built.output);
  const { stages } = outline(dockerfile);
  const shown = (stage: string): boolean => built.output.includes(`[${stage} `);
  const ranIn = (stage: string): boolean => ran.some((name) => name.startsWith(`[${stage} `));
  const does = (word: string): boolean => ran.some((name) => name.includes(`] ${word} `));
  const said = /base \S+ has (\d+) layers? and (\d+) history/.exec(op);
  const history = built.config?.history ?? [];
  const own = said ? ownHistory(built, dockerfile) : history.length;
  const news = history.slice(history.length - own);
  const layers = news.filter((entry) => !entry.empty_layer).length;
  const keywords = ['RUN', 'COPY', 'ADD', 'WORKDIR'];
  return {
    ok: built.ok,
    buildFails: !built.ok,
    cacheInvalid: ran.length > 0,
    cacheMiss: ran.length > 0,
    built: stages.filter(shown),
    skipped: stages.filter((stage) => !shown(stage)),
    diffIDCount: Number(said?.[1] ?? 0) + layers,
    historyCount: Number(said?.[2] ?? 0) + news.length,
    newHistory: news,
    ...Object.fromEntries(stages.map((stage) => [`${stage}Rerun`, ranIn(stage)])),
    ...Object.fromEntries(keywords.map((word) => [`${word.toLowerCase()}Rerun`, does(word)])),
    ...Object.fromEntries(keywords.map((word) => [`${word.toLowerCase()}CacheMiss`, does(word)])),
  };
}

/** How many entries of the history the last stage itself wrote. */
function ownHistory(built: Built, dockerfile: string): number {
  const parsed = parseDockerfile(dockerfile);
  if (!parsed.ok) return 0;
  const last = parsed.dockerfile.stages.at(-1);
  const base = new BuildWorld();
  base.write({ Dockerfile: `FROM ${last?.from.image ?? 'scratch'}\nLABEL a=b\n` });
  const below = (base.build().config?.history.length ?? 1) - 1;
  return (built.config?.history.length ?? 0) - below;
}
