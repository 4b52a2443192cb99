import { EPOCH_UNIX_MS } from '../../sim/clock.ts';
import { answer, fail, integer, isTrue } from '../answer.ts';
import type { ContainerSummary, EngineResponse, PortSummary } from '../api.ts';
import { findImage } from '../images.ts';
import { readFilters, type Filters } from '../filters.ts';
import type { HealthMonitor } from './health-monitor.ts';
import type { ContainerRooms } from './rooms.ts';
import type { ContainerRow } from './row.ts';
import type { Sizes } from './sizes.ts';
import { stateName, statusText } from './status.ts';
import type { ContainerStore } from './store.ts';

/** `docker ps` (moby/moby v29.7 `daemon/list.go`). */
const ACCEPTED = [
  ...['ancestor', 'before', 'exited', 'id', 'isolation', 'label', 'name', 'status', 'health'],
  ...['since', 'volume', 'network', 'is-task', 'publish', 'expose'],
];
const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];
const HEALTHS = ['none', 'starting', 'healthy', 'unhealthy'];

/** What filters mean once names and numbers in them are looked up. */
interface Wanted {
  readonly filters: Filters;
  readonly all: boolean;
  readonly limit: number;
  readonly exited: readonly number[];
  readonly isTask: boolean | undefined;
  readonly before?: ContainerRow;
  readonly since?: ContainerRow;
  readonly images?: readonly string[];
  readonly publish: ReadonlySet<string>;
  readonly expose: ReadonlySet<string>;
}

type Read<T> = { readonly value: T } | { readonly response: EngineResponse };

const wrong = (message: string): { response: EngineResponse } => ({ response: fail(400, message) });

export class Listing {
  readonly #rooms: ContainerRooms;
  readonly #store: ContainerStore;
  readonly #health: HealthMonitor;
  readonly #sizes: Sizes;

  constructor(
    rooms: ContainerRooms,
    parts: { store: ContainerStore; health: HealthMonitor; sizes: Sizes },
  ) {
    this.#rooms = rooms;
    this.#store = parts.store;
    this.#health = parts.health;
    this.#sizes = parts.sizes;
  }

  list(machine: string, query: Readonly<Record<string, string>>): EngineResponse {
    const wanted = this.#wanted(machine, query);
    if ('response' in wanted) return wanted.response;
    const { value } = wanted;
    const rows: ContainerRow[] = [];
    let isBefore = value.before !== undefined;
    for (const row of this.#candidates(machine, value)) {
      if (isBefore) {
        isBefore = row.id !== value.before?.id;
        continue;
      }
      if (row.id === value.since?.id) break;
      if (value.limit > 0 && rows.length === value.limit) break;
      if (this.#includes(row, value)) rows.push(row);
    }
    const withSize = isTrue(query.size);
    return answer(
      200,
      rows.map((row) => this.summary(row, withSize)),
    );
  }

  /** Newest first; without `all` those that do not run are not even looked at. */
  #candidates(machine: string, wanted: Wanted): ContainerRow[] {
    const { filters, all, limit, before, since } = wanted;
    const ids = filters.get('id');
    if (ids.length > 0) {
      const found = ids.map((id) => this.#store.find(machine, id));
      const rows = found.filter((row): row is ContainerRow => 'id' in row);
      const own = rows.filter((row) => ids.some((id) => row.id.startsWith(id)));
      return [...new Set(own)].sort((a, b) => b.sequence - a.sequence);
    }
    const everything = all || limit > 0 || before !== undefined || since !== undefined;
    return everything ? this.#store.all(machine) : this.#store.running(machine);
  }

  #wanted(machine: string, query: Readonly<Record<string, string>>): Read<Wanted> {
    const read = readFilters(query.filters);
    if (!read.ok) return wrong(read.message);
    const { filters } = read;
    const limit = integer(query.limit === undefined || query.limit === '' ? '0' : query.limit);
    if ('message' in limit) return wrong(limit.message);
    const problem = filters.problem(ACCEPTED) ?? valuesProblem(filters);
    if (problem !== undefined) return wrong(problem);
    const isTask = filters.flag('is-task');
    if ('message' in isTask) return wrong(isTask.message);
    const [publish, expose] = [portsOf(filters, 'publish'), portsOf(filters, 'expose')];
    if ('message' in publish) return wrong(publish.message);
    if ('message' in expose) return wrong(expose.message);
    const [before, since] = [
      this.#named(machine, filters, 'before'),
      this.#named(machine, filters, 'since'),
    ];
    if (before && 'response' in before) return before;
    if (since && 'response' in since) return since;
    const images = filters.has('ancestor') ? this.#ancestors(machine, filters) : undefined;
    const value: Wanted = {
      filters,
      all: isTrue(query.all) || filters.has('status'),
      limit: limit.value,
      exited: filters.get('exited').map(Number),
      isTask: isTask.value,
      ...(before ? { before: before.value } : {}),
      ...(since ? { since: since.value } : {}),
      ...(images ? { images } : {}),
      publish: publish.ports,
      expose: expose.ports,
    };
    return { value };
  }

