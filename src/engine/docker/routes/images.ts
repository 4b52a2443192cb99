import type { Kernel } from '../../sim/kernel.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Content } from '../../containerd/content.ts';
import type { RunConfig } from '../../oci/image.ts';
import { parsePlatform, type Platform } from '../../oci/platform.ts';
import {
  formatReference,
  isNameOnly,
  nameOf,
  parseReference,
  withDefaultTag,
} from '../../oci/reference.ts';
import { answer, fail, isTrue } from '../answer.ts';
import type { EngineResponse } from '../api.ts';
import type { AuthConfig } from '../credentials.ts';
import { decodeAuth } from '../credentials.ts';
import type { DistributionArgs } from '../distribution.ts';
import type { Events } from '../events.ts';
import { searchImages } from '../hub-search.ts';
import { pruneImages, removeImage, type ImageUser, type Removal } from '../image-delete.ts';
import { importImage, loadImages, saveImages } from '../image-files.ts';
import { imageHistory, inspectImage } from '../image-inspect.ts';
import { listImages, tagImage } from '../images.ts';
import type { PullArgs } from '../pull.ts';
import type { PushArgs } from '../push.ts';
import type { Route, RouteCall } from './route.ts';

export interface ImageRooms {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly content: Content;
  readonly events: Events;
  /** Containers made of an image, running ones first. */
  readonly usersOf: (machine: string, digest: string) => ImageUser[];
  /** Every container of a machine by the image it was made of, and as it was named. */
  readonly imagesInUse: (machine: string) => { readonly image: string; readonly digest: string }[];
  /** What `--change` makes of an empty configuration. */
  readonly change?: (lines: readonly string[]) => RunConfig | { readonly message: string };
}

type Wish = { readonly platform?: Platform } | { readonly refusal: EngineResponse };

/** `linux/arm64`, or the JSON of a platform; nothing when none is asked for. */
function platformOf({ query }: RouteCall): Wish {
  const text = query.platform ?? '';
  if (text === '') return {};
  if (text.startsWith('{')) {
    try {
      return { platform: JSON.parse(text) as Platform };
    } catch {
      return { refusal: fail(400, 'failed to parse platform') };
    }
  }
  const parsed = parsePlatform(text);
  return parsed.ok ? { platform: parsed.platform } : { refusal: fail(400, parsed.message) };
}

export function imageRoutes(rooms: ImageRooms): Route[] {
  return [
    ...transferRoutes(rooms),
    ...askRoutes(rooms),
    ...lookRoutes(rooms),
    ...changeRoutes(rooms),
  ];
}

function transferRoutes(rooms: ImageRooms): Route[] {
  const { processes } = rooms;
  const canAsk = () => processes.hasService('registry');
  return [
    {
      method: 'POST',
      path: /^\/images\/create$/,
      handle: (call) => {
        const { machine, query, headers, stream, asker } = call;
        if (query.fromSrc !== undefined && query.fromSrc !== '') return importRoute(rooms, call);
        const wish = platformOf(call);
        if ('refusal' in wish) return wish.refusal;
        const text = (query.fromImage ?? '') + suffixOf(query.tag);
        const parsed = parseReference(text);
        if (!parsed.ok) return fail(400, parsed.message);
        const named = isTrue(query.all) ? parsed.reference : withDefaultTag(parsed.reference);
        const credentials = decodeAuth(headers['x-registry-auth']);
        const args: PullArgs = {
          machine,
          reference: formatReference(named),
          stream,
          canAsk: canAsk(),
          ...wish,
          ...(credentials ? { credentials } : {}),
        };
        return processes.delegate(asker, 'docker/pull', args);
      },
    },
    {
      method: 'POST',
      path: /^\/images\/(.+)\/push$/,
      handle: (call) => {
        const { machine, params, query, headers, stream, asker } = call;
        const wish = platformOf(call);
        if ('refusal' in wish) return wish.refusal;
        const text = (params[0] ?? '') + suffixOf(query.tag);
        const parsed = parseReference(text);
        if (!parsed.ok) return fail(400, parsed.message);
        const { reference } = parsed;
        const all = isTrue(query.all) && isNameOnly(reference);
        const credentials = decodeAuth(headers['x-registry-auth']);
        const args: PushArgs = {
          machine,
          repository: nameOf(reference),
          references: all
            ? tagsOf(rooms.content, machine, nameOf(reference))
            : [formatReference(withDefaultTag(reference))],
          stream,
          canAsk: canAsk(),
          ...wish,
          ...(credentials ? { credentials } : {}),
        };
        return processes.delegate(asker, 'docker/push', args);
      },
    },
  ];
}

