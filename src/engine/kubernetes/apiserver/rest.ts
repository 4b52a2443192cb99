import type { ApiRequest, Identity } from '../api/requests.ts';
import type { Failure } from '../apimachinery/status.ts';

/**
 * The REST form of requests: a pure map between an HTTP request and an {@link ApiRequest}, and from
 * an answer to its JSON (staging/src/k8s.io/apiserver/pkg/endpoints/installer.go, v1.36).
 */
export interface HttpRequest {
  readonly method: string;
  /** Without the query: `/api/v1/namespaces/default/pods/web`. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a path leads to: a request for an object, a document of the server's own, or nothing. */
export type Route =
  | { readonly to: 'request'; readonly request: ApiRequest }
  | { readonly to: 'document'; readonly path: string }
  | { readonly to: 'failure'; readonly failure: Failure };

/** @param identity who asks; left out for those who need no permission */
export type Router = (request: HttpRequest, user: string, identity?: Identity) => Route;
