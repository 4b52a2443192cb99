import type { Dockerfile, Instruction, LineRange, Stage } from './dockerfile/ast.ts';
import { expand, expandWords, lookupIn, type Expanded, type Lookup } from './dockerfile/expand.ts';

/**
 * From a Dockerfile to the steps of a build: which stages the target needs, and words with their
 * variables put in. Models `dockerfile2llb/convert.go`.
 *
 * Simplified: `COPY --from`, `RUN --mount`, ONBUILD and other stages as a base are refused in plain
 * words.
 */
export type Planned<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly lines?: LineRange };

export interface BuildPlan {
  readonly stage: Stage;
  /** In full words, expanded: `nginx:1.29-alpine`. */
  readonly base: string;
  readonly metaArgs: Readonly<Record<string, string>>;
  readonly escape: string;
}

const fault = <T>(message: string, lines?: LineRange): Planned<T> => ({
  ok: false,
  message,
  ...(lines ? { lines } : {}),
});

export function planBuild(
  file: Dockerfile,
  buildArgs: Readonly<Record<string, string>>,
  target?: string,
): Planned<BuildPlan> {
  const metaArgs: Record<string, string> = {};
  for (const { args, lines } of file.metaArgs) {
    for (const { key, value } of args) {
      const given = lookupIn(buildArgs)(key);
      const expanded = expand(value ?? '', lookupIn(metaArgs), file.escape);
      if (!expanded.ok)
        return fault(`failed to process "${value ?? ''}": ${expanded.message}`, lines);
      if (given !== undefined || value !== undefined) metaArgs[key] = given ?? expanded.value;
    }
  }
  const stage = target === undefined ? file.stages.at(-1) : findStage(file, target);
  if (!stage) return fault(`target stage "${target ?? ''}" could not be found`);
  const { from } = stage;
  const base = expand(from.image, lookupIn(metaArgs), file.escape);
  if (!base.ok) return fault(`failed to process "${from.image}": ${base.message}`, from.lines);
  if (base.value === '')
    return fault('base name (' + from.image + ') should not be blank', from.lines);
  const other = file.stages.find((s) => s !== stage && s.from.name === base.value.toLowerCase());
  const onBuild = stage.instructions.find(({ kind }) => kind === 'ONBUILD');
  if (onBuild) return fault('ONBUILD is not modelled yet', onBuild.lines);
  const copies = stage.instructions.find(({ flags }) => 'from' in flags || 'mount' in flags);
  if (other || copies) {
    return fault('builds across stages are not modelled yet', (copies ?? from).lines);
  }
  return { ok: true, value: { stage, base: base.value, metaArgs, escape: file.escape } };
}

const findStage = (file: Dockerfile, target: string): Stage | undefined =>
  file.stages.find(({ from }) => from.name === target.toLowerCase()) ?? file.stages[Number(target)];

/**
 * An instruction with variables put in where the frontend puts them in. RUN and CMD keep theirs; ARG
 * puts them in one after another, see {@link expandDefault}.
 */
export function expandInstruction(
  step: Instruction,
  lookup: Lookup,
  escape: string,
): Planned<Instruction> {
  let failure: string | undefined;
  const read = <T>(text: string, expanded: Expanded<T>, otherwise: T): T => {
    if (!expanded.ok) failure ??= `failed to process "${text}": ${expanded.message}`;
    return expanded.ok ? expanded.value : otherwise;
  };
  const words = (text: string): string => read(text, expand(text, lookup, escape), '');
  const split = (text: string): string[] => read(text, expandWords(text, lookup, escape), []);
  const value = expandParts(step, words, split);
  return failure === undefined ? { ok: true, value } : fault(failure, step.lines);
}

function expandParts(
  step: Instruction,
  words: (text: string) => string,
  split: (text: string) => string[],
): Instruction {
  switch (step.kind) {
    case 'COPY':
    case 'ADD': {
      const flags = Object.fromEntries(Object.entries(step.flags).map(([k, v]) => [k, words(v)]));
      return {
        ...step,
        sources: step.sources.map(words),
        destination: words(step.destination),
        flags,
      };
    }
    case 'WORKDIR':
      return { ...step, path: words(step.path) };
    case 'ENV':
    case 'LABEL':
      return {
        ...step,
        pairs: step.pairs.map(({ key, value }) => ({ key: words(key), value: words(value) })),
      };
    case 'EXPOSE':
      return { ...step, ports: step.ports.flatMap(split) };
    case 'USER':
      return { ...step, user: words(step.user) };
    case 'VOLUME':
      return { ...step, paths: step.paths.map(words) };
    case 'STOPSIGNAL':
      return { ...step, signal: words(step.signal) };
    default:
      return step;
  }
}

/** The default of an ARG with variables put in. */
export function expandDefault(
  value: string,
  lookup: Lookup,
  at: Pick<Instruction, 'lines'>,
  escape: string,
): Planned<string> {
  const expanded = expand(value, lookup, escape);
  return expanded.ok
    ? expanded
    : fault(`failed to process "${value}": ${expanded.message}`, at.lines);
}
