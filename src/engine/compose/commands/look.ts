import type { EventMessage, TopAnswer, Volume, VolumeList } from '../../docker/api.ts';
import { volumeFormat, volumeRow, VOLUME_HEADINGS } from '../../docker/cli/formatter/volume.ts';
import { tabulate } from '../../docker/cli/formatter/tabwriter.ts';
import { writeRows } from '../../docker/cli/formatter/write.ts';
import { timeQuery } from '../../docker/cli/commands/container-look.ts';
import { goQuote } from '../../go/quote.ts';
import { isRefused } from '../../go/refused.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import { EPOCH_UNIX_MS, rfc3339 } from '../../sim/clock.ts';
import type { Compose } from '../compose.ts';
import { byName, chosenContainer, containersOf, isOf, nameOf, serviceOf } from '../containers.ts';
import { refuse } from '../failure.ts';
import { LABEL, labelFilter, ofProject } from '../labels.ts';
import { numberFlag, type ComposeCommand } from './command.ts';

/** `docker compose top`, `port`, `events` and `volumes` (docker/compose v5.5 `cmd/compose`). */
export const top: ComposeCommand = function* (compose) {
  const { args, call } = compose;
  const name = yield* compose.projectName();
  const found = yield* containersOf(compose, name, {
    oneOff: 'include',
    all: false,
    services: args,
  });
  const titles = ['SERVICE', '#'];
  const rows: Record<string, string>[] = [];
  for (const one of found.sort(byName)) {
    const { Titles, Processes } = yield* compose.get<TopAnswer>(`/containers/${one.Id}/top`);
    const head = { SERVICE: serviceOf(one), '#': one.Labels[LABEL.number] ?? '' };
    for (const title of Titles) if (!titles.includes(title)) titles.push(title);
    for (const cells of Processes ?? []) {
      rows.push({
        ...head,
        ...Object.fromEntries(Titles.map((title, at) => [title, cells[at] ?? ''])),
      });
    }
  }
  if (rows.length === 0) return 0;
  // What runs stands last.
  const columns = [...titles.filter((title) => title !== 'CMD'), 'CMD'];
  const lines = [columns, ...rows.map((row) => columns.map((title) => row[title] ?? '-'))];
  yield* call.out(tabulate(lines.map((line) => `${line.join('\t')}\n`).join(''), 4, 2));
  return 0;
};

export const port: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const [service = '', text = ''] = args;
  if (!/^\d+$/.test(text)) {
    refuse(`strconv.ParseUint: parsing ${goQuote(text)}: invalid syntax`);
  }
  if (Number(text) > 65_535) {
    refuse(`strconv.ParseUint: parsing ${goQuote(text)}: value out of range`);
  }
  const name = yield* compose.projectName();
  const index = numberFlag(compose, 'index') ?? 0;
  const one = yield* chosenContainer(compose, name, service, { index });
  const protocol = flags.text('protocol', 'tcp').toLowerCase();
  const found = one.Ports.find(
    ({ PrivatePort, Type }) => PrivatePort === Number(text) && Type === protocol,
  );
  if (!found) {
    const all = one.Ports.map(({ PrivatePort, Type }) => `${PrivatePort}/${Type}`).join(', ');
    return refuse(`no port ${text}/${protocol} for container ${nameOf(one)}: ${all}`);
  }
  yield* call.out(`${found.IP ?? 'invalid IP'}:${found.PublicPort ?? 0}\n`);
  return 0;
};

export const events: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const { name } = yield* compose.projectOrName(args);
  const nowMs = yield* call.now();
  const times: Record<string, string> = {};
  for (const flag of ['since', 'until']) {
    const time = timeQuery(flags.text(flag), nowMs);
    if (time === undefined) refuse(`invalid value for "${flag}"`);
    if (time !== '') times[flag] = time;
  }
  const query = { ...labelFilter(ofProject(name)), ...times };
  yield* call.follow({ method: 'GET', path: '/events', query }, (event: EventMessage) =>
    tell(compose, event, args),
  );
  return 0;
};

function* tell(
  { call, flags }: Compose,
  { Type, Action, Actor, timeNano }: EventMessage,
  services: readonly string[],
): Step<void> {
  const { [LABEL.service]: service = '', [LABEL.oneOff]: oneOff } = Actor.Attributes;
  if (Type !== 'container' || oneOff === 'True') return;
  if (services.length > 0 && !services.includes(service)) return;
  const attributes = Object.fromEntries(
    Object.entries(Actor.Attributes)
      .filter(([key]) => !key.startsWith('com.docker.compose.'))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const timeMs = Math.round(timeNano / 1e6) - EPOCH_UNIX_MS;
  const milliseconds = String(timeMs % 1000).padStart(3, '0');
  const [date = '', clock = ''] = rfc3339(timeMs)
    .replace(/(\.\d+)?Z$/, '')
    .split('T');
  if (flags.has('json')) {
    const time = `${date}T${clock}.${milliseconds}Z`;
    const line = { action: Action, attributes, id: Actor.ID, service, time, type: 'container' };
    return yield* call.out(`${JSON.stringify(line)}\n`);
  }
  const words = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  const head = `${date} ${clock}.${milliseconds}000 container ${Action} ${Actor.ID}`;
  yield* call.out(`${head} (${words.join(', ')})\n\n`);
}

export const volumes: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const { project, name } = yield* compose.projectOrName(args);
  const unknown = args.find((one) => project && !(one in project.services));
  if (unknown !== undefined) refuse(`no such service: ${unknown}`);
  const { Volumes } = yield* compose.get<VolumeList>('/volumes', labelFilter(ofProject(name)));
  let found: readonly Volume[] = Volumes ?? [];
  if (args.length > 0) {
    const containers = (yield* containersOf(compose, name)).filter(isOf(args));
    const names = containers.flatMap(({ Mounts }) => Mounts.map((mount) => mount.Name));
    found = found.filter((one) => names.includes(one.Name));
  }
  if (flags.has('quiet')) {
    yield* call.out(found.map((one) => `${one.Name}\n`).join(''));
    return 0;
  }
  const format = volumeFormat(flags.text('format'), false);
  const text = writeRows(format, found.map(volumeRow), VOLUME_HEADINGS);
  if (isRefused(text)) refuse(text.refused);
  yield* call.out(text);
  return 0;
};
