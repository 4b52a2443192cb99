import type { ApiRequest, ListAnswer, WatchAnswer, WatchEvent } from '../api/requests.ts';
import { apiVersionOf, infoOf, type ResourceInfo } from '../api/resources.ts';
import { toVersion } from '../api/conversion.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Failure, Result, StatusCause } from '../apimachinery/status.ts';
import type { HttpAnswer } from './rest.ts';

/**
 * Answers as they go over the wire: objects, lists, tables, `Status`, streams of watch events
 * (staging/src/k8s.io/apiserver/pkg/endpoints/handlers, v1.36).
 */
const JSON_TYPE = 'application/json';

const METADATA_ORDER =
  'name generateName namespace selfLink uid resourceVersion generation creationTimestamp ' +
  'deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences finalizers ' +
  'managedFields';

/** An object with its kind first and its metadata in the order in which Go writes it. */
function inGoOrder(object: KubeObject): KubeObject {
  const { kind, apiVersion, metadata, ...rest } = object;
  const known = METADATA_ORDER.split(' ').filter((name) => name in metadata);
  const ordered = Object.fromEntries(
    known.map((name) => [name, metadata[name as keyof KubeObject['metadata']]]),
  );
  return { kind, apiVersion, metadata: { ...ordered, ...metadata }, ...rest };
}

export const jsonAnswer = (
  status: number,
  value: unknown,
  warnings: readonly string[] = [],
): HttpAnswer => ({
  status,
  headers: {
    'content-type': JSON_TYPE,
    ...(warnings.length > 0 && {
      warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', '),
    }),
  },
  body: `${JSON.stringify(value)}\n`,
});

export const textAnswer = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

/** A failure as `metav1.Status`. */
export function statusOf({ reason, code, message, details }: Failure): unknown {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && {
      details: {
        ...(details.name && { name: details.name }),
        ...(details.group && { group: details.group }),
        ...(details.kind && { kind: details.kind }),
        ...(details.uid && { uid: details.uid }),
        ...(details.causes?.length && { causes: details.causes.map(causeOf) }),
        ...(details.retryAfterSeconds && { retryAfterSeconds: details.retryAfterSeconds }),
      },
    }),
    code,
  };
}

const causeOf = ({ reason, message, field }: StatusCause) => ({
  reason: reason ?? 'FieldValueInvalid',
  message,
  ...(field && { field }),
});

export const failureAnswer = (failure: Failure): HttpAnswer => {
  const answer = jsonAnswer(failure.code, statusOf(failure));
  const seconds = failure.details?.retryAfterSeconds;
  if (!seconds) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
};

/**
 * The answer to a request for objects.
 * @param apiVersion in which version; the one that is kept when left out
 */
export function answerOf(
  request: ApiRequest,
  result: Result<unknown>,
  apiVersion = apiVersionOf(infoOf(request.resource)),
): HttpAnswer {
  if (!result.ok) return failureAnswer(result.failure);
  const { verb, resource, subresource } = request;
  const { value, warnings } = result;
  const info = infoOf(resource);
  if (verb === 'watch') return watchAnswer(value as WatchAnswer, info);
  if (isList(value))
    return jsonAnswer(
      200,
      value.table ? tableOf(value) : listOf(info, value, apiVersion),
      warnings,
    );
  if (verb === 'create' && subresource === 'eviction') {
    return jsonAnswer(201, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      code: 201,
    });
  }
  const object = value as KubeObject;
  const shown = subresource === undefined ? inGoOrder(toVersion(object, apiVersion)) : object;
  if (verb === 'create') return jsonAnswer(201, shown, warnings);
  if (verb === 'delete' && !object.metadata.deletionTimestamp) {
    return jsonAnswer(200, deleted(info, object), warnings);
  }
  return jsonAnswer(200, shown, warnings);
}

const isList = (value: unknown): value is ListAnswer =>
  typeof value === 'object' && value !== null && 'items' in value && 'resourceVersion' in value;

function deleted({ plural, group }: ResourceInfo, { metadata }: KubeObject): unknown {
  const { name, uid } = metadata;
  const details = { name, ...(group && { group }), kind: plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

const listMeta = ({ resourceVersion, continue: next, remainingItemCount }: ListAnswer) => ({
  resourceVersion,
  ...(next !== undefined && { continue: next }),
  ...(remainingItemCount !== undefined && { remainingItemCount }),
});

function listOf(info: ResourceInfo, list: ListAnswer, apiVersion: string): unknown {
  const items = list.items.map((object) => {
    const { apiVersion: _, kind: __, ...item } = inGoOrder(toVersion(object, apiVersion));
    return item;
  });
  return {
    kind: `${info.kind}List`,
    apiVersion,
    metadata: listMeta(list),
    items,
  };
}

function tableOf(list: ListAnswer): unknown {
  const { columns, rows } = list.table!;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: listMeta(list),
    columnDefinitions: columns.map(({ name, priority }) => {
      const format = name === 'Name' ? 'name' : '';
      return { name, type: 'string', format, description: '', priority };
    }),
    rows: rows.map(({ cells, object }) => ({
      cells,
      object: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object.metadata,
      },
    })),
  };
}

/** One line for each event, and a bookmark that says where to go on. */
function watchAnswer({ events, resourceVersion }: WatchAnswer, info: ResourceInfo): HttpAnswer {
  const bookmark = {
    type: 'BOOKMARK',
    object: { kind: info.kind, apiVersion: apiVersionOf(info), metadata: { resourceVersion } },
  };
  const lines = [...events.map(({ type, object }: WatchEvent) => ({ type, object })), bookmark];
  return {
    status: 200,
    headers: { 'content-type': JSON_TYPE },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  };
}
