import { infoOf, type ResourceName } from '../../../api/resources.ts';
import { LAST_APPLIED } from '../../../api/workloads.ts';
import { sortKeys } from '../../../apimachinery/canonical-json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { goJson } from '../../printers/go-json.ts';
import { choosePrinter, Output } from '../../printers/printer.ts';
import {
  call,
  checkConfiguration,
  fail,
  fatal,
  unreachable,
  type Session,
  type Step,
} from '../../session.ts';
import { dryRunOf, fieldValidationOf, oneName, saidOf, type DryRun } from '../../options.ts';

/**
 * Objects made from flags: `kubectl create KIND NAME …`
 * (staging/src/k8s.io/kubectl/pkg/cmd/create, v1.36). Their fields stand in the order of the API
 * types, as `-o json` shows them.
 */
export type Plain = Readonly<Record<string, unknown>>;

export interface Generator {
  readonly resource: ResourceName;
  /** In front of the server's refusal: `failed to create deployment: `; none when it stands alone. */
  readonly prefix?: string;
  /** What must hold of the flags before anything is made. */
  readonly check?: (session: Session) => Step<void>;
  /** The object but for apiVersion, kind and metadata. */
  readonly build: (session: Session, name: string) => Step<Draft>;
}

export interface Draft {
  /** The name when it is not the one that was given. */
  readonly name?: string;
  readonly labels?: Plain;
  readonly annotations?: Plain;
  readonly owners?: readonly Plain[];
  /** What stands behind the metadata. */
  readonly fields: Plain;
}

/** What may be made without a name, as far as the client cares. */
const NAMELESS: ReadonlySet<ResourceName> = new Set([
  ...(['deployments', 'jobs', 'cronjobs', 'ingresses', 'services'] as const),
  ...(['priorityclasses', 'clusterrolebindings'] as const),
]);

export function creator(generator: Generator): (session: Session) => Step<number> {
  return function* create(session: Session): Step<number> {
    const name = yield* oneName(session);
    yield* checkConfiguration(session);
    const dryRun = yield* dryRunOf(session);
    const printer = yield* choosePrinter(session);
    const fieldValidation = yield* fieldValidationOf(session);
    if (name === '' && !NAMELESS.has(generator.resource)) {
      yield* fatal(session, 'name must be specified');
    }
    if (generator.check) yield* generator.check(session);
    const draft = yield* generator.build(session, name);
    const object = withLastApplied(session, objectOf(session, generator, draft, name));
    const made = yield* submit(session, generator, { object, dryRun, fieldValidation });
    yield* new Output(session, printer).object(made, saidOf('created', dryRun));
    return 0;
  };
}

function objectOf(
  { configuration }: Session,
  { resource }: Generator,
  { name: other, labels, annotations, owners, fields }: Draft,
  name: string,
): KubeObject {
  const info = infoOf(resource);
  const placed = info.namespaced && configuration.namespaceIsRequired;
  const namespace = placed ? configuration.namespace : undefined;
  return compact({
    kind: info.kind,
    apiVersion: info.group ? `${info.group}/${info.version}` : info.version,
    metadata: compact({
      name: other ?? name,
      namespace,
      labels,
      annotations: annotations && Object.keys(annotations).length > 0 ? annotations : undefined,
      ownerReferences: owners,
    }),
    ...fields,
  }) as unknown as KubeObject;
}

/** Without what is undefined. */
export const compact = (fields: Plain): Plain =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** With itself as text in an annotation, when `--save-config` asks for it. */
export function withLastApplied(session: Session, object: KubeObject): KubeObject {
  if (!session.flags.has('save-config')) return object;
  return noteLastApplied(object, (value) => goJson(value));
}

/** @param write how the text is made: typed objects keep the order of their fields */
export function noteLastApplied(
  object: KubeObject,
  write: (value: unknown) => string = (value) => goJson(sortKeys(value)),
): KubeObject {
  const { annotations = {}, ...metadata } = object.metadata;
  const own = Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED);
  const kept = Object.fromEntries(own);
  const plain = {
    ...object,
    metadata: own.length > 0 ? { ...metadata, annotations: kept } : metadata,
  };
  const noted = { ...kept, [LAST_APPLIED]: `${write(plain)}\n` };
  return { ...object, metadata: { ...metadata, annotations: noted } };
}

/** What a manifest says, as text: its annotations are there even when it has none. */
export const noteManifest = (object: KubeObject): KubeObject =>
  noteLastApplied({ ...object, metadata: { annotations: {}, ...object.metadata } }, (value) => {
    const plain = value as KubeObject;
    const { annotations = {}, ...metadata } = plain.metadata;
    return goJson(sortKeys({ ...plain, metadata: { annotations, ...metadata } }));
  });

function* submit(
  session: Session,
  { resource, prefix }: Generator,
  {
    object,
    dryRun,
    fieldValidation,
  }: { object: KubeObject; dryRun: DryRun; fieldValidation: 'Strict' | 'Warn' | 'Ignore' },
): Step<KubeObject> {
  if (dryRun === 'client') return object;
  yield* checkDoor(session, resource, { prefix, dryRun, fieldValidation });
  const namespace = infoOf(resource).namespaced ? session.namespace : '';
  const answer = yield* call(session, {
    verb: 'create',
    resource,
    namespace,
    body: object,
    fieldManager: session.flags.text('field-manager'),
    fieldValidation,
    ...(dryRun === 'server' && { dryRun: true }),
  });
  if (answer.ok) return answer.value;
  if (prefix === undefined) return yield* fail(session, answer.failure);
  return yield* fatal(session, prefix + answer.failure.message);
}

/** Where no server answers, what would have been sent is named (net/url `Error`). */
function* checkDoor(
  session: Session,
  resource: ResourceName,
  {
    prefix,
    dryRun,
    fieldValidation,
  }: { prefix: string | undefined; dryRun: DryRun; fieldValidation: string },
): Step<void> {
  if (prefix === undefined) return;
  const why = yield* unreachable(session);
  if (why === undefined) return;
  const { group, version, plural, namespaced } = infoOf(resource);
  const root = group === '' ? `api/${version}` : `apis/${group}/${version}`;
  const place = namespaced ? `namespaces/${session.namespace}/` : '';
  const query = [
    ...(dryRun === 'server' ? ['dryRun=All'] : []),
    `fieldManager=${session.flags.text('field-manager')}`,
    `fieldValidation=${fieldValidation}`,
  ].join('&');
  const url = `${session.configuration.server}/${root}/${place}${plural}?${query}`;
  yield* fatal(session, `${prefix}Post "${url}": ${why}`);
}
