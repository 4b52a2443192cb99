import type { ArgDefinition, Instruction, InstructionOf, LineRange } from '../dockerfile/ast.ts';
import { expand, expandWords } from '../dockerfile/expand.ts';
import { formatDuration, goList, goQuoteList } from '../dockerfile/go-text.ts';
import { nearest } from '../dockerfile/suggest.ts';
import type { Linter } from '../lint/linter.ts';
import { WORDS } from '../lint/rules.ts';
import { exposedPorts } from '../ports.ts';
import { isSignal } from '../signals.ts';
import { dispatchCopy } from './copy.ts';
import { given, knownVariables } from './env.ts';
import { Fault } from './fault.ts';
import { commit, configure, setEnv } from './image.ts';
import { dispatchRun } from './run.ts';
import type { Command, StageState } from './stage.ts';
import {
  normalize,
  prefixed,
  shownCommand,
  withShell,
  type Dispatching,
  type WordExpander,
} from './step.ts';

/** What the instructions of a stage do to its state, one after another (`convert.go`, `dispatch`). */

/** Variables of the scanner, never those of a process. */
const NO_VARIABLES = ['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'];

export function dispatch(state: StageState, command: Command, on: Dispatching): void {
  const { step } = command;
  const linter = on.linter.under(step.comments);
  const own = { ...on, linter };
  const words = expander(state, step, own, { escape: on.escape });
  switch (step.kind) {
    case 'FROM':
      throw new Fault('FROM is not a command type');
    case 'MAINTAINER':
      state.image = { ...state.image, author: step.author };
      return note(state, `MAINTAINER ${step.author}`);
    case 'ENV':
      return dispatchEnv(state, step, words, linter);
    case 'LABEL':
      return dispatchLabel(state, step, words, linter);
    case 'ARG':
      return dispatchArg(state, step, own);
    case 'RUN':
      return dispatchRun(state, command, step, words, own);
    case 'COPY':
    case 'ADD':
      return dispatchCopy(state, command, expandCopy(state, step, words, own), own);
    case 'WORKDIR':
      return dispatchWorkdir(state, { ...step, path: words(step.path) }, own);
    case 'ONBUILD': {
      const OnBuild = [...(state.image.config.OnBuild ?? []), step.trigger];
      state.image = configure(state.image, { OnBuild });
      return;
    }
    case 'EXPOSE':
      return dispatchExpose(state, step, own);
    case 'USER': {
      state.user = words(step.user);
      state.image = configure(state.image, { User: state.user });
      return note(state, `USER ${state.user}`);
    }
    case 'VOLUME':
      return dispatchVolume(state, step.paths.map(words));
    case 'STOPSIGNAL': {
      const signal = words(step.signal);
      if (!isSignal(signal)) throw new Fault(`invalid signal: ${signal}`);
      state.image = configure(state.image, { StopSignal: signal });
      return note(state, `STOPSIGNAL ${signal}`);
    }
    case 'SHELL':
      state.image = configure(state.image, { Shell: step.argv });
      return note(state, `SHELL ${goList(step.argv)}`);
    default:
      return dispatchStart(state, step, linter);
  }
}

const note = (state: StageState, words: string): void => {
  state.image = commit(state.image, words, false);
};

/** What ends up in a word; variables that nobody set are findings. */
export function expander(
  state: StageState,
  step: Instruction,
  on: Dispatching,
  options: { escape: string; skipQuotes?: true },
): WordExpander {
  return (word) => {
    const expanded = expand(word, state.env.get, options);
    if (!expanded.ok) throw new Fault(expanded.message);
    if (expanded.unmatched.size > 0) {
      lintUndefined(state, expanded.unmatched, step.lines, on.linter);
    }
    return expanded.value;
  };
}

function lintUndefined(
  { args, env }: StageState,
  unmatched: ReadonlySet<string>,
  lines: LineRange,
  linter: Linter,
): void {
  const known = Object.keys(knownVariables(args, env.list()));
  for (const name of unmatched) {
    if (args.some(({ key }) => key === name) || NO_VARIABLES.includes(name)) continue;
    const words = WORDS.undefinedVar(name, nearest(name, known, true));
    linter.report('undefinedVar', words, lines);
  }
}

