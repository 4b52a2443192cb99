/**
 * A platform of the comparison, as data: where one types, by which addresses its clients come in,
 * what is typed to have the application run there, and what is typed or broken in each experiment.
 * Every line is a real command of a machine of the preset `compare`; a further platform is a file.
 */
export interface Act {
  /** What a person types at the platform's machine, in the folder of the application. */
  readonly typed?: readonly string[];
  /** What happens to it from outside, at the workstation; nobody's work. */
  readonly happens?: readonly string[];
  /** What takes that back when the experiment is over. */
  readonly mend?: readonly string[];
  /** Typed before the next experiment, so that it begins as this one did; nobody counts it. */
  readonly reset?: readonly string[];
  /** How much the clients ask, times as before. */
  readonly times?: number;
}

export interface Entry {
  readonly machine: string;
  readonly port: number;
}

/** A line that is typed; left out where the other one succeeds: it was done before. */
export interface Step {
  readonly line: string;
  readonly unless?: string;
}

export interface Platform {
  readonly name: string;
  readonly machine: string;
  /** What an outer load balancer, the same for all, sends requests to. */
  readonly entries: readonly Entry[];
  readonly up: readonly Step[];
  /** The files that tell it what to run, of the application's folder. */
  readonly files: readonly string[];
  /** Prints how many copies of the API run, of how many. */
  readonly replicas: string;
  /** Succeeds where all copies of the API are there, well, and of version 1.0. */
  readonly settled: string;
  readonly acts: Readonly<Record<ExperimentName, Act>>;
}

export interface Experiment {
  readonly what: string;
  readonly windowMs: number;
  /** What the clients ask for, where that is not their visit. */
  readonly path?: string;
  /** What somebody who asks gets once it has taken effect. */
  readonly effect?: { readonly path: string; readonly text: string };
}

const MINUTE = 60_000;

export const EXPERIMENTS = {
  container: { what: 'a container of the API crashes', windowMs: MINUTE },
  machine: { what: 'a machine with a container of the API goes dark', windowMs: 2 * MINUTE },
  daemon: {
    what: 'a daemon, a manager, or an etcd member with its API server is lost',
    windowMs: MINUTE,
  },
  load: { what: 'ten times as many requests', windowMs: MINUTE },
  update: {
    what: 'version 1.1 of the API is rolled out',
    windowMs: MINUTE,
    effect: { path: '/api/version', text: '1.1' },
  },
  'bad-update': {
    what: 'version 2.0, which never gets healthy, is rolled out',
    windowMs: MINUTE,
    effect: { path: '/api/version', text: '2.0' },
  },
  config: {
    what: 'the greeting is changed',
    windowMs: 2 * MINUTE,
    effect: { path: '/api/greeting', text: 'Ahoy' },
  },
  secret: {
    what: "the database's password is changed, and the API told",
    windowMs: MINUTE,
    path: '/api/books',
  },
  scale: { what: 'the API is scaled to 10', windowMs: MINUTE },
  volume: { what: 'the volume of Redis is removed', windowMs: MINUTE },
} as const satisfies Readonly<Record<string, Experiment>>;

export type ExperimentName = keyof typeof EXPERIMENTS;

export const isExperiment = (name: string): name is ExperimentName =>
  Object.hasOwn(EXPERIMENTS, name);

export const image = (part: string, version = '1.0'): string =>
  `registry.local:5000/bookshelf-${part}:${version}`;

/** Typed once, at the workstation, whatever runs the images. */
export const IMAGES: readonly string[] = [
  ...['web', 'api', 'db'].map((part) => `docker build -q -t ${image(part)} ${part}`),
  `docker build -q -t ${image('api', '1.1')} --build-arg VERSION=1.1 api`,
  `docker build -q -t ${image('api', '2.0')} --build-arg VERSION=2.0 ` +
    '--build-arg HEALTH_FAILS_AFTER_MS=0 api',
  ...['web', 'api', 'db'].map((part) => `docker push -q ${image(part)}`),
  ...['1.1', '2.0'].map((version) => `docker push -q ${image('api', version)}`),
];

/** What happens to a machine, and what takes it back. */
export const dark = (machine: string): Act => ({
  happens: [`drydock fault machine ${machine} down`],
  mend: [`drydock fault machine ${machine} up`],
});

export const noDaemon = (machine: string): Act => ({
  happens: [`drydock fault daemon ${machine} stop`],
  mend: [`drydock fault daemon ${machine} start`],
});

export const crash = (machine: string, name: string): Act => ({
  happens: [`ssh ${machine} 'drydock fault container ${name} crash'`],
});

/** Another version of the API in a file that is read again. */
export const versionIn = (file: string, version: string): string =>
  `sed -i 's|bookshelf-api:[0-9.]*|bookshelf-api:${version}|' ${file}`;

/** What the files of the application say at first, and what they are changed to. */
export const GREETING = { before: 'Welcome aboard', after: 'Ahoy' } as const;
export const PASSWORD = { before: 'correct-horse-battery-staple', after: 'tr0ub4dor' } as const;

export const setPassword = (password: string): string =>
  `psql -U bookshelf -c "alter user bookshelf password '${password}'"`;
export const writeGreeting = (text: string): string => `echo ${text} > config/greeting.txt`;
export const writePassword = (text: string): string => `echo ${text} > config/db_password.txt`;

export const lines = (...texts: readonly string[]): Step[] => texts.map((line) => ({ line }));