/** What registries are asked without moving an image. */
function askRoutes({ processes }: ImageRooms): Route[] {
  const canAsk = () => processes.hasService('registry');
  return [
    {
      method: 'GET',
      path: /^\/distribution\/(.+)\/json$/,
      handle: ({ machine, params: [reference = ''], headers, asker }) => {
        const credentials = decodeAuth(headers['x-registry-auth']);
        const args: DistributionArgs = {
          machine,
          reference,
          canAsk: canAsk(),
          ...(credentials ? { credentials } : {}),
        };
        return processes.delegate(asker, 'docker/distribution', args);
      },
    },
    {
      method: 'POST',
      path: /^\/auth$/,
      quiet: true,
      handle: ({ machine, body, asker }) => {
        const config = (body ?? {}) as AuthConfig;
        return processes.delegate(asker, 'docker/auth', { ...config, machine, canAsk: canAsk() });
      },
    },
  ];
}

const suffixOf = (tag: string | undefined): string =>
  tag === undefined || tag === '' ? '' : tag.includes(':') ? `@${tag}` : `:${tag}`;

/** The names of a repository's tags here, in order. */
function tagsOf(content: Content, machine: string, repository: string): string[] {
  return content.rows(machine).flatMap(([name]) => {
    const parsed = parseReference(name);
    const isOne = parsed.ok && parsed.reference.tag !== undefined;
    return isOne && nameOf(parsed.reference) === repository ? [name] : [];
  });
}

function importRoute({ kernel, processes, content, events, change }: ImageRooms, call: RouteCall) {
  const { machine, query, body, stream } = call;
  const wish = platformOf(call);
  if ('refusal' in wish) return wish.refusal;
  if (query.fromSrc !== '-') {
    // Simplified: archives come from the client alone.
    return fail(500, `Get "${query.fromSrc ?? ''}": dial tcp: no route to host`);
  }
  let name = '';
  if (query.repo !== undefined && query.repo !== '') {
    const parsed = parseReference(query.repo + suffixOf(query.tag));
    if (!parsed.ok) return fail(400, parsed.message);
    if (parsed.reference.digest !== undefined) return fail(400, 'cannot import digest reference');
    name = formatReference(withDefaultTag(parsed.reference));
  }
  const lines = (query.changes ?? '').split('\n').filter((line) => line !== '');
  const config = change ? change(lines) : {};
  if ('message' in config) return fail(400, config.message);
  const archive = body instanceof Uint8Array ? body : new Uint8Array(0);
  const message = query.message ?? 'Imported from -';
  const options = { name, message, config, nowMs: kernel.now, ...wish };
  const made = importImage(content, machine, archive, options);
  if (!('digest' in made)) return made;
  const { digest } = made;
  events.emit(machine, {
    Type: 'image',
    Action: 'import',
    ID: digest,
    Attributes: { name: digest },
  });
  processes.streams.write(stream, `${digest}\n`);
  return answer(200, {});
}

