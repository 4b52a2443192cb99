import { resolvePath } from '../../../machine/command.ts';
import { stat } from '../../../machine/files.ts';
import { connect, fatal, type Session, type Step } from '../session.ts';
import { notModelled } from './groups.ts';

/**
 * `kubectl cp` (staging/src/k8s.io/kubectl/pkg/cmd/cp/cp.go, v1.36): its words.
 *
 * Simplified: the real one runs `tar` in the container, and no container here has it.
 */
interface FileSpec {
  readonly pod: string;
  readonly path: string;
}

/** `[[NAMESPACE/]POD:]PATH`. */
function* fileSpecOf(session: Session, word: string): Step<FileSpec> {
  const at = word.indexOf(':');
  if (at === -1) return { pod: '', path: word };
  const pod = word.slice(0, at);
  if (at === 0 || pod.split('/').length > 2) {
    const form = '[[namespace/]pod:]file/path';
    yield* fatal(session, `filespec must match the canonical format: ${form}`);
  }
  return { pod, path: word.slice(at + 1) };
}

export function* cp(session: Session): Step<number> {
  const { words, line } = session;
  if (words.length !== 2) yield* fatal(session, 'source and destination are required');
  const from = yield* fileSpecOf(session, words[0] ?? '');
  const to = yield* fileSpecOf(session, words[1] ?? '');
  if (from.pod !== '' && to.pod !== '') {
    yield* fatal(session, 'one of src or dest must be a local file specification');
  }
  if (from.path === '' || to.path === '') yield* fatal(session, 'filepath can not be empty');
  if (from.pod === '' && to.pod === '') {
    yield* fatal(session, 'one of src or dest must be a remote file specification');
  }
  if (from.pod === '' && !(yield* stat(line.machine, resolvePath(line.cwd, from.path)))) {
    yield* fatal(session, `${from.path} doesn't exist in local filesystem`);
  }
  yield* connect(session);
  return yield* notModelled(session);
}
