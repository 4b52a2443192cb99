import { EPOCH_UNIX_MS, parseRfc3339 } from '../sim/clock.ts';
import type { Content } from '../containerd/content.ts';
import { familiarName, formatReference, parseReference, withDefaultTag } from '../oci/reference.ts';
import type { EngineResponse, ImageSummary } from './api.ts';

/** What the daemon says and does about images that needs no time. */
export function listImages(content: Content, machine: string): EngineResponse<ImageSummary[]> {
  const byDigest = new Map<string, ImageSummary>();
  for (const image of content.images(machine)) {
    const parsed = parseReference(image.reference);
    const name = parsed.ok ? familiarName(parsed.reference) : image.reference;
    const tag = parsed.ok ? parsed.reference.tag : undefined;
    const before = byDigest.get(image.digest);
    const createdMs = (parseRfc3339(image.config.created) ?? 0) + EPOCH_UNIX_MS;
    byDigest.set(image.digest, {
      Id: image.digest,
      RepoTags: [...(before?.RepoTags ?? []), ...(tag === undefined ? [] : [`${name}:${tag}`])],
      RepoDigests: [...new Set([...(before?.RepoDigests ?? []), `${name}@${image.digest}`])],
      Created: Math.floor(createdMs / 1000),
      Size: image.contentBytes + image.unpackedBytes,
    });
  }
  const body = [...byDigest.values()].sort((a, b) => b.Created - a.Created);
  return { status: 200, body };
}

/** A name or an id to the name in full under which the machine has it. */
export function findImage(content: Content, machine: string, text: string): string | undefined {
  const parsed = parseReference(text);
  if (parsed.ok) {
    const name = formatReference(withDefaultTag(parsed.reference));
    if (content.digestOf(machine, name) !== undefined) return name;
  }
  const id = text.replace(/^sha256:/, '');
  if (!/^[0-9a-f]{4,64}$/.test(id)) return undefined;
  return content.images(machine).find(({ digest }) => digest.startsWith(`sha256:${id}`))?.reference;
}

export function tagImage(
  content: Content,
  machine: string,
  source: string,
  target: string,
): EngineResponse {
  const found = findImage(content, machine, source);
  if (found === undefined) {
    return { status: 404, body: { message: `No such image: ${withTag(source)}` } };
  }
  const parsed = parseReference(target);
  if (!parsed.ok) return { status: 400, body: { message: parsed.message } };
  const digest = content.digestOf(machine, found)!;
  content.name(machine, formatReference(withDefaultTag(parsed.reference)), digest);
  return { status: 201, body: {} };
}

/** Takes a name away; says what went, as `docker rmi` prints it. */
export function removeImage(content: Content, machine: string, text: string): EngineResponse {
  const name = findImage(content, machine, text);
  if (name === undefined) {
    return { status: 404, body: { message: `No such image: ${withTag(text)}` } };
  }
  const digest = content.digestOf(machine, name)!;
  content.unname(machine, name);
  const parsed = parseReference(name);
  const shown = parsed.ok
    ? `${familiarName(parsed.reference)}:${parsed.reference.tag ?? ''}`
    : name;
  const lines = [
    { Untagged: shown },
    ...(content.namesOf(machine, digest).length > 0 ? [] : [{ Deleted: digest }]),
  ];
  return { status: 200, body: lines };
}

export function withTag(text: string): string {
  const parsed = parseReference(text);
  if (!parsed.ok) return text;
  const { tag, digest } = withDefaultTag(parsed.reference);
  return `${familiarName(parsed.reference)}${tag === undefined ? '' : `:${tag}`}${digest ? `@${digest}` : ''}`;
}
