import { parseRfc3339 } from '../../../sim/clock.ts';
import type { Event } from '../../api/cluster-objects.ts';
import { apiVersionOf, resourceByWord } from '../../api/resources.ts';
import type { FieldRequirement } from '../../api/requests.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import {
  changes,
  complain,
  connect,
  dieWith,
  fail,
  fatal,
  list,
  now,
  print,
  type Session,
  type Step,
} from '../session.ts';
import { layOut, NO_LAYOUT } from '../text-table.ts';

/** `kubectl events` (staging/src/k8s.io/kubectl/pkg/cmd/events, v1.36). */
export function* events(session: Session): Step<number> {
  const { flags } = session;
  const types = flags.all('types').map((one) => one.toLowerCase());
  const output = yield* choosePrinter(session);
  const fieldSelector = yield* about(session);
  if (types.some((one) => one !== 'normal' && one !== 'warning')) {
    yield* fatal(session, 'valid --types are Normal or Warning');
  }
  const everywhere = flags.has('all-namespaces');
  const namespace = everywhere ? '' : session.namespace;
  const asked = { resource: 'events' as const, namespace, ...(fieldSelector && { fieldSelector }) };
  const answer = yield* list(session, asked);
  if (!answer.ok) return yield* fail(session, answer.failure);
  const wanted = (event: Event): boolean =>
    types.length === 0 || types.includes(event.type.toLowerCase());
  const found = (answer.value.items as readonly Event[]).filter(wanted);
  const ordered = [...found].sort((a, b) => lastSeen(a) - lastSeen(b));
  const watching = flags.has('watch');
  if (ordered.length === 0 && !watching) {
    const where = everywhere ? '.' : ` in ${namespace} namespace.`;
    yield* complain(session, `No events found${where}`);
    return 0;
  }
  if (output.kind !== 'other') {
    const items = ordered.map((event) => sortKeys(event));
    yield* new Output(session, output).value({
      kind: 'EventList',
      apiVersion: 'v1',
      metadata: {},
      items,
    });
    return 0;
  }
  const header = [
    ...(everywhere ? ['NAMESPACE'] : []),
    'LAST SEEN',
    'TYPE',
    'REASON',
    'OBJECT',
    'MESSAGE',
  ];
  const nowMs = yield* now();
  const rows = ordered.map((event) => rowOf(event, everywhere, nowMs));
  let laid = layOut(flags.has('no-headers') ? rows : [header, ...rows], NO_LAYOUT);
  yield* print(session, laid.text);
  let { resourceVersion } = answer.value;
  while (watching) {
    const more = yield* changes(session, { ...asked, resourceVersion });
    if (!more.ok) return yield* fail(session, more.failure);
    resourceVersion = more.value.resourceVersion;
    const timeMs = yield* now();
    const fresh = more.value.events
      .filter(({ type }) => type !== 'DELETED')
      .map(({ object }) => object as Event)
      .filter(wanted);
    laid = layOut(
      fresh.map((event) => rowOf(event, everywhere, timeMs)),
      laid.layout,
    );
    yield* print(session, laid.text);
  }
  return 0;
}

function* about(session: Session): Step<FieldRequirement[] | undefined> {
  const text = session.flags.text('for');
  if (text === '') return undefined;
  const [word = '', name = '', ...more] = text.split('/');
  if (!text.includes('/')) yield* fatal(session, '--for must be in resource/name form');
  if (more.length > 0) {
    yield* fatal(session, 'arguments in resource/name form may not have more than one slash');
  }
  yield* connect(session);
  const info = resourceByWord(word);
  if (!info) return yield* dieWith(session, `the server doesn't have a resource type "${word}"`);
  const is = (field: string, value: string): FieldRequirement => ({ field, operator: '=', value });
  return [
    is('involvedObject.kind', info.kind),
    is('involvedObject.apiVersion', apiVersionOf(info)),
    is('involvedObject.name', name),
  ];
}

interface Times {
  readonly eventTime?: string | null;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

const msOf = (text: string | null | undefined): number => (text ? (parseRfc3339(text) ?? 0) : 0);

function lastSeen(event: Event): number {
  const { series, lastTimestamp, eventTime } = event as Event & Times;
  return msOf(series?.lastObservedTime ?? lastTimestamp ?? eventTime);
}

function rowOf(event: Event, everywhere: boolean, nowMs: number): string[] {
  const { type, reason, message, involvedObject, metadata } = event;
  const object = `${involvedObject.kind}/${involvedObject.name ?? ''}`;
  const place = everywhere ? [metadata.namespace ?? ''] : [];
  return [...place, intervalOf(event, nowMs), type, reason, object, (message ?? '').trim()];
}

function intervalOf(event: Event, nowMs: number): string {
  const { eventTime, firstTimestamp, lastTimestamp, series } = event as Event & Times;
  const since = (text: string | null | undefined): string =>
    text ? humanDuration(nowMs - msOf(text)) : '<unknown>';
  const first = since(eventTime ?? firstTimestamp);
  if (series) return `${since(series.lastObservedTime)} (x${series.count} over ${first})`;
  const { count = 1 } = event as { count?: number };
  return count > 1 ? `${since(lastTimestamp)} (x${count} over ${first})` : first;
}
