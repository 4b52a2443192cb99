import type { CommandHandlers } from '../../docker/cli/commands.ts';
import { naturalOrder } from '../../docker/cli/commands/container-look.ts';
import { inspectAll, type Found } from '../../docker/cli/commands/inspect.ts';
import { printRows } from '../../docker/cli/commands/printing.ts';
import { listFormat } from '../../docker/cli/formatter/list-format.ts';
import {
  SERVICE_HEADINGS,
  SERVICE_TABLE,
  serviceRow,
  type ServiceRow,
} from '../../docker/cli/formatter/swarm.ts';
import {
  failed,
  filterQuery,
  query,
  type Invocation,
  type Step,
} from '../../docker/cli/invocation.ts';
import { parseUnsigned } from '../../go/numbers.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { Value } from '../../go/template/value.ts';
import type { ServiceMode, ServiceSpec, TaskWire } from '../api.ts';
import type { ServiceWire } from '../wire/service.ts';
import { problemOf, say } from './lines.ts';
import { createService } from './service-create.ts';
import { logs } from './service-logs.ts';
import { prettyService } from './service-pretty.ts';
import { waitOnService } from './service-progress.ts';
import { updateService } from './service-update.ts';
import { printTasks } from './task-list.ts';

/** `docker service` (docker/cli v29.7 `cli/command/service`). */
const FORMS = {
  table: SERVICE_TABLE,
  raw:
    'id: {{.ID}}\nname: {{.Name}}\nmode: {{.Mode}}\nreplicas: {{.Replicas}}\n' +
    'image: {{.Image}}\nports: {{.Ports}}\n',
};

function* list(call: Invocation): Step<number> {
  const { flags } = call;
  const quiet = flags.has('quiet');
  const asked = { ...filterQuery(flags.all('filter')), ...query({ status: !quiet }) };
  const answer = yield* call.get<ServiceWire[]>('/services', asked);
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  return yield* printServices(call, answer.body, serviceFormat(flags.text('format'), quiet));
}

/** A table of services, in order of their names; `docker stack services` prints it too. */
export function* printServices(
  call: Invocation,
  services: readonly ServiceWire[],
  format: string,
): Step<number> {
  const sorted = [...services].sort((a, b) => naturalOrder(a.Spec.Name, b.Spec.Name));
  const rows = sorted.map((service) => serviceRow(rowOf(service)));
  return yield* printRows(call, format, rows, SERVICE_HEADINGS);
}

export const serviceFormat = (source: string, quiet: boolean): string =>
  listFormat(source, quiet, FORMS);

const MODES: Readonly<Record<keyof ServiceMode, string>> = {
  Replicated: 'replicated',
  Global: 'global',
  ReplicatedJob: 'replicated job',
  GlobalJob: 'global job',
};

function rowOf(service: ServiceWire): ServiceRow {
  const { ID, Spec, Endpoint } = service;
  const mode = Object.keys(Spec.Mode)[0] as keyof ServiceMode;
  return {
    ...{ id: ID, name: Spec.Name, mode: MODES[mode], replicas: replicasOf(service) },
    image: Spec.TaskTemplate.ContainerSpec.Image,
    ports: (Endpoint.Ports ?? []).map((port) => ({ PublishedPort: 0, ...port })),
  };
}

function replicasOf({ Spec, ServiceStatus }: ServiceWire): string {
  const { RunningTasks = 0, DesiredTasks = 0, CompletedTasks = 0 } = ServiceStatus ?? {};
  const { ReplicatedJob, GlobalJob, Replicated } = Spec.Mode;
  const running = `${RunningTasks}/${DesiredTasks}`;
  const total = ReplicatedJob?.TotalCompletions ?? DesiredTasks + CompletedTasks;
  if (ReplicatedJob ?? GlobalJob) return `${running} (${CompletedTasks}/${total} completed)`;
  const max = Replicated ? (Spec.TaskTemplate.Placement?.MaxReplicas ?? 0) : 0;
  return max > 0 ? `${running} (max ${max} per node)` : running;
}

function* tasks(call: Invocation): Step<number> {
  const { flags, args } = call;
  const problems: string[] = [];
  const ids: string[] = [];
  for (const name of args) {
    const id = yield* serviceId(call, name);
    if (!isRefused(id)) ids.push(id);
    else if (id.refused.startsWith('no such service')) problems.push(id.refused);
    else return yield* call.fail(id.refused);
  }
  if (ids.length === 0) return yield* call.joined(problems);
  const filters = [...flags.all('filter'), ...ids.map((id) => `service=${id}`)];
  const answer = yield* call.get<TaskWire[]>('/tasks', filterQuery(filters));
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  const code = yield* printTasks(call, answer.body, {
    truncate: !flags.has('no-trunc') && !flags.has('quiet'),
    quiet: flags.has('quiet'),
    resolve: !flags.has('no-resolve'),
    format: flags.text('format'),
  });
  return code === 0 ? yield* call.joined(problems) : code;
}

/** By the full id, the full name or the beginning of one id. */
function* serviceId(call: Invocation, text: string): Step<string | Refused> {
  const byId = yield* call.get<ServiceWire[]>('/services', filterQuery([`id=${text}`]));
  const byName = yield* call.get<ServiceWire[]>('/services', filterQuery([`name=${text}`]));
  const problem = problemOf(byId) ?? problemOf(byName);
  if (problem !== undefined) return refuse(problem);
  const exact =
    byId.body.find(({ ID }) => ID === text) ?? byName.body.find(({ Spec }) => Spec.Name === text);
  if (exact) return exact.ID;
  const [first, second] = byId.body;
  if (second) return refuse(`multiple services found with provided prefix: ${text}`);
  return first?.ID ?? refuse(`no such service: ${text}`);
}

