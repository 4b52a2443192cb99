import type { Pod } from '../api/pod.ts';
import { isPodReady } from '../api/pod.ts';
import { selectorMatches, type LabelSelector } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { fatal, list, printError, type Session, type Step } from './session.ts';
import { fetchOne, targetsIn, type Found } from './targets.ts';
import { check } from './session.ts';

/** From what a command names to Pods and their containers (kubectl/pkg/cmd/util/podcmd, v1.36). */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

export interface NamedContainer {
  readonly name: string;
}

export function containersOf({ spec }: Pod): {
  all: readonly string[];
  text: string;
} {
  const {
    containers,
    initContainers = [],
    ephemeralContainers = [],
  } = spec as Pod['spec'] & {
    ephemeralContainers?: readonly NamedContainer[];
  };
  const names = (of: readonly NamedContainer[], suffix = ''): string[] =>
    of.map(({ name }) => name + suffix);
  return {
    all: [...names(initContainers), ...names(containers), ...names(ephemeralContainers)],
    text: [
      ...names(containers),
      ...names(ephemeralContainers, ' (ephem)'),
      ...names(initContainers, ' (init)'),
    ].join(', '),
  };
}

/** The container that is meant; says which when it had to choose. */
export function* containerOf(
  session: Session,
  pod: Pod,
  wanted: string,
  quiet = false,
  missing = 'not valid for',
): Step<string> {
  const { all, text } = containersOf(pod);
  const { name } = pod.metadata;
  const named = wanted || (pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? '');
  if (named !== '') {
    if (all.includes(named)) return named;
    yield* fatal(session, `container ${named} is ${missing} pod ${name}`);
  }
  const first = pod.spec.containers[0]?.name ?? '';
  if (all.length > 1 && !quiet) {
    yield* printError(session, `Defaulted container "${first}" out of: ${text}\n`);
  }
  return first;
}

/** The selector by which an object finds its Pods; undefined for one that has none. */
export function podSelectorOf(object: KubeObject): LabelSelector | undefined {
  const { spec } = object as KubeObject & { spec?: { selector?: unknown } };
  if (object.kind === 'Service') {
    const matchLabels = spec?.selector as Readonly<Record<string, string>> | undefined;
    return matchLabels && { matchLabels };
  }
  return spec?.selector as LabelSelector | undefined;
}

/** The object that a word names: a Pod unless it has a type before it. */
export function* objectNamed(session: Session, word: string, withNamespace = false): Step<Found> {
  const words = word.includes('/') ? [word] : ['pods', word];
  const [target] = yield* targetsIn(session, words);
  const { info, name = '' } = target!;
  const namespace = info.namespaced ? session.namespace : '';
  const answer = yield* fetchOne(session, { info, name, namespace });
  if (!('problem' in answer)) return answer.found;
  const { failure, message } = answer.problem;
  if (withNamespace && failure?.reason === 'NotFound') {
    yield* fatal(
      session,
      `error from server (NotFound): ${message} in namespace "${session.namespace}"`,
    );
  }
  yield* check(session, [answer.problem]);
  return { info, name, namespace };
}

/** The Pods of an object, those first that are most likely to answer. */
export function* podsOf(session: Session, object: KubeObject): Step<Pod[]> {
  if (object.kind === 'Pod') return [object as Pod];
  const selector = podSelectorOf(object);
  if (!selector) {
    return yield* fatal(
      session,
      `cannot get the logs from *v1.${object.kind}: selector for *v1.${object.kind} not implemented`,
    );
  }
  const namespace = object.metadata.namespace ?? session.namespace;
  const answer = yield* list(session, { resource: 'pods', namespace, labelSelector: selector });
  if (!answer.ok) return [];
  const pods = (answer.value.items as readonly Pod[]).filter((pod) =>
    selectorMatches(selector, pod.metadata.labels),
  );
  const rank = (pod: Pod): number =>
    (pod.spec.nodeName ? 0 : 4) +
    (pod.status.phase === 'Running' ? 0 : 2) +
    (isPodReady(pod) ? 0 : 1);
  return [...pods].sort((a, b) => rank(a) - rank(b));
}
