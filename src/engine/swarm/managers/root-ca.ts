import { encodeBase64 } from '../../oci/base64.ts';
import { digestOfText } from '../../oci/digest.ts';
import type { Random } from '../../sim/random.ts';
import type { RootCa } from '../objects.ts';

/**
 * The certificate by which nodes know their swarm (moby/swarmkit v2.1 `ca/certificates.go`): a
 * self-signed one called `swarm-ca`, in DER and PEM as X.509 has them.
 *
 * Simplified: its key and its signature are random numbers of the right form; nothing verifies them.
 */
type Bytes = readonly number[];

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;

/** Tag, length and content. */
function tagged(tag: number, ...parts: readonly Bytes[]): Bytes {
  const content = parts.flat();
  const { length } = content;
  if (length < 0x80) return [tag, length, ...content];
  return length < 0x100
    ? [tag, 0x81, length, ...content]
    : [tag, 0x82, length >> 8, length & 255, ...content];
}

const text = (words: string): Bytes => [...words].map((char) => char.charCodeAt(0));

// Object identifiers: ecPublicKey, prime256v1, ecdsa-with-SHA256, commonName.
const EC_PUBLIC_KEY: Bytes = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PRIME_256: Bytes = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const ECDSA_SHA_256 = tagged(SEQUENCE, [
  ...[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
]);
const COMMON_NAME: Bytes = [0x06, 0x03, 0x55, 0x04, 0x03];
const NAME = tagged(
  SEQUENCE,
  tagged(SET, tagged(SEQUENCE, COMMON_NAME, tagged(0x13, text('swarm-ca')))),
);
// Critical: may sign certificates, is a certificate authority.
const KEY_USAGE: Bytes = [
  ...[0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff],
  ...[0x04, 0x04, 0x03, 0x02, 0x01, 0x06],
];
const BASIC_CONSTRAINTS: Bytes = [
  ...[0x30, 0x0f, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff],
  ...[0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xff],
];
const SUBJECT_KEY: Bytes = [0x06, 0x03, 0x55, 0x1d, 0x0e];
/** From the hour before the epoch of every world, for 20 years. */
const VALID = tagged(
  SEQUENCE,
  tagged(UTC_TIME, text('260104230000Z')),
  tagged(UTC_TIME, text('451230230000Z')),
);
const LINE = 64;

const base64 = (bytes: Bytes): string => encodeBase64(Uint8Array.from(bytes));

/** A positive integer of so many bytes. */
const positive = (random: Random, length: number): Bytes => [
  random.integer(1, 0x7f),
  ...someBytes(random, length - 1),
];

const someBytes = (random: Random, length: number): Bytes =>
  Array.from({ length }, () => random.integer(0, 255));

/** What a manager that founds a swarm, or rotates its authority, makes. */
export function newRootCa(random: Random): RootCa {
  const point = [0x00, 0x04, ...someBytes(random, 64)];
  const publicKey = tagged(
    SEQUENCE,
    tagged(SEQUENCE, EC_PUBLIC_KEY, PRIME_256),
    tagged(BIT_STRING, point),
  );
  const keyId = tagged(OCTET_STRING, tagged(OCTET_STRING, someBytes(random, 20)));
  const extensions = tagged(
    0xa3,
    tagged(SEQUENCE, ...[KEY_USAGE, BASIC_CONSTRAINTS, tagged(SEQUENCE, SUBJECT_KEY, keyId)]),
  );
  const serial = tagged(INTEGER, positive(random, 20));
  const body = tagged(
    SEQUENCE,
    ...[[0xa0, 0x03, 0x02, 0x01, 0x02], serial, ECDSA_SHA_256, NAME, VALID, NAME, publicKey],
    extensions,
  );
  const signature = tagged(
    SEQUENCE,
    tagged(INTEGER, positive(random, 32)),
    tagged(INTEGER, positive(random, 32)),
  );
  const whole = tagged(SEQUENCE, body, ECDSA_SHA_256, tagged(BIT_STRING, [0x00], signature));
  const lines = base64(whole).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  const certificate = [
    '-----BEGIN CERTIFICATE-----',
    ...lines,
    '-----END CERTIFICATE-----',
    '',
  ].join('\n');
  return { certificate, subject: base64(NAME), publicKey: base64(publicKey) };
}

/** The hash of a certificate, 64 hexadecimal digits. */
export const digestOfCa = ({ certificate }: RootCa): string =>
  digestOfText(certificate).slice('sha256:'.length);