function expandCopy(
  state: StageState,
  step: InstructionOf<'COPY' | 'ADD'>,
  words: WordExpander,
  on: Dispatching,
): InstructionOf<'COPY' | 'ADD'> {
  const text = expander(state, step, on, { escape: '\\', skipQuotes: true });
  return {
    ...step,
    chown: words(step.chown),
    chmod: words(step.chmod),
    checksum: words(step.checksum),
    sources: step.sources.map(words),
    destination: words(step.destination),
    inline: step.inline.map((file) => (file.expand ? { ...file, data: text(file.data) } : file)),
  };
}

function dispatchEnv(
  state: StageState,
  step: InstructionOf<'ENV' | 'LABEL'>,
  words: WordExpander,
  linter: Linter,
): void {
  let message = 'ENV';
  // All words are expanded before any variable is set.
  const pairs = step.pairs.map((pair) => ({
    ...pair,
    key: words(pair.key),
    value: words(pair.value),
  }));
  for (const { key, value, legacy } of pairs) {
    if (legacy) legacyFormat(step, linter);
    lintSecret('ENV', key, step.lines, linter);
    message += ` ${key}=${value}`;
    state.env.set(key, value);
    const Env = setEnv(state.image.config.Env ?? [], key, value);
    state.image = configure(state.image, { Env });
  }
  note(state, message);
}

const legacyFormat = (step: Instruction, linter: Linter): void =>
  linter.report('legacyKeyValueFormat', WORDS.legacyKeyValueFormat(step.name), step.lines);

const SECRET = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const ALLOWED = /(?:_|^)(?:public|file|version)(?:_|$)/i;

function lintSecret(kind: string, key: string, lines: LineRange, linter: Linter): void {
  if (!SECRET.test(key) || ALLOWED.test(key)) return;
  linter.report('secretsUsedInArgOrEnv', WORDS.secretsUsedInArgOrEnv(kind, key), lines);
}

function dispatchLabel(
  state: StageState,
  step: InstructionOf<'ENV' | 'LABEL'>,
  words: WordExpander,
  linter: Linter,
): void {
  let message = 'LABEL';
  const Labels: Record<string, string> = { ...state.image.config.Labels };
  for (const { key, value, legacy } of step.pairs) {
    if (legacy) legacyFormat(step, linter);
    const [name, text] = [words(key), words(value)];
    Labels[name] = text;
    message += ` ${name}=${text}`;
  }
  state.image = configure(state.image, { Labels });
  note(state, message);
}

/** ARG: the value given to the build, else the default, else that of the ARG above the stages. */
function dispatchArg(state: StageState, step: InstructionOf<'ARG'>, on: Dispatching): void {
  const shown: string[] = [];
  for (const { key, value: written, doc } of step.args) {
    lintSecret('ARG', key, step.lines, on.linter);
    let value = given(on.options.buildArgs, key);
    if (value === undefined && written !== undefined) {
      value = expander(state, step, on, { escape: on.escape })(written);
    }
    value ??= on.globals.get(key);
    if (value !== undefined && !NO_VARIABLES.includes(key)) state.env.set(key, value);
    const own: ArgDefinition = value === undefined ? { key, doc } : { key, value, doc };
    state.args = [...state.args, own];
    shown.push(value === undefined ? key : `${key}=${value}`);
  }
  note(state, `ARG ${shown.join(' ')}`);
}

