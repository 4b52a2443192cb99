import { parseRfc3339 } from '../sim/clock.ts';
import { isDangling, type Content, type ImageRow } from '../containerd/content.ts';
import {
  familiarName,
  familiarString,
  formatReference,
  nameOf,
  parseReference,
  withDefaultTag,
} from '../oci/reference.ts';
import { pathMatch } from '../oci/path-match.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import type { ImageSummary } from './api/image.ts';
import { resolveImage } from './find-image.ts';
import { readFilters, type Filters } from './filters.ts';
import { configOf, summarize, unixSeconds } from './image-summary.ts';
import { readMoment } from './moment.ts';

export { findImage, withTag } from './find-image.ts';

/** Listing and naming images (moby/moby v29.7 `daemon/containerd/image_list.go`, `image_tag.go`). */
const ACCEPTED = ['dangling', 'label', 'label!', 'before', 'since', 'reference', 'until'];

export interface ListImages {
  readonly filters?: string | undefined;
  readonly manifests?: boolean;
  readonly sharedSize?: boolean;
  readonly nowMs: number;
  /** Ids of the containers made of an image. */
  readonly containersOf: (digest: string) => readonly string[];
}

export function listImages(content: Content, machine: string, options: ListImages): EngineResponse {
  const read = readFilters(options.filters);
  if (!read.ok) return fail(400, read.message);
  const problem = read.filters.problem(ACCEPTED);
  if (problem !== undefined) return fail(400, problem);
  const test = imageFilter(content, machine, read.filters, options.nowMs);
  if (typeof test !== 'function') return test;
  const rows = content.rows(machine).filter(([name, row]) => test(name, row));
  // The last name of an image decides what its digest is shown with.
  const names = new Map<string, string>();
  const tags = new Map<string, string[]>();
  for (const [name, { digest }] of rows) {
    if (isDangling(name)) {
      if (!names.has(digest)) names.set(digest, name);
      continue;
    }
    names.set(digest, name);
    const parsed = parseReference(name);
    const shown = parsed.ok ? familiarString(parsed.reference) : name;
    tags.set(digest, [...(tags.get(digest) ?? []), shown]);
  }
  const shared = options.sharedSize ? sharedSizes(content, machine, [...names.keys()]) : undefined;
  const images = [...names].map(([digest, name]) => {
    const summary = summaryOf(content, machine, { digest, name, options });
    const SharedSize = shared?.get(digest) ?? -1;
    return { ...summary, RepoTags: tags.get(digest) ?? [], SharedSize };
  });
  return answer(
    200,
    images.sort((a, b) => b.Created - a.Created),
  );
}

function summaryOf(
  content: Content,
  machine: string,
  { digest, name, options }: { digest: string; name: string; options: ListImages },
): ImageSummary {
  const containers = options.containersOf(digest);
  const { manifests, config, totalBytes } = summarize(content, machine, digest, containers);
  const parsed = parseReference(name);
  const known = parsed.ok && !isDangling(name);
  return {
    Containers: containers.length,
    Created: unixSeconds(config?.created),
    Id: digest,
    Labels: config?.config.Labels ?? {},
    ParentId: '',
    Descriptor: content.describe(machine, digest),
    ...(options.manifests ? { Manifests: manifests } : {}),
    RepoDigests: known ? [`${familiarName(parsed.reference)}@${digest}`] : [],
    RepoTags: [],
    SharedSize: -1,
    Size: totalBytes,
  };
}

/** What each image has in common with another: blobs and unpacked layers that more than one need. */
function sharedSizes(content: Content, machine: string, digests: readonly string[]) {
  const parts = digests.map((digest) => content.weights(machine, digest));
  const users = new Map<string, number>();
  for (const one of parts) for (const id of one.keys()) users.set(id, (users.get(id) ?? 0) + 1);
  return new Map(
    digests.map((digest, i) => {
      const shared = [...parts[i]!].filter(([id]) => (users.get(id) ?? 0) > 1);
      return [digest, shared.reduce((sum, [, bytes]) => sum + bytes, 0)] as const;
    }),
  );
}

