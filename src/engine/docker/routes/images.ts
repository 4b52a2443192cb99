import type { Processes } from '../../sim/processes.ts';
import type { Content } from '../../containerd/content.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/reference.ts';
import { registryService } from '../../oci/registry.ts';
import { isTrue } from '../answer.ts';
import type { Events } from '../events.ts';
import { listImages, removeImage, tagImage } from '../images.ts';
import type { Route } from './route.ts';

export interface ImageRooms {
  readonly processes: Processes;
  readonly content: Content;
  readonly events: Events;
  /** Containers made of an image, running ones first. */
  readonly usersOf: (machine: string, digest: string) => { id: string; running: boolean }[];
}

export function imageRoutes({ processes, content, usersOf }: ImageRooms): Route[] {
  return [
    {
      method: 'POST',
      path: /^\/images\/create$/,
      handle: ({ machine, query, stream, asker }) => {
        const reference = query.fromImage ?? '';
        const parsed = parseReference(reference);
        const name = parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : '';
        const before = content.digestOf(machine, name);
        const args = { machine, reference, stream, ...(before ? { before } : {}) };
        return processes.delegate(asker, 'docker/pull', args);
      },
    },
    {
      method: 'POST',
      path: /^\/images\/(.+)\/push$/,
      handle: ({ machine, params: [reference = ''], stream, asker }) => {
        const parsed = parseReference(reference);
        const name = parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : reference;
        const digest = content.digestOf(machine, name);
        const host = parsed.ok ? parsed.reference.domain : '';
        const knownHost = processes.hasService(registryService(host));
        const args = { machine, reference, knownHost, stream, ...(digest ? { digest } : {}) };
        return processes.delegate(asker, 'docker/push', args);
      },
    },
    {
      method: 'POST',
      path: /^\/images\/(.+)\/tag$/,
      handle: ({ machine, params: [source = ''], query }) =>
        tagImage(content, machine, source, query.target ?? ''),
    },
    {
      method: 'GET',
      path: /^\/images\/json$/,
      handle: ({ machine }) => listImages(content, machine),
    },
    {
      method: 'DELETE',
      path: /^\/images\/(.+)$/,
      handle: ({ machine, params: [name = ''], query }) =>
        removeImage(content, machine, name, isTrue(query.force), (digest) =>
          usersOf(machine, digest),
        ),
    },
  ];
}
