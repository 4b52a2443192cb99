import type { ApiRequest } from '../api/requests.ts';
import { infoOf, type ResourceName } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import {
  failed,
  methodNotAllowed,
  success,
  type Failure,
  type Result,
} from '../apimachinery/status.ts';
import { answerList } from './reads.ts';
import type { RegistryStore } from './registry-store.ts';

/**
 * Resources that another server answers for: requests are passed on to it
 * (staging/src/k8s.io/kube-aggregator/pkg/apiserver/handler_proxy.go, v1.36). Nothing of them is
 * stored.
 */
export interface AggregatedSource {
  readonly resources: readonly ResourceName[];
  /** Why it cannot answer now. */
  readonly failure: () => Failure | undefined;
  readonly get: (resource: ResourceName, namespace: string, name: string) => Result<KubeObject>;
  /** What may be meant by a list; what is not is left out of the answer. */
  readonly list: (request: ApiRequest) => KubeObject[];
  /** What is said with every answer. */
  readonly warnings?: (resource: ResourceName) => string[];
}

/** Answers a request by the server that serves its resource. */
export function answerAggregated(
  source: AggregatedSource,
  store: RegistryStore,
  request: ApiRequest,
  nowMs: number,
): Result<unknown> {
  const { verb, resource, namespace = '', name = '', asTable } = request;
  if (!infoOf(resource).verbs.includes(verb)) return failed(methodNotAllowed());
  const failure = source.failure();
  if (failure) return failed(failure);
  const said = <T>(answer: Result<T>): Result<T> =>
    answer.ok ? success(answer.value, source.warnings?.(resource)) : answer;
  if (verb === 'list') return said(answerList(store, request, nowMs, source.list(request)));
  const found = source.get(resource, namespace, name);
  if (!found.ok || !asTable) return said(found);
  return said(answerList(store, { ...request, name: undefined }, nowMs, [found.value]));
}
