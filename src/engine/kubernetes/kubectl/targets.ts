import { goQuote } from '../../go/quote.ts';
import type { FieldRequirement } from '../api/requests.ts';
import { resourceByWord, resourcesByCategory, type ResourceInfo } from '../api/resources.ts';
import { readFieldSelector } from '../apimachinery/field-selector.ts';
import type { LabelSelector } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { readSelector } from '../apimachinery/selector-syntax.ts';
import type { Failure } from '../apimachinery/status.ts';
import { kustomizationProblem, KUSTOMIZE_IS_NOT_MODELLED } from './kustomization.ts';
import { readManifests, type Manifest } from './manifest.ts';
import { problem, refused, type Problem } from './problems.ts';
import { call, check, connect, fatal, list, type Session, type Step } from './session.ts';

/**
 * What a command acts on, from files, from words or by selectors
 * (staging/src/k8s.io/cli-runtime/pkg/resource/builder.go, v1.36).
 */
export interface Target {
  readonly info: ResourceInfo;
  /** Absent for all of the resource. */
  readonly name?: string;
  /** Where a manifest says that it is; else the namespace of the command. */
  readonly namespace?: string;
}

/** One object that a command acts on. */
export interface Found {
  readonly info: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  /** As the file says it, or as the server has it; absent when it was not fetched. */
  readonly object?: KubeObject;
  /** The file it is from. */
  readonly source?: string;
}

export const NOTHING_NAMED =
  'You must provide one or more resources by argument or filename.\n' +
  "Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n" +
  "   '<resource> <name>'\n   '<resource>'";

export const LOCAL_NEEDS_FILES =
  'you must specify resources by --filename when --local is set.\n' +
  "Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";

const MIXED =
  'there is no need to specify a resource type as a separate argument when passing arguments in ' +
  "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get " +
  "resource resource/<resource_name>'";

/** The resource that a word means; ends when the server has none. */
export function* resourceNamed(session: Session, word: string): Step<ResourceInfo> {
  yield* connect(session);
  const info = resourceByWord(word);
  return info ?? (yield* fatal(session, unknownResource(word)));
}

const unknownResource = (word: string): string => {
  const [resource = word] = word.split('.');
  return `the server doesn't have a resource type "${resource}"`;
};

/** Words as the builder reads them: pairs of a type and a name, or types and names. */
interface Named {
  readonly pairs: readonly (readonly [type: string, name: string])[];
  readonly types: readonly string[];
  readonly names: readonly string[];
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];

function namedBy(args: readonly string[]): Named | string {
  const words = spread(args);
  const slashes = words.filter((word) => word.includes('/')).length;
  if (slashes > 0 && slashes < words.length) return MIXED;
  if (slashes === 0) {
    const [types = '', ...names] = words;
    return { pairs: [], types: types === '' ? [] : unique(types.split(',')), names };
  }
  const pairs: [string, string][] = [];
  for (const word of words) {
    const parts = word.split('/');
    if (parts.length !== 2) {
      return 'arguments in resource/name form may not have more than one slash';
    }
    const [type = '', name = ''] = parts;
    if (type === '' || name === '' || unique(type.split(',')).length !== 1) {
      return 'arguments in resource/name form must have a single resource and name';
    }
    pairs.push([type, name]);
  }
  return { pairs, types: [], names: [] };
}

/** `pods,svc a b` is `pods/a pods/b svc/a svc/b`. */
function spread(args: readonly string[]): readonly string[] {
  const [first = '', ...names] = args;
  const types = unique(first.split(','));
  if (names.length === 0 || types.length < 2) return args;
  return types.flatMap((type) => names.map((name) => `${type}/${name}`));
}

