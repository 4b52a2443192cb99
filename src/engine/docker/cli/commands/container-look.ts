import { EPOCH_UNIX_MS, parseRfc3339 } from '../../../sim/clock.ts';
import type { ContainerInspect, LogChunk } from '../../api.ts';
import { parsePort, splitPort } from '../../publish.ts';
import { tabulate } from '../formatter/tabwriter.ts';
import type { Headings } from '../formatter/write.ts';
import { parseDuration } from '../../../go/duration.ts';
import { goQuote } from '../../../go/quote.ts';
import { daemonError, failed, query, type Invocation, type Step } from '../invocation.ts';
import { isRefused } from '../../../go/refused.ts';
import { copyChunk } from './attended.ts';

/** Commands that only look at one container (docker/cli v29.7 `cli/command/container`). */
export function* logs(call: Invocation): Step<number> {
  const { flags, args } = call;
  const seen = yield* call.get<ContainerInspect>(`/containers/${args[0] ?? ''}/json`);
  if (failed(seen)) return yield* call.fail(daemonError(seen));
  const nowMs = yield* call.now();
  const since = timeQuery(flags.text('since'), nowMs);
  if (since === undefined) return yield* call.fail(invalidTime('since', flags.text('since')));
  const until = timeQuery(flags.text('until'), nowMs);
  if (until === undefined) return yield* call.fail(invalidTime('until', flags.text('until')));
  const request = {
    method: 'GET',
    path: `/containers/${seen.body.Id}/logs`,
    query: {
      ...query({
        stdout: true,
        stderr: true,
        follow: flags.has('follow'),
        timestamps: flags.has('timestamps'),
        details: flags.has('details'),
        tail: flags.text('tail', 'all'),
      }),
      ...(since === '' ? {} : { since }),
      ...(until === '' ? {} : { until }),
    },
  } as const;
  const tty = seen.body.Config.Tty;
  const answer = yield* call.follow(request, (chunk: LogChunk) => copyChunk(call, chunk, tty));
  return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
}

const invalidTime = (name: string, text: string): string =>
  `invalid value for ${goQuote(name)}: failed to parse value as time or duration: ${goQuote(text)}`;

/**
 * Seconds since 1970 of a time or of so long ago (moby/moby v29.7 `client/internal/timestamp`);
 * '' for none, undefined when it is neither.
 */
export function timeQuery(text: string, nowMs: number): string | undefined {
  if (text === '') return '';
  const ago = parseDuration(text);
  if (!isRefused(ago)) return seconds(nowMs + EPOCH_UNIX_MS - Math.round(ago / 1e6));
  if (/^\d+(\.\d{1,9})?$/.test(text)) return text;
  const date =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?)?(Z|[-+]\d\d:\d\d)?$/;
  const match = date.exec(text);
  if (!match) return undefined;
  const [, day = '', hour = '00', minute = '00', second = '00', part = '', zone = 'Z'] = match;
  const timeMs = parseRfc3339(`${day}T${hour}:${minute}:${second}${part}Z`);
  return timeMs === undefined ? undefined : seconds(timeMs + EPOCH_UNIX_MS - offsetMs(zone));
}

const seconds = (unixMs: number): string =>
  `${Math.floor(unixMs / 1000)}.${String(unixMs % 1000).padStart(3, '0')}000000`;

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

export function* top(call: Invocation): Step<number> {
  const [name = '', ...options] = call.args;
  const asked = query({ ps_args: options.length > 0 ? options.join(' ') : undefined });
  const answer = yield* call.get<TopAnswer>(`/containers/${name}/top`, asked);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const rows = [answer.body.Titles, ...(answer.body.Processes ?? [])];
  yield* call.out(tabulate(rows.map((row) => `${row.join('\t')}\n`).join(''), 20));
  return 0;
}

interface TopAnswer {
  readonly Titles: readonly string[];
  readonly Processes: readonly (readonly string[])[] | null;
}

export function* port(call: Invocation): Step<number> {
  const [name = '', wanted = ''] = call.args;
  const seen = yield* call.get<ContainerInspect>(`/containers/${name}/json`);
  if (failed(seen)) return yield* call.fail(daemonError(seen));
  const ports = seen.body.NetworkSettings.Ports ?? {};
  const address = ({ HostIp = '', HostPort = '' }): string =>
    HostIp.includes(':') ? `[${HostIp}]:${HostPort}` : `${HostIp}:${HostPort}`;
  let lines: string[];
  if (wanted === '') {
    lines = Object.entries(ports).flatMap(([from, places]) =>
      (places ?? []).map((place) => `${from} -> ${address(place)}`),
    );
  } else {
    const { port: number, protocol } = splitPort(wanted);
    const parsed = parsePort(number);
    if (isRefused(parsed)) return yield* call.fail(parsed.refused);
    const places = ports[`${parsed}/${protocol.toLowerCase()}`] ?? [];
    if (places.length === 0) {
      return yield* call.fail(`no public port '${wanted}' published for ${name}`);
    }
    lines = places.map(address);
  }
  lines.sort(naturalOrder);
  yield* call.out(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

/** Numbers in texts by their size (fvbommel/sortorder). */
export function naturalOrder(a: string, b: string): number {
  const x: readonly string[] = a.match(/\d+|\D+/g) ?? [];
  const y: readonly string[] = b.match(/\d+|\D+/g) ?? [];
  for (const [at, part] of x.entries()) {
    const other = y[at];
    if (other === undefined) return 1;
    if (part === other) continue;
    const numbers = /^\d/.test(part) && /^\d/.test(other);
    if (numbers && Number(part) !== Number(other)) return Number(part) - Number(other);
    return part < other ? -1 : 1;
  }
  return x.length - y.length;
}

const KINDS = ['C', 'A', 'D'];

export const DIFF_TABLE = 'table {{.Type}}\t{{.Path}}';
export const DIFF_HEADINGS: Headings = { Type: 'CHANGE TYPE', Path: 'PATH' };

export function* diff(call: Invocation): Step<number> {
  const path = `/containers/${call.args[0] ?? ''}/changes`;
  const answer = yield* call.get<{ Path: string; Kind: number }[] | null>(path);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const lines = (answer.body ?? []).map(({ Kind, Path }) => `${KINDS[Kind] ?? ''} ${Path}\n`);
  yield* call.out(lines.join(''));
  return 0;
}
