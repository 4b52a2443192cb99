import { isDangling, type Content } from '../containerd/content.ts';
import { shortDigest } from '../oci/digest.ts';
import { familiarString, parseReference, type Reference } from '../oci/reference.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import type { DeletedImage, PrunedImages } from './api/image.ts';
import { repositoryOf, resolveImage } from './find-image.ts';
import { readFilters } from './filters.ts';
import { imageFilter } from './images.ts';

/**
 * Removing images: names go first; the image itself goes with its last one. Says what went, as
 * `docker rmi` prints it (moby/moby v29.7 `daemon/containerd/image_delete.go`, `image_prune.go`).
 */
export interface ImageUser {
  readonly id: string;
  readonly running: boolean;
  /** The image as whoever made the container named it. */
  readonly image?: string;
}

export interface Removal {
  readonly content: Content;
  readonly machine: string;
  readonly usersOf: (digest: string) => readonly ImageUser[];
  /** Told of each name and image that goes. */
  readonly tell: (action: 'untag' | 'delete', id: string) => void;
}

const conflict = (name: string, how: 'cannot' | 'must', why: string): EngineResponse =>
  fail(409, `conflict: unable to delete ${name} (${how} be forced) - ${why}`);

const referenceOf = (name: string): Reference | undefined => {
  const parsed = parseReference(name);
  return parsed.ok && !isDangling(name) ? parsed.reference : undefined;
};

const shown = (name: string): string => {
  const reference = referenceOf(name);
  return reference ? familiarString(reference) : name;
};

export function removeImage(room: Removal, text: string, force: boolean): EngineResponse {
  if (text.trim() === '') return fail(400, 'image name cannot be blank');
  const { content, machine } = room;
  const found = resolveImage(content, machine, text);
  if (!found.ok) return found.refusal;
  const { digest, names, name } = found;
  let checkNames = !force;
  if (name === undefined) {
    const named = isIdPrefix(digest, text) ? undefined : referenceOfText(text);
    const same = sameReferences(named, names);
    if (same.length === 0 && named) return fail(404, `No such image: ${familiarString(named)}`);
    if (same.length === names.length && !force) checkNames = false;
    if (named && same.length > 0 && same.length !== names.length) return untag(room, same);
    return removeAll(room, digest, names, { force, checkNames });
  }
  if (isIdPrefix(digest, text)) return removeAll(room, digest, names, { force, checkNames });
  const same = sameReferences(referenceOf(name), names);
  if (same.length !== names.length) return untag(room, same);
  if (names.length > 1 && !force) checkNames = false;
  const [user] = room.usersOf(digest);
  if (!user) return removeAll(room, digest, names, { force, checkNames });
  if (!force) {
    const using = `container ${user.id.slice(0, 12)} is using its referenced image`;
    return conflict(shown(name), 'must', `${using} ${shortDigest(digest)}`);
  }
  content.unname(machine, name);
  content.keep(machine, digest);
  room.tell('untag', shown(name));
  return answer(200, [{ Untagged: shown(name) }]);
}

const referenceOfText = (text: string): Reference | undefined => {
  const parsed = parseReference(text);
  return parsed.ok ? parsed.reference : undefined;
};

const isIdPrefix = (digest: string, text: string): boolean =>
  digest.startsWith(text) || digest.slice(digest.indexOf(':') + 1).startsWith(text);

/** Names that mean the same: one tag of one repository, with the digests that go with it. */
function sameReferences(wanted: Reference | undefined, names: readonly string[]): string[] {
  let repository = wanted && `${wanted.domain}/${wanted.path}`;
  let { tag } = wanted ?? {};
  const all = wanted !== undefined && tag === undefined && wanted.digest !== undefined;
  let digests: string[] | undefined = [];
  const same: string[] = [];
  for (const name of names) {
    const reference = referenceOf(name);
    if (reference) {
      const own = repositoryOf(name);
      if (repository === undefined) {
        repository = own;
        ({ tag } = reference);
      } else if (repository !== own) continue;
      else if (!all && reference.tag !== undefined) {
        tag ??= reference.tag;
        if (tag !== reference.tag) {
          digests = undefined;
          continue;
        }
      } else if (!all) {
        digests?.push(name);
        continue;
      }
    }
    same.push(name);
  }
  return [...same, ...(digests ?? [])];
}

function untag(room: Removal, names: readonly string[]): EngineResponse {
  const records: DeletedImage[] = [];
  for (const name of names) {
    room.content.unname(room.machine, name);
    room.tell('untag', shown(name));
    records.push({ Untagged: shown(name) });
  }
  return answer(200, records);
}

