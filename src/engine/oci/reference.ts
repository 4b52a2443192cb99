/**
 * Image references as people type them: `nginx`, `registry.local:5000/web:1.0`,
 * `alpine@sha256:…`, and what they stand for. Models distribution/reference v0.6
 * (`reference.go`, `normalize.go`, `regexp.go`).
 */
export interface Reference {
  /** `docker.io`, `registry.local:5000`. */
  readonly domain: string;
  /** `library/nginx`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

export type ParsedReference =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly message: string };

const SEPARATOR = '(?:[._]|__|[-]+)';
const COMPONENT = `[a-z0-9]+(?:${SEPARATOR}[a-z0-9]+)*`;
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const IDENTIFIER = /^[a-f0-9]{64}$/;
const PATH_LIMIT = 255;
const TEXT_LIMIT = 4096;

const INVALID = 'invalid reference format';
const fail = (message: string): ParsedReference => ({ ok: false, message });

/** Splits off the registry: it has a dot, a colon or a capital, or is `localhost`. */
function splitDomain(name: string): { domain: string; path: string } {
  const at = name.indexOf('/');
  const head = name.slice(0, Math.max(at, 0));
  const isDomain =
    at !== -1 && (/[.:]/.test(head) || head === 'localhost' || head.toLowerCase() !== head);
  let domain = isDomain ? head : 'docker.io';
  const path = isDomain ? name.slice(at + 1) : name;
  if (domain === 'index.docker.io') domain = 'docker.io';
  const official = domain === 'docker.io' && !path.includes('/');
  return { domain, path: official ? `library/${path}` : path };
}

/** `library/nginx`: the path of a repository, without its registry. */
export const isRepository = (path: string): boolean => path.length <= PATH_LIMIT && PATH.test(path);

/** Reads what a person typed; neither tag nor digest means both are absent. */
export function parseReference(text: string): ParsedReference {
  if (IDENTIFIER.test(text)) {
    return fail(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  if (text === '' || text.length > TEXT_LIMIT) return fail(INVALID);
  const { domain, path: rest } = splitDomain(text);
  const digestAt = rest.indexOf('@');
  const digest = digestAt === -1 ? undefined : rest.slice(digestAt + 1);
  const named = digestAt === -1 ? rest : rest.slice(0, digestAt);
  const tagAt = named.indexOf(':');
  const tag = tagAt === -1 ? undefined : named.slice(tagAt + 1);
  const path = tagAt === -1 ? named : named.slice(0, tagAt);
  if (path !== path.toLowerCase()) {
    return fail(`${INVALID}: repository name (${path}) must be lowercase`);
  }
  if (!PATH.test(path) || !DOMAIN.test(domain)) return fail(INVALID);
  if (tag !== undefined && !TAG.test(tag)) return fail(INVALID);
  if (digest !== undefined && !DIGEST.test(digest)) return fail(INVALID);
  if (path.length > PATH_LIMIT) {
    return fail(`repository name must not be more than ${PATH_LIMIT} characters`);
  }
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return fail(
      digest.startsWith('sha256:')
        ? 'invalid checksum digest length'
        : 'unsupported digest algorithm',
    );
  }
  const reference: Reference = {
    domain,
    path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
  return { ok: true, reference };
}

/** The reference with `latest` when it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference;
}

export const nameOf = ({ domain, path }: Reference): string => `${domain}/${path}`;

/** In full: `docker.io/library/nginx:1.29-alpine`. */
export function formatReference(reference: Reference): string {
  const { tag, digest } = reference;
  return nameOf(reference) + (tag === undefined ? '' : `:${tag}`) + (digest ? `@${digest}` : '');
}

/** The name as Docker shows it: without `docker.io/` and `library/`. */
export function familiarName({ domain, path }: Reference): string {
  if (domain !== 'docker.io') return `${domain}/${path}`;
  const short = path.startsWith('library/') ? path.slice('library/'.length) : path;
  return short.includes('/') && path.startsWith('library/') ? path : short;
}

/** What a registry is asked for: the digest, else the tag. */
export const tagOrDigest = (reference: Reference): string =>
  reference.digest ?? reference.tag ?? 'latest';

/** A reference that this program wrote itself, in full. */
export function fullReference(text: string): string {
  const parsed = parseReference(text);
  return parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : text;
}
