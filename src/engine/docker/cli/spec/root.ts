import { BUILDX } from './buildx.ts';
import { CHECKPOINT } from './checkpoint.ts';
import type { CommandSpec } from './command-spec.ts';
import { CONFIG, SECRET } from './config-and-secret.ts';
import { CONTAINER } from './container.ts';
import { CONTEXT } from './context.ts';
import {
  INSPECT_COMMAND,
  LOGIN_COMMAND,
  LOGOUT_COMMAND,
  SEARCH_COMMAND,
  VERSION_COMMAND,
} from './general.ts';
import { IMAGE } from './image.ts';
import { MANIFEST } from './manifest.ts';
import { NETWORK } from './network.ts';
import { NODE } from './node.ts';
import { PLUGIN } from './plugin.ts';
import { SERVICE } from './service.ts';
import { STACK } from './stack.ts';
import { SWARM } from './swarm.ts';
import { SYSTEM } from './system.ts';
import { TRUST } from './trust.ts';
import { VOLUME } from './volume.ts';

/** The whole tree of commands, each in the section of `docker --help` in which it stands. */
const from = (group: CommandSpec, name: string): CommandSpec => {
  const { aliases: _names, ...spec } = group.commands![name]!;
  return spec;
};

const BUILD: CommandSpec = {
  ...BUILDX.commands!.build!,
  plugin: true,
  about: 'Build an image from a Dockerfile',
};

const COMPOSE: CommandSpec = { about: 'Docker Compose', plugin: true, passes: true };

export const COMMON: Readonly<Record<string, CommandSpec>> = {
  run: from(CONTAINER, 'run'),
  exec: from(CONTAINER, 'exec'),
  ps: from(CONTAINER, 'ls'),
  build: BUILD,
  bake: { ...BUILDX.commands!.bake!, plugin: true },
  pull: from(IMAGE, 'pull'),
  push: from(IMAGE, 'push'),
  images: from(IMAGE, 'ls'),
  login: LOGIN_COMMAND,
  logout: LOGOUT_COMMAND,
  search: SEARCH_COMMAND,
  version: VERSION_COMMAND,
  info: from(SYSTEM, 'info'),
};

const IMAGES: CommandSpec = {
  ...IMAGE,
  commands: { build: BUILD, ...IMAGE.commands },
};

export const MANAGEMENT: Readonly<Record<string, CommandSpec>> = {
  builder: { ...BUILDX, about: 'Manage builds', plugin: true },
  buildx: { ...BUILDX, plugin: true },
  checkpoint: CHECKPOINT,
  compose: COMPOSE,
  container: CONTAINER,
  context: CONTEXT,
  image: IMAGES,
  manifest: MANIFEST,
  network: NETWORK,
  plugin: PLUGIN,
  system: SYSTEM,
  trust: TRUST,
  volume: VOLUME,
};

export const SWARM_MANAGEMENT: Readonly<Record<string, CommandSpec>> = {
  config: CONFIG,
  node: NODE,
  secret: SECRET,
  service: SERVICE,
  stack: STACK,
  swarm: SWARM,
};

/** Short for a command of `docker container`, `docker image` or `docker system`. */
const CONTAINER_SHORT = [
  ...['attach', 'commit', 'cp', 'create', 'diff', 'export', 'kill', 'logs', 'pause', 'port'],
  ...['rename', 'restart', 'rm', 'start', 'stats', 'stop', 'top', 'unpause', 'update', 'wait'],
];

const shorts: Record<string, CommandSpec> = {
  inspect: INSPECT_COMMAND,
  events: from(SYSTEM, 'events'),
  rmi: from(IMAGE, 'rm'),
};
for (const name of CONTAINER_SHORT) shorts[name] = from(CONTAINER, name);
for (const name of ['history', 'import', 'load', 'save', 'tag']) shorts[name] = from(IMAGE, name);

export const SHORT: Readonly<Record<string, CommandSpec>> = shorts;

export const GLOBAL_FLAGS = `
      --config string      Location of client config files (default "/root/.docker")
  -c, --context string     Name of the context to use to connect to the daemon (overrides
                           > DOCKER_HOST env var and default context set with "docker context use")
  -D, --debug              Enable debug mode
  -H, --host string        Daemon socket to connect to
  -l, --log-level string   Set the logging level ("debug", "info", "warn", "error", "fatal")
                           > (default "info")
      --tls                Use TLS; implied by --tlsverify
      --tlscacert string   Trust certs signed only by this CA (default "/root/.docker/ca.pem")
      --tlscert string     Path to TLS certificate file (default "/root/.docker/cert.pem")
      --tlskey string      Path to TLS key file (default "/root/.docker/key.pem")
      --tlsverify          Use TLS and verify the remote
  -v, --version            Print version information and quit`;

export const ROOT: CommandSpec = {
  use: '[OPTIONS] COMMAND [ARG...]',
  about: 'A self-sufficient runtime for containers',
  flags: GLOBAL_FLAGS,
  commands: { ...COMMON, ...MANAGEMENT, ...SWARM_MANAGEMENT, ...SHORT },
};
