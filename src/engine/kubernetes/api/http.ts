import type { Identity } from './requests.ts';

/** HTTP as the API server's port speaks it; the service `apiserver-http/<cluster>` answers. */
export const ADMIN = 'kubernetes-admin';

export interface HttpRequest {
  readonly method: string;
  /** Without the query: `/api/v1/namespaces/default/pods/web`. */
  readonly path: string;
  /** Without the question mark. */
  readonly query?: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whom the client's certificate names; `kubernetes-admin` may do everything. */
  readonly certificate?: typeof ADMIN | Identity;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The service that answers HTTP requests to a cluster's API server. */
export const httpService = (cluster: string): string => `apiserver-http/${cluster}`;