/** The resources of a word: those of a category, or the one it names. */
function* resourcesOf(session: Session, types: readonly string[]): Step<ResourceInfo[]> {
  const found: ResourceInfo[] = [];
  yield* connect(session);
  for (const type of types) {
    const category = resourcesByCategory(type);
    const infos = category.length > 0 ? category : [yield* resourceNamed(session, type)];
    for (const info of infos) if (!found.includes(info)) found.push(info);
  }
  return found;
}

/** The resources and names that words stand for, nothing asked of the server but what it has. */
export function* targetsIn(session: Session, args: readonly string[]): Step<Target[]> {
  const named = namedBy(args);
  if (typeof named === 'string') return yield* fatal(session, named);
  const { pairs, types, names } = named;
  const targets: Target[] = [];
  for (const [type, name] of pairs) {
    targets.push({ info: yield* resourceNamed(session, type), name });
  }
  const infos = yield* resourcesOf(session, types);
  if (names.length > 0 && infos.length > 1) {
    yield* fatal(session, 'you must specify only one resource');
  }
  for (const info of infos) {
    if (names.length === 0) targets.push({ info });
    for (const name of names) targets.push({ info, name });
  }
  return targets;
}

/**
 * What `-l` says. The real kubectl sends the text as it is, so a text that is no selector is
 * refused in the words of the server, once for each resource that would be listed; files are
 * filtered by the client itself.
 *
 * @param words what would be listed by it
 */
export function* labelSelectorOf(
  session: Session,
  words: readonly string[] = session.words,
): Step<LabelSelector | undefined> {
  const text = selectorText(session, 'selector');
  if (text === '') return undefined;
  const selector = readSelector(text);
  if (!('error' in selector)) return selector;
  if (words.length === 0 && session.flags.all('filename').length > 0) {
    const provided = `the provided selector ${goQuote(text)} is not valid`;
    yield* fatal(session, `${provided}: ${selector.error}`);
  }
  return yield* badSelector(session, words, selector.error);
}

/** What `--field-selector` says. */
export function* fieldSelectorOf(
  session: Session,
  words: readonly string[] = session.words,
): Step<FieldRequirement[] | undefined> {
  const text = selectorText(session, 'field-selector');
  if (text === '') return undefined;
  const selector = readFieldSelector(text);
  if (!('error' in selector)) return selector;
  return yield* badSelector(session, words, selector.error);
}

/** With `--local` nothing is listed, and a selector not looked at. */
const selectorText = ({ flags }: Session, name: string): string =>
  flags.has('local') ? '' : flags.text(name).trim();

function* badSelector(session: Session, words: readonly string[], why: string): Step<never> {
  if (words.length === 0) yield* fatal(session, NOTHING_NAMED);
  yield* checkSelected(session, words);
  const failure: Failure = { code: 400, reason: 'BadRequest', message: why };
  const problems: Problem[] = [];
  for (const { info } of yield* targetsIn(session, words.slice(0, 1))) {
    problems.push(notListed(session, info, failure));
  }
  yield* check(session, problems);
  return yield* fatal(session, why);
}

/** Whoever chooses by a selector names no object; ends when one is named. */
export function* checkSelected(session: Session, words: readonly string[]): Step<void> {
  const named = namedBy(words);
  if (typeof named === 'string') return yield* fatal(session, named);
  if (named.names.length > 0) {
    yield* fatal(session, 'name cannot be provided when a selector is specified');
  }
  if (named.pairs.length > 0) {
    const why = 'selectors and the all flag cannot be used when passing resource/name arguments';
    yield* fatal(session, why);
  }
  return undefined;
}

/** Why a list was refused (cli-runtime/pkg/resource/selector.go, v1.36). */
export function notListed(session: Session, info: ResourceInfo, failure: Failure): Problem {
  if (failure.reason !== 'BadRequest' && failure.reason !== 'NotFound') return refused(failure);
  const [labels, fields] = ['selector', 'field-selector'].map((name) =>
    goQuote(selectorText(session, name)),
  );
  const which = goQuote(groupVersionResource(info));
  const chosen = `match label selector ${labels}, field selector ${fields}`;
  const what =
    labels === '""' && fields === '""'
      ? `Unable to list ${which}`
      : `Unable to find ${which} that ${chosen}`;
  return refused({ ...failure, message: `${what}: ${failure.message}` });
}

