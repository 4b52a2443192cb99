import type { FileObject, Project, Volume } from '../../compose-file/project.ts';
import type { FileReference, Mount } from '../../compose-file/service-attachments.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ContainerSummary, Mount as EngineMount } from '../../docker/api.ts';
import { refuse } from '../failure.ts';

/**
 * What a container mounts: volumes of the service, secrets and configs that are files, and unnamed
 * volumes of the container that it replaces (docker/compose v5.5 `pkg/compose/create.go`).
 */
export interface Mounts {
  readonly binds: readonly string[];
  readonly mounts: readonly EngineMount[];
  /** What is said of it. */
  readonly warnings: readonly string[];
}

export function mountsOf(
  project: Project,
  service: Service,
  inherited: ContainerSummary | undefined,
  /** Paths for which the image declares a volume. */
  imageVolumes: readonly string[],
): Mounts {
  const found = new Map<string, EngineMount>();
  const volumes = inherit(service.volumes ?? [], inherited, imageVolumes, found);
  for (const volume of volumes) found.set(volume.target ?? '', engineMount(project, volume));
  const warnings: string[] = [];
  const files = [
    ...filesOf('secret', service.secrets ?? [], project.secrets, warnings),
    ...filesOf('config', service.configs ?? [], project.configs, warnings),
  ];
  for (const file of files) if (!found.has(file.Target ?? '')) found.set(file.Target ?? '', file);
  const binds: string[] = [];
  const mounts: EngineMount[] = [];
  for (const [target, mount] of found) {
    const written = volumes.find((one) => one.target === target);
    const bind = bindText(mount, written, project.volumes);
    if (bind === undefined) mounts.push(mount);
    else binds.push(bind);
  }
  return { binds, mounts, warnings };
}

/** Unnamed volumes of the old container; gives the volumes of the service that are left. */
function inherit(
  volumes: readonly Mount[],
  old: ContainerSummary | undefined,
  imageVolumes: readonly string[],
  into: Map<string, EngineMount>,
): readonly Mount[] {
  let left = volumes;
  for (const { Type, Name, Source, Destination, RW } of old?.Mounts ?? []) {
    if (Type === 'tmpfs') continue;
    const unnamed = left.some(({ target, source = '' }) => target === Destination && source === '');
    if (!unnamed && !imageVolumes.includes(Destination)) continue;
    const source = Type === 'volume' ? (Name ?? '') : Source;
    const kind = Type === 'volume' ? 'volume' : 'bind';
    into.set(Destination, { Type: kind, Source: source, Target: Destination, ReadOnly: !RW });
    left = left.filter(({ target, source: own = '' }) => target !== Destination || own !== '');
  }
  return left;
}

function engineMount({ volumes }: Pick<Project, 'volumes'>, mount: Mount): EngineMount {
  const { type, source = '', target = '', read_only: ReadOnly = false, consistency } = mount;
  const name = type === 'volume' ? (volumes[source]?.name ?? source) : source;
  return {
    ...{ Type: type, Source: name, Target: target, ReadOnly },
    ...(consistency !== undefined && { Consistency: consistency }),
    ...(type === 'bind' && mount.bind && { BindOptions: bindOptions(mount.bind) }),
    ...(type === 'volume' && mount.volume && { VolumeOptions: volumeOptions(mount.volume) }),
    ...(type === 'tmpfs' && mount.tmpfs && { TmpfsOptions: tmpfsOptions(mount.tmpfs) }),
    ...(type === 'image' &&
      mount.image?.subpath !== undefined && { ImageOptions: { Subpath: mount.image.subpath } }),
  };
}

const createsPath = ({ create_host_path: creates = true }: NonNullable<Mount['bind']>): boolean =>
  creates;

function bindOptions(bind: NonNullable<Mount['bind']>): NonNullable<EngineMount['BindOptions']> {
  const { propagation, recursive } = bind;
  return {
    ...(propagation !== undefined && { Propagation: propagation }),
    CreateMountpoint: createsPath(bind),
    ...(recursive === 'disabled' && { NonRecursive: true }),
    ...(recursive === 'writable' && { ReadOnlyNonRecursive: true }),
    ...(recursive === 'readonly' && { ReadOnlyForceRecursive: true }),
  };
}

const volumeOptions = ({ labels, nocopy, subpath }: NonNullable<Mount['volume']>) => ({
  ...(nocopy !== undefined && { NoCopy: nocopy }),
  ...(labels && { Labels: labels }),
  ...(subpath !== undefined && { Subpath: subpath }),
});

const tmpfsOptions = ({ size, mode }: NonNullable<Mount['tmpfs']>) => ({
  ...(size !== undefined && { SizeBytes: size }),
  ...(mode !== undefined && { Mode: mode }),
});

/** As `docker run -v` has it, where that says all: it makes the directory of a bind mount. */
function bindText(
  { Type, Source = '', Target = '' }: EngineMount,
  written: Mount | undefined,
  volumes: Readonly<Record<string, Volume>>,
): string | undefined {
  if (!written) return undefined;
  const { bind, volume, read_only: readOnly } = written;
  if (Type === 'bind') {
    if (bind && (!createsPath(bind) || bind.propagation || bind.recursive)) return undefined;
  } else if (Type === 'volume') {
    if (!Object.values(volumes).some(({ name }) => name === Source)) return undefined;
    if (volume && (volume.labels || volume.subpath || volume.nocopy)) return undefined;
  } else return undefined;
  const options = [readOnly ? 'ro' : 'rw', ...(bind?.selinux ? [bind.selinux] : [])];
  return `${Source}:${Target}:${options.join(',')}`;
}

const DIRECTORY = { secret: '/run/secrets/', config: '/' };

/** Where a secret or config is found in the container. */
export function targetOf(
  kind: 'secret' | 'config',
  { source = '', target }: FileReference,
): string {
  if (!target) return DIRECTORY[kind] + source;
  return target.startsWith('/') ? target : DIRECTORY[kind] + target;
}

function filesOf(
  kind: 'secret' | 'config',
  references: readonly FileReference[],
  defined: Readonly<Record<string, FileObject>>,
  warnings: string[],
): EngineMount[] {
  const found: EngineMount[] = [];
  for (const reference of references) {
    const object = defined[reference.source ?? ''] ?? {};
    const { name = reference.source ?? '', file, environment, content } = object;
    if (object.external) refuse(`unsupported external ${kind} ${name}`);
    if (object.driver) refuse(`Docker Compose does not support ${kind}s.*.driver`);
    if (object.template_driver)
      refuse(`Docker Compose does not support ${kind}s.*.template_driver`);
    if (environment || content || file === undefined) continue;
    if (reference.uid || reference.gid || reference.mode !== undefined) {
      const what = kind === 'secret' ? 'secrets' : 'config';
      warnings.push(
        `${what} \`uid\`, \`gid\` and \`mode\` are not supported, they will be ignored`,
      );
    }
    const common = { Type: 'bind', Source: file, ReadOnly: true } as const;
    const strict = kind === 'secret' && { BindOptions: { CreateMountpoint: false } };
    found.push({ ...common, Target: targetOf(kind, reference), ...strict });
  }
  return found;
}
