import type { Command } from '../../machine/command.ts';
import {
  RECORD_TYPES,
  reverseName,
  type DnsAnswer,
  type DnsRecord,
  type QueryMarks,
  type RecordType,
} from '../../net/dns-message.ts';
import { civilTime } from '../../sim/clock.ts';
import { ask, now, sleep } from '../../sim/process.ts';
import { fail, say, type Step } from './console.ts';
import { isIpv4, query, readResolver } from './resolver.ts';

/**
 * dig of BIND 9.20 (`bin/dig/dig.c`; columns as in `lib/dns/masterdump.c`): asks one server one
 * question, and shows the whole answer.
 *
 * Simplified: of the options only +short, +search, +noall, +answer, +time, +tries and -x, -t; one
 * question a line; a question takes no time.
 */
const VERSION = '9.20.16';
const TRIES = 3;
const TIMEOUT_S = 5;
const UDP_SIZE = 1232;
const TTL_COLUMN = 24;
const CLASS_COLUMN = 32;
const TYPE_COLUMN = 40;
const DATA_COLUMN = 48;
const TAB = 8;

interface Asked {
  readonly name: string;
  readonly type: RecordType;
  readonly server?: string;
  readonly flags: ReadonlySet<string>;
  readonly tries: number;
  readonly timeoutMs: number;
}

/** What is asked for, or what is wrong with the words. */
function asked(words: readonly string[]): Asked | string {
  let name: string | undefined;
  let type: RecordType | undefined;
  let server: string | undefined;
  let isReverse = false;
  const flags = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const named = RECORD_TYPES.find((one) => one === word.toUpperCase());
    if (word.startsWith('@')) server = word.slice(1);
    else if (word.startsWith('+')) flags.add(word.slice(1));
    else if (word === '-t' || word === '-q') {
      at += 1;
      if (word === '-q') name = words[at];
      else type = RECORD_TYPES.find((one) => one === (words[at] ?? '').toUpperCase());
    } else if (word === '-x') {
      at += 1;
      if (!isIpv4(words[at] ?? '')) return `dig: Invalid IP address ${words[at] ?? ''}`;
      name = reverseName(words[at] ?? '');
      isReverse = true;
    } else if (word.startsWith('-')) return `Invalid option: ${word}`;
    else if (named && type === undefined) type = named;
    else name ??= word;
  }
  const number = (flag: string, usual: number): number => {
    const found = [...flags].find((one) => one.startsWith(`${flag}=`));
    return found === undefined ? usual : Math.max(1, Number(found.split('=')[1]) || usual);
  };
  return {
    ...{ name: name ?? '.', type: type ?? (isReverse ? 'PTR' : name === undefined ? 'NS' : 'A') },
    ...(server !== undefined && { server }),
    flags,
    tries: number('tries', TRIES),
    timeoutMs: number('time', TIMEOUT_S) * 1000,
  };
}

export const dig: Command = function* (line, self) {
  const words = line.argv.slice(1);
  const wanted = asked(words);
  if (typeof wanted === 'string') return yield* fail(self, wanted);
  const { machine: place } = line;
  const { servers, search, ndots } = yield* readResolver(place);
  const server = wanted.server ?? servers[0] ?? '127.0.0.1';
  const { name, type, flags } = wanted;
  const isLong = name.endsWith('.') || name.split('.').length > ndots;
  const isSearched = flags.has('search') && type !== 'PTR';
  const searched = search.map((domain) => `${name}.${domain}`);
  const names = !isSearched ? [name] : isLong ? [name, ...searched] : [...searched, name];
  const given = wanted.server === undefined ? {} : { server };
  let found: { readonly full: string; readonly answer: DnsAnswer } | undefined;
  for (const full of names) {
    const answer = yield* query({ name: full, type, place, ...given });
    if (answer === 'silent') {
      yield* waitInVain(wanted);
      yield* say(self, silentText(words, server, wanted.tries));
      return 9;
    }
    found = { full, answer };
    if (answer.code !== 'NXDOMAIN') break;
  }
  if (!found) return 1;
  const { full, answer } = found;
  if (flags.has('short')) {
    yield* say(self, answer.answers.map((record) => `${dataOf(record)}\n`).join(''));
    return 0;
  }
  if (flags.has('noall')) {
    const shown = flags.has('answer') ? answer.answers : [];
    yield* say(self, shown.map(recordLine).join(''));
    return 0;
  }
  const marks = yield* ask<QueryMarks>('net/query-marks', { place });
  const when = dateText(yield* now());
  yield* say(self, banner(words) + answerText({ full, type, answer, marks, server, when }));
  return 0;
};

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Mon Jan 05 00:00:07 UTC 2026`. */
function dateText(timeMs: number): string {
  const { year, month, day, hour, minute, second, weekday } = civilTime(timeMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [hour, minute, second].map(two).join(':');
  return `${WEEKDAYS[weekday] ?? ''} ${MONTHS[month - 1] ?? ''} ${two(day)} ${time} UTC ${year}`;
}

function* waitInVain({ tries, timeoutMs }: Asked): Step<void> {
  for (let i = 0; i < tries; i++) yield* sleep(timeoutMs);
}

const banner = (words: readonly string[]): string =>
  `\n; <<>> DiG ${VERSION} <<>> ${words.join(' ')}\n;; global options: +cmd\n`;

function silentText(words: readonly string[], server: string, tries: number): string {
  const lost = `;; communications error to ${server}#53: timed out\n`;
  return `${lost.repeat(tries)}${banner(words)};; no servers could be reached\n`;
}

