import { answer, fail, isTrue } from '../answer.ts';
import type { ContainerInspect, ContainerState, EngineResponse } from '../api.ts';
import { goTime, NO_TIME } from '../go-time.ts';
import type { Execs } from './execs.ts';
import type { HealthMonitor } from './health-monitor.ts';
import type { ContainerRooms } from './rooms.ts';
import type { ContainerRow } from './row.ts';
import type { Sizes } from './sizes.ts';
import { stateName } from './status.ts';
import { isRefusal, type ContainerStore } from './store.ts';

/** `docker inspect` of a container (moby/moby v29.7 `daemon/inspect.go`). */
const ROOT = '/var/lib/docker/containers';
const SNAPSHOTTER = 'overlayfs';

export class Inspection {
  readonly #rooms: ContainerRooms;
  readonly #store: ContainerStore;
  readonly #health: HealthMonitor;
  readonly #execs: Execs;
  readonly #sizes: Sizes;

  constructor(
    rooms: ContainerRooms,
    parts: { store: ContainerStore; health: HealthMonitor; execs: Execs; sizes: Sizes },
  ) {
    this.#rooms = rooms;
    this.#store = parts.store;
    this.#health = parts.health;
    this.#execs = parts.execs;
    this.#sizes = parts.sizes;
  }

  inspect(machine: string, text: string, query: Readonly<Record<string, string>>): EngineResponse {
    const row = this.#store.find(machine, text);
    if (isRefusal(row)) return fail(row.status, row.message);
    return answer(200, this.view(row, isTrue(query.size)));
  }

  view(row: ContainerRow, withSize: boolean): ContainerInspect {
    const { machine, id, config, hostConfig } = row;
    const { networks, mounts } = this.#rooms;
    const [Path = '', ...Args] = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
    const own = `${ROOT}/${id}`;
    const hasNetwork = row.startedBefore;
    const settings = networks.settings(machine, id);
    const execs = this.#execs.idsOf(row);
    const descriptor = this.#manifest(machine, row.digest);
    return {
      Id: id,
      Created: goTime(row.createdMs),
      Path,
      Args,
      State: this.#state(row),
      Image: row.digest,
      ResolvConfPath: hasNetwork ? `${own}/resolv.conf` : '',
      HostnamePath: hasNetwork ? `${own}/hostname` : '',
      HostsPath: hasNetwork ? `${own}/hosts` : '',
      LogPath: row.startedBefore ? `${own}/${id}-json.log` : '',
      Name: `/${row.name}`,
      RestartCount: row.restartCount,
      Driver: SNAPSHOTTER,
      Platform: 'linux',
      MountLabel: '',
      ProcessLabel: '',
      AppArmorProfile: row.startedBefore ? 'docker-default' : '',
      ExecIDs: execs.length === 0 ? null : execs,
      HostConfig: hostConfig,
      Storage: { RootFS: { Snapshot: { Name: SNAPSHOTTER } } },
      ...(withSize ? this.#sizes.of(row) : {}),
      Mounts: mounts.points(machine, id),
      Config: config,
      NetworkSettings: settings,
      ...(descriptor ? { ImageManifestDescriptor: descriptor } : {}),
    };
  }

  /** The manifest for this machine's platform, as long as it is here. */
  #manifest(machine: string, digest: string) {
    const { content } = this.#rooms.containerd;
    if (!content.blob(machine, digest)) return undefined;
    const { manifestDigest, config } = content.view(machine, digest);
    const { architecture, os } = config;
    return { ...content.describe(machine, manifestDigest), platform: { architecture, os } };
  }

  #state(row: ContainerRow): ContainerState {
    const { state } = row;
    const health = this.#health.of(row);
    return {
      Status: stateName(state),
      Running: state.running,
      Paused: state.paused,
      Restarting: state.restarting,
      OOMKilled: state.oomKilled,
      Dead: state.dead,
      Pid: state.pid,
      ExitCode: state.exitCode,
      Error: state.error,
      StartedAt: state.startedMs === undefined ? NO_TIME : goTime(state.startedMs),
      FinishedAt: state.finishedMs === undefined ? NO_TIME : goTime(state.finishedMs),
      ...(health ? { Health: health } : {}),
    };
  }
}
