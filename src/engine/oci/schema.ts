import { DIGEST_FORMS, isDigest } from './digest.ts';

/**
 * Whether a document is one of image-spec's: descriptor, manifest, index, configuration, layout.
 * The rules are those of its JSON schemas (image-spec v1.1.1 `schema/*.json`) and of the checks
 * around them (`schema/validator.go`: a document must also be readable as its Go type).
 */
export type DocumentKind = 'descriptor' | 'manifest' | 'index' | 'config' | 'layout';

/** Where a document breaks a rule, `layers/0/size`, and which. */
export interface Problem {
  readonly at: string;
  readonly message: string;
}

type Rule = (value: unknown, at: string) => Problem[];

const problem = (at: string, message: string): Problem[] => [{ at, message }];

const text =
  (pattern?: RegExp, what = 'text'): Rule =>
  (value, at) =>
    typeof value === 'string' && (pattern?.test(value) ?? true)
      ? []
      : problem(at, `is not ${what}`);

const integer =
  (minimum: number, maximum = Number.MAX_VALUE): Rule =>
  (value, at) =>
    Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum
      ? []
      : problem(at, 'is not an integer in its range');

const flag: Rule = (value, at) =>
  typeof value === 'boolean' ? [] : problem(at, 'is not a boolean');

const list =
  (item: Rule, minimum = 0): Rule =>
  (value, at) => {
    if (!Array.isArray(value)) return problem(at, 'is not a list');
    if (value.length < minimum) return problem(at, `has fewer than ${minimum} items`);
    return value.flatMap((one, i) => item(one, `${at}/${i}`));
  };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const map =
  (item: Rule): Rule =>
  (value, at) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, one]) => (key === '' ? [] : item(one, `${at}/${key}`)))
      : problem(at, 'is not an object');

/** Members that are not named may be there: extensions. */
const object =
  (members: Readonly<Record<string, Rule>>, required: readonly string[] = []): Rule =>
  (value, at) => {
    if (!isObject(value)) return problem(at, 'is not an object');
    const missing = required.filter((key) => !Object.hasOwn(value, key));
    const present = Object.entries(members).filter(([key]) => Object.hasOwn(value, key));
    return [
      ...missing.map((key) => ({ at: at === '' ? key : `${at}/${key}`, message: 'is missing' })),
      ...present.flatMap(([key, rule]) => rule(value[key], at === '' ? key : `${at}/${key}`)),
    ];
  };

const orNull =
  (rule: Rule): Rule =>
  (value, at) =>
    value === null ? [] : rule(value, at);

const NAME = '[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}';
const mediaType = text(new RegExp(`^${NAME}/${NAME}$`), 'a media type');
const digestText = text(/^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/, 'a digest');
const size = integer(0, 9_223_372_036_854_775_807);
const uri = text(/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]*$/, 'an absolute URI');
const annotations = map(text());
const strings = list(text());

const DAY = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
const TIME = '([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?';
const dateTime = text(new RegExp(`^${DAY}[Tt]${TIME}([Zz]|[+-]\\d\\d:\\d\\d)$`), 'a date and time');

/** What Go's base64 decoder takes: padded, line ends passed over. */
const base64: Rule = (value, at) => {
  if (typeof value !== 'string') return problem(at, 'is not text');
  const plain = value.replace(/[\r\n]/g, '');
  const padded = /^[A-Za-z0-9+/]*={0,2}$/.test(plain) && plain.length % 4 === 0;
  return padded ? [] : problem(at, 'is not base64');
};

const descriptorMembers = {
  mediaType,
  size,
  digest: digestText,
  urls: list(uri),
  data: base64,
  artifactType: mediaType,
  annotations,
};
const DESCRIPTOR_NEEDS = ['mediaType', 'size', 'digest'];

const descriptor = object(descriptorMembers, DESCRIPTOR_NEEDS);

const platform = object(
  {
    architecture: text(),
    os: text(),
    'os.version': text(),
    'os.features': strings,
    variant: text(),
  },
  ['architecture', 'os'],
);

const manifest = object(
  {
    schemaVersion: integer(2, 2),
    mediaType,
    artifactType: mediaType,
    config: descriptor,
    subject: descriptor,
    layers: list(descriptor, 1),
    annotations,
  },
  ['schemaVersion', 'config', 'layers'],
);

const index = object(
  {
    schemaVersion: integer(2, 2),
    mediaType,
    artifactType: mediaType,
    subject: descriptor,
    manifests: list(object({ ...descriptorMembers, platform }, DESCRIPTOR_NEEDS)),
    annotations,
  },
  ['schemaVersion', 'manifests'],
);

const runConfig = object({
  User: text(),
  ExposedPorts: map(object({})),
  Env: list(text(/^[^=]+=.*$/, 'NAME=value')),
  Entrypoint: orNull(strings),
  Cmd: orNull(strings),
  Volumes: orNull(map(object({}))),
  WorkingDir: text(),
  Labels: orNull(map(text())),
  StopSignal: text(),
  ArgsEscaped: flag,
});

const step = object({
  created: dateTime,
  author: text(),
  created_by: text(),
  comment: text(),
  empty_layer: flag,
});

const config = object(
  {
    created: dateTime,
    author: text(),
    architecture: text(),
    variant: text(),
    os: text(),
    'os.version': text(),
    'os.features': strings,
    config: runConfig,
    rootfs: object({ diff_ids: strings, type: text(/^layers$/, '"layers"') }, ['diff_ids', 'type']),
    history: list(step),
  },
  ['architecture', 'os', 'rootfs'],
);

const layout = object({ imageLayoutVersion: text(/^1\.0\.0$/, '"1.0.0"') }, ['imageLayoutVersion']);

const RULES: Readonly<Record<DocumentKind, Rule>> = { descriptor, manifest, index, config, layout };

/** A descriptor alone must also name a hash of the right form, if its algorithm is known. */
function checkDigest(document: unknown): Problem[] {
  const { digest } = document as { digest: string };
  const isKnown = Object.hasOwn(DIGEST_FORMS, digest.split(':')[0] ?? '');
  return isKnown && !isDigest(digest) ? problem('digest', 'is not a digest of its algorithm') : [];
}

/** Every rule that a document breaks; none when it is valid. */
export function validateDocument(kind: DocumentKind, document: unknown): Problem[] {
  const problems = RULES[kind](document, '');
  return kind === 'descriptor' && problems.length === 0 ? checkDigest(document) : problems;
}

/** The same for the text of a document. */
export function validateText(kind: DocumentKind, source: string): Problem[] {
  let document: unknown;
  try {
    document = JSON.parse(source);
  } catch {
    return problem('', 'is not JSON');
  }
  return validateDocument(kind, document);
}
