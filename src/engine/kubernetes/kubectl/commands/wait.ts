import { goQuote } from '../../../go/quote.ts';
import { isRefused, type Refused } from '../../../go/refused.ts';
import { qualifiedName } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { findResults, textOfResult } from '../jsonpath/evaluate.ts';
import type { PathTemplate } from '../jsonpath/parse.ts';
import { relaxedPath } from '../printers/custom-columns.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { refused } from '../problems.ts';
import {
  changesUntil,
  check,
  fail,
  fatal,
  now,
  observe,
  sleepFor,
  TIMED_OUT,
  type Session,
  type Step,
} from '../session.ts';
import { fieldSelectorOf, gather, labelSelectorOf, type Found, type Wanted } from '../targets.ts';

/** `kubectl wait` (staging/src/k8s.io/kubectl/pkg/cmd/wait, v1.36). */
type Condition =
  | { readonly kind: 'create' }
  | { readonly kind: 'delete' }
  | { readonly kind: 'condition'; readonly name: string; readonly status: string }
  | { readonly kind: 'path'; readonly path: PathTemplate; readonly value: string };

const CREATE_POLL_MS = 500;
const A_WEEK_MS = 7 * 24 * 3600 * 1000;

function conditionOf(text: string): Condition | string {
  const word = text.toLowerCase();
  if (word === 'create' || word === 'delete') return { kind: word };
  if (text.startsWith('condition=')) {
    const [name = '', ...rest] = text.slice('condition='.length).split('=');
    return { kind: 'condition', name, status: rest.length > 0 ? rest.join('=') : 'true' };
  }
  if (text.startsWith('jsonpath=')) return pathCondition(text.slice('jsonpath='.length));
  return `unrecognized condition: ${goQuote(text)}`;
}

/** Splits at every `=` that is not one of two. */
const splitPath = (text: string): string[] =>
  text
    .replaceAll('==', '\0')
    .split('=')
    .map((part) => part.replaceAll('\0', '=='));

