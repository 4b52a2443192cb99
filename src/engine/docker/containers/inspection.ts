import { rfc3339Nano } from '../../sim/clock.ts';
import { answer, fail, isTrue } from '../answer.ts';
import type { ContainerInspect, ContainerState, EngineResponse } from '../api.ts';
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
/** Go's zero time. */
const NEVER = '0001-01-01T00:00:00Z';

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
    const { networks, mounts, containerd } = this.#rooms;
    const [Path = '', ...Args] = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
    const own = `${ROOT}/${id}`;
    const hasNetwork = row.startedBefore;
    const settings = networks.settings(machine, id);
    const image = containerd.content.image(machine, row.image);
    const execs = this.#execs.idsOf(row);
    const isSame = image?.digest === row.digest;
    return {
      Id: id,
      Created: time(row.createdMs),
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
      ...(isSame && image ? { ImageManifestDescriptor: descriptorOf(image) } : {}),
    };
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
      StartedAt: state.startedMs === undefined ? NEVER : time(state.startedMs),
      FinishedAt: state.finishedMs === undefined ? NEVER : time(state.finishedMs),
      ...(health ? { Health: health } : {}),
    };
  }
}

/** Go's RFC3339Nano leaves zeros at the end of a fraction away. */
const time = (timeMs: number): string => rfc3339Nano(timeMs).replace(/\.?0+Z$/, 'Z');

function descriptorOf(image: { digest: string; config: { architecture: string; os: string } }) {
  const { architecture, os } = image.config;
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: image.digest,
    size: 0,
    platform: { architecture, os },
  };
}
