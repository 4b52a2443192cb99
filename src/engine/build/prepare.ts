import { digestOfText } from '../oci/digest.ts';
import type { RunConfig } from '../oci/image.ts';
import type { StepWork } from './api.ts';
import { argvOf, DEFAULT_SHELL } from './config.ts';
import { checksum, copiedBytes, pickFiles, type ContextFile } from './context.ts';
import type { Instruction, InstructionOf } from './dockerfile/ast.ts';
import { readEnv, type State } from './state.ts';

/** What a step is in the cache, what it does, and the words it leaves in the history. */
export interface Prepared {
  readonly key: readonly unknown[];
  readonly work: StepWork;
  readonly history: string;
  readonly words: string;
  readonly config?: RunConfig;
}

const comment = (words: string): string => `${words} # buildkit`;

/** A step that changes files, with variables put in; or why it cannot be done. */
export function prepareStep(
  state: State,
  step: Instruction,
  context: readonly ContextFile[],
): Prepared | { message: string } {
  const cwd = state.config.WorkingDir ?? '/';
  switch (step.kind) {
    case 'WORKDIR': {
      const path = resolvePath(cwd, step.path);
      return {
        key: ['WORKDIR', path],
        work: { do: 'workdir', path: path.slice(1) },
        history: `WORKDIR ${path}`,
        words: '',
        config: { WorkingDir: path },
      };
    }
    case 'RUN': {
      const argv = argvOf(step.command, state.config.Shell ?? DEFAULT_SHELL);
      const env = { ...readEnv(state.config), ...state.args };
      const user = state.config.User ?? '';
      return {
        key: ['RUN', argv, Object.entries(env), cwd, user],
        work: { do: 'run', request: { argv, env, cwd } },
        history: comment(`RUN ${argsNote(state.args)}${argv.join(' ')}`),
        words: argv.join(' '),
      };
    }
    case 'COPY':
    case 'ADD':
      return prepareCopy(step, cwd, context);
    default:
      return { message: `unsupported instruction ${step.kind}` };
  }
}

function prepareCopy(
  step: InstructionOf<'COPY' | 'ADD'>,
  cwd: string,
  context: readonly ContextFile[],
): Prepared | { message: string } {
  if (step.sources.some((source) => /^https?:\/\//i.test(source))) {
    const message =
      step.kind === 'COPY'
        ? "source can't be a URL for COPY"
        : 'ADD from a URL is not modelled yet';
    return { message };
  }
  const picked = pickFiles(context, step.sources);
  if (!picked.ok) {
    const ref = digestOfText(JSON.stringify(context.map(({ path }) => path))).slice(7, 32);
    return {
      message:
        'failed to compute cache key: failed to calculate checksum of ref ' +
        `${ref}::${ref}: ${picked.message}`,
    };
  }
  const slash = /\/$|^\.$|\/\.$/.test(step.destination) ? '/' : '';
  const destination = resolvePath(cwd, step.destination).replace(/\/$/, '') + (slash || '');
  const chmod = step.flags.chmod === undefined ? undefined : parseInt(step.flags.chmod, 8);
  const owner = /^(\d+)(?::(\d+))?$/.exec(step.flags.chown ?? '');
  const chown = owner ? { uid: Number(owner[1]), gid: Number(owner[2] ?? owner[1]) } : undefined;
  const spec = {
    sources: step.sources,
    destination: destination === '' ? '/' : destination,
    ...(chmod === undefined ? {} : { chmod }),
    ...(chown === undefined ? {} : { chown }),
  };
  const { destination: to } = spec;
  return {
    key: [
      step.kind,
      to,
      chmod ?? '',
      chown ?? '',
      checksum(picked.files),
      copiedBytes(picked.files),
    ],
    work: { do: 'copy', spec, context },
    history: comment(`${step.kind} ${step.sources.join(' ')} ${step.destination}`),
    words: '',
  };
}

const argsNote = (args: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(args).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '' : `|${pairs.length} ${pairs.join(' ')} `;
};

function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
