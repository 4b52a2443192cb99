import type { InstructionOf } from '../dockerfile/ast.ts';
import { goQuote } from '../dockerfile/go-text.ts';
import { WORDS } from '../lint/rules.ts';
import type { FileCopy, FileWrite } from '../ops.ts';
import { DIGEST_FORMS, isDigest } from '../../oci/digest.ts';
import { cleanPath } from '../patterns.ts';
import { isSymbolicMode } from '../mode.ts';
import { inputOf, normalize, pathFrom, prefixed, shownCommand, type Dispatching } from './step.ts';
import { Fault } from './fault.ts';
import { commit } from './image.ts';
import type { Command, StageState } from './stage.ts';

/** COPY and ADD (`convert_copy.go`, `dispatchCopy`); words are expanded before. */
type Copy = InstructionOf<'COPY' | 'ADD'>;

export function dispatchCopy(
  state: StageState,
  command: Command,
  step: Copy,
  on: Dispatching,
): void {
  const [source] = command.sources;
  if (source && !source.dispatched) {
    throw new Fault(
      `cannot copy from stage ${goQuote(step.from)}, it needs to be defined before current stage ` +
        goQuote(state.label),
    );
  }
  check(step);
  const destination = pathFrom(state.dir, step.destination);
  const inputs = !step.link && state.ref !== undefined ? [state.ref] : [];
  const base = inputs.length > 0 ? 0 : undefined;
  const name = shownCommand(step.original, state.env, on.escape);
  const label = prefixed(state, name, on.options, state.env, command.onBuild);
  const actions: (FileCopy | FileWrite)[] = [];
  for (const path of step.sources) {
    actions.push(
      isUrl(path)
        ? urlCopy(step, path, destination, label, inputs, on)
        : localCopy(state, step, path, destination, source, inputs, on),
    );
  }
  for (const { name: file, data } of step.inline) {
    const { chmod: mode, chown: owner } = step;
    actions.push({ do: 'write', name: file, data, destination, mode, owner });
  }
  const lines = step.lines;
  const { noCache } = state;
  const op = { op: 'file', base, actions } as const;
  const own = { op, inputs, lines, noCache };
  // Linked files are a tree of their own until the very end: what is below does not count.
  if (step.link && state.ref !== undefined) {
    const linked = on.graph.add({ ...own, name: label });
    const merge = { op: { op: 'merge' }, inputs: [state.ref, linked], lines, noCache } as const;
    state.ref = on.graph.add({ ...merge, name: label, hidden: true });
  } else state.ref = on.graph.add({ ...own, name: label });
  state.image = commit(state.image, `${historyOf(step)} # buildkit`, true);
}

const OCTAL_LIMIT = 0o7777;

function check(step: Copy): void {
  const { chmod } = step;
  if (chmod !== '') {
    const words = `invalid chmod parameter: '${chmod}'. it should be octal string and between 0 and 07777`;
    if (/^[0-7]{1,10}$/.test(chmod)) {
      if (parseInt(chmod, 8) > OCTAL_LIMIT) throw new Fault(words);
    } else if (!isSymbolicMode(chmod)) {
      throw new Fault(/^[\d-]/.test(chmod) ? words : `mode: invalid: ${goQuote(chmod)}`);
    }
  }
  if (step.checksum === '') return;
  if (step.kind === 'COPY') throw new Fault("checksum can't be specified for COPY");
  const [first, second] = step.sources;
  if (first === undefined || second !== undefined) {
    throw new Fault("checksum can't be specified for multiple sources");
  }
  if (!isUrl(first)) throw new Fault('checksum requires HTTP(S) or Git sources');
  const problem = isGit(first) ? undefined : digestProblem(step.checksum);
  if (problem !== undefined) throw new Fault(problem);
}

/**
 * What is wrong with a digest (opencontainers/go-digest v1 `digest.go` Parse). Simplified: what is
 * fetched has no digest that a person could know, so a well-formed one always fits.
 */
