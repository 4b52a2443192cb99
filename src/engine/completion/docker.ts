import { named, type Candidate } from './candidate.ts';
import type { Position } from './command-tree.ts';
import * as names from './docker-names.ts';
import { filesAt, type Place } from './place.ts';

/** What docker's words stand for, by command: what its own completion offers (docker/cli v29.7). */
type Offer = (place: Place, typed: string, position: Position) => readonly Candidate[];

const RUNNING = ['running'];
const anyContainer: Offer = (place) => names.containers(place);
const running: Offer = (place) => names.containers(place, RUNNING);
const image: Offer = (place) => names.images(place);
const network: Offer = (place) => names.networks(place);
const volume: Offer = (place) => names.volumes(place);
const file: Offer = (place, typed) => filesAt(place, typed);
const directory: Offer = (place, typed) =>
  filesAt(place, typed, (_name, isDirectory) => isDirectory);
const swarmNode: Offer = (place) => names.swarmNodes(place);
const service: Offer = (place) => names.swarmObjects(place, '/services');
const stack: Offer = (place) => names.stacks(place);
const config: Offer = (place) => names.swarmObjects(place, '/configs');
const secret: Offer = (place) => names.swarmObjects(place, '/secrets');
const none: Offer = () => [];

/** Only as the first argument; behind it the second says what comes. */
const first =
  (offer: Offer, then: Offer = none): Offer =>
  (place, typed, position) =>
    (position.args.length === 0 ? offer : then)(place, typed, position);

const containerOrFile: Offer = (place, typed) => [
  ...names.containers(place).map(({ text }) => ({ text: `${text}:` })),
  ...filesAt(place, typed),
];

const CONTAINER: Readonly<Record<string, Offer>> = {
  ...{ attach: first(running), exec: first(running), top: first(running), kill: running },
  ...{ stop: running, stats: running, pause: running },
  unpause: (place) => names.containers(place, ['paused']),
  start: (place) => names.containers(place, ['created', 'exited']),
  ...{ commit: first(anyContainer), cp: containerOrFile, diff: first(anyContainer) },
  ...{ export: first(anyContainer), inspect: anyContainer, logs: first(anyContainer) },
  ...{ port: first(anyContainer), rename: first(anyContainer), restart: anyContainer },
  ...{ rm: anyContainer, update: anyContainer, wait: anyContainer },
  ...{ run: first(image), create: first(image) },
};

const IMAGE: Readonly<Record<string, Offer>> = {
  ...{ history: first(image), inspect: image, push: first(image), rm: image, save: image },
  ...{ tag: image, build: first(directory), import: first(file), load: none },
};

const under = (path: string, offers: Readonly<Record<string, Offer>>) =>
  Object.fromEntries(Object.entries(offers).map(([name, offer]) => [`${path} ${name}`, offer]));

const { inspect: _container, ...containerShort } = CONTAINER;
const { inspect: _image, rm: _rm, ...imageShort } = IMAGE;

const ARGUMENTS: Readonly<Record<string, Offer>> = {
  ...containerShort,
  ...imageShort,
  ...under('container', CONTAINER),
  ...under('image', IMAGE),
  rmi: image,
  inspect: (place) => [
    ...[names.containers, names.images, names.networks, names.volumes].flatMap((of) => of(place)),
  ],
  ...{ 'network rm': network, 'network inspect': network },
  'network connect': first(network, anyContainer),
  'network disconnect': first(network, anyContainer),
  ...{ 'volume rm': volume, 'volume inspect': volume },
  ...{ 'node inspect': swarmNode, 'node ps': swarmNode, 'node rm': swarmNode },
  ...{ 'node update': first(swarmNode), 'node promote': swarmNode, 'node demote': swarmNode },
  ...{ 'service inspect': service, 'service logs': first(service), 'service ps': service },
  ...{
    'service rm': service,
    'service rollback': first(service),
    'service update': first(service),
  },
  'service scale': (place) => service(place, '', NOWHERE).map(({ text }) => ({ text: `${text}=` })),
  'service create': first(image),
  ...{ 'stack ps': first(stack), 'stack rm': stack, 'stack services': first(stack) },
  ...{ 'stack deploy': first(stack), 'config inspect': config, 'config rm': config },
  ...{ 'secret inspect': secret, 'secret rm': secret },
  'swarm join-token': first(() => named(['worker', 'manager'])),
};

/** Where the place in the line does not matter. */
const NOWHERE = undefined as never as Position;

const fixed =
  (...words: readonly string[]): Offer =>
  () =>
    named(words);

const VALUES: Readonly<Record<string, Offer>> = {
  ...{ network: network, net: network, volume, volumes: volume, 'volumes-from': anyContainer },
  ...{ link: anyContainer, file, 'env-file': file, 'label-file': file, cidfile: file },
  ...{ iidfile: file, input: file, output: file, 'compose-file': file },
  restart: fixed('no', 'always', 'on-failure', 'unless-stopped'),
  pull: fixed('always', 'missing', 'never'),
  progress: fixed('auto', 'plain', 'tty', 'rawjson'),
  availability: fixed('active', 'pause', 'drain'),
  role: fixed('worker', 'manager'),
  mode: fixed('replicated', 'global', 'replicated-job', 'global-job'),
  'restart-condition': fixed('none', 'on-failure', 'any'),
  'update-order': fixed('start-first', 'stop-first'),
  'rollback-order': fixed('start-first', 'stop-first'),
  'update-failure-action': fixed('pause', 'continue', 'rollback'),
  'rollback-failure-action': fixed('pause', 'continue'),
  'endpoint-mode': fixed('vip', 'dnsrr'),
  format: fixed('json', 'table'),
  signal: fixed('SIGHUP', 'SIGINT', 'SIGKILL', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'),
  driver: fixed('bridge', 'host', 'macvlan', 'none', 'overlay'),
  'log-level': fixed('debug', 'info', 'warn', 'error', 'fatal'),
  ...{ config, secret },
};

/** Flags that are called as others and mean something else. */
const OTHER_VALUES: Readonly<Record<string, Offer>> = {
  'volume create driver': fixed('local'),
  'system prune volumes': none,
  'config create driver': none,
};

export const dockerArguments: Offer = (place, typed, position) =>
  (ARGUMENTS[position.tree.path] ?? none)(place, typed, position);

export function dockerValue(place: Place, typed: string, position: Position): readonly Candidate[] {
  const name = position.flag?.name ?? '';
  if (name === 'config' && position.tree.path === '') return directory(place, typed, position);
  const own = OTHER_VALUES[`${position.tree.path} ${name}`];
  const offer = own ?? (Object.hasOwn(VALUES, name) ? VALUES[name] : undefined);
  return (offer ?? none)(place, typed, position);
}
