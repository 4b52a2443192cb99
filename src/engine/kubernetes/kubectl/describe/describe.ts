import type { Event } from '../../api/cluster-objects.ts';
import type { FieldRequirement } from '../../api/requests.ts';
import type { ResourceKinds, ResourceName } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { fileErrors, refused, type Problem } from '../problems.ts';
import {
  check,
  dieWith,
  fatal,
  list,
  now,
  print,
  printError,
  type Session,
  type Step,
} from '../session.ts';
import { fetchOne, gather, labelSelectorOf, targetsIn, type Found } from '../targets.ts';
import type { Around } from './around.ts';
import { describerOf } from './describers.ts';

/** `kubectl describe` (staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go, v1.36). */
export function* describe(session: Session): Step<number> {
  const { flags, words } = session;
  if (words.length === 0 && flags.all('filename').length === 0) {
    yield* fatal(
      session,
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a ' +
        'complete list of supported resources.',
    );
  }
  const allNamespaces = flags.has('all-namespaces');
  const { found, problems } = yield* gather(session, {
    fetch: true,
    all: words.length === 1 && !words[0]?.includes('/'),
    allNamespaces,
    selector: yield* labelSelectorOf(session),
  });
  if (flags.all('filename').length > 0 && found.length === 0 && problems.length > 0) {
    yield* dieWith(session, fileErrors(problems));
  }
  const isQuiet = (problems.length > 0 || found.length > 1) && !flags.changed('show-events');
  const withEvents = flags.has('show-events') && !isQuiet;
  const [type = '', prefix = ''] = words;
  if (problems[0]?.failure?.reason === 'NotFound' && words.length === 2) {
    return yield* describeMatching(session, { type, prefix, withEvents }, problems);
  }
  let text = '';
  for (const one of found) {
    text += `${text === '' ? '' : '\n\n'}${yield* described(session, one, withEvents)}`;
  }
  yield* print(session, text);
  if (found.length === 0 && problems.length === 0) {
    const where = allNamespaces ? '' : ` in ${session.namespace} namespace.`;
    yield* printError(session, `No resources found${where}\n`);
  }
  yield* check(session, problems);
  return 0;
}

interface Prefix {
  readonly type: string;
  readonly prefix: string;
  readonly withEvents: boolean;
}

/** What is not a name may be the beginning of one. */
function* describeMatching(
  session: Session,
  { type, prefix, withEvents }: Prefix,
  problems: readonly Problem[],
): Step<number> {
  const [target] = yield* targetsIn(session, [type]);
  if (!target) return 1;
  const { info } = target;
  const namespace = info.namespaced ? session.namespace : '';
  const answer = yield* list(session, { resource: info.resource, namespace });
  if (!answer.ok) yield* check(session, [refused(answer.failure)]);
  const items = answer.ok ? answer.value.items : [];
  const matching = items.filter(({ metadata }) => metadata.name.startsWith(prefix));
  if (matching.length === 0) yield* check(session, problems);
  for (const object of matching) {
    const { name } = object.metadata;
    const text = yield* described(session, { info, namespace, name, object }, withEvents);
    yield* print(session, `${text}\n`);
  }
  return 0;
}

/** One object, with what else has to be asked for. */
function* described(session: Session, one: Found, withEvents: boolean): Step<string> {
  const { info } = one;
  const describer = describerOf(info.resource);
  let { object } = one;
  if (!object) {
    const answer = yield* fetchOne(session, one);
    if ('problem' in answer) yield* check(session, [answer.problem]);
    else ({ object } = answer.found);
  }
  if (!object) return '';
  const known = new Map<string, readonly KubeObject[]>();
  for (const need of describer.needs?.(object) ?? []) {
    const answer = yield* list(session, need);
    known.set(need.resource, answer.ok ? answer.value.items : []);
  }
  const wanted = withEvents && describer.silent !== true;
  const around: Around = {
    nowMs: yield* now(),
    ...(wanted && { events: yield* eventsOf(session, object, info.kind) }),
    all: <R extends ResourceName>(resource: R) =>
      (known.get(resource) ?? []) as readonly ResourceKinds[R][],
  };
  return describer.text(object, around);
}

/** The Events about an object; those of a node may have its name in the place of its UID. */
function* eventsOf(session: Session, { metadata }: KubeObject, kind: string): Step<Event[]> {
  const { name, namespace = '', uid } = metadata;
  const found: Event[] = [];
  for (const identity of kind === 'Node' ? [uid, name] : [uid]) {
    const fields = { name, namespace, kind, uid: identity };
    const fieldSelector = Object.entries(fields)
      .filter(([field, value]) => field !== 'namespace' || value !== '')
      .map(([field, value]): FieldRequirement => {
        return { field: `involvedObject.${field}`, operator: '=', value };
      });
    const answer = yield* list(session, { resource: 'events', namespace, fieldSelector });
    if (answer.ok) found.push(...(answer.value.items as readonly Event[]));
  }
  return found;
}
