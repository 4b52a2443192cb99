import type { PodTemplate } from '../api/pod.ts';
import type { ControllerRevision } from '../api/workloads.ts';
import type { Client } from '../client/client.ts';
import { canonicalJson } from '../apimachinery/canonical-json.ts';
import { selectorMatches, type LabelSelector } from '../apimachinery/label-selector.ts';
import {
  controllerOf,
  controllerReference,
  type Draft,
  type KubeObject,
  type Labels,
} from '../apimachinery/object.ts';
import { fnv32a, safeEncode } from '../apimachinery/safe-names.ts';

/**
 * The versions of a template that a StatefulSet or DaemonSet remembers
 * (pkg/controller/history/controller_history.go, v1.36).
 *
 * Simplified: names hash the canonical JSON of what they hold, where upstream hashes its own
 * serialisation; the same manifest gets another, equally stable, name there.
 */
export type RevisionData = NonNullable<ControllerRevision['data']>;

export interface RevisionDraft {
  readonly data: RevisionData;
  readonly revision: number;
  readonly labels: (hash: string) => Labels;
  readonly annotations?: Labels;
}

const DATA = new WeakMap<PodTemplate, RevisionData>();
const TEXTS = new WeakMap<object, string>();

/** A template as a patch that puts it back whole; made once for each template. */
export function templatePatch(template: PodTemplate): RevisionData {
  let data = DATA.get(template);
  if (!data) {
    data = { spec: { template: { ...template, $patch: 'replace' } } };
    DATA.set(template, data);
  }
  return data;
}

/** The template that a revision's patch puts back. */
export function templateOf({ data }: ControllerRevision): PodTemplate | undefined {
  const spec = data?.spec as { readonly template?: PodTemplate & { $patch?: string } };
  if (!spec?.template) return undefined;
  const { $patch: _patch, ...template } = spec.template;
  return template;
}

function textOf(data: RevisionData | undefined): string {
  if (!data) return '';
  let text = TEXTS.get(data);
  if (text === undefined) {
    text = canonicalJson(data);
    TEXTS.set(data, text);
  }
  return text;
}

export const sameData = (a: RevisionData | undefined, b: RevisionData | undefined): boolean =>
  textOf(a) === textOf(b);

/** By revision number; of equal ones the older first. */
export function sortRevisions(revisions: readonly ControllerRevision[]): ControllerRevision[] {
  const time = ({ metadata }: KubeObject) => metadata.creationTimestamp;
  return [...revisions].sort((a, b) => {
    if (a.revision !== b.revision) return a.revision - b.revision;
    if (time(a) !== time(b)) return time(a) < time(b) ? -1 : 1;
    return a.metadata.name < b.metadata.name ? -1 : 1;
  });
}

/** The owner's revisions, and those without an owner that it selects, which it adopts. */
export function claimRevisions(
  client: Client,
  owner: KubeObject,
  selector: LabelSelector,
): ControllerRevision[] {
  const { uid, namespace = '', deletionTimestamp } = owner.metadata;
  const own = client.ownedBy('controllerrevisions', uid);
  if (deletionTimestamp) return own;
  for (const revision of client.select('controllerrevisions', namespace, selector)) {
    if (controllerOf(revision) || !selectorMatches(selector, revision.metadata.labels)) continue;
    const ownerReferences = [
      ...(revision.metadata.ownerReferences ?? []),
      controllerReference(owner),
    ];
    const metadata = { ...revision.metadata, ownerReferences };
    const adopted = client.update('controllerrevisions', { ...revision, metadata });
    if (adopted.ok) own.push(adopted.value);
  }
  return own;
}

/** More collisions than this in a row mean that something else is wrong. */
const MOST_COLLISIONS = 100;

/**
 * Writes a new revision. When another one has its name, the hash is made anew and the collision
 * counted.
 */
export function createRevision(
  client: Client,
  owner: KubeObject,
  draft: RevisionDraft,
  collisions: number,
): { readonly revision: ControllerRevision; readonly collisions: number } | undefined {
  for (let count = collisions; count < collisions + MOST_COLLISIONS; count++) {
    const hash = safeEncode(String(fnv32a(textOf(draft.data) + (count > 0 ? String(count) : ''))));
    const body = revisionBody(owner, draft, hash);
    const result = client.create('controllerrevisions', body);
    if (result.ok) return { revision: result.value, collisions: count };
    if (result.failure.reason !== 'AlreadyExists') return undefined;
    const { namespace = '' } = owner.metadata;
    const there = client.get('controllerrevisions', namespace, body.metadata.name ?? '');
    if (there && sameData(there.data, draft.data)) return { revision: there, collisions: count };
  }
  return undefined;
}

function revisionBody(
  owner: KubeObject,
  { data, revision, labels, annotations }: RevisionDraft,
  hash: string,
): Draft<ControllerRevision> {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${owner.metadata.name.slice(0, 223)}-${hash}`,
      namespace: owner.metadata.namespace,
      labels: labels(hash),
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(owner)],
    },
    data,
    revision,
  };
}
