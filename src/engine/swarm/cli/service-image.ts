import { failed, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { familiarString, parseReference, withDefaultTag } from '../../oci/reference.ts';
import type { ServiceSpec } from '../api.ts';

/**
 * The client asks the registry which image a name means now, so that all nodes run the same one
 * (moby/moby v29.7 `client/service_create.go`).
 */
export interface Pinned {
  readonly spec: ServiceSpec;
  /** '' when the image is pinned, or was not asked for. */
  readonly warning: string;
}

interface Inspected {
  readonly Descriptor: { readonly digest: string };
  readonly Platforms?: readonly { readonly architecture: string; readonly os: string }[];
}

/** Names its image by digest and asks for nodes of its platforms; with a tag where it cannot. */
export function* pinImage(call: Invocation, spec: ServiceSpec, asks: boolean): Step<Pinned> {
  const { Image } = spec.TaskTemplate.ContainerSpec;
  const parsed = parseReference(Image);
  if (!parsed.ok || parsed.reference.digest !== undefined) return { spec, warning: '' };
  const reference = withDefaultTag(parsed.reference);
  const name = familiarString(reference);
  if (!asks) return { spec: withImage(spec, name), warning: '' };
  const answer = yield* call.get<Inspected>(`/distribution/${name}/json`);
  if (failed(answer)) return { spec: withImage(spec, name), warning: warningOf(name) };
  const { Descriptor, Platforms = [] } = answer.body;
  const pinned = familiarString({ ...reference, digest: Descriptor.digest });
  const known = new Map<string, { Architecture: string; OS: string }>();
  for (const { architecture, os } of Platforms) {
    if (os === 'unknown' || architecture === 'unknown') continue;
    // Nodes say which arm they are, images do not.
    const Architecture = architecture === 'arm' ? '' : architecture;
    known.set(`${os}/${Architecture}`, { Architecture, OS: os });
  }
  const platforms = [...known.values()];
  const { Placement } = spec.TaskTemplate;
  const TaskTemplate = {
    ...withImage(spec, pinned).TaskTemplate,
    ...(platforms.length > 0 && { Placement: { ...Placement, Platforms: platforms } }),
  };
  return { spec: { ...spec, TaskTemplate }, warning: '' };
}

const withImage = (spec: ServiceSpec, Image: string): ServiceSpec => ({
  ...spec,
  TaskTemplate: {
    ...spec.TaskTemplate,
    ContainerSpec: { ...spec.TaskTemplate.ContainerSpec, Image },
  },
});

const warningOf = (image: string): string =>
  `image ${image} could not be accessed on a registry to record\nits digest. Each node will ` +
  `access ${image} independently,\npossibly leading to different nodes running different\n` +
  'versions of the image.\n';