/** `apps/v1, Resource=deployments`, `/v1, Resource=pods`: as Go prints it. */
export const groupVersionResource = ({ group, version, plural }: ResourceInfo): string =>
  `${group}/${version}, Resource=${plural}`;

export interface Wanted {
  readonly words?: readonly string[];
  /** Ask the server for each object. */
  readonly fetch?: boolean;
  /** All of a resource when neither a name nor a selector is given. */
  readonly all?: boolean;
  readonly allNamespaces?: boolean;
  /** Files only, no server. */
  readonly local?: boolean;
  /** Manifests are validated before they are used. */
  readonly validate?: boolean;
  /** All of a resource, and no names beside it. */
  readonly allOnly?: boolean;
  readonly selector?: LabelSelector;
  readonly fieldSelector?: readonly FieldRequirement[];
}

export interface Gathered {
  readonly found: readonly Found[];
  readonly problems: readonly Problem[];
  /** Whether exactly one object was named. */
  readonly single: boolean;
}

/** Everything that files, words and selectors name. */
export function* gather(session: Session, wanted: Wanted = {}): Step<Gathered> {
  const { words = session.words } = wanted;
  const files = session.flags.all('filename');
  yield* checkKustomize(session);
  if (files.length > 0) {
    if (words.length > 0 && !wanted.local) yield* fatal(session, mixedFiles(words));
    return yield* fromFiles(session, files, wanted);
  }
  if (wanted.local) yield* fatal(session, LOCAL_NEEDS_FILES);
  if (words.length === 0) {
    const selects = wanted.allOnly || wanted.selector || wanted.fieldSelector;
    const nothing = 'at least one resource must be specified to use a selector';
    yield* fatal(session, selects ? nothing : NOTHING_NAMED);
  }
  return yield* fromWords(session, words, wanted);
}

/** Why `-k` cannot be followed; ends when it was given. */
export function* checkKustomize(session: Session): Step<void> {
  const path = session.flags.text('kustomize');
  if (path === '') return;
  if (session.flags.all('filename').length > 0) {
    yield* fatal(session, 'only one of -f or -k can be specified');
  }
  const why = yield* kustomizationProblem(session, path);
  yield* fatal(session, why ?? KUSTOMIZE_IS_NOT_MODELLED);
}

const mixedFiles = (words: readonly string[]): string =>
  words.some((word) => word.includes('/'))
    ? 'resource/name arguments cannot be provided when a path is specified'
    : 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well';

function* fromFiles(session: Session, files: readonly string[], wanted: Wanted): Step<Gathered> {
  const found: Found[] = [];
  const problems: Problem[] = [];
  let several = files.length > 1;
  const read = yield* readManifests(session, files, wanted);
  for (const item of read) {
    if ('problem' in item) {
      problems.push(item.problem);
      continue;
    }
    several ||= item.inList;
    const { info, object, source } = item;
    const elsewhere = otherNamespace(session, item);
    if (elsewhere) {
      problems.push(elsewhere);
      continue;
    }
    const namespace = info.namespaced ? object.metadata.namespace || session.namespace : '';
    const named: Found = { info, namespace, name: object.metadata.name, object, source };
    if (!wanted.fetch) {
      found.push(named);
      continue;
    }
    const answer = yield* fetchOne(session, named);
    if ('problem' in answer) problems.push(answer.problem);
    else found.push(answer.found);
  }
  return { found, problems, single: !several && read.length === 1 };
}

