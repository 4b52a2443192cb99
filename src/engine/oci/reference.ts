import { pathMatch, type PathMatch } from './path-match.ts';
import {
  ANCHORED_NAME,
  DIGEST,
  IDENTIFIER,
  REFERENCE,
  REPOSITORY,
  TAG,
} from './reference-grammar.ts';

/**
 * Image references as people type them: `nginx`, `registry.local:5000/web:1.0`,
 * `alpine@sha256:…`, and what they stand for. Models distribution/reference v0.6
 * (`reference.go`, `normalize.go`, `helpers.go`) and opencontainers/go-digest v1.0 `digest.go`.
 */
export interface Reference {
  /** `docker.io`, `registry.local:5000`; empty in a name that was not completed. */
  readonly domain: string;
  /** `library/nginx`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

export type ReferenceFault =
  | 'bad-digest'
  | 'digest-invalid-length'
  | 'digest-unsupported-algorithm'
  | 'identifier'
  | 'invalid-format'
  | 'invalid-tag'
  | 'name-empty'
  | 'name-not-canonical'
  | 'name-too-long'
  | 'name-uppercase';

export type ParsedReference =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly code: ReferenceFault; readonly message: string };

const PATH_LIMIT = 255;
/** Longer texts are not looked at: an argument of a command holds no more. */
const TEXT_LIMIT = 131_072;

const INVALID = 'invalid reference format';
const MESSAGES: Record<Exclude<ReferenceFault, 'identifier'>, string> = {
  'bad-digest': 'invalid checksum digest format',
  'digest-invalid-length': 'invalid checksum digest length',
  'digest-unsupported-algorithm': 'unsupported digest algorithm',
  'invalid-format': INVALID,
  'invalid-tag': 'invalid tag format',
  'name-empty': 'repository name must have at least one component',
  'name-not-canonical': 'repository name must be canonical',
  'name-too-long': `repository name must not be more than ${PATH_LIMIT} characters`,
  'name-uppercase': 'repository name must be lowercase',
};

const fail = (code: Exclude<ReferenceFault, 'identifier'>): ParsedReference => ({
  ok: false,
  code,
  message: MESSAGES[code],
});

const made = (reference: Reference): ParsedReference => ({ ok: true, reference });

/** What is wrong with a digest; only sha256 is known here. */
function digestFault(
  digest: string,
): 'bad-digest' | 'digest-invalid-length' | 'digest-unsupported-algorithm' | undefined {
  if (!/^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/.test(digest)) return 'bad-digest';
  if (!digest.startsWith('sha256:')) return 'digest-unsupported-algorithm';
  if (digest.length !== 'sha256:'.length + 64) return 'digest-invalid-length';
  return /^sha256:[a-f0-9]{64}$/.test(digest) ? undefined : 'bad-digest';
}

/** `library/nginx`: the path of a repository, without its registry. */
export const isRepository = (path: string): boolean =>
  path.length <= PATH_LIMIT && REPOSITORY.test(path);

export const isTag = (text: string): boolean => TAG.test(text);

/** Reads a reference as it stands: nothing is completed, `nginx` has no domain. */
export function parseRawReference(text: string): ParsedReference {
  if (text === '') return fail('name-empty');
  if (text.length > TEXT_LIMIT) return fail('invalid-format');
  const match = REFERENCE.exec(text);
  if (!match) {
    const lower = text.toLowerCase();
    return fail(lower !== text && REFERENCE.test(lower) ? 'name-uppercase' : 'invalid-format');
  }
  const [, name = '', tag, digest] = match;
  const [, domain = '', path = name] = ANCHORED_NAME.exec(name) ?? [];
  if (path.length > PATH_LIMIT) return fail('name-too-long');
  const fault = digest === undefined ? undefined : digestFault(digest);
  if (fault) return fail(fault);
  return made({
    domain,
    path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  });
}

/** Splits off the registry: it has a dot, a colon or a capital, or is `localhost`. */
function splitDockerDomain(name: string): { domain: string; path: string } {
  const at = name.indexOf('/');
  const head = name.slice(0, Math.max(at, 0));
  const isDomain =
    at !== -1 && (/[.:]/.test(head) || head === 'localhost' || head.toLowerCase() !== head);
  const domain = !isDomain || head === 'index.docker.io' ? 'docker.io' : head;
  const path = isDomain ? name.slice(at + 1) : name;
  const official = domain === 'docker.io' && !path.includes('/');
  return { domain, path: official ? `library/${path}` : path };
}

/** What was read lately: the same few names are read again and again. */
const known = new Map<string, ParsedReference>();
const KNOWN = 500;

/** Reads what a person typed; neither tag nor digest means both are absent. */
export function parseReference(text: string): ParsedReference {
  let parsed = known.get(text);
  if (!parsed) {
    if (known.size >= KNOWN) known.clear();
    parsed = parse(text);
    known.set(text, parsed);
  }
  return parsed;
}

function parse(text: string): ParsedReference {
  if (IDENTIFIER.test(text)) {
    const message = `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`;
    return { ok: false, code: 'identifier', message };
  }
  const { domain, path } = splitDockerDomain(text);
  const remote = path.split(':', 1)[0] ?? '';
  if (remote.toLowerCase() !== remote) {
    const message = `${INVALID}: repository name (${remote}) must be lowercase`;
    return { ok: false, code: 'name-uppercase', message };
  }
  return parseRawReference(`${domain}/${path}`);
}

/** Reads a reference that is written in full already. */
export function parseCanonicalReference(text: string): ParsedReference {
  const parsed = parseReference(text);
  if (parsed.ok && formatReference(parsed.reference) !== text) return fail('name-not-canonical');
  return parsed;
}

/** Reads what `docker run` is given: `latest` added, a tag dropped when a digest stands there. */
export function parseDockerReference(text: string): ParsedReference {
  const parsed = parseReference(text);
  if (!parsed.ok) return parsed;
  const { domain, path, tag, digest } = parsed.reference;
  if (tag !== undefined && digest !== undefined) return made({ domain, path, digest });
  return made(withDefaultTag(parsed.reference));
}

/** Reads an image id, a digest, or a name. */
export function parseAnyReference(
  text: string,
):
  ParsedReference | { readonly ok: true; readonly digest: string; readonly reference?: undefined } {
  if (IDENTIFIER.test(text)) return { ok: true, digest: `sha256:${text}` };
  if (digestFault(text) === undefined) return { ok: true, digest: text };
  return parseReference(text);
}

/** A repository's name alone, with or without a domain. */
export function parseName(text: string): ParsedReference {
  const match = text.length > TEXT_LIMIT ? null : ANCHORED_NAME.exec(text);
  if (!match) return fail('invalid-format');
  const [, domain = '', path = ''] = match;
  return path.length > PATH_LIMIT ? fail('name-too-long') : made({ domain, path });
}

export const withTag = (reference: Reference, tag: string): ParsedReference =>
  TAG.test(tag) ? made({ ...reference, tag }) : fail('invalid-tag');

export const withDigest = (reference: Reference, digest: string): ParsedReference =>
  DIGEST.test(digest) ? made({ ...reference, digest }) : fail('bad-digest');

/** The reference with `latest` when it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return isNameOnly(reference) ? { ...reference, tag: 'latest' } : reference;
}

export const isNameOnly = ({ tag, digest }: Reference): boolean =>
  tag === undefined && digest === undefined;

export const nameOf = ({ domain, path }: Reference): string =>
  domain === '' ? path : `${domain}/${path}`;

const suffixOf = ({ tag, digest }: Reference): string =>
  (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);

/** In full: `docker.io/library/nginx:1.29-alpine`. */
export const formatReference = (reference: Reference): string =>
  nameOf(reference) + suffixOf(reference);

/** The name as Docker shows it: without `docker.io/` and `library/`. */
export function familiarName({ domain, path }: Reference): string {
  if (domain !== 'docker.io') return nameOf({ domain, path });
  const short = path.startsWith('library/') ? path.slice('library/'.length) : path;
  return short.includes('/') ? path : short;
}

/** The whole reference as Docker shows it: `nginx:1.29-alpine`. */
export const familiarString = (reference: Reference): string =>
  familiarName(reference) + suffixOf(reference);

/** Whether a shell pattern matches the reference as Docker shows it, or its name. */
export function familiarMatch(pattern: string, reference: Reference): PathMatch {
  const whole = pathMatch(pattern, familiarString(reference));
  return whole === false ? pathMatch(pattern, familiarName(reference)) : whole;
}

/** What a registry is asked for: the digest, else the tag. */
export const tagOrDigest = (reference: Reference): string =>
  reference.digest ?? reference.tag ?? 'latest';

/** A reference that this program wrote itself, in full. */
export function fullReference(text: string): string {
  const parsed = parseReference(text);
  return parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : text;
}
