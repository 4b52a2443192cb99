/** Questions for names and the answers, as a name server gives them (RFC 1035, RFC 2782). */
export type RecordType =
  'A' | 'AAAA' | 'ANY' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT';

export const RECORD_TYPES: readonly RecordType[] = [
  ...(['A', 'AAAA', 'ANY', 'CNAME', 'MX'] as const),
  ...(['NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const),
];

/** `REFUSED` by a server that does not answer for others, `SERVFAIL` when it knows nothing yet. */
export type ResponseCode = 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';

export interface DnsRecord {
  /** Without the dot at its end; so are names in the data. */
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  /** As a zone file has it: `10.96.0.1`, `0 50 80 web-0.web`, in parts. */
  readonly data: readonly string[];
}

export interface DnsAnswer {
  readonly code: ResponseCode;
  /** The server answers for the zone; others pass on what they heard. */
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

export interface DnsQuestion {
  /** Absolute, with or without the dot at its end. */
  readonly name: string;
  readonly type: RecordType;
  /** Where it is asked. */
  readonly place: string;
  /** The server that is asked, by its address; the first of the place when left out. */
  readonly server?: string;
}

/**
 * Who answers questions asked in a place, or of a server: `silent` when nobody does, undefined when
 * somebody else is meant.
 */
export type QueryFinder = (question: DnsQuestion) => DnsAnswer | 'silent' | undefined;

/** What a client makes up for a question: its number, and the cookie of its first packet. */
export interface QueryMarks {
  readonly id: number;
  readonly cookie: string;
}

export const NO_RECORDS: Pick<DnsAnswer, 'answers' | 'authority' | 'additional'> = {
  answers: [],
  authority: [],
  additional: [],
};

/** `10.96.0.7` of `7.0.96.10.in-addr.arpa`; undefined of any other name. */
export function addressOfReverse(name: string): string | undefined {
  const [, digits] = /^(\d+(?:\.\d+){3})\.in-addr\.arpa$/i.exec(name) ?? [];
  return digits?.split('.').reverse().join('.');
}

export const reverseName = (ip: string): string =>
  `${ip.split('.').reverse().join('.')}.in-addr.arpa`;

/** What those outside of a cluster hear of names that machines have: addresses, and nothing else. */
export function plainAnswer(
  name: string,
  type: RecordType,
  ips: readonly string[],
  ttl: number,
): DnsAnswer {
  const isAsked = type === 'A' || type === 'ANY';
  const answers = isAsked ? ips.map((ip) => ({ name, type: 'A' as const, ttl, data: [ip] })) : [];
  const code = ips.length === 0 ? 'NXDOMAIN' : 'NOERROR';
  return { ...NO_RECORDS, code, authoritative: false, answers };
}
