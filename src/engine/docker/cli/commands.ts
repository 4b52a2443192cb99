import { build } from './build.ts';
import * as buildx from './commands/buildx.ts';
import * as attach from './commands/container-attach.ts';
import * as files from './commands/container-files.ts';
import * as life from './commands/container-life.ts';
import { list as listContainers } from './commands/container-list.ts';
import * as look from './commands/container-look.ts';
import { create, run } from './commands/container-run.ts';
import { stats } from './commands/container-stats.ts';
import * as context from './commands/context.ts';
import { diskUsage } from './commands/disk-usage.ts';
import * as transfer from './commands/image-transfer.ts';
import * as image from './commands/image.ts';
import { inspect, inspectKind } from './commands/inspect.ts';
import * as network from './commands/network.ts';
import { experimentalOnly, listPlugins, noPlugin, notModelled } from './commands/plugins.ts';
import { prune, pruneSystem } from './commands/prune.ts';
import { login, logout } from './commands/registry.ts';
import * as swarm from './commands/swarm.ts';
import * as system from './commands/system.ts';
import * as volume from './commands/volume.ts';
import type { Handler } from './invocation.ts';

/** Found when they are used: what answers may be elsewhere until then. */
const inspectOf =
  (kind: Parameters<typeof inspectKind>[0]): Handler =>
  (call) =>
    inspectKind(kind)(call);
const pruneOf =
  (kind: string): Handler =>
  (call) =>
    prune(kind)(call);

/** Which function answers to a command, by its longer path: `docker ps` is `container ls`. */
const CONTAINER: Readonly<Record<string, Handler>> = {
  attach: attach.attach,
  commit: files.commit,
  cp: files.copy,
  create,
  diff: look.diff,
  exec: attach.exec,
  export: files.exportContainer,
  inspect: inspectOf('container'),
  kill: life.kill,
  logs: look.logs,
  ls: listContainers,
  pause: life.pause,
  port: look.port,
  prune: pruneOf('container'),
  rename: life.rename,
  restart: life.restart,
  rm: life.remove,
  run,
  start: attach.start,
  stats,
  stop: life.stop,
  top: look.top,
  unpause: life.unpause,
  update: life.update,
  wait: life.wait,
};

const IMAGE: Readonly<Record<string, Handler>> = {
  build,
  history: image.history,
  import: transfer.importImage,
  inspect: inspectOf('image'),
  load: transfer.load,
  ls: image.images,
  prune: pruneOf('image'),
  pull: transfer.pull,
  push: transfer.push,
  rm: image.removeImages,
  save: transfer.save,
  tag: image.tag,
};

const BUILDX: Readonly<Record<string, Handler>> = {
  build,
  du: buildx.diskUsage,
  inspect: buildx.inspect,
  ls: buildx.list,
  prune: buildx.prune,
  version: buildx.version,
};

const GROUPS: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  container: CONTAINER,
  image: IMAGE,
  network: {
    connect: network.connect,
    create: network.create,
    disconnect: network.disconnect,
    inspect: inspectOf('network'),
    ls: network.list,
    prune: pruneOf('network'),
    rm: network.remove,
  },
  volume: {
    create: volume.create,
    inspect: inspectOf('volume'),
    ls: volume.list,
    prune: pruneOf('volume'),
    rm: volume.remove,
    update: volume.update,
  },
  system: {
    df: diskUsage,
    events: system.events,
    info: system.info,
    prune: pruneSystem,
  },
  context: {
    create: context.change,
    export: context.change,
    import: context.change,
    inspect: context.inspect,
    ls: context.list,
    rm: context.change,
    show: context.show,
    update: context.change,
    use: context.use,
  },
  plugin: {
    disable: noPlugin,
    enable: noPlugin,
    inspect: noPlugin,
    ls: listPlugins,
    rm: noPlugin,
    set: noPlugin,
    upgrade: noPlugin,
  },
  checkpoint: { create: experimentalOnly, ls: experimentalOnly, rm: experimentalOnly },
  builder: BUILDX,
  buildx: BUILDX,
};

const GENERAL: Readonly<Record<string, Handler>> = {
  build,
  events: system.events,
  images: image.images,
  info: system.info,
  inspect,
  login,
  logout,
  ps: listContainers,
  rmi: image.removeImages,
  search: transfer.search,
  version: system.version,
};

const SWARM = ['service', 'node', 'stack', 'swarm', 'secret', 'config'];

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Handlers of other rooms by their path: `swarm init`. */
export type CommandHandlers = Readonly<Record<string, Handler>>;

/** By the path that {@link resolve} gives; those of other rooms first. */
export function handlerOf(path: string, others: CommandHandlers = {}): Handler {
  const other = own(others, path);
  if (other) return other;
  if (path === 'service create') return swarm.createService;
  if (path === 'service scale') return swarm.scale;
  const [group = '', name = ''] = path.split(' ');
  if (SWARM.includes(group)) return swarm.outside;
  if (name === '') {
    return own(GENERAL, group) ?? own(CONTAINER, group) ?? own(IMAGE, group) ?? notModelled;
  }
  return own(own(GROUPS, group) ?? {}, name) ?? notModelled;
}