function digestProblem(text: string): string | undefined {
  const [, algorithm = '', encoded = ''] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (algorithm === '') return 'invalid checksum digest format';
  const form = Object.hasOwn(DIGEST_FORMS, algorithm) ? DIGEST_FORMS[algorithm] : undefined;
  if (!form) {
    const wellFormed = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/.test(text);
    return wellFormed ? 'unsupported digest algorithm' : 'invalid checksum digest format';
  }
  if (isDigest(text)) return undefined;
  const length = DIGEST_LENGTHS[algorithm];
  return encoded.length === length
    ? 'invalid checksum digest format'
    : 'invalid checksum digest length';
}

const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

const isUrl = (source: string): boolean => /^https?:\/\//.test(source) || isGit(source);
const isGit = (source: string): boolean =>
  /^(git@|git:\/\/|ssh:\/\/)/.test(source) || /^https?:\/\/[^?#]+\.git(#.*)?$/.test(source);

function urlCopy(
  step: Copy,
  url: string,
  destination: string,
  label: string,
  inputs: string[],
  on: Dispatching,
): FileCopy {
  if (isGit(url)) {
    if (step.kind === 'COPY') throw new Fault("source can't be a git ref for COPY");
    throw new Fault(`failed to fetch remote ${url}: git repositories are not modelled`);
  }
  if (step.kind === 'COPY') throw new Fault("source can't be a URL for COPY");
  const path = url.replace(/^https?:\/\/[^/]*/, '').replace(/[?#].*$/, '');
  const last = cleanPath(path).replace(/^.*\//, '');
  const file = last === '' || last === '.' ? '__unnamed__' : last;
  const { checksum, lines } = { checksum: step.checksum, lines: step.lines };
  const ref = on.graph.add({
    name: label,
    op: { op: 'http', url, file, checksum },
    inputs: [],
    lines,
    noCache: false,
  });
  return {
    ...{ do: 'copy', from: inputOf(ref, inputs), source: file, destination, mode: step.chmod },
    ...{ owner: step.chown, include: [], exclude: step.exclude, required: [] },
    ...{ unpack: step.unpack ?? false, plain: true },
  };
}

function localCopy(
  state: StageState,
  step: Copy,
  path: string,
  destination: string,
  stage: StageState | undefined,
  inputs: string[],
  on: Dispatching,
): FileCopy {
  if (!stage) lintIgnored(step, path, on);
  let source = path;
  let include: readonly string[] = [];
  let required: readonly string[] = [];
  if (step.parents) {
    const pivot = path.indexOf('/./');
    source = pivot === -1 ? '/' : path.slice(0, pivot);
    const pattern = normalize('/', pivot === -1 ? path : path.slice(pivot + 3));
    include = [pattern.slice(1)];
    if (!hasWildcard(source) && !hasWildcard(pattern)) {
      required = [normalize(normalize('/', source), pattern.slice(1))];
    }
  }
  if (!stage) state.contextPaths.add(normalize('/', path));
  return {
    ...{ do: 'copy', from: inputOf(stage ? stage.ref : on.context, inputs) },
    ...{ source: normalize('/', source), destination, mode: step.chmod, owner: step.chown },
    ...{ include, exclude: step.exclude, required },
    ...{ unpack: step.unpack ?? step.kind === 'ADD', plain: false },
  };
}

export const hasWildcard = (path: string): boolean => /[*?[]/.test(path.replace(/\\./gs, ''));

/** A file that `.dockerignore` keeps out cannot be copied; exceptions are not looked into. */
function lintIgnored(step: Copy, path: string, on: Dispatching): void {
  const { ignore } = on.options;
  if (!ignore || ignore.patterns.length === 0 || ignore.hasExclusions) return;
  const source = cleanPath(path);
  if (source === '.' || source === '/') {
    const all = ignore.patterns.some(({ text }) => ['*', '**', '**/*'].includes(text));
    if (!all) return;
  }
  if (!ignore.matches(source)) return;
  const words = WORDS.copyIgnoredFile(step.kind === 'ADD' ? 'Add' : 'Copy', source);
  on.linter.report('copyIgnoredFile', words, step.lines);
}

function historyOf(step: Copy): string {
  return [
    step.kind,
    ...(step.parents ? ['--parents'] : []),
    ...(step.chown === '' ? [] : [`--chown=${step.chown}`]),
    ...(step.chmod === '' ? [] : [`--chmod=${step.chmod}`]),
    ...step.sources,
    ...step.inline.map(({ name }) => `<<${name}`),
    step.destination,
  ].join(' ');
}