function dispatchWorkdir(state: StageState, step: InstructionOf<'WORKDIR'>, on: Dispatching): void {
  if (!state.workdirSet && !step.path.startsWith('/')) {
    on.linter.report('workdirRelativePath', WORDS.workdirRelativePath(step.path), step.lines);
  }
  state.workdirSet = true;
  const path = normalize(state.image.config.WorkingDir ?? '/', step.path);
  state.dir = path;
  state.image = configure(state.image, { WorkingDir: path });
  if (path !== '/') {
    const owner = state.image.config.User ?? '';
    state.ref = on.graph.add({
      name: prefixed(state, shownCommand(step.original, state.env, on.escape), on.options),
      op: {
        op: 'file',
        base: state.ref === undefined ? undefined : 0,
        actions: [{ do: 'mkdir', path, owner }],
      },
      inputs: state.ref === undefined ? [] : [state.ref],
      lines: step.lines,
      noCache: state.noCache,
    });
  }
  state.image = commit(state.image, `WORKDIR ${path}`, path !== '/');
}

function dispatchExpose(state: StageState, step: InstructionOf<'EXPOSE'>, on: Dispatching): void {
  const ports: string[] = [];
  const specs = step.ports.flatMap((text) => {
    const expanded = expandWords(text, state.env.get, { escape: on.escape });
    if (!expanded.ok) throw new Fault(expanded.message);
    return expanded.value;
  });
  for (const spec of specs) {
    const read = exposedPorts(spec);
    if (!read.ok) throw new Fault(read.message);
    if (read.mixedCase) {
      on.linter.report('exposeProtoCasing', WORDS.exposeProtoCasing(spec), step.lines);
    }
    if (read.mapped) {
      on.linter.report('exposeInvalidFormat', WORDS.exposeInvalidFormat(spec), step.lines);
    }
    ports.push(...read.ports);
  }
  const own = Object.fromEntries(ports.map((port) => [port, {}]));
  const ExposedPorts = { ...state.image.config.ExposedPorts, ...own };
  state.image = configure(state.image, { ExposedPorts });
  note(state, `EXPOSE ${goList(ports)}`);
}

function dispatchVolume(state: StageState, paths: readonly string[]): void {
  if (paths.includes('')) throw new Fault('VOLUME specified can not be an empty string');
  const own = Object.fromEntries(paths.map((path) => [path, {}]));
  state.image = configure(state.image, { Volumes: { ...state.image.config.Volumes, ...own } });
  note(state, `VOLUME ${goList(paths)}`);
}

/** What a container of the image starts with. */
function dispatchStart(
  state: StageState,
  step: InstructionOf<'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK'>,
  linter: Linter,
): void {
  const before = state.last.get(step.kind);
  if (before) {
    const words = WORDS.multipleInstructionsDisallowed(step.name);
    linter.report('multipleInstructionsDisallowed', words, before);
  }
  state.last.set(step.kind, step.lines);
  if (step.kind === 'HEALTHCHECK') {
    state.image = configure(state.image, { Healthcheck: step.health });
    return note(state, `HEALTHCHECK ${healthText(step.health)}`);
  }
  const { command } = step;
  const { Shell } = state.image.config;
  if (command.shell && !Shell?.length) {
    linter.report('jsonArgsRecommended', WORDS.jsonArgsRecommended(step.name), step.lines);
  }
  const argv = command.shell ? withShell(state, command.words) : command.words;
  if (step.kind === 'CMD') state.image = configure(state.image, { Cmd: argv, ArgsEscaped: true });
  else {
    state.image = configure(state.image, { Entrypoint: argv });
    // An entrypoint of one's own does away with the command of the base image.
    if (!state.last.has('CMD')) state.image = configure(state.image, { Cmd: undefined });
  }
  note(state, `${step.kind} ${goQuoteList(argv)}`);
}

/** `%+v` of Go's `HealthcheckConfig`. */
export function healthText(health: InstructionOf<'HEALTHCHECK'>['health']): string {
  const time = (ns: number | undefined) => formatDuration(ns ?? 0);
  const fields = [
    `Test:${goList(health.Test)}`,
    `Interval:${time(health.Interval)}`,
    `Timeout:${time(health.Timeout)}`,
    `StartPeriod:${time(health.StartPeriod)}`,
    `StartInterval:${time(health.StartInterval)}`,
    `Retries:${health.Retries ?? 0}`,
  ];
  return `{${fields.join(' ')}}`;
}