function pathCondition(text: string): Condition | string {
  const [before = '', value, ...more] = splitPath(text);
  if (more.length > 0) {
    return "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";
  }
  if (before === '') return 'jsonpath expression cannot be empty';
  const path: PathTemplate | Refused = relaxedPath(before);
  if (isRefused(path)) return path.refused;
  if (value === undefined) return { kind: 'path', path, value: '' };
  const wanted = value.replace(/^['"]+|['"]+$/g, '');
  if (wanted === '') {
    return "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3";
  }
  return { kind: 'path', path, value: wanted };
}

export function* wait(session: Session): Step<number> {
  const { flags } = session;
  const texts = flags.all('for');
  const conditions: Condition[] = [];
  if (texts.length === 0) yield* fatal(session, 'unrecognized condition: ""');
  const output = new Output(session, yield* choosePrinter(session));
  for (const text of texts) {
    const condition = conditionOf(text);
    if (typeof condition === 'string') yield* fatal(session, condition);
    else conditions.push(condition);
  }
  const limitMs = flags.durationMs('timeout');
  const endMs = (yield* now()) + (limitMs < 0 ? A_WEEK_MS : limitMs);
  const wanted = yield* wantedOf(session);
  const creates = conditions.some(({ kind }) => kind === 'create');
  const deletes = conditions.some(({ kind }) => kind === 'delete');
  if (creates) yield* untilThere(session, wanted, endMs);
  const { found, problems } = yield* gather(session, { ...wanted, fetch: true });
  yield* check(
    session,
    deletes ? problems.filter(({ failure }) => failure?.reason !== 'NotFound') : problems,
  );
  if (found.length === 0 && !deletes) yield* fatal(session, 'no matching resources found');
  if (deletes && problems.length > 0) return 0;
  for (const one of found) {
    for (const condition of conditions) {
      const object = yield* untilMet(session, one, condition, { endMs, limitMs });
      yield* output.object(object, 'condition met');
    }
  }
  return 0;
}

function* wantedOf(session: Session): Step<Wanted> {
  const { flags } = session;
  const selector = yield* labelSelectorOf(session);
  const fieldSelector = yield* fieldSelectorOf(session);
  return {
    all: flags.has('all'),
    allNamespaces: flags.has('all-namespaces'),
    ...(selector && { selector }),
    ...(fieldSelector && { fieldSelector }),
  };
}

function* untilThere(session: Session, wanted: Wanted, endMs: number): Step<void> {
  for (;;) {
    const { found, problems } = yield* gather(session, { ...wanted, fetch: true });
    const others = problems.filter(({ failure }) => failure?.reason !== 'NotFound');
    yield* check(session, others);
    if (found.length > 0 && problems.length === 0) return;
    if ((yield* now()) >= endMs) yield* fatal(session, TIMED_OUT);
    yield* sleepFor(CREATE_POLL_MS);
  }
}

interface Limit {
  readonly endMs: number;
  readonly limitMs: number;
}

/** The object once the condition holds; ends when it does not in time. */
function* untilMet(
  session: Session,
  { info, namespace, name }: Found,
  condition: Condition,
  { endMs, limitMs }: Limit,
): Step<KubeObject> {
  const { resource } = info;
  const named = `${info.plural}/${name}`;
  const begun = yield* observe(session, { resource, namespace, name });
  const nothing = {
    apiVersion: info.group ? `${info.group}/${info.version}` : info.version,
    kind: info.kind,
    metadata: { name },
  } as KubeObject;
  if (!begun.ok) return yield* fail(session, begun.failure);
  const missing = `${qualifiedName(info)} "${name}" not found`;
  if (!begun.value.object) {
    if (condition.kind === 'delete') return nothing;
    return yield* fail(session, { reason: 'NotFound', code: 404, message: missing });
  }
  let { object, resourceVersion } = begun.value;
  const { uid } = object.metadata;
  for (;;) {
    const met = holds(object, condition);
    if (isRefused(met)) return yield* fatal(session, met.refused);
    if (met) return object;
    if (limitMs === 0) return yield* fatal(session, `condition not met for ${named}`);
    const asked = { resource, namespace, name, resourceVersion };
    const answer = yield* changesUntil(session, asked, endMs);
    if (!answer) return yield* fatal(session, `${TIMED_OUT} on ${named}`);
    if (!answer.ok) {
      yield* check(session, [refused(answer.failure)]);
      return object;
    }
    resourceVersion = answer.value.resourceVersion;
    for (const event of answer.value.events) {
      if (event.type === 'DELETED') {
        if (condition.kind === 'delete' && event.object.metadata.uid === uid) return event.object;
        yield* fail(session, { reason: 'NotFound', code: 404, message: missing });
      }
      object = event.object;
      const now1 = holds(object, condition);
      if (now1 === true) return object;
    }
  }
}

interface Conditions {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly observedGeneration?: number;
  }[];
  readonly observedGeneration?: number;
}

function holds(object: KubeObject, condition: Condition): boolean | Refused {
  if (condition.kind === 'path') return pathHolds(object, condition);
  if (condition.kind !== 'condition') return condition.kind === 'create';
  const { status } = object as KubeObject & { status?: Conditions };
  const wanted = condition.name.toLowerCase();
  const found = status?.conditions?.find(({ type }) => type.toLowerCase() === wanted);
  if (!found) return false;
  const observed = found.observedGeneration ?? status?.observedGeneration;
  const { generation } = object.metadata;
  if (generation !== undefined && observed !== undefined && observed < generation) return false;
  return found.status.toLowerCase() === condition.status.toLowerCase();
}

function pathHolds(
  object: KubeObject,
  { path, value }: Extract<Condition, { kind: 'path' }>,
): boolean | Refused {
  const results = findResults(path, object);
  if (isRefused(results)) return results;
  const [first = [], ...more] = results;
  if (first.length === 0) return false;
  if (more.length > 0) {
    return { refused: 'given jsonpath expression matches more than one list' };
  }
  if (first.length > 1) {
    return { refused: 'given jsonpath expression matches more than one value' };
  }
  if (value === '') return true;
  if (typeof first[0] === 'object' && first[0] !== null) {
    return { refused: 'jsonpath leads to a nested object or list which is not supported' };
  }
  return textOfResult(first[0]).trim() === value.trim();
}
