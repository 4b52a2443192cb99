import type { Volume } from '../../compose-file/project.ts';
import type { Mount } from '../../compose-file/service-attachments.ts';
import { goQuote } from '../../go/quote.ts';
import { refuse, type Refused } from '../../go/refused.ts';
import type { ServiceMount } from '../api.ts';
import { scoped, stackLabels } from './namespace.ts';

/** Mounts of a stack's service (docker/cli v29.7 `cli/compose/convert/volume.go`). */
export function mountOf(
  stack: string,
  mount: Mount,
  volumes: Readonly<Record<string, Volume>>,
): ServiceMount | Refused {
  const { type, source = '', target = '', read_only: readOnly } = mount;
  const wrong = problemOf(mount);
  if (wrong !== undefined) return refuse(wrong);
  const plain: ServiceMount = {
    Type: type,
    ...(source !== '' && { Source: source }),
    Target: target,
    ...(readOnly && { ReadOnly: true }),
  };
  if (type === 'bind' && mount.bind) {
    const { propagation = '' } = mount.bind;
    return { ...plain, BindOptions: propagation === '' ? {} : { Propagation: propagation } };
  }
  if (type === 'tmpfs' && mount.tmpfs) {
    const { size } = mount.tmpfs;
    return { ...plain, TmpfsOptions: size === undefined ? {} : { SizeBytes: size } };
  }
  return type === 'volume' && source !== '' ? volumeMount(stack, mount, volumes, plain) : plain;
}

const KINDS = ['bind', 'volume', 'tmpfs', 'image'] as const;

/** Options of another kind, or a source where there must be none. */
function problemOf(mount: Mount): string | undefined {
  const { type, source = '' } = mount;
  if (!['volume', 'bind', 'tmpfs', 'npipe', 'cluster', 'image'].includes(type)) {
    return 'volume type must be volume, bind, tmpfs, npipe, or cluster';
  }
  if (type === 'tmpfs' && source !== '') return 'invalid tmpfs source, source must be empty';
  if (type !== 'tmpfs' && type !== 'volume' && source === '') {
    return `invalid ${type} source, source cannot be empty`;
  }
  const other = KINDS.find((kind) => kind !== type && mount[kind] !== undefined);
  return other && `${other} options are incompatible with type ${type}`;
}

function volumeMount(
  stack: string,
  { source = '', volume }: Mount,
  volumes: Readonly<Record<string, Volume>>,
  plain: ServiceMount,
): ServiceMount | Refused {
  const known = volumes[source];
  if (!known) return refuse(`undefined volume ${goQuote(source)}`);
  const { driver = '', driver_opts: Options } = known;
  const options = {
    ...(volume?.nocopy && { NoCopy: true }),
    ...(volume?.subpath !== undefined && { Subpath: volume.subpath }),
  };
  const Source = known.name ?? scoped(stack, source);
  if (known.external) return { ...plain, Source, VolumeOptions: options };
  const DriverConfig = {
    ...(driver !== '' && { Name: driver }),
    ...(Options && { Options }),
  };
  return {
    ...plain,
    Source,
    VolumeOptions: {
      ...options,
      Labels: stackLabels(stack, known.labels),
      ...((driver !== '' || Options) && { DriverConfig }),
    },
  };
}