const absolute = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

const NAMED: readonly RecordType[] = ['CNAME', 'NS', 'PTR', 'SRV'];

/** The data as a zone file has it: names end with a dot. */
function dataOf({ type, data }: DnsRecord): string {
  if (type === 'TXT') return data.map((text) => `"${text}"`).join(' ');
  if (type === 'SOA') return [...data.slice(0, 2).map(absolute), ...data.slice(2)].join(' ');
  if (!NAMED.includes(type)) return data.join(' ');
  return [...data.slice(0, -1), absolute(data.at(-1) ?? '')].join(' ');
}

/** Fills up to a column with tabs; at least one blank. */
function upTo(text: string, width: number, column: number): string {
  const to = Math.max(column, width + 1);
  const tabs = Math.floor(to / TAB) - Math.floor(width / TAB);
  const reached = tabs > 0 ? Math.floor(to / TAB) * TAB : width;
  return `${text}${'\t'.repeat(tabs)}${' '.repeat(to - reached)}`;
}

/** Words at their columns, the first at the start of the line. */
function columns(words: readonly (readonly [column: number, text: string])[]): string {
  let line = '';
  let width = 0;
  for (const [column, text] of words) {
    if (column > 0) {
      line = upTo(line, width, column);
      width = Math.max(column, width + 1);
    }
    line += text;
    width += text.length;
  }
  return line;
}

const recordLine = (record: DnsRecord): string =>
  `${columns([
    [0, absolute(record.name)],
    [TTL_COLUMN, String(record.ttl)],
    [CLASS_COLUMN, 'IN'],
    [TYPE_COLUMN, record.type],
    [DATA_COLUMN, dataOf(record)],
  ])}\n`;

const section = (title: string, records: readonly DnsRecord[]): string =>
  records.length === 0 ? '' : `\n;; ${title} SECTION:\n${records.map(recordLine).join('')}`;

interface Shown {
  readonly full: string;
  readonly type: RecordType;
  readonly answer: DnsAnswer;
  readonly marks: QueryMarks;
  readonly server: string;
  readonly when: string;
}

function answerText({ full, type, answer, marks, server, when }: Shown): string {
  const { code, authoritative, answers, authority, additional } = answer;
  const flags = authoritative ? 'qr aa rd' : 'qr rd ra';
  const counts = `ANSWER: ${answers.length}, AUTHORITY: ${authority.length}`;
  const question = columns([
    [0, absolute(full)],
    [CLASS_COLUMN, 'IN'],
    [TYPE_COLUMN, type],
  ]);
  return (
    `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${code}, id: ${marks.id}\n` +
    `;; flags: ${flags}; QUERY: 1, ${counts}, ADDITIONAL: ${additional.length + 1}\n` +
    (authoritative ? ';; WARNING: recursion requested but not available\n' : '') +
    `\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${UDP_SIZE}\n` +
    `; COOKIE: ${marks.cookie} (echoed)\n;; QUESTION SECTION:\n;${question}\n` +
    section('ANSWER', answers) +
    section('AUTHORITY', authority) +
    section('ADDITIONAL', additional) +
    `\n;; Query time: 0 msec\n;; SERVER: ${server}#53(${server}) (UDP)\n` +
    `;; WHEN: ${when}\n;; MSG SIZE  rcvd: ${sizeOf(full, answer)}\n\n`
  );
}

const HEADER_BYTES = 12;
/** The record of EDNS with its cookie. */
const OPT_BYTES = 23;
const RECORD_BYTES = 10;
const nameBytes = (name: string): number => absolute(name).length + 1;

/** Bytes of a message in which no name is shortened (RFC 1035, section 4.1). */
function sizeOf(question: string, { answers, authority, additional }: DnsAnswer): number {
  const records = [...answers, ...authority, ...additional];
  const all = records.reduce((sum, one) => sum + nameBytes(one.name) + bytesOf(one), 0);
  return HEADER_BYTES + nameBytes(question) + 4 + OPT_BYTES + all;
}

function bytesOf({ type, data }: DnsRecord): number {
  const [first = '', second = ''] = data;
  if (type === 'A') return RECORD_BYTES + 4;
  if (type === 'SRV') return RECORD_BYTES + 6 + nameBytes(data.at(-1) ?? '');
  if (type === 'SOA') return RECORD_BYTES + 20 + nameBytes(first) + nameBytes(second);
  if (type === 'TXT') return RECORD_BYTES + 1 + first.length;
  return RECORD_BYTES + nameBytes(first);
}
