import fc from 'fast-check';

/**
 * Compose files of one project whose services, networks and settings come and go. All of them can
 * come up: what is asked of a world is that it becomes what the file says.
 */
export interface ServiceModel {
  readonly name: ServiceName;
  readonly image: string;
  readonly mode: string;
  readonly count: number;
  /** Whether `deploy.replicas` says it, not `scale`. */
  readonly isDeployed: boolean;
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly restart: string;
  readonly ownName?: string;
  /** Something runs to its end before it starts. */
  readonly hasHook: boolean;
  /** By name, the condition; of services that are in the file. */
  readonly dependsOn: Readonly<Record<string, string>>;
}

export type FileModel = readonly ServiceModel[];

type ServiceName = 'cache' | 'db' | 'job' | 'api' | 'web';

interface Kind {
  readonly image: string;
  readonly lines: readonly string[];
  /** The condition that others can wait for. */
  readonly reaches: string;
}

const CHECK_SECONDS = 5;
const checkLines = (test: string): string[] => [
  'healthcheck:',
  `  test: [CMD, ${test}]`,
  `  interval: ${CHECK_SECONDS}s`,
];

/** In order: a service depends on those before it. */
const KINDS: Readonly<Record<ServiceName, Kind>> = {
  cache: {
    image: 'redis:8-alpine',
    lines: checkLines('redis-cli, ping'),
    reaches: 'service_healthy',
  },
  db: {
    image: 'alpine:3.22',
    lines: ['command: sleep 10000', 'stop_grace_period: 1s', ...checkLines('"true"')],
    reaches: 'service_healthy',
  },
  job: {
    image: 'alpine:3.22',
    lines: ["command: sh -c 'sleep 1'"],
    reaches: 'service_completed_successfully',
  },
  api: {
    image: 'built:latest',
    lines: ['pull_policy: never', 'stop_grace_period: 0s'],
    reaches: 'service_started',
  },
  web: {
    image: 'nginx:1.29-alpine',
    lines: ['ports: ["8080-8089:80"]'],
    reaches: 'service_started',
  },
};

export const SERVICES = Object.keys(KINDS) as ServiceName[];
export const JOB = 'job';

const seldom = <T>(value: T, usual: T): fc.Arbitrary<T> =>
  fc.constantFrom(usual, usual, usual, value);

const drawnService = (name: ServiceName) =>
  fc.record({
    name: fc.constant(name),
    mode: fc.constantFrom('one', 'two', 'three'),
    count: name === JOB ? fc.constant(1) : fc.constantFrom(1, 1, 1, 2, 3, 0),
    isDeployed: fc.boolean(),
    networks: fc.constantFrom([], [], ['front'], ['back'], ['front', 'back']),
    volumes: fc.constantFrom([], [], ['data:/stuff'], ['/scratch'], ['data:/stuff', '/scratch']),
    restart: name === JOB ? fc.constant('no') : fc.constantFrom('no', 'no', 'always'),
    hasOwnName: seldom(true, false),
    hasHook: seldom(true, false),
    waits: fc.subarray(SERVICES.slice(0, SERVICES.indexOf(name))),
    waitsForMore: fc.boolean(),
  });

type Drawn = typeof drawnService extends (name: ServiceName) => fc.Arbitrary<infer T> ? T : never;

function modelOf(drawn: readonly Drawn[]): FileModel {
  const names = drawn.map(({ name }) => name);
  return drawn.map(({ hasOwnName, waits, waitsForMore, ...rest }) => {
    const isNamed = hasOwnName && rest.name === 'db';
    const dependencies = waits.filter((name) => names.includes(name));
    const condition = (name: ServiceName): string =>
      waitsForMore ? KINDS[name].reaches : 'service_started';
    return {
      ...rest,
      image: KINDS[rest.name].image,
      count: isNamed ? Math.min(1, rest.count) : rest.count,
      ...(isNamed && { ownName: 'the-database' }),
      dependsOn: Object.fromEntries(dependencies.map((name) => [name, condition(name)])),
    };
  });
}

export const drawnFile: fc.Arbitrary<FileModel> = fc
  .tuple(...SERVICES.map((name) => fc.option(drawnService(name), { freq: 4, nil: undefined })))
  .map((drawn) => drawn.filter((one) => one !== undefined))
  .filter(({ length }) => length > 0)
  .map(modelOf);

const indented = (lines: readonly string[], by: number): string[] =>
  lines.map((line) => ' '.repeat(by) + line);

function serviceLines(service: ServiceModel): string[] {
  const { name, image, mode, count, isDeployed, networks, volumes, restart } = service;
  const { ownName, hasHook } = service;
  const dependencies = Object.entries(service.dependsOn).map(
    ([other, condition]) => `${other}: {condition: ${condition}}`,
  );
  const lines = [
    `image: ${image}`,
    `environment: {MODE: ${mode}}`,
    isDeployed ? `deploy: {replicas: ${count}}` : `scale: ${count}`,
    `restart: "${restart}"`,
    ...(ownName === undefined ? [] : [`container_name: ${ownName}`]),
    ...(hasHook ? ['pre_start: [{image: "alpine:3.22", command: sleep 1}]'] : []),
    ...(networks.length > 0 ? [`networks: [${networks.join(', ')}]`] : []),
    ...(volumes.length > 0 ? [`volumes: [${volumes.join(', ')}]`] : []),
    ...(dependencies.length > 0 ? ['depends_on:', ...indented(dependencies, 2)] : []),
    ...KINDS[name].lines,
  ];
  return [`${name}:`, ...indented(lines, 2)];
}

/** What the file needs of networks or volumes, each once. */
export const usedBy = (file: FileModel, kind: 'networks' | 'volumes'): string[] => [
  ...new Set(
    file.flatMap((service) =>
      kind === 'networks'
        ? service.networks.length > 0
          ? service.networks
          : ['default']
        : service.volumes.filter((one) => one.includes(':')).map((one) => one.split(':')[0] ?? ''),
    ),
  ),
];

export function textOf(file: FileModel): string {
  const section = (title: string, names: readonly string[]): string[] =>
    names.length > 0
      ? [
          `${title}:`,
          ...indented(
            names.map((name) => `${name}:`),
            2,
          ),
        ]
      : [];
  return [
    'services:',
    ...indented(file.flatMap(serviceLines), 2),
    ...section('networks', usedBy(file, 'networks')),
    ...section('volumes', usedBy(file, 'volumes')),
    '',
  ].join('\n');
}