/** A manifest of another namespace than the one that `-n` names (`RequireNamespace`). */
export function otherNamespace(session: Session, { info, object }: Manifest): Problem | undefined {
  const { namespaceIsRequired, namespace } = session.configuration;
  const own = object.metadata.namespace || namespace;
  if (!namespaceIsRequired || !info.namespaced || own === namespace) return undefined;
  return problem(
    `the namespace from the provided object ${goQuote(own)} does not match the namespace ` +
      `${goQuote(namespace)}. You must pass '--namespace=${own}' to perform this operation.`,
  );
}

export function* fetchOne(
  session: Session,
  one: Found,
): Step<{ found: Found } | { problem: Problem }> {
  const { info, namespace, name } = one;
  const answer = yield* call(session, { verb: 'get', resource: info.resource, namespace, name });
  if (!answer.ok) return { problem: yield* notGot(session, namespace, answer.failure) };
  return { found: { ...one, object: answer.value } };
}

/** An object is not there, or not even its namespace (cli-runtime `Info.Get`, visitor.go). */
export function* notGot(session: Session, namespace: string, failure: Failure): Step<Problem> {
  const here = namespace === '' || namespace === 'default';
  if (failure.reason !== 'NotFound' || here) return refused(failure);
  const place = yield* call(session, { verb: 'get', resource: 'namespaces', name: namespace });
  const noPlace = !place.ok && place.failure.reason === 'NotFound';
  return refused(noPlace ? place.failure : failure);
}

function* fromWords(session: Session, words: readonly string[], wanted: Wanted): Step<Gathered> {
  const named = namedBy(words);
  if (typeof named === 'string') return yield* fatal(session, named);
  const { selector, fieldSelector, all = false, allOnly = false } = wanted;
  const isNamed = named.names.length > 0 || named.pairs.length > 0;
  const bySelector =
    selector !== undefined || fieldSelector !== undefined || allOnly || (all && !isNamed);
  if (bySelector) yield* checkSelected(session, words);
  const targets = yield* targetsIn(session, words);
  if (!bySelector && targets.some(({ name }) => name === undefined)) {
    yield* fatal(session, 'resource(s) were provided, but no name was specified');
  }
  const found: Found[] = [];
  const problems: Problem[] = [];
  for (const target of targets) {
    const result = yield* objectsOf(session, target, wanted);
    found.push(...result.found);
    problems.push(...result.problems);
  }
  return { found, problems, single: targets.length === 1 && targets[0]?.name !== undefined };
}

function* objectsOf(
  session: Session,
  { info, name }: Target,
  wanted: Wanted,
): Step<Omit<Gathered, 'single'>> {
  const everywhere = wanted.allNamespaces ?? false;
  const namespace = !info.namespaced || everywhere ? '' : session.namespace;
  if (name !== undefined) {
    if (everywhere && info.namespaced) {
      yield* fatal(session, 'a resource cannot be retrieved by name across all namespaces');
    }
    const one: Found = { info, namespace, name };
    if (!wanted.fetch) return { found: [one], problems: [] };
    const answer = yield* fetchOne(session, one);
    return 'problem' in answer
      ? { found: [], problems: [answer.problem] }
      : { found: [answer.found], problems: [] };
  }
  const { selector: labelSelector, fieldSelector } = wanted;
  const { resource } = info;
  const asked = { resource, namespace, labelSelector, fieldSelector };
  const answer = yield* list(session, asked);
  if (!answer.ok) return { found: [], problems: [notListed(session, info, answer.failure)] };
  const found = answer.value.items.map((object): Found => {
    const { metadata } = object;
    return { info, namespace: metadata.namespace ?? '', name: metadata.name, object };
  });
  return { found, problems: [] };
}

/** The one object that a command acts on, as the server has it. */
export function* oneFound(session: Session, wanted: Wanted): Step<Found> {
  const { found, problems } = yield* gather(session, { ...wanted, fetch: true });
  yield* check(session, problems);
  return found[0] ?? (yield* fatal(session, NOTHING_NAMED));
}
