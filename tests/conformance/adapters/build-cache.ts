import { expandOnce } from '../build-expectations.ts';
import { compare, operation, operationOf, type Adapter, type Verdict } from '../adapter.ts';
import { STORY, tell } from '../build-stories.ts';
import { buildOnce, BuildWorld, planOnce, stepsRun, type Built } from '../build-world.ts';

type Expected = Record<string, unknown>;

interface CacheInput {
  readonly dockerfile?: string;
  readonly lines?: readonly string[];
  readonly instruction?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly context?: Readonly<Record<string, string>>;
}

/** Compares what the row says, but for its explanations. */
function judge(got: Expected, expect: Expected): Verdict {
  const said = Object.keys(expect).filter(
    (key) => !['why', 'note', 'legacyBuilderBuilds'].includes(key),
  );
  const pick = (of: Expected) => Object.fromEntries(said.map((key) => [key, of[key]]));
  return compare(pick(got), pick(expect));
}

/** Whether an instruction has a layer and an entry in the history. */
function layerOf(text: string): Expected {
  const instruction = expandOnce(text);
  const before = planOnce('FROM busybox\n', {}).image?.history ?? [];
  const own = planOnce(`FROM busybox\n${instruction}\n`, {}).image?.history ?? [];
  const added = own.slice(before.length);
  return { layer: added.some((entry) => !entry.empty_layer), history: added.length > 0 };
}

/** `sub (after WORKDIR /app)`: what stands before it. */
function createdBy(text: string): string | undefined {
  const [, instruction = text, before = ''] = /^(.*?)(?: \(after (.*)\))?$/.exec(text) ?? [];
  const planned = planOnce(`FROM busybox\n${before}\n${instruction}\n`, {});
  return planned.image?.history.at(-1)?.created_by;
}

/** Builds lines twice, the second time with another argument; the first line that ran again. */
function rebuild(lines: readonly string[], key: string): Expected {
  const world = new BuildWorld();
  world.write({ Dockerfile: `${lines.join('\n')}\n` });
  const build = (value: string) => world.build({ 'build-arg': [`${key}=${value}`] });
  const first = build('one');
  const again = build('other');
  const ran = stepsRun(again.output);
  const words = (built: Built) => built.config?.history.map((entry) => entry.created_by) ?? [];
  const [one, other] = [words(first), words(again)].map((all) => all.slice(1 - lines.length));
  // A step that ran, or a setting that came out otherwise; what an ARG is given is no step.
  const at = lines.findIndex((line, i) => {
    if (i === 0 || /^ARG\b/i.test(line)) return false;
    if (/^(RUN|COPY|ADD|WORKDIR)\b/i.test(line)) {
      return ran.some((name) => name.endsWith(`] ${shown(line)}`));
    }
    return one?.[i - 1] !== other?.[i - 1];
  });
  const history = again.config?.history.map((entry) => entry.created_by).join('\n') ?? '';
  return {
    firstMissAtLine: at === -1 ? null : at + 1,
    cacheMiss: ran.length > 0,
    inHistory: history.includes(`${key}=`),
  };
}

/** Progress puts variables in; RUN keeps those that are not set. */
const shown = (line: string): string => line.replace(/\$\w+/g, 'other');

export const adapter: Adapter = {
  area: 'build-cache',
  operations: [
    operation<CacheInput, Expected>(
      'does the instruction add a filesystem layer',
      ({ input, expect }) => judge(layerOf(input.instruction ?? ''), expect),
    ),
    operation<CacheInput, Expected>('created_by text', ({ input, expect }) =>
      judge({ createdBy: createdBy(input.instruction ?? '') }, expect),
    ),
    operation<CacheInput, Expected>(/^rebuild with another --build-arg (\w+)$/, (row) => {
      const { input, expect } = row;
      const name = (row.op ?? (input as { op?: string }).op ?? '').replace(/^.* /, '');
      return judge(rebuild(input.lines ?? [], name), expect);
    }),
    operation<CacheInput, Expected>(/^change --build-arg (\w+), /, (row) => {
      const { input, expect } = row;
      const name = (row.op ?? (input as { op?: string }).op ?? '').split(/[ ,]+/)[2] ?? '';
      return judge(rebuild(input.lines ?? [], name), expect);
    }),
    operation<CacheInput, Expected>(/^build$/, ({ input, expect }) => {
      const args = Object.entries(input.buildArgs ?? {}).map(([k, v]) => `${k}=${v}`);
      const built = buildOnce(
        { ...input.context, Dockerfile: input.dockerfile ?? '' },
        { 'build-arg': args },
      );
      const history = built.config?.history.map((entry) => entry.created_by) ?? [];
      const wanted = (expect.newHistoryContains ?? []) as string[];
      const words = expect.errorContains;
      return judge(
        {
          ok: built.ok,
          newHistoryContains: wanted.filter((text) =>
            history.some((entry) => entry.includes(text)),
          ),
          errorContains:
            typeof words === 'string' && built.output.includes(words) ? words : built.output,
          ...Object.fromEntries(Object.keys(expect).flatMap((key) => fileOf(built, key))),
        },
        expect,
      );
    }),
    operation<CacheInput, Expected>(/^build number \d+$/, ({ input, expect }, { table, index }) => {
      const world = new BuildWorld();
      world.write({ Dockerfile: input.dockerfile ?? '' });
      const rows = table.cases.slice(0, index + 1).filter((row) => {
        const { dockerfile } = row.input as CacheInput;
        return operationOf(row).startsWith('build number ') && dockerfile === input.dockerfile;
      });
      const built = rows.map((row) => {
        const args = Object.entries((row.input as CacheInput).buildArgs ?? {});
        return world.build({ 'build-arg': args.map(([key, value]) => `${key}=${value}`) });
      });
      const last = built.at(-1)!;
      const ran = stepsRun(last.output).some((name) => name.includes('] RUN '));
      return judge({ out: last.file('out'), runFromCache: !ran }, expect);
    }),
    operation<CacheInput, Expected>(STORY, (row, context) => {
      const { built, got } = tell(row, context);
      const wanted = row.expect.newHistory as readonly HistoryRow[] | undefined;
      const files = Object.keys(row.expect).flatMap((key) => fileOf(built, key));
      const told = {
        ...got,
        ...Object.fromEntries(files),
        newHistory: wanted && likeRows(built, wanted),
      };
      return judge(told, row.expect);
    }),
    operation<CacheInput, Expected>('progress names', ({ input, expect }) => {
      const built = buildOnce({ Dockerfile: input.dockerfile ?? '' });
      const names = (expect.names ?? []) as string[];
      return judge({ names: names.filter((name) => built.output.includes(` ${name}\n`)) }, expect);
    }),
  ],
};

interface HistoryRow {
  readonly createdByContains: string;
  readonly emptyLayer: boolean;
}

/** The last entries of the history as a row describes them: by a part of their words. */
function likeRows(built: Built, wanted: readonly HistoryRow[]): HistoryRow[] {
  const entries = built.config?.history.slice(-wanted.length) ?? [];
  return entries.map(({ created_by, empty_layer = false }, i) => {
    const words = wanted[i]?.createdByContains ?? '';
    return {
      createdByContains: created_by.includes(words) ? words : created_by,
      emptyLayer: empty_layer,
    };
  });
}

/** A member that names a file of the image. */
function fileOf(built: ReturnType<typeof buildOnce>, key: string): [string, unknown][] {
  const text = built.file(key);
  return text === undefined ? [] : [[key, text]];
}
