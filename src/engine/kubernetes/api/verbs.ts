/** What can be asked about a resource. */
export type Verb =
  'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'watch';

/** Parts of an object that are asked about apart. */
export type Subresource =
  | 'status'
  | 'binding'
  | 'scale'
  | 'eviction'
  | 'finalize'
  | 'ephemeralcontainers'
  | 'resize'
  | 'token'
  | 'log'
  | 'exec'
  | 'attach'
  | 'portforward'
  | 'proxy';
