import fc from 'fast-check';
import { drawnFile, SERVICES, type FileModel } from './compose-files.ts';

/** What happens to a project: its file is edited, somebody types, something breaks. */
export type Step = { readonly edit: FileModel } | { readonly line: string };

const service = fc.constantFrom(...SERVICES);
const services = fc.constantFrom('', '', ...SERVICES);
const container = fc
  .tuple(service, fc.constantFrom(1, 1, 2, 3))
  .map(([name, number]) => `app-${name}-${number}`);

const up = fc
  .tuple(
    fc.constantFrom(
      ...['', '', '', '--force-recreate', '--no-recreate', '--always-recreate-deps', '-V'],
      ...['--remove-orphans', '--no-start', '--no-deps', '--pull always', '--scale web=2'],
      ...['--scale api=3', '--wait', '-t 0', '--dry-run'],
    ),
    services,
  )
  .map(([flag, one]) => `docker compose up -d ${flag} ${one}`);

/** A line that ends in the middle of what it does. */
const cut = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.oneof(up, fc.constant('docker compose down -t 3')))
  .map(([tenths, line]) => `timeout ${tenths / 10}s ${line}`);

const compose = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        ...['stop -t 1', 'start', 'restart -t 0', 'kill', 'pause', 'unpause', 'rm -f', 'rm -f -s'],
        ...['rm -f -s -v', 'create', 'pull', 'create --force-recreate', 'ps -a', 'up -d --build'],
      ),
      services,
    )
    .map(([verb, one]) => `docker compose ${verb} ${one}`),
  fc
    .tuple(service, fc.integer({ min: 0, max: 3 }))
    .map(([name, count]) => `docker compose scale ${name}=${count}`),
  service.map((name) => `docker compose run --rm -T ${name} true`),
  service.map((name) => `docker compose run -d ${name} sleep 5`),
  fc.constantFrom('docker compose --dry-run down -v', 'docker compose rm -f -s --dry-run'),
  fc.constantFrom('docker compose down -t 1', 'docker compose down -t 1 --remove-orphans'),
  fc.constantFrom('docker compose down', 'docker compose config -q', 'docker compose ls'),
);

const docker = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('kill', 'rm -f', 'rm -f -v', 'stop -t 1', 'start', 'restart -t 0', 'pause'),
      container,
    )
    .map(([verb, one]) => `docker ${verb} ${one}`),
  fc
    .tuple(fc.constantFrom('front', 'back', 'default'), container)
    .map(([network, one]) => `docker network disconnect -f app_${network} ${one}`),
  fc.constantFrom(
    ...['docker network rm app_front', 'docker network rm app_default', 'docker network prune -f'],
    ...['docker container prune -f', 'docker image prune -f', 'docker rm -f the-database'],
    ...['docker rmi -f redis:8-alpine', 'docker rmi -f alpine:3.22'],
    ...['date > page; docker build -q -t built .', 'docker rm -f $(docker ps -aq)'],
  ),
);

const fault = fc.oneof(
  fc
    .tuple(container, fc.constantFrom('crash', 'crash', 'hang', 'leak', 'slow', 'mend'))
    .map(([one, what]) => `drydock fault container ${one} ${what}`),
  fc.constantFrom(
    ...['drydock fault daemon host stop', 'drydock fault daemon host start; sleep 1'],
    ...['drydock fault daemon host stop; sleep 2; drydock fault daemon host start; sleep 1'],
    ...['drydock fault registry docker.io down', 'drydock fault registry docker.io up'],
  ),
);

const rest = fc.constantFrom('sleep 1', 'sleep 3', 'sleep 20');

export const drawnStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: drawnFile.map((edit) => ({ edit })) },
  { weight: 5, arbitrary: up.map((line) => ({ line })) },
  { weight: 2, arbitrary: cut.map((line) => ({ line })) },
  { weight: 4, arbitrary: compose.map((line) => ({ line })) },
  { weight: 3, arbitrary: docker.map((line) => ({ line })) },
  { weight: 2, arbitrary: fault.map((line) => ({ line })) },
  { weight: 1, arbitrary: rest.map((line) => ({ line })) },
);