function lookRoutes({ kernel, content, events, usersOf }: ImageRooms): Route[] {
  const containersOf = (machine: string) => (digest: string) =>
    usersOf(machine, digest).map(({ id }) => id);
  return [
    {
      method: 'GET',
      path: /^\/images\/json$/,
      handle: ({ machine, query }) =>
        listImages(content, machine, {
          filters: query.filters,
          manifests: isTrue(query.manifests),
          sharedSize: isTrue(query['shared-size']),
          nowMs: kernel.now,
          containersOf: containersOf(machine),
        }),
    },
    {
      method: 'GET',
      path: /^\/images\/search$/,
      handle: ({ query }) => searchImages(query.term ?? '', query.limit, query.filters),
    },
    {
      method: 'GET',
      path: /^\/images\/(?:get|(.+)\/get)$/,
      handle: (call) => {
        const { machine, params, query } = call;
        const wish = platformOf(call);
        if ('refusal' in wish) return wish.refusal;
        const names = params[0] === undefined ? listOf(query.names) : [params[0]];
        const saved = saveImages(content, machine, names, wish.platform);
        if (saved.status === 200) {
          for (const name of names) events.emit(machine, imageEvent('save', name));
        }
        return saved;
      },
    },
    {
      method: 'GET',
      path: /^\/images\/(.+)\/json$/,
      handle: (call) => {
        const { machine, params, query } = call;
        const wish = platformOf(call);
        if ('refusal' in wish) return wish.refusal;
        return inspectImage(content, machine, params[0] ?? '', {
          ...wish,
          manifests: isTrue(query.manifests),
          containersOf: containersOf(machine),
        });
      },
    },
    {
      method: 'GET',
      path: /^\/images\/(.+)\/history$/,
      handle: (call) => {
        const wish = platformOf(call);
        if ('refusal' in wish) return wish.refusal;
        return imageHistory(content, call.machine, call.params[0] ?? '', wish.platform);
      },
    },
  ];
}

const imageEvent = (Action: 'save' | 'load', ID: string) =>
  ({ Type: 'image', Action, ID, Attributes: { name: ID } }) as const;

/** A list in a query: JSON, or names with commas between. */
function listOf(text = ''): string[] {
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list.map(String);
    } catch {
      return [text];
    }
  }
  return text.split(',').filter((name) => name !== '');
}

function changeRoutes(rooms: ImageRooms): Route[] {
  const { kernel, processes, content, events, usersOf, imagesInUse } = rooms;
  const removal = (machine: string): Removal => ({
    content,
    machine,
    usersOf: (digest) => usersOf(machine, digest),
    tell: (Action, ID) =>
      events.emit(machine, { Type: 'image', Action, ID, Attributes: { name: ID } }),
  });
  return [
    {
      method: 'POST',
      path: /^\/images\/(.+)\/tag$/,
      handle: ({ machine, params: [source = ''], query }) => {
        const { repo, tag, target = '' } = query;
        const wanted = repo === undefined ? target : repo + suffixOf(tag);
        const { tagged, ...told } = tagImage(content, machine, source, wanted);
        if (tagged) {
          const Attributes = { name: tagged.name };
          events.emit(machine, { Type: 'image', Action: 'tag', ID: tagged.digest, Attributes });
        }
        return told;
      },
    },
    {
      method: 'POST',
      path: /^\/images\/load$/,
      handle: (call) => {
        const { machine, body, stream } = call;
        const wish = platformOf(call);
        if ('refusal' in wish) return wish.refusal;
        const archive = body instanceof Uint8Array ? body : new Uint8Array(0);
        const loaded = loadImages(content, machine, archive, wish.platform);
        if ('message' in loaded) {
          return { status: 500, body: { message: loaded.message, begun: true } };
        }
        for (const digest of loaded.digests) events.emit(machine, imageEvent('load', digest));
        processes.streams.write(stream, loaded.lines.join(''));
        return answer(200, {});
      },
    },
    {
      method: 'POST',
      path: /^\/images\/prune$/,
      handle: ({ machine, query }) => {
        const room = removal(machine);
        const pruned = pruneImages(room, query.filters, kernel.now, imagesInUse(machine));
        if (pruned.status === 200) {
          const { SpaceReclaimed } = pruned.body as { SpaceReclaimed: number };
          const Attributes = { reclaimed: String(SpaceReclaimed) };
          events.emit(machine, { Type: 'image', Action: 'prune', ID: '', Attributes });
        }
        return pruned;
      },
    },
    {
      method: 'DELETE',
      path: /^\/images\/(.+)$/,
      handle: ({ machine, params: [name = ''], query }) =>
        removeImage(removal(machine), name, isTrue(query.force)),
    },
  ];
}
