import { goQuote } from '../../../go/quote.ts';
import { fatal, misused, printError, type Session, type Step } from '../session.ts';
import { notModelled } from './groups.ts';

export function* debug(session: Session): Step<number> {
  const { flags } = session;
  if (flags.text('image') === '' && flags.text('copy-to') === '') {
    yield* fatal(session, 'you must specify --image when not using --copy-to.');
  }
  return yield* notModelled(session);
}

const SHELLS = ['bash', 'fish', 'powershell', 'zsh'];

export function* completion(session: Session): Step<number> {
  const [shell, ...more] = session.words;
  if (shell === undefined) yield* misused(session, 'Shell not specified.');
  if (more.length > 0) {
    yield* misused(session, 'Too many arguments. Expected only the shell type.');
  }
  if (!SHELLS.includes(shell ?? '')) {
    yield* misused(session, `Unsupported shell type ${goQuote(shell ?? '')}.`);
  }
  return yield* notModelled(session);
}

/** No machine here has plugins. */
export function* pluginList(session: Session): Step<number> {
  return yield* fatal(session, 'unable to find any kubectl plugins in your PATH');
}

export function* kustomize(session: Session): Step<number> {
  if (session.words.length > 1) yield* fatal(session, 'specify one path to kustomization.yaml');
  return yield* notModelled(session);
}

export function* alpha(session: Session): Step<number> {
  yield* printError(session, 'No alpha commands are available in this version of kubectl\n');
  return 0;
}

/** `NAMESPACE/POD:PATH`, or a path of this machine. */
export function* cp(session: Session): Step<number> {
  if (session.words.length !== 2) yield* fatal(session, 'source and destination are required');
  const remote = session.words.filter((word) => word.includes(':')).length;
  if (remote === 2) yield* fatal(session, 'one of src or dest must be a local file specification');
  if (remote === 0) yield* fatal(session, 'one of src or dest must be a remote file specification');
  return yield* notModelled(session);
}
