import type { ApiRequest, ListAnswer, TableRow, WatchAnswer, WatchEvent } from '../api/requests.ts';
import { labelTerm } from '../api/index-terms.ts';
import { columnsOf, rowOf } from '../api/tables/rows.ts';
import { selectorMatches, type LabelSelector } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { expired, failed, success, type Result } from '../apimachinery/status.ts';
import type { Change } from '../etcd/etcd.ts';
import type { RegistryStore } from './registry-store.ts';

/** Lists and watches: reads of many objects at a time. */
export function answerList(
  store: RegistryStore,
  request: ApiRequest,
  nowMs: number,
  only?: readonly KubeObject[],
): Result<ListAnswer> {
  const { resource, labelSelector, asTable } = request;
  const found = only ?? candidates(store, request);
  const items = [...found].filter((object) => selected(request, object, labelSelector));
  const resourceVersion = String(store.revision);
  if (!asTable) return success({ resourceVersion, items });
  const rows = items.map((object): TableRow => ({ cells: rowOf(resource, object, nowMs), object }));
  return success({ resourceVersion, items, table: { columns: columnsOf(resource), rows } });
}

/** Through the label index where the selector names a value, else all of the namespace. */
function candidates(store: RegistryStore, request: ApiRequest): Iterable<KubeObject> {
  const { resource, namespace = '', labelSelector } = request;
  const [term] = namespace ? exactLabels(labelSelector) : [];
  if (!term) return store.list(resource, namespace);
  return store.byIndex(resource, labelTerm(namespace, term[0], term[1]));
}

function exactLabels(selector: LabelSelector | undefined): [string, string][] {
  const exact = Object.entries(selector?.matchLabels ?? {});
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? []) {
    const [value] = values;
    if (operator === 'In' && values.length === 1 && value !== undefined) exact.push([key, value]);
  }
  return exact;
}

function selected(
  { name, namespace }: ApiRequest,
  { metadata }: KubeObject,
  selector: LabelSelector | undefined,
): boolean {
  if (name !== undefined && name !== metadata.name) return false;
  if (namespace && namespace !== metadata.namespace) return false;
  return !selector || selectorMatches(selector, metadata.labels);
}

/** Changes since the request's resource version; undefined when there are none yet. */
export function answerChanges(
  store: RegistryStore,
  request: ApiRequest,
  nowMs: number,
): Result<WatchAnswer> | undefined {
  const since = Number(request.resourceVersion ?? store.revision);
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
  const { labelSelector } = request;
  const saw = was !== undefined && selected(request, was, labelSelector);
  const sees = is !== undefined && selected(request, is, labelSelector);
  if (sees) return { type: saw ? 'MODIFIED' : 'ADDED', object: is };
  if (saw) return { type: 'DELETED', object: is ?? was };
  return undefined;
}
