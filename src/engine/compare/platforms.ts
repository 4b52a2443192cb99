/**
 * The platforms of the comparison, as data: where one types, by which addresses its clients come in,
 * what is typed to have the application run there, and what is typed or broken in each experiment.
 * Every line is a real command of a machine of the preset `compare`; a further platform is a row.
 */
export interface Act {
  /** What a person types at the platform's machine, in the folder of the application. */
  readonly typed?: readonly string[];
  /** What happens to it from outside, at the workstation; nobody's work. */
  readonly happens?: readonly string[];
  /** What takes that back when the experiment is over. */
  readonly mend?: readonly string[];
  /** How much the clients ask, times as before. */
  readonly times?: number;
}

export interface Entry {
  readonly machine: string;
  readonly port: number;
}

export interface Platform {
  readonly name: string;
  readonly machine: string;
  /** What an outer load balancer, the same for all, sends requests to. */
  readonly entries: readonly Entry[];
  readonly up: readonly string[];
  /** The files that tell it what to run, of the application's folder. */
  readonly files: readonly string[];
  /** Prints how many copies of the API run, of how many. */
  readonly replicas: string;
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
  daemon: { what: 'who decides is lost: a daemon, a manager, the API server', windowMs: MINUTE },
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

const image = (part: string, version = '1.0'): string =>
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

const dark = (machine: string): Act => ({
  happens: [`drydock fault machine ${machine} down`],
  mend: [`drydock fault machine ${machine} up`],
});
const noDaemon = (machine: string): Act => ({
  happens: [`drydock fault daemon ${machine} stop`],
  mend: [`drydock fault daemon ${machine} start`],
});
const crash = (machine: string, name: string): Act => ({
  happens: [`ssh ${machine} 'drydock fault container ${name} crash'`],
});

const PASSWORD = 'psql -U bookshelf -c "alter user bookshelf password \'tr0ub4dor\'"';

const RUN = 'docker run -d --restart unless-stopped --network shelf';
const SECRET = '-v $PWD/config/db_password.txt:/run/secrets/db_password:ro';
const PROBE = 'wget -q -O /dev/null http://127.0.0.1:8080/healthz';
const runApi = (n: number, version: string): string =>
  [
    `${RUN} --name api-${n} --network-alias api --memory 128m`,
    '-e REDIS_HOST=redis -e DB_HOST=db -e DB_NAME=bookshelf -e DB_USER=bookshelf',
    '-e DB_PASSWORD_FILE=/run/secrets/db_password -e GREETING_FILE=/etc/bookshelf/greeting.txt',
    `${SECRET} -v $PWD/config:/etc/bookshelf:ro --health-interval 5s --health-cmd '${PROBE}'`,
    image('api', version),
  ].join(' ');
const REDIS = `${RUN} --name redis -v redis-data:/data redis:8-alpine redis-server --appendonly yes`;
const DB = [
  `${RUN} --name db -e POSTGRES_DB=bookshelf -e POSTGRES_USER=bookshelf ${SECRET}`,
  '-e POSTGRES_PASSWORD_FILE=/run/secrets/db_password -v db-data:/var/lib/postgresql/data',
  image('db'),
].join(' ');
const replaced = (version: string): string[] =>
  [1, 2, 3].flatMap((n) => [`docker rm -f api-${n}`, runApi(n, version)]);

const DOCKER: Platform = {
  name: 'docker',
  machine: 'docker-1',
  entries: [{ machine: 'docker-1', port: 8080 }],
  up: [
    'docker network create shelf',
    ...[REDIS, DB, ...[1, 2, 3].map((n) => runApi(n, '1.0'))],
    `${RUN} --name web -p 8080:80 --memory 64m ${image('web')}`,
  ],
  files: [],
  replicas: 'docker ps -q --filter name=api- --filter health=healthy 2> /dev/null | wc -l',
  acts: {
    container: crash('docker-1', 'api-1'),
    machine: dark('docker-1'),
    daemon: noDaemon('docker-1'),
    load: { times: 10 },
    update: { typed: replaced('1.1') },
    'bad-update': { typed: replaced('2.0') },
    config: { typed: ['echo Ahoy > config/greeting.txt'] },
    secret: { typed: [`docker exec db ${PASSWORD}`, 'echo tr0ub4dor > config/db_password.txt'] },
    scale: { typed: [4, 5, 6, 7, 8, 9, 10].map((n) => runApi(n, '1.0')) },
    volume: { typed: ['docker rm -f redis', 'docker volume rm redis-data', REDIS] },
  },
};

/** Another version of the API in a file that is read again. */
const versionIn = (file: string, version: string): string =>
  `sed -i 's|bookshelf-api:[0-9.]*|bookshelf-api:${version}|' ${file}`;

const COMPOSE: Platform = {
  name: 'compose',
  machine: 'compose-1',
  entries: [{ machine: 'compose-1', port: 8080 }],
  up: ['docker compose up -d'],
  files: ['compose.yaml'],
  replicas: 'docker ps -q --filter name=bookshelf-api --filter health=healthy 2> /dev/null | wc -l',
  acts: {
    container: crash('compose-1', 'bookshelf-api-1'),
    machine: dark('compose-1'),
    daemon: noDaemon('compose-1'),
    load: { times: 10 },
    update: { typed: [versionIn('compose.yaml', '1.1'), 'docker compose up -d'] },
    'bad-update': { typed: [versionIn('compose.yaml', '2.0'), 'docker compose up -d'] },
    config: { typed: ['echo Ahoy > config/greeting.txt'] },
    secret: {
      typed: [`docker compose exec -T db ${PASSWORD}`, 'echo tr0ub4dor > config/db_password.txt'],
    },
    scale: { typed: ['docker compose up -d --scale api=10'] },
    volume: {
      typed: [
        'docker compose rm -sf redis',
        'docker volume rm bookshelf_redis-data',
        'docker compose up -d',
      ],
    },
  },
};

const JOIN = 'docker swarm join --token $(docker swarm join-token -q manager) 192.168.10.31:2377';
const deploy = 'docker stack deploy -c stack.yaml bookshelf';

const SWARM: Platform = {
  name: 'swarm',
  machine: 'swarm-1',
  entries: [1, 2, 3].map((n) => ({ machine: `swarm-${n}`, port: 8080 })),
  up: ['docker swarm init', `ssh swarm-2 "${JOIN}"`, `ssh swarm-3 "${JOIN}"`, deploy],
  files: ['stack.yaml'],
  replicas: "docker service ls --filter name=bookshelf_api --format '{{.Replicas}}'",
  acts: {
    container: crash('swarm-1', '$(docker ps -q --filter name=bookshelf_api | head -n 1)'),
    machine: dark('swarm-2'),
    daemon: noDaemon('swarm-2'),
    load: { times: 10 },
    update: { typed: [versionIn('stack.yaml', '1.1'), deploy] },
    'bad-update': { typed: [versionIn('stack.yaml', '2.0'), deploy] },
    // A config never changes: another one takes its place.
    config: {
      typed: [
        'echo Ahoy > config/greeting.txt',
        'docker config create greeting-2 config/greeting.txt',
        'docker service update --config-rm bookshelf_greeting ' +
          '--config-add source=greeting-2,target=/etc/bookshelf/greeting.txt bookshelf_api',
      ],
    },
    // Nor does a secret.
    secret: {
      typed: [
        `docker exec $(docker ps -q --filter name=bookshelf_db) ${PASSWORD}`,
        'echo tr0ub4dor | docker secret create db_password-2 -',
        'docker service update --secret-rm bookshelf_db_password ' +
          '--secret-add source=db_password-2,target=db_password bookshelf_api',
      ],
    },
    scale: { typed: ['docker service scale bookshelf_api=10'] },
    volume: {
      typed: [
        'docker service scale bookshelf_redis=0',
        'docker volume rm -f bookshelf_redis-data',
        'docker service scale bookshelf_redis=1',
      ],
    },
  },
};

const API_PODS = 'kubectl get pods -l app.kubernetes.io/name=api -o name';

const KUBERNETES: Platform = {
  name: 'kubernetes',
  machine: 'workstation',
  entries: [1, 2, 3].map((n) => ({ machine: `node-${n}`, port: 30_080 })),
  up: ['kubectl apply -f kubernetes/'],
  files: ['api', 'config', 'db', 'redis', 'web'].map((name) => `kubernetes/${name}.yaml`),
  replicas:
    'kubectl get deployment api -o jsonpath=\'{.status.readyReplicas}/{.spec.replicas}{"\\n"}\'',
  acts: {
    container: {
      happens: [`drydock fault container $(${API_PODS} | head -n 1 | cut -d/ -f2) crash`],
    },
    machine: dark('node-2'),
    daemon: {
      happens: ['drydock fault component kube-apiserver stop'],
      mend: ['drydock fault component kube-apiserver start'],
    },
    load: { times: 10 },
    update: { typed: [versionIn('kubernetes/api.yaml', '1.1'), 'kubectl apply -f kubernetes/'] },
    'bad-update': {
      typed: [versionIn('kubernetes/api.yaml', '2.0'), 'kubectl apply -f kubernetes/'],
    },
    config: {
      typed: [
        "sed -i 's/Welcome aboard/Ahoy/' kubernetes/config.yaml",
        'kubectl apply -f kubernetes/',
      ],
    },
    // A mounted Secret changes after a while; new Pods have it at once.
    secret: {
      typed: [
        `kubectl exec db-0 -- ${PASSWORD}`,
        "sed -i 's/correct-horse-battery-staple/tr0ub4dor/' kubernetes/config.yaml",
        'kubectl apply -f kubernetes/config.yaml',
        'kubectl rollout restart deployment api',
      ],
    },
    scale: { typed: ['kubectl scale deployment api --replicas 10'] },
    volume: {
      typed: [
        'kubectl delete statefulset redis',
        'kubectl delete pvc redis-data-redis-0',
        'kubectl apply -f kubernetes/redis.yaml',
      ],
    },
  },
};

export const PLATFORMS: readonly Platform[] = [DOCKER, COMPOSE, SWARM, KUBERNETES];