function removeAll(
  room: Removal,
  digest: string,
  names: readonly string[],
  { force, checkNames }: { force: boolean; checkNames: boolean },
): EngineResponse {
  const { content, machine } = room;
  const users = room.usersOf(digest);
  const short = shortDigest(digest);
  const running = users.find((user) => user.running);
  if (running) {
    const why = `image is being used by running container ${running.id.slice(0, 12)}`;
    return conflict(short, 'cannot', why);
  }
  const [stopped] = users;
  if (stopped && !force) {
    const why = `image is being used by stopped container ${stopped.id.slice(0, 12)}`;
    return conflict(short, 'must', why);
  }
  if (checkNames && names.length > 1) {
    return conflict(short, 'must', 'image is referenced in multiple repositories');
  }
  const { body } = untag(room, names) as EngineResponse<DeletedImage[]>;
  const records = body.filter((row) => !('Untagged' in row && isDangling(row.Untagged)));
  content.collect(machine, digest);
  room.tell('delete', digest);
  return answer(200, [...records, { Deleted: digest }]);
}

/** `docker image prune`: images without a name, or with `dangling=false` all that nobody uses. */
export function pruneImages(
  room: Removal,
  filters: string | undefined,
  nowMs: number,
  containers: readonly { readonly image: string; readonly digest: string }[],
): EngineResponse<PrunedImages | { message: string }> {
  const read = readFilters(filters);
  if (!read.ok) return fail(400, read.message) as EngineResponse<{ message: string }>;
  const problem = read.filters.problem(['dangling', 'label', 'label!', 'until']);
  if (problem !== undefined) return fail(400, problem) as EngineResponse<{ message: string }>;
  const flag = read.filters.flag('dangling');
  if ('message' in flag) return fail(400, flag.message) as EngineResponse<{ message: string }>;
  const danglingOnly = flag.value ?? true;
  const { content, machine } = room;
  const test = imageFilter(content, machine, read.filters.without('dangling'), nowMs);
  if (typeof test !== 'function') return test as EngineResponse<{ message: string }>;
  const rows = content.rows(machine);
  const chosen = new Set(
    rows
      .filter(([name, row]) => (!danglingOnly || isDangling(name)) && test(name, row))
      .map(([name]) => name),
  );
  spare(chosen, rows, containers);
  const deleted: DeletedImage[] = [];
  let reclaimed = 0;
  for (const [name, { digest }] of rows) {
    if (!chosen.has(name)) continue;
    content.unname(machine, name);
    room.tell('untag', shown(name));
    if (!isDangling(name)) deleted.push({ Untagged: shown(name) });
    const manifests = new Set([
      digest,
      ...content.manifestsOf(machine, digest).map((m) => m.digest),
    ]);
    const gone = content.collect(machine, digest);
    for (const one of gone.digests) if (manifests.has(one)) deleted.push({ Deleted: one });
    if (gone.digests.length > 0) room.tell('delete', digest);
    reclaimed += gone.bytes;
  }
  const ImagesDeleted = deleted.length > 0 ? deleted : null;
  return answer(200, { ImagesDeleted, SpaceReclaimed: reclaimed });
}

/** Containers keep the name they were made by, or one name of the id they were made by. */
function spare(
  chosen: Set<string>,
  rows: readonly (readonly [string, { readonly digest: string }])[],
  containers: readonly { readonly image: string; readonly digest: string }[],
): void {
  const used = new Set<string>();
  for (const { image, digest } of containers) {
    chosen.delete(`moby-dangling@${digest}`);
    const isId = digest.startsWith(`sha256:${image.replace(/^sha256:/, '')}`);
    if (isId || image.endsWith(`@${digest}`)) used.add(digest);
    const parsed = parseReference(image);
    if (!parsed.ok) continue;
    const { domain, path, tag } = parsed.reference;
    const named = parsed.reference.digest === undefined ? `:${tag ?? 'latest'}` : '';
    for (const [name] of rows) {
      const repository = `${domain}/${path}`;
      if (name === repository + named || (tag !== undefined && name === `${repository}:${tag}`)) {
        chosen.delete(name);
      }
    }
  }
  const names = new Map<string, number>();
  for (const [, { digest }] of rows) names.set(digest, (names.get(digest) ?? 0) + 1);
  for (const [name, { digest }] of rows) {
    if (!chosen.has(name)) continue;
    const left = names.get(digest) ?? 0;
    if (left > 1) names.set(digest, left - 1);
    else if (used.has(digest)) chosen.delete(name);
  }
}
