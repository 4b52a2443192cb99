import type { Dockerfile, Instruction, LineRange, Stage } from './dockerfile/ast.ts';
import { expand, type Lookup } from './dockerfile/expand.ts';

/**
 * From a Dockerfile to the steps of a build: which stages the target needs, and words with their
 * variables put in. Models `dockerfile2llb/convert.go`.
 *
 * Simplified: `COPY --from`, `RUN --mount` and other stages as a base are refused in plain words.
 */
export type Planned<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly lines?: LineRange };

export interface BuildPlan {
  readonly stage: Stage;
  /** In full words, expanded: `nginx:1.29-alpine`. */
  readonly base: string;
  readonly metaArgs: Readonly<Record<string, string>>;
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
      const given = buildArgs[key];
      const expanded = expand(value ?? '', (name) => metaArgs[name]);
      if (!expanded.ok)
        return fault(`failed to process "${value ?? ''}": ${expanded.message}`, lines);
      if (given !== undefined || value !== undefined) metaArgs[key] = given ?? expanded.value;
    }
  }
  const stage = target === undefined ? file.stages.at(-1) : findStage(file, target);
  if (!stage) return fault(`target stage "${target ?? ''}" could not be found`);
  const { from } = stage;
  const base = expand(from.image, (name) => metaArgs[name]);
  if (!base.ok) return fault(`failed to process "${from.image}": ${base.message}`, from.lines);
  if (base.value === '')
    return fault('base name (' + from.image + ') should not be blank', from.lines);
  const other = file.stages.find((s) => s !== stage && s.from.name === base.value.toLowerCase());
  const copies = stage.instructions.find(({ flags }) => 'from' in flags || 'mount' in flags);
  if (other || copies) {
    return fault('builds across stages are not modelled yet', (copies ?? from).lines);
  }
  return { ok: true, value: { stage, base: base.value, metaArgs } };
}

const findStage = (file: Dockerfile, target: string): Stage | undefined =>
  file.stages.find(({ from }) => from.name === target.toLowerCase()) ?? file.stages[Number(target)];

/** An instruction with variables put in where the frontend puts them in; RUN and CMD keep theirs. */
export function expandInstruction(step: Instruction, lookup: Lookup): Planned<Instruction> {
  let failure: string | undefined;
  const words = (text: string): string => {
    const expanded = expand(text, lookup);
    if (!expanded.ok) failure ??= `failed to process "${text}": ${expanded.message}`;
    return expanded.ok ? expanded.value : '';
  };
  const value = expandParts(step, words);
  return failure === undefined ? { ok: true, value } : fault(failure, step.lines);
}

function expandParts(step: Instruction, words: (text: string) => string): Instruction {
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
    case 'ARG':
      return {
        ...step,
        args: step.args.map(({ key, value }) =>
          value === undefined ? { key } : { key, value: words(value) },
        ),
      };
    case 'EXPOSE':
      return { ...step, ports: step.ports.map(words) };
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
