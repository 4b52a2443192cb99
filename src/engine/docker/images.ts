import { EPOCH_UNIX_MS, parseRfc3339 } from '../sim/clock.ts';
import type { Content } from '../containerd/content.ts';
import { shortDigest } from '../oci/digest.ts';
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

/** A container that was made of an image. */
interface User {
  readonly id: string;
  readonly running: boolean;
}

const conflict = (name: string, force: string, why: string): EngineResponse => ({
  status: 409,
  body: { message: `conflict: unable to delete ${name} (${force}) - ${why}` },
});

/**
 * Takes a name away, or by id all of them; says what went, as `docker rmi` prints it. An image's last
 * name stays while a container uses it (moby/moby v29.7 `daemon/containerd/image_delete.go`).
 */
export function removeImage(
  content: Content,
  machine: string,
  text: string,
  force: boolean,
  usersOf: (digest: string) => readonly User[],
): EngineResponse {
  const name = findImage(content, machine, text);
  if (name === undefined) {
    return { status: 404, body: { message: `No such image: ${withTag(text)}` } };
  }
  const digest = content.digestOf(machine, name)!;
  const names = content.namesOf(machine, digest);
  const byId = digest.startsWith(text) || digest.slice('sha256:'.length).startsWith(text);
  const [user] = usersOf(digest);
  const short = shortDigest(digest);
  if (!byId && names.length > 1) {
    content.unname(machine, name);
    return { status: 200, body: [{ Untagged: familiar(name) }] };
  }
  if (user && !byId) {
    const using = `container ${user.id.slice(0, 12)} is using its referenced image ${short}`;
    if (!force) return conflict(familiar(name), 'must be forced', using);
    content.unname(machine, name);
    return { status: 200, body: [{ Untagged: familiar(name) }] };
  }
  if (user?.running) {
    const why = `image is being used by running container ${user.id.slice(0, 12)}`;
    return conflict(short, 'cannot be forced', why);
  }
  if (user && !force) {
    const why = `image is being used by stopped container ${user.id.slice(0, 12)}`;
    return conflict(short, 'must be forced', why);
  }
  if (names.length > 1 && !force) {
    return conflict(short, 'must be forced', 'image is referenced in multiple repositories');
  }
  for (const one of names) content.unname(machine, one);
  const untagged = names.map((one) => ({ Untagged: familiar(one) }));
  return { status: 200, body: [...untagged, { Deleted: digest }] };
}

/** `nginx:1.29-alpine` of a name in full. */
function familiar(name: string): string {
  const parsed = parseReference(name);
  return parsed.ok ? withTag(name) : name;
}

export function withTag(text: string): string {
  const parsed = parseReference(text);
  if (!parsed.ok) return text;
  const { tag, digest } = withDefaultTag(parsed.reference);
  return `${familiarName(parsed.reference)}${tag === undefined ? '' : `:${tag}`}${digest ? `@${digest}` : ''}`;
}