type ImageTest = (name: string, row: ImageRow) => boolean;

/** What a list is narrowed to; a refusal when the filters name what is not there. */
export function imageFilter(
  content: Content,
  machine: string,
  filters: Filters,
  nowMs: number,
): ImageTest | EngineResponse {
  const tests: ImageTest[] = [];
  const createdOf = (digest: string): number | undefined =>
    parseRfc3339(summarize(content, machine, digest).config?.created ?? '');
  for (const [key, sign] of [
    ['before', -1],
    ['since', 1],
  ] as const) {
    for (const text of filters.get(key)) {
      const found = resolveImage(content, machine, text);
      if (!found.ok) return found.refusal;
      const border = createdOf(found.digest);
      if (border === undefined) continue;
      tests.push((_name, { digest }) => Math.sign((createdOf(digest) ?? NaN) - border) === sign);
    }
  }
  for (const text of filters.get('until')) {
    const moment = readMoment(text, nowMs);
    if (!moment.ok) return fail(400, `invalid value for 'until' filter: ${moment.message}`);
    tests.push((_name, { createdMs }) => createdMs < moment.timeMs);
  }
  const labels = [
    ...filters.get('label').map(labelTest(false)),
    ...filters.get('label!').map(labelTest(true)),
  ];
  if (labels.length > 0) {
    tests.push((_name, { digest }) =>
      content.manifestsOf(machine, digest).some((manifest) => {
        const own = configOf(content, machine, manifest)?.config.Labels ?? {};
        return content.blob(machine, manifest.digest) !== undefined && labels.every((t) => t(own));
      }),
    );
  }
  if (filters.has('dangling')) {
    const flag = filters.flag('dangling');
    if ('message' in flag) return fail(400, flag.message);
    tests.push((name) => isDangling(name) === (flag.value ?? false));
  }
  const patterns = filters.get('reference');
  if (patterns.length > 0) tests.push((name) => patterns.some((one) => isNamed(name, one)));
  return (name, row) => tests.every((test) => test(name, row));
}

/** `key`, `key=value`, `key!=value`; `label!` turns it round. */
const labelTest =
  (negated: boolean) =>
  (text: string) =>
  (labels: Readonly<Record<string, string>>): boolean => {
    const at = text.indexOf('=');
    const name = at === -1 ? text : text.slice(0, at);
    const key = name.replace(/!$/, '');
    const negate = negated !== (key !== name);
    const has = Object.hasOwn(labels, key);
    if (at === -1) return has !== negate;
    return has ? (labels[key] === text.slice(at + 1)) !== negate : negate;
  };

function isNamed(name: string, pattern: string): boolean {
  const parsed = parseReference(name);
  if (!parsed.ok || isDangling(name)) return false;
  const { reference } = parsed;
  const forms = [
    familiarString(reference),
    familiarName(reference),
    formatReference(withDefaultTag(reference)),
    nameOf(reference),
  ];
  return forms.some((form) => pathMatch(pattern, form) === true);
}

/** Gives an image one more name; a name that stood for another leaves it. */
export function tagImage(
  content: Content,
  machine: string,
  source: string,
  target: string,
): EngineResponse & { readonly tagged?: { readonly digest: string; readonly name: string } } {
  const parsed = parseReference(target);
  if (!parsed.ok) return fail(400, parsed.message);
  if (parsed.reference.digest !== undefined) {
    return fail(400, 'cannot import digest reference');
  }
  if (familiarName(parsed.reference) === 'sha256') {
    const why = 'refusing to create an ambiguous tag using digest algorithm as name';
    return fail(400, why);
  }
  const found = resolveImage(content, machine, source);
  if (!found.ok) return { ...found.refusal, status: 404 };
  const reference = withDefaultTag(parsed.reference);
  content.assign(machine, formatReference(reference), found.digest);
  return { ...answer(201, {}), tagged: { digest: found.digest, name: familiarString(reference) } };
}
