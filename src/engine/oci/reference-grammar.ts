/**
 * The grammar of image references (distribution/reference v0.6 `regexp.go`), each rule matching a
 * whole text.
 */
const ALPHANUMERIC = '[a-z0-9]+';
/** One dot, one or two underscores, or any run of hyphens. */
const SEPARATOR = '(?:[._]|__|[-]+)';
const COMPONENT = `${ALPHANUMERIC}(?:${SEPARATOR}${ALPHANUMERIC})*`;
const REMOTE_NAME = `${COMPONENT}(?:/${COMPONENT})*`;
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const IPV6 = '\\[(?:[a-fA-F0-9:]+)\\]';
const DOMAIN_AND_PORT = `(?:${LABEL}(?:\\.${LABEL})*|${IPV6})(?::[0-9]+)?`;
const NAME = `(?:${DOMAIN_AND_PORT}/)?${REMOTE_NAME}`;
const TAG_TEXT = '[\\w][\\w.-]{0,127}';
const DIGEST_TEXT = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*[:][0-9a-fA-F]{32,}';

/** `registry.local:5000`, `[2001:db8::1]:5000`. */
export const DOMAIN = new RegExp(`^${DOMAIN_AND_PORT}$`);
/** 1: the domain, if any; 2: the path. */
export const ANCHORED_NAME = new RegExp(`^(?:(${DOMAIN_AND_PORT})/)?(${REMOTE_NAME})$`);
/** The path of a repository within its registry. */
export const REPOSITORY = new RegExp(`^${REMOTE_NAME}$`);
/** 1: the name; 2: the tag; 3: the digest. */
export const REFERENCE = new RegExp(`^(${NAME})(?::(${TAG_TEXT}))?(?:@(${DIGEST_TEXT}))?$`);
export const TAG = new RegExp(`^${TAG_TEXT}$`);
export const DIGEST = new RegExp(`^${DIGEST_TEXT}$`);
/** An image id without its algorithm. */
export const IDENTIFIER = /^[a-f0-9]{64}$/;
