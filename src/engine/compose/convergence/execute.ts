import { networkHash, volumeHash } from '../../compose-file/project/hash.ts';
import type { Network, Project, Volume } from '../../compose-file/project.ts';
import type { ContainerSummary, CreateAnswer } from '../../docker/api.ts';
import { daemonError, failed } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { serviceOf } from '../containers.ts';
import { bodyOf, Failure, refuse } from '../failure.ts';
import { COMPOSE_VERSION, LABEL, type Labels } from '../labels.ts';
import { broken, done, warned, working } from '../progress/resource.ts';
import { answerTo, Crew, until, type Strand } from '../together.ts';
import { containerBody, type ContainerWish } from './body.ts';
import { GroupNews } from './news.ts';
import type { Observed } from './observed.ts';
import type { Operation, Plan, PlanNode } from './plan.ts';
import { withSharedContainers } from './references.ts';

/**
 * Carries a plan out, everything side by side that need not wait (docker/compose v5.5
 * `pkg/compose/executor*.go`). It decides nothing.
 */
export interface Execution {
  readonly compose: Compose;
  readonly project: Project;
  /** Labels of each service's containers, beside those that every container has. */
  readonly labels: Readonly<Record<string, Labels>>;
  /** Seconds that a container may take to stop; its own when left out. */
  readonly timeout?: number;
}

interface Running extends Execution {
  /** By service, those that the plan made included. */
  readonly containers: Map<string, ContainerSummary[]>;
  readonly created: Map<number, string>;
}

export function* execute(execution: Execution, plan: Plan, observed: Observed) {
  const { compose } = execution;
  const containers = new Map(
    Object.entries(observed.containers).map(([name, all]) => [
      name,
      all.map(({ summary }) => summary),
    ]),
  );
  const running: Running = { ...execution, containers, created: new Map() };
  const over = new Set<PlanNode>();
  const groups = new GroupNews(plan);
  const crew = new Crew(compose.call);
  for (const node of plan.nodes) {
    crew.add(
      (function* (): Strand {
        yield* until(() => node.dependsOn.every((other) => over.has(other)));
        yield* compose.progress.on(...groups.begin(node));
        try {
          yield* perform(running, node);
        } catch (problem) {
          if (problem instanceof Failure) {
            yield* compose.progress.on(...groups.fail(node, problem.message));
          }
          throw problem;
        }
        over.add(node);
        yield* compose.progress.on(...groups.end(node));
      })(),
    );
  }
  yield* crew.run();
}

function* perform(running: Running, node: PlanNode): Strand {
  const { operation } = node;
  switch (operation.type) {
    case 'CreateNetwork':
      return yield* createNetwork(running, operation.name, operation.key, operation.network);
    case 'RemoveNetwork':
      return yield* removeNetwork(running, operation);
    case 'DisconnectNetwork':
    case 'ConnectNetwork': {
      const isJoin = operation.type === 'ConnectNetwork';
      const path = `/networks/${operation.name}/${isJoin ? 'connect' : 'disconnect'}`;
      const body = { Container: operation.container.Id, ...(!isJoin && { Force: true }) };
      bodyOf(yield* answerTo({ method: 'POST', path, body }));
      return;
    }
    case 'CreateVolume':
      return yield* createVolume(running, operation.name, operation.key, operation.volume);
    case 'RemoveVolume': {
      const path = `/volumes/${operation.name}`;
      bodyOf(yield* answerTo({ method: 'DELETE', path, query: { force: '1' } }));
      return;
    }
    case 'CreateContainer':
      return yield* createOne(running, node.id, operation);
    case 'StartContainer':
      bodyOf(yield* answerTo({ method: 'POST', path: pathOf(operation.container, 'start') }));
      return;
    case 'StopContainer':
      return yield* stopOne(running, operation.container);
    case 'RemoveContainer':
      return yield* removeOne(running, operation.container);
    case 'RenameContainer': {
      const path = `/containers/${running.created.get(operation.created) ?? ''}/rename`;
      bodyOf(yield* answerTo({ method: 'POST', path, query: { name: operation.name } }));
    }
  }
}

const pathOf = ({ Id }: ContainerSummary, verb: string): string => `/containers/${Id}/${verb}`;

function* stopOne({ timeout }: Running, container: ContainerSummary): Strand {
  const query: Record<string, string> = timeout === undefined ? {} : { t: String(timeout) };
  bodyOf(yield* answerTo({ method: 'POST', path: pathOf(container, 'stop'), query }));
}

function* removeOne({ containers }: Running, container: ContainerSummary): Strand {
  const path = `/containers/${container.Id}`;
  bodyOf(yield* answerTo({ method: 'DELETE', path, query: { force: '1' } }));
  const name = serviceOf(container);
  const left = (containers.get(name) ?? []).filter(({ Id }) => Id !== container.Id);
  containers.set(name, left);
}

const ownLabels = (project: Project, kind: string, key: string, hash: string): Labels => ({
  [kind]: key,
  [LABEL.project]: project.name,
  [LABEL.version]: COMPOSE_VERSION,
  [LABEL.configHash]: hash,
});

