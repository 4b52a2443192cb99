import { resourceByWord, type ResourceInfo } from '../api/resources.ts';
import { complain, type Session, type Step } from './session.ts';

/** What a command line names: `deploy web`, `deployment/web`, `pods`, `pods,svc`. */
export interface Target {
  readonly info: ResourceInfo;
  /** Absent for all of the resource. */
  readonly name?: string;
}

/** The objects that words name; an error's words instead when one is not known. */
export function targetsOf(words: readonly string[]): Target[] | string {
  const [first, ...names] = words;
  if (first === undefined) return [];
  if (first.includes('/')) {
    const targets: Target[] = [];
    for (const word of words) {
      const [kind = '', name] = word.split('/');
      const info = resourceByWord(kind);
      if (!info) return unknown(kind);
      if (name === undefined) {
        return (
          'error: there is no need to specify a resource type as a separate argument when ' +
          "passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' " +
          "instead of 'kubectl get resource resource/<resource_name>'"
        );
      }
      targets.push({ info, name });
    }
    return targets;
  }
  const kinds = first.split(',');
  const targets: Target[] = [];
  for (const kind of kinds) {
    const info = resourceByWord(kind);
    if (!info) return unknown(kind);
    if (names.length === 0) targets.push({ info });
    for (const name of names) targets.push({ info, name });
  }
  return targets;
}

const unknown = (kind: string): string =>
  `error: the server doesn't have a resource type "${kind}"`;

/** The one named object that a command acts on; complains when there is none. */
export function* oneTarget(
  session: Session,
  words: readonly string[],
  need: string,
): Step<Required<Target> | number> {
  const targets = targetsOf(words);
  if (typeof targets === 'string') return yield* complain(session, targets);
  const [target] = targets;
  if (!target?.name) return yield* complain(session, need);
  return { info: target.info, name: target.name };
}