function* find(call: Invocation, name: string): Step<ServiceWire | Refused> {
  const answer = yield* call.get<ServiceWire>(`/services/${name}`, { insertDefaults: 'true' });
  if (answer.status === 404) return refuse(`no such service: ${name}`);
  const problem = problemOf(answer);
  return problem === undefined ? answer.body : refuse(problem);
}

function* inspect(call: Invocation): Step<number> {
  const { flags, args } = call;
  if (flags.has('pretty') && flags.text('format') !== '') {
    return yield* call.fail('--format is incompatible with human friendly format');
  }
  const format = flags.has('pretty') ? 'pretty' : flags.text('format');
  if (format.startsWith('pretty') && format !== 'pretty') {
    return yield* call.fail('cannot supply extra formatting options to the pretty template');
  }
  if (format !== 'pretty') {
    const look = function* (name: string): Step<Refused | Found> {
      const service = yield* find(call, name);
      // The answer is JSON.
      return isRefused(service)
        ? service
        : { value: service as unknown as Value, type: 'swarm.Service' };
    };
    return yield* inspectAll(call, look, { syntaxError: 1 });
  }
  for (const name of args) {
    const service = yield* find(call, name);
    if (isRefused(service)) return yield* call.fail(service.refused);
    const networks = new Map<string, string>();
    for (const { Target } of service.Spec.TaskTemplate.Networks ?? []) {
      const answer = yield* call.get<{ Name: string }>(`/networks/${Target}`);
      if (!failed(answer)) networks.set(Target, answer.body.Name);
    }
    yield* call.out(`${prettyService(service, networks, yield* call.now())}\n`);
  }
  return 0;
}

function* remove(call: Invocation): Step<number> {
  const problems: string[] = [];
  for (const name of call.args) {
    const answer = yield* call.ask({ method: 'DELETE', path: `/services/${name}`, query: {} });
    const problem = problemOf(answer);
    if (problem === undefined) yield* say(call, name);
    else problems.push(problem);
  }
  return yield* call.joined(problems);
}

function* rollback(call: Invocation): Step<number> {
  const [name = ''] = call.args;
  const before = yield* call.get<ServiceWire>(`/services/${name}`);
  const problem = problemOf(before);
  if (problem !== undefined) return yield* call.fail(problem);
  const { ID, Version, Spec } = before.body;
  const asked = { version: String(Version.Index), rollback: 'previous' };
  const answer = yield* call.post(`/services/${ID}/update`, asked, Spec);
  const failure = problemOf(answer);
  if (failure !== undefined) return yield* call.fail(failure);
  yield* say(call, name);
  if (call.flags.has('detach')) return 0;
  const wrong = yield* waitOnService(call, name);
  return wrong === undefined ? 0 : yield* call.fail(wrong);
}

const SCALE_USAGE =
  "See 'docker service scale --help'.\n\n" +
  'Usage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]\n\n' +
  'Scale one or multiple replicated services';

function* scale(call: Invocation): Step<number> {
  const bad = call.args.find((text) => !/^[^=]+=[\s\S]+$/.test(text));
  if (bad !== undefined) {
    return yield* call.fail(`invalid scale specifier '${bad}'.\n${SCALE_USAGE}`);
  }
  const problems: string[] = [];
  const scaled: string[] = [];
  for (const text of call.args) {
    const at = text.indexOf('=');
    const [name, count] = [text.slice(0, at), text.slice(at + 1)];
    const problem = yield* scaleOne(call, name, count);
    if (problem !== undefined) {
      problems.push(`${name}: ${problem}`);
      continue;
    }
    yield* say(call, `${name} scaled to ${Number(count)}`);
    scaled.push(name);
  }
  for (const name of call.flags.has('detach') ? [] : scaled) {
    const wrong = yield* waitOnService(call, name, false);
    if (wrong !== undefined) problems.push(`${name}: ${wrong}`);
  }
  return yield* call.joined(problems);
}

function* scaleOne(call: Invocation, name: string, count: string): Step<string | undefined> {
  const replicas = parseUnsigned(count);
  if (isRefused(replicas)) return `invalid replicas value ${count}: ${replicas.refused}`;
  const before = yield* call.get<ServiceWire>(`/services/${name}`);
  const problem = problemOf(before);
  if (problem !== undefined) return problem;
  const { ID, Version, Spec } = before.body;
  const { Replicated, ReplicatedJob } = Spec.Mode;
  if (!Replicated && !ReplicatedJob) {
    return 'scale can only be used with replicated or replicated-job mode';
  }
  const Mode: ServiceMode = Replicated
    ? { Replicated: { Replicas: replicas } }
    : { ReplicatedJob: { ...ReplicatedJob, TotalCompletions: replicas } };
  const spec: ServiceSpec = { ...Spec, Mode };
  const version = { version: String(Version.Index) };
  return problemOf(yield* call.post(`/services/${ID}/update`, version, spec));
}

export const serviceCommands: CommandHandlers = {
  'service create': createService,
  'service inspect': inspect,
  'service logs': logs,
  'service ls': list,
  'service ps': tasks,
  'service rm': remove,
  'service rollback': rollback,
  'service scale': scale,
  'service update': updateService,
};