/** It tells its own news beside those of the plan, as the real one does. */
function* createNetwork(
  { compose, project }: Running,
  name: string,
  key: string,
  network: Network,
): Strand {
  const { progress } = compose;
  const title = `Network ${name}`;
  const { driver_opts: Options, internal, attachable, ipam } = network;
  const pools = (ipam?.config ?? []).map((pool) => ({
    ...(pool.subnet && { Subnet: pool.subnet }),
    ...(pool.ip_range && { IPRange: pool.ip_range }),
    ...(pool.gateway && { Gateway: pool.gateway }),
    ...(pool.aux_addresses && { AuxiliaryAddresses: pool.aux_addresses }),
  }));
  const hasIpam = ipam && (ipam.driver || pools.length > 0 || ipam.options);
  const body = {
    Name: name,
    ...(network.driver && { Driver: network.driver }),
    ...(Options && { Options }),
    ...(internal && { Internal: true }),
    ...(attachable && { Attachable: true }),
    ...(network.enable_ipv4 !== undefined && { EnableIPv4: network.enable_ipv4 }),
    ...(network.enable_ipv6 !== undefined && { EnableIPv6: network.enable_ipv6 }),
    ...(hasIpam && {
      IPAM: { Driver: ipam.driver ?? '', Config: pools, Options: ipam.options ?? null },
    }),
    Labels: {
      ...network.labels,
      ...ownLabels(project, LABEL.network, key, networkHash(network)),
    },
  };
  yield* progress.on(working(title, 'Creating'));
  const answer = yield* answerTo({ method: 'POST', path: '/networks/create', body });
  if (!failed(answer) || answer.status === 409) return yield* progress.on(done(title, 'Created'));
  const why = daemonError(answer);
  yield* progress.on(broken(title, why));
  refuse(`failed to create network ${name}: ${why}`);
}

type RemoveNetwork = Operation & { readonly type: 'RemoveNetwork' };

function* removeNetwork({ compose }: Running, { name, bestEffort }: RemoveNetwork): Strand {
  const answer = yield* answerTo({ method: 'DELETE', path: `/networks/${name}` });
  const isBusy = answer.status === 409 || answer.status === 403;
  if (!bestEffort || !isBusy) return void bodyOf(answer);
  const why = 'is still in use and was left in place; remove it manually once no container';
  yield* compose.warn(`network ${name} ${why} is attached`);
}

function* createVolume(
  { compose, project }: Running,
  name: string,
  key: string,
  volume: Volume,
): Strand {
  const body = {
    Name: name,
    ...(volume.driver && { Driver: volume.driver }),
    ...(volume.driver_opts && { DriverOpts: volume.driver_opts }),
    Labels: { ...volume.labels, ...ownLabels(project, LABEL.volume, key, volumeHash(volume)) },
  };
  const { progress } = compose;
  const title = `Volume ${name}`;
  yield* progress.on(working(title, 'Creating'));
  const answer = yield* answerTo({ method: 'POST', path: '/volumes/create', body });
  if (failed(answer)) yield* progress.on(broken(title, daemonError(answer)));
  bodyOf(answer);
  yield* progress.on(done(title, 'Created'));
}

type CreateContainer = Operation & { readonly type: 'CreateContainer' };

function* createOne(running: Running, id: number, operation: CreateContainer): Strand {
  const { compose, containers, created, labels } = running;
  const { name, number, inherited } = operation;
  const resolved = withSharedContainers(operation.service, (other) => containers.get(other) ?? []);
  if ('problem' in resolved) refuse(resolved.problem);
  const { service } = resolved;
  const replaced = service.container_name ?? `${service.name}${compose.separator}${number}`;
  const wish: ContainerWish = {
    ...{ service, number, aliased: true },
    labels: {
      ...service.labels,
      ...labels[service.name],
      ...(inherited && { [LABEL.replace]: replaced }),
    },
    ...(inherited && { inherited }),
  };
  const summary = yield* createContainer(running, name, wish);
  created.set(id, summary.Id);
  containers.set(service.name, [...(containers.get(service.name) ?? []), summary]);
}

/** Makes a container and gives what is known of it. */
export function* createContainer(
  { compose, project }: Execution,
  name: string,
  wish: ContainerWish,
): Strand<ContainerSummary> {
  const body = yield* containerBody(compose, project, wish);
  const { platform = project.environment.DOCKER_DEFAULT_PLATFORM } = wish.service;
  const query = { name, ...(platform && { platform }) };
  const path = '/containers/create';
  const answer = bodyOf(yield* answerTo<CreateAnswer>({ method: 'POST', path, query, body }));
  for (const text of answer.Warnings ?? []) {
    yield* compose.progress.on(warned(wish.service.name, text));
  }
  const summary = { Id: answer.Id, Names: [`/${name}`], Labels: body.Labels ?? {} };
  return summary as unknown as ContainerSummary;
}
