import { isDangling, type Content } from '../containerd/content.ts';
import {
  familiarString,
  formatReference,
  parseAnyReference,
  parseReference,
  withDefaultTag,
} from '../oci/reference.ts';
import { fail } from './answer.ts';
import type { EngineResponse } from './api.ts';

/**
 * What somebody means by a text: a name, an id, or the beginning of one (moby/moby v29.7
 * `daemon/containerd/image.go`, `resolveAllReferences`).
 */
export type FoundImage =
  | {
      readonly ok: true;
      readonly digest: string;
      /** The name that was meant; undefined when the text is an id. */
      readonly name?: string;
      /** Everything that names the image, in order. */
      readonly names: readonly string[];
    }
  | { readonly ok: false; readonly refusal: EngineResponse };

const refuse = (status: number, message: string): FoundImage => ({
  ok: false,
  refusal: fail(status, message),
});

export function resolveImage(content: Content, machine: string, text: string): FoundImage {
  const parsed = parseAnyReference(text);
  if (!parsed.ok) return refuse(400, parsed.message);
  if (!parsed.reference) return byDigest(content, machine, parsed.digest, parsed.digest);
  const { reference } = parsed;
  const name = formatReference(withDefaultTag(reference));
  const named = content.digestOf(machine, name);
  const missing = `No such image: ${familiarString(withDefaultTag(reference))}`;
  const id = /^(?:sha256:)?([a-f0-9]{4,64})$/.exec(text)?.[1];
  if (id !== undefined) {
    const prefix = `sha256:${id}`;
    const targets = new Set(content.rows(machine).map(([, row]) => row.digest));
    const matches = [...targets].filter((digest) => digest.startsWith(prefix));
    if (named !== undefined && !matches.includes(named)) matches.push(named);
    if (matches.length > 1) return refuse(404, 'ambiguous reference');
    const [digest] = matches;
    if (digest === undefined) return refuse(404, missing);
    const names = content.namesOf(machine, digest);
    return { ok: true, digest, names, ...(named === undefined ? {} : { name }) };
  }
  if (named !== undefined) {
    return { ok: true, digest: named, name, names: content.namesOf(machine, named) };
  }
  if (reference.digest === undefined) return refuse(404, missing);
  return byDigest(content, machine, reference.digest, familiarString(reference));
}

function byDigest(content: Content, machine: string, digest: string, shown: string): FoundImage {
  const names = content.namesOf(machine, digest);
  if (names.length === 0) return refuse(404, `No such image: ${shown}`);
  return { ok: true, digest, names };
}

/** A name or an id to the name in full under which the machine has it. */
export function findImage(content: Content, machine: string, text: string): string | undefined {
  const found = resolveImage(content, machine, text);
  return found.ok ? (found.name ?? found.names[0]) : undefined;
}

/** `nginx:1.29-alpine` of a name in full, or of what somebody typed. */
export function withTag(text: string): string {
  const parsed = parseReference(text);
  return parsed.ok ? familiarString(withDefaultTag(parsed.reference)) : text;
}

/** The names that people see: those of an image without one are none. */
export const shownNames = (names: readonly string[]): string[] =>
  names.filter((name) => !isDangling(name));

/** The repository's part of a name in full. */
export function repositoryOf(name: string): string | undefined {
  const parsed = parseReference(name);
  if (!parsed.ok || isDangling(name)) return undefined;
  const { domain, path } = parsed.reference;
  return `${domain}/${path}`;
}
