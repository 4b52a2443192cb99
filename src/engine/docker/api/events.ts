/**
 * Events of the daemon (moby/moby v29.7 `api/types/events/events.go`).
 */
export type EventKind =
  | 'container'
  | 'image'
  | 'network'
  | 'volume'
  | 'builder'
  | 'daemon'
  | 'node'
  | 'service'
  | 'secret'
  | 'config';

/** `health_status: healthy`, `exec_create: sh -c …`, `exec_start: …` carry more after a colon. */
export type ContainerAction =
  | 'attach'
  | 'archive-path'
  | 'commit'
  | 'copy'
  | 'create'
  | 'destroy'
  | 'detach'
  | 'die'
  | 'exec_detach'
  | 'exec_die'
  | 'export'
  | 'extract-to-dir'
  | 'kill'
  | 'oom'
  | 'pause'
  | 'prune'
  | 'rename'
  | 'resize'
  | 'restart'
  | 'start'
  | 'stop'
  | 'top'
  | 'unpause'
  | 'update'
  | `exec_create: ${string}`
  | `exec_start: ${string}`
  | `health_status: ${string}`;

export type ImageAction =
  'create' | 'delete' | 'import' | 'load' | 'prune' | 'pull' | 'push' | 'save' | 'tag' | 'untag';

export type NetworkAction =
  'connect' | 'create' | 'destroy' | 'disconnect' | 'prune' | 'remove' | 'update';

export type VolumeAction = 'create' | 'destroy' | 'mount' | 'prune' | 'unmount';

export type BuilderAction = 'prune';

export type DaemonAction = 'reload';

export type EventAction =
  ContainerAction | ImageAction | NetworkAction | VolumeAction | BuilderAction | DaemonAction;

/** One object of the stream that `GET /events` writes. */
export interface EventMessage {
  readonly Type: EventKind;
  readonly Action: EventAction;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope: 'local' | 'swarm';
  /** Seconds since 1970. */
  readonly time: number;
  /** Nanoseconds since 1970: more than a number holds exactly, by less than a millisecond. */
  readonly timeNano: number;
}
