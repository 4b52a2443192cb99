import type { ApiRequest, ListAnswer, TableRow, WatchAnswer, WatchEvent } from '../api/requests.ts';
import { labelTerm, nodeTerm } from '../api/index-terms.ts';
import { columnsOf, rowOf } from '../api/tables/rows.ts';
import { exactLabels, selectorMatches } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { badRequest, expired, failed, success, type Result } from '../apimachinery/status.ts';
import type { Change } from '../etcd/etcd.ts';
import type { RegistryStore } from './registry-store.ts';
import { selectedByFields, unsupportedField } from './selectable-fields.ts';

/**
 * Lists and watches: reads of many objects at a time
 * (staging/src/k8s.io/apiserver/pkg/storage/etcd3/store.go, v1.36).
 *
 * Simplified: the pages of a list are cut from the state at the time of each; in life they all
 * show the state at the time of the first.
 */
export function answerList(
  store: RegistryStore,
  request: ApiRequest,
  nowMs: number,
  only?: readonly KubeObject[],
): Result<ListAnswer> {
  const { resource, asTable } = request;
  const unsupported = unsupportedField(resource, request.fieldSelector ?? []);
  if (unsupported) return failed(unsupported);
  const start = startOf(request);
  if (start === undefined) {
    const why =
      'continue key is not valid: encoded start key empty (or not a token of this server)';
    return failed(badRequest(why));
  }
  const found = only ?? candidates(store, request);
  const chosen: KubeObject[] = [];
  for (const object of found) {
    if (start !== '' && pageKey(object) < start) continue;
    if (selected(request, object)) chosen.push(object);
  }
  const { limit = 0 } = request;
  const items = limit > 0 ? chosen.slice(0, limit) : chosen;
  const next = chosen[items.length];
  const resourceVersion = String(store.revision);
  const list: ListAnswer = {
    resourceVersion,
    items,
    ...(next && {
      continue: continueToken(resourceVersion, pageKey(next)),
      remainingItemCount: chosen.length - items.length,
    }),
  };
  if (!asTable) return success(list);
  const rows = items.map((object): TableRow => ({ cells: rowOf(resource, object, nowMs), object }));
  return success({ ...list, table: { columns: columnsOf(resource), rows } });
}

const pageKey = ({ metadata }: KubeObject): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

const TOKEN = 'v1:';

/** Where the next page begins. */
const continueToken = (version: string, key: string): string => `${TOKEN}${version}:${key}`;

/** The key that a page begins with, empty for the first; undefined when it is no token of ours. */
function startOf({ continueFrom }: ApiRequest): string | undefined {
  if (continueFrom === undefined || continueFrom === '') return '';
  const match = /^v1:\d+:(.+)$/.exec(continueFrom);
  return match?.[1];
}

/** Through an index where a selector names a value, else all of the namespace. */
function candidates(store: RegistryStore, request: ApiRequest): Iterable<KubeObject> {
  const { resource, namespace = '', labelSelector, name } = request;
  const exactName = name ?? exactField(request, 'metadata.name');
  if (exactName !== undefined && namespace) {
    const one = store.get(resource, namespace, exactName);
    return one ? [one] : [];
  }
  const node = resource === 'pods' ? exactField(request, 'spec.nodeName') : undefined;
  if (node) return inOrder(store.byIndex(resource, nodeTerm(node)));
  const [term] = namespace ? exactLabels(labelSelector ?? {}) : [];
  if (!term) return store.list(resource, namespace);
  return inOrder(store.byIndex(resource, labelTerm(namespace, term[0], term[1])));
}

const inOrder = (objects: KubeObject[]): KubeObject[] =>
  objects.sort((a, b) => (pageKey(a) < pageKey(b) ? -1 : 1));

function exactField({ fieldSelector = [] }: ApiRequest, field: string): string | undefined {
  return fieldSelector.find((one) => one.field === field && one.operator === '=')?.value;
}

/** Whether a request for many is about an object. */
export function selected(request: ApiRequest, object: KubeObject): boolean {
  const { name, namespace, resource, labelSelector, fieldSelector } = request;
  const { metadata } = object;
  if (name !== undefined && name !== metadata.name) return false;
  if (namespace && namespace !== metadata.namespace) return false;
  if (labelSelector && !selectorMatches(labelSelector, metadata.labels)) return false;
  return !fieldSelector || selectedByFields(resource, object, fieldSelector);
}

/** Changes since the request's resource version; undefined when there are none yet. */
export function answerChanges(
  store: RegistryStore,
  request: ApiRequest,
  nowMs: number,
): Result<WatchAnswer> | undefined {
  const unsupported = unsupportedField(request.resource, request.fieldSelector ?? []);
  if (unsupported) return failed(unsupported);
  const since = Number(request.resourceVersion ?? store.revision);
  if (!Number.isSafeInteger(since) || since < 0) {
    return failed(
      badRequest(`Invalid value: "${request.resourceVersion ?? ''}": strconv.ParseUint`),
    );
  }
  if (since < store.oldestRevision) return failed(expired(since, store.oldestRevision));
  const events: WatchEvent[] = [];
  for (const change of store.changesAfter(request.resource, since)) {
    const event = eventOf(request, change);
    if (!event) continue;
    const row = request.asTable ? rowOf(request.resource, event.object, nowMs) : undefined;
    events.push(row ? { ...event, row } : event);
  }
  if (events.length === 0) return undefined;
  const columns = columnsOf(request.resource);
  return success({ resourceVersion: String(store.revision), events, columns });
}

/** How a change looks to someone who sees only what is selected. */
function eventOf(request: ApiRequest, { before, after }: Change): WatchEvent | undefined {
  const was = before as KubeObject | undefined;
  const is = after as KubeObject | undefined;
  const saw = was !== undefined && selected(request, was);
  const sees = is !== undefined && selected(request, is);
  if (sees) return { type: saw ? 'MODIFIED' : 'ADDED', object: is };
  if (saw) return { type: 'DELETED', object: is ?? was };
  return undefined;
}