  #named(machine: string, filters: Filters, key: string): Read<ContainerRow> | undefined {
    const text = filters.get(key).at(-1);
    if (text === undefined) return undefined;
    const row = this.#store.get(machine, text) ?? this.#store.named(machine, text);
    return row ? { value: row } : { response: fail(404, `No such container: ${text}`) };
  }

  /** Digests of the images named; those made of them share no name, but their layers' beginning. */
  #ancestors(machine: string, filters: Filters): string[] {
    const { content } = this.#rooms.containerd;
    return filters.get('ancestor').flatMap((text) => {
      const name = findImage(content, machine, text);
      const digest = name === undefined ? undefined : content.digestOf(machine, name);
      return digest === undefined ? [] : [digest];
    });
  }

  #includes(row: ContainerRow, wanted: Wanted): boolean {
    const { filters, all, limit, exited, images } = wanted;
    const { state, name, id, config } = row;
    if (!state.running && !all && limit <= 0) return false;
    if (!filters.match('name', `/${name}`) && !filters.match('name', name)) return false;
    if (!filters.match('id', id)) return false;
    if (wanted.isTask) return false;
    if (!filters.pairs('label', config.Labels ?? {})) return false;
    const isCode = !state.running && state.startedMs !== undefined;
    if (exited.length > 0 && !(isCode && exited.includes(state.exitCode))) return false;
    if (!filters.match('status', stateName(state))) return false;
    if (!filters.exact('health', this.#health.status(row))) return false;
    if (images && !images.includes(row.digest)) return false;
    return this.#isAttached(row, wanted);
  }

  /** Volumes, networks and ports. */
  #isAttached({ machine, id }: ContainerRow, wanted: Wanted): boolean {
    const { filters, publish, expose } = wanted;
    const { networks, mounts } = this.#rooms;
    if (filters.has('volume')) {
      const points = mounts.points(machine, id);
      const isMounted = filters
        .get('volume')
        .some((text) =>
          points.some(
            (point) => (point.Name || point.Source) === text || point.Destination === text,
          ),
        );
      if (!isMounted) return false;
    }
    if (filters.has('network')) {
      const all = Object.entries(networks.settings(machine, id).Networks);
      const isOn = filters
        .get('network')
        .some((text) => all.some(([name, n]) => name === text || n.NetworkID.startsWith(text)));
      if (!isOn) return false;
    }
    if (publish.size === 0 && expose.size === 0) return true;
    return networks
      .ports(machine, id)
      .some(
        ({ PrivatePort, PublicPort = 0, Type }) =>
          publish.has(`${PublicPort}/${Type}`) || expose.has(`${PrivatePort}/${Type}`),
      );
  }

  summary(row: ContainerRow, withSize = false): ContainerSummary {
    const { machine, id, name, config, hostConfig, state } = row;
    const { networks, mounts, kernel } = this.#rooms;
    const health = this.#health.of(row);
    const status = health?.Status ?? 'none';
    return {
      Id: id,
      Names: [`/${name}`],
      Image: this.#imageShown(row),
      ImageID: row.digest,
      Command: commandShown([...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]),
      Created: Math.floor((row.createdMs + EPOCH_UNIX_MS) / 1000),
      Ports: networks.ports(machine, id).map(portOf),
      ...(withSize ? this.#sizes.of(row) : {}),
      Labels: config.Labels ?? {},
      State: stateName(state),
      Status: statusText(state, status, kernel.now),
      HostConfig: { NetworkMode: hostConfig.NetworkMode },
      Health: { Status: status, FailingStreak: health?.FailingStreak ?? 0 },
      NetworkSettings: { Networks: networks.settings(machine, id).Networks },
      Mounts: mounts.points(machine, id),
    };
  }

  /** `refreshImage`: the name it was made of, while that still means the same image. */
  #imageShown({ machine, image, digest, config }: ContainerRow): string {
    const { content } = this.#rooms.containerd;
    return content.digestOf(machine, image) === digest ? config.Image : digest;
  }
}

const portOf = ({ IP, PrivatePort, PublicPort, Type }: PortSummary): PortSummary => ({
  ...(IP === undefined ? {} : { IP }),
  PrivatePort,
  ...(PublicPort === undefined ? {} : { PublicPort }),
  Type,
});

/** Behind the first, a word with a blank in it stands in quotes (`view.go`, `transform`). */
const commandShown = ([path = '', ...words]: readonly string[]): string =>
  [path, ...words.map((word) => (word.includes(' ') ? `'${word}'` : word))].join(' ');

function valuesProblem(filters: Filters): string | undefined {
  for (const code of filters.get('exited')) {
    const read = integer(code);
    if ('message' in read) return `invalid filter 'exited=${code}': ${read.message}`;
  }
  const other = (key: string, known: readonly string[]): string | undefined =>
    filters.get(key).find((value) => !known.includes(value));
  const state = other('status', STATES);
  if (state !== undefined) {
    return `invalid filter 'status=${state}': invalid value for state (${state}): must be one of ${STATES.join(', ')}`;
  }
  const health = other('health', HEALTHS);
  return health === undefined
    ? undefined
    : `invalid filter 'health=${health}': invalid value for health (${health}): must be one of ${HEALTHS.join(', ')}`;
}

/** `80`, `80/udp`, `8000-8010/tcp`: the ports meant. */
function portsOf(
  filters: Filters,
  key: string,
): { readonly ports: ReadonlySet<string> } | { readonly message: string } {
  const ports = new Set<string>();
  for (const text of filters.get(key)) {
    if (text.includes(':'))
      return { message: `filter for '${key}' should not contain ':': ${text}` };
    const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(\w+))?$/.exec(text);
    const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (!match || first > last || last > 65_535) {
      const why = `invalid start port '${text}': invalid syntax`;
      return { message: `error while looking up for ${key} ${text}: ${why}` };
    }
    for (let port = first; port <= last; port++) ports.add(`${port}/${match[3] ?? 'tcp'}`);
  }
  return { ports };
}
