import type { ContainerInspect, ContainerSummary } from '../../docker/api.ts';
import { containerRow, labelList, labelOf } from '../../docker/cli/formatter/container.ts';
import { tabulate } from '../../docker/cli/formatter/tabwriter.ts';
import { writeRows, type Headings } from '../../docker/cli/formatter/write.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import { Subject, type Value } from '../../go/template/value.ts';
import { isRefused } from '../../go/refused.ts';
import type { Compose } from '../compose.ts';
import { byName, containersOf, nameOf, serviceOf } from '../containers.ts';
import { refuse } from '../failure.ts';
import { COMPOSE_VERSION, LABEL, labelFilter } from '../labels.ts';
import type { ComposeCommand } from './command.ts';

/** `docker compose ps`, `ls` and `version` (docker/compose v5.5 `cmd/compose/{ps,list,version}.go`). */
const TABLE =
  'table {{.Name}}\t{{.Image}}\t{{.Command}}\t{{.Service}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}';

const HEADINGS: Headings = {
  ID: 'CONTAINER ID',
  Name: 'NAME',
  Project: 'PROJECT',
  Service: 'SERVICE',
  Image: 'IMAGE',
  Command: 'COMMAND',
  CreatedAt: 'CREATED AT',
  RunningFor: 'CREATED',
  Ports: 'PORTS',
  State: 'STATE',
  Status: 'STATUS',
  Size: 'SIZE',
  Labels: 'LABELS',
  Engine: 'ENGINE',
};

export const ps: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const statuses = [...flags.all('status'), ...filterStatus(flags.text('filter'))];
  const { project, name } = yield* compose.projectOrName(args);
  let services = args;
  if (project) {
    const names = Object.keys(project.services);
    const unknown = args.find((one) => !names.includes(one));
    if (unknown !== undefined) refuse(`no such service: ${unknown}`);
    if (args.length === 0 && flags.changed('orphans') && !flags.has('orphans')) services = names;
  }
  const all = flags.has('all') || statuses.length > 0;
  const oneOff = flags.has('all') || statuses.length > 0 ? 'include' : 'exclude';
  const found = (yield* containersOf(compose, name, { oneOff, all, services }))
    .filter(({ State }) => statuses.length === 0 || statuses.includes(State))
    .sort(byName);
  if (flags.has('quiet')) {
    yield* call.out(found.map(({ Id }) => `${Id}\n`).join(''));
    return 0;
  }
  if (flags.has('services')) {
    yield* call.out(`${[...new Set(found.map(serviceOf))].join('\n')}\n`);
    return 0;
  }
  const rows: Subject[] = [];
  for (const one of found) rows.push(yield* rowOf(compose, one, !flags.has('no-trunc')));
  const source = flags.text('format');
  const format = source === '' || source === 'table' ? TABLE : source;
  const text = writeRows(format, rows, HEADINGS);
  if (isRefused(text)) refuse(text.refused);
  yield* call.out(text);
  return 0;
};

function filterStatus(text: string): string[] {
  if (text === '') return [];
  const [key = '', value] = text.split('=');
  if (value === undefined) refuse('arguments to --filter should be in form KEY=VAL');
  if (key === 'source') refuse('not implemented');
  return key === 'status' ? [value] : refuse(`unknown filter ${key}`);
}

function* rowOf(compose: Compose, summary: ContainerSummary, truncate: boolean): Step<Subject> {
  const { State } = yield* compose.get<ContainerInspect>(`/containers/${summary.Id}/json`);
  const nowMs = yield* compose.call.now();
  const usual = containerRow(summary, { truncate, nowMs });
  const of = (member: string) => () => (usual.member(member) as () => Value)();
  const isOver = State.Status === 'exited' || State.Status === 'dead';
  const publishers = [...summary.Ports]
    .sort((a, b) => a.PrivatePort - b.PrivatePort)
    .map(({ IP = '', PrivatePort, PublicPort = 0, Type }) => ({
      ...{ URL: IP, TargetPort: PrivatePort, PublishedPort: PublicPort, Protocol: Type },
    }));
  return new Subject('*formatter.ContainerContext', {
    Command: of('Command'),
    CreatedAt: of('CreatedAt'),
    Engine: () => summary.Labels['com.docker.compose.engine'] ?? '',
    ExitCode: () => (isOver ? State.ExitCode : 0),
    Health: () => (State.Status === 'running' ? (State.Health?.Status ?? '') : ''),
    ID: of('ID'),
    Image: () => summary.Image,
    Label: (name: Value) => labelOf(summary.Labels, name),
    Labels: () => labelList(summary.Labels),
    LocalVolumes: of('LocalVolumes'),
    Mounts: of('Mounts'),
    Name: () => nameOf(summary),
    Names: of('Names'),
    Networks: of('Networks'),
    Ports: of('Ports'),
    Project: () => summary.Labels[LABEL.project] ?? '',
    Publishers: () => publishers,
    RunningFor: of('RunningFor'),
    Service: () => serviceOf(summary),
    Size: of('Size'),
    State: of('State'),
    Status: of('Status'),
  });
}

interface ListedProject {
  readonly Name: string;
  readonly Status: string;
  readonly ConfigFiles: string;
}

export const ls: ComposeCommand = function* (compose) {
  const { flags, call } = compose;
  const query = {
    ...labelFilter(LABEL.project, LABEL.configHash),
    ...(flags.has('all') && { all: '1' }),
  };
  const found = yield* compose.get<ContainerSummary[]>('/containers/json', query);
  const names = [...new Set(found.map(({ Labels }) => Labels[LABEL.project] ?? ''))].sort();
  const patterns = flags.all('filter').map((text) => {
    const [key = '', value = ''] = text.split('=');
    return key === 'name' ? value : refuse(`invalid filter '${key}'`);
  });
  const rows = names
    .filter((name) => patterns.length === 0 || patterns.some((one) => name.includes(one)))
    .map((name) =>
      listed(
        name,
        found.filter(({ Labels }) => Labels[LABEL.project] === name),
      ),
    );
  if (flags.has('quiet')) {
    yield* call.out(rows.map(({ Name }) => `${Name}\n`).join(''));
    return 0;
  }
  const format = flags.text('format', 'table');
  if (format === 'json') yield* call.out(`${JSON.stringify(rows)}\n`);
  else if (format !== 'table' && format !== '')
    refuse(`format value "${format}" could not be parsed: parsing failed`);
  else {
    const lines = rows.map(
      ({ Name, Status, ConfigFiles }) => `${Name}\t${Status}\t${ConfigFiles}\n`,
    );
    yield* call.out(tabulate(`NAME\tSTATUS\tCONFIG FILES\n${lines.join('')}`, 20, 1 + 2));
  }
  return 0;
};

function listed(Name: string, containers: readonly ContainerSummary[]): ListedProject {
  const counts = new Map<string, number>();
  for (const { State } of containers) counts.set(State, (counts.get(State) ?? 0) + 1);
  const Status = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([state, count]) => `${state}(${count})`)
    .join(', ');
  const files = containers.flatMap(({ Labels }) => (Labels[LABEL.configFiles] ?? '').split(','));
  return { Name, Status, ConfigFiles: [...new Set(files)].join(',') };
}

export const version: ComposeCommand = function* ({ flags, call }) {
  if (flags.has('short')) yield* call.out(`${COMPOSE_VERSION}\n`);
  else if (flags.text('format') === 'json') {
    yield* call.out(`{"version":"v${COMPOSE_VERSION}"}\n`);
  } else yield* call.out(`Docker Compose version v${COMPOSE_VERSION}\n`);
  return 0;
};
