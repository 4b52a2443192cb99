import type { Command, CommandLine } from '../../machine/command.ts';
import {
  RECORD_TYPES,
  reverseName,
  type DnsAnswer,
  type DnsRecord,
  type RecordType,
} from '../../net/dns-message.ts';
import { sleep } from '../../sim/process.ts';
import { RESOLVE_MS } from '../resolve.ts';
import { fail, isBusybox, say, type Step } from './console.ts';
import { isIpv4, query, readResolver, type Resolver } from './resolver.ts';

/**
 * nslookup of busybox 1.37 (`networking/nslookup.c`, the big one), and of BIND 9.20
 * (`bin/dig/nslookup.c`).
 *
 * busybox asks for A and AAAA at once and tells every answer. A name without a dot is asked with each
 * domain to search in its place, one with a dot as it is: unlike other resolvers it neither counts
 * dots nor stops at the first that is found, and one answer that there is no such name is a failure.
 * BIND's searches as the C library does, and tells the first that is found.
 *
 * Simplified: answers come in the order of the questions.
 */
const DEFAULT_SERVER = '127.0.0.53';
const USAGE =
  'BusyBox v1.37.0 multi-call binary.\n\n' +
  'Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]';
const OPTIONS = ['type', 'querytype', 'port', 'retry', 'debug', 't', 'timeout'];
const TIMED_OUT = ';; connection timed out; no servers could be reached\n\n';

interface Asked {
  readonly name: string;
  readonly server?: string;
  readonly types: readonly RecordType[];
}

/** What is asked for; the text of what is wrong with the words, or `usage`. */
function asked(argv: readonly string[]): Asked | string {
  const types: RecordType[] = [];
  let at = 1;
  for (; argv[at]?.startsWith('-'); at++) {
    const [option = '', value = ''] = (argv[at] ?? '').slice(1).split('=', 2);
    const known = OPTIONS.find((one) => one.startsWith(option));
    if (known === undefined) return 'usage';
    if (known !== 'type' && known !== 'querytype') continue;
    const type = RECORD_TYPES.find((one) => one === value.toUpperCase());
    if (!type) return `nslookup: invalid query type "${value}"`;
    types.push(type);
  }
  const [name, server, ...more] = argv.slice(at);
  if (name === undefined || more.length > 0) return 'usage';
  return { name, types, ...(server !== undefined && { server }) };
}

/** One record, as both tools write it; '' for what they leave out. */
function recordText({ name, type, data }: DnsRecord): string {
  const [first = ''] = data;
  switch (type) {
    case 'A':
    case 'AAAA':
      return `Name:\t${name}\nAddress: ${first}\n`;
    case 'CNAME':
      return `${name}\tcanonical name = ${first}\n`;
    case 'NS':
      return `${name}\tnameserver = ${first}\n`;
    case 'PTR':
      return `${name}\tname = ${first}\n`;
    case 'SRV':
      return `${name}\tservice = ${data.join(' ')}\n`;
    case 'TXT':
      return `${name}\ttext = "${first}"\n`;
    case 'SOA': {
      const labels = ['origin', 'mail addr', 'serial', 'refresh', 'retry', 'expire', 'minimum'];
      return `${name}\n${labels.map((label, i) => `\t${label} = ${data[i] ?? ''}\n`).join('')}`;
    }
    case 'ANY':
    case 'MX':
      return '';
  }
}

const recordsText = ({ authoritative, answers }: DnsAnswer): string =>
  (authoritative ? '' : 'Non-authoritative answer:\n') + answers.map(recordText).join('');

export const nslookup: Command = function* (line, self) {
  const wanted = asked(line.argv);
  if (wanted === 'usage') return yield* fail(self, USAGE);
  if (typeof wanted === 'string') return yield* fail(self, wanted);
  const resolver = yield* readResolver(line.machine);
  const server = wanted.server ?? resolver.servers[0] ?? DEFAULT_SERVER;
  const lookup = { line, wanted, server, resolver };
  const busybox = yield* isBusybox(line);
  const { text, code } = yield* busybox ? busyboxAnswers(lookup) : bindAnswers(lookup);
  yield* say(self, text);
  return code;
};

interface Lookup {
  readonly line: CommandLine;
  readonly wanted: Asked;
  readonly server: string;
  readonly resolver: Resolver;
}

interface Told {
  readonly text: string;
  readonly code: number;
}

function* timedOut(): Step<Told> {
  yield* sleep(RESOLVE_MS);
  return { text: TIMED_OUT, code: 1 };
}

function* busyboxAnswers({ line, wanted, server, resolver }: Lookup): Step<Told> {
  const { name } = wanted;
  const given = wanted.server === undefined ? {} : { server: wanted.server };
  const search = wanted.server === undefined ? resolver.search : [];
  const isAddress = isIpv4(name) && wanted.types.length === 0;
  const types = isAddress ? ['PTR' as const] : wanted.types;
  const all = types.length > 0 ? types : (['A', 'AAAA'] as const);
  let text = `Server:\t\t${server}\nAddress:\t${server}:53\n\n`;
  let code = 0;
  for (const type of all) {
    const isSearched = type !== 'PTR' && search.length > 0 && !name.includes('.');
    const full = isAddress ? reverseName(name) : name;
    for (const one of isSearched ? search.map((domain) => `${name}.${domain}`) : [full]) {
      const answer = yield* query({ name: one, type, place: line.machine, ...given });
      if (answer === 'silent') return yield* timedOut();
      const failed = answer.code !== 'NOERROR';
      if (failed) code = 1;
      const told = failed ? `** server can't find ${one}: ${answer.code}\n` : recordsText(answer);
      text += `${told}\n`;
    }
  }
  return { text, code };
}

function* bindAnswers({ line, wanted, server, resolver }: Lookup): Step<Told> {
  const { name } = wanted;
  const given = wanted.server === undefined ? {} : { server: wanted.server };
  const isAddress = isIpv4(name);
  const type = isAddress ? 'PTR' : (wanted.types[0] ?? 'A');
  const searched = resolver.search.map((domain) => `${name}.${domain}`);
  const isLong = name.split('.').length > resolver.ndots;
  const names = isLong ? [name, ...searched] : [...searched, name];
  const head = `Server:\t\t${server}\nAddress:\t${server}#53\n\n`;
  let last: Told = { text: '', code: 1 };
  for (const one of isAddress ? [reverseName(name)] : name.endsWith('.') ? [name] : names) {
    const answer = yield* query({ name: one, type, place: line.machine, ...given });
    if (answer === 'silent') return yield* timedOut();
    if (answer.code === 'NXDOMAIN') {
      last = { text: `** server can't find ${one}: NXDOMAIN\n\n`, code: 1 };
      continue;
    }
    const isEmpty = answer.answers.length === 0;
    const told = isEmpty ? `*** Can't find ${name}: No answer\n` : recordsText(dotted(answer));
    return { text: `${isAddress ? '' : head}${told}\n`, code: 0 };
  }
  return { ...last, text: isAddress ? last.text : head + last.text };
}

/** BIND writes names in data with the dot at their end. */
function dotted(answer: DnsAnswer): DnsAnswer {
  const named: readonly RecordType[] = ['CNAME', 'NS', 'PTR', 'SRV'];
  const answers = answer.answers.map((record) => {
    if (!named.includes(record.type)) return record;
    const last = record.data.length - 1;
    const data = record.data.map((word, i) => (i === last ? `${word}.` : word));
    return { ...record, data };
  });
  return { ...answer, answers };
}
