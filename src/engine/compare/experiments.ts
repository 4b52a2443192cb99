/** What `drydock compare` can do to the application, and for how long it counts what becomes of it. */
export interface Experiment {
  /** For readers: what is done. */
  readonly what: string;
  /** Requests are counted so long from then on. */
  readonly windowMs: number;
  /** What the clients ask for, where that is not their visit. */
  readonly path?: string;
  /** What somebody who asks gets once it has taken effect. */
  readonly effect?: { readonly path: string; readonly text: string };
}

const MINUTE_MS = 60_000;

export const EXPERIMENTS = {
  container: { what: 'a container of the API crashes', windowMs: MINUTE_MS },
  machine: { what: 'a machine with a container of the API goes dark', windowMs: 2 * MINUTE_MS },
  daemon: {
    what: 'a daemon, a manager, or an etcd member with its API server is lost',
    windowMs: MINUTE_MS,
  },
  load: { what: 'ten times as many requests', windowMs: MINUTE_MS },
  update: {
    what: 'version 1.1 of the API is rolled out',
    windowMs: MINUTE_MS,
    effect: { path: '/api/version', text: '1.1' },
  },
  'bad-update': {
    what: 'version 2.0, which never gets healthy, is rolled out',
    windowMs: MINUTE_MS,
    effect: { path: '/api/version', text: '2.0' },
  },
  config: {
    what: 'the greeting is changed',
    windowMs: 2 * MINUTE_MS,
    effect: { path: '/api/greeting', text: 'Ahoy' },
  },
  secret: {
    what: "the database's password is changed, and the API told",
    windowMs: MINUTE_MS,
    path: '/api/books',
  },
  scale: { what: 'the API is scaled to 10', windowMs: MINUTE_MS },
  volume: { what: 'the volume of Redis is removed', windowMs: MINUTE_MS },
} as const satisfies Readonly<Record<string, Experiment>>;

export type ExperimentName = keyof typeof EXPERIMENTS;

export const isExperiment = (name: string): name is ExperimentName =>
  Object.hasOwn(EXPERIMENTS, name);
