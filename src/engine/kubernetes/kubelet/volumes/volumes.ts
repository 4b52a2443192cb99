import type { MachineFiles } from '../../../machine/files.ts';
import type { Container, Pod } from '../../api/pod.ts';
import type { Volume, VolumeMount } from '../../api/volumes.ts';
import { expand } from '../environment/expansion.ts';
import type { LookUp, Surroundings } from '../environment/environment.ts';
import type { ContainerMount } from '../cri.ts';
import { writeAtomically } from './atomic-writer.ts';
import { hostPathProblem } from './host-path.ts';
import { setOwnership } from './ownership.ts';
import { payloadOf } from './payload.ts';
import { claimPath } from './claims.ts';

/**
 * The volumes of a Pod on its node (pkg/kubelet/volumemanager, pkg/volume, v1.36): directories
 * under the kubelet's own, which containers bind.
 *
 * Simplified: no attaching, no block devices; what lies in memory counts as disk, not as memory.
 */
export interface VolumeProblem {
  readonly volume: string;
  /** As the Event says it. */
  readonly message: string;
}

const KUBELET = '/var/lib/kubelet/pods';

/** Everything that a kubelet keeps of a Pod. */
export const podDirectory = (uid: string): string => `${KUBELET}/${uid}`;

const PLUGINS = {
  configMap: 'kubernetes.io~configmap',
  secret: 'kubernetes.io~secret',
  downwardAPI: 'kubernetes.io~downward-api',
  projected: 'kubernetes.io~projected',
  emptyDir: 'kubernetes.io~empty-dir',
} as const;

/** The directory of a volume that the kubelet makes itself; undefined for one that it finds. */
function ownDirectory(pod: Pod, volume: Volume): string | undefined {
  for (const kind of Object.keys(PLUGINS) as (keyof typeof PLUGINS)[]) {
    if (!volume[kind]) continue;
    return `${podDirectory(pod.metadata.uid)}/volumes/${PLUGINS[kind]}/${volume.name}`;
  }
  return undefined;
}

/** Where an emptyDir of a Pod lies on its node. */
export const emptyDirectory = (uid: string, volume: string): string =>
  `${podDirectory(uid)}/volumes/${PLUGINS.emptyDir}/${volume}`;

/** The token, certificate and namespace that every Pod has: shown, never written to the node. */
export const isAccess = ({ name }: { readonly name: string }): boolean =>
  name.startsWith('kube-api-access-');

/** Volumes that are more than the access to the API server. */
export const ownVolumes = ({ spec }: Pod): readonly Volume[] =>
  !spec.volumes || spec.volumes.every(isAccess)
    ? NO_VOLUMES
    : spec.volumes.filter((volume) => !isAccess(volume));

const NO_VOLUMES: readonly Volume[] = [];

/** Makes the volumes of a Pod; those already made are brought up to date. */
export function setUpVolumes(
  pod: Pod,
  files: MachineFiles,
  around: Surroundings,
  nowMs: number,
): VolumeProblem[] {
  const problems: VolumeProblem[] = [];
  for (const volume of ownVolumes(pod)) {
    const why = setUp(pod, volume, files, around, nowMs);
    if (why !== undefined) problems.push({ volume: volume.name, message: why });
  }
  return problems;
}

function setUp(
  pod: Pod,
  volume: Volume,
  files: MachineFiles,
  around: Surroundings,
  nowMs: number,
): string | undefined {
  const node = pod.spec.nodeName ?? '';
  const failed = (why: string): string =>
    `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`;
  const payload = payloadOf(pod, volume, around);
  const directory = ownDirectory(pod, volume) ?? '';
  if (payload) {
    if ('problem' in payload) return failed(payload.problem);
    const keepsOld = usesSubPath(pod, volume.name);
    writeAtomically(files, node, directory, payload.files, { nowMs, keepsOld });
    return undefined;
  }
  if (volume.emptyDir) {
    if (!files.node(node, directory)) {
      files.makeDirectory(node, directory, { parents: true });
      files.changeMode(node, directory, 0o777);
    }
    setOwnership(files, pod, directory);
    return undefined;
  }
  if (volume.hostPath) {
    const why = hostPathProblem(files, node, volume.hostPath);
    return why === undefined ? undefined : failed(why);
  }
  const claim = claimPath(pod, volume, files, around.client);
  if (claim) {
    if ('problem' in claim) return claim.problem;
    setOwnership(files, pod, claim.path);
    return undefined;
  }
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';
  return failed(`volumes of the kind "${kind}" are not modelled here`);
}

const usesSubPath = ({ spec }: Pod, name: string): boolean =>
  [...spec.containers, ...(spec.initContainers ?? [])].some(({ volumeMounts = [] }) =>
    volumeMounts.some((mount) => mount.name === name && subPathOf(mount, () => undefined) !== ''),
  );

function subPathOf({ subPath, subPathExpr }: VolumeMount, lookUp: LookUp): string {
  return subPathExpr === undefined ? (subPath ?? '') : expand(subPathExpr, lookUp);
}

/** What a container mounts of its Pod's volumes. */
export function mountsOf(
  pod: Pod,
  container: Container,
  lookUp: LookUp,
  files: MachineFiles,
  around: Surroundings,
): ContainerMount[] {
  const { volumeMounts = [] } = container;
  if (volumeMounts.every(isAccess)) return [];
  const volumes = new Map(pod.spec.volumes?.map((volume) => [volume.name, volume]));
  return volumeMounts.flatMap((mount): ContainerMount[] => {
    const volume = volumes.get(mount.name);
    if (!volume || isAccess(volume)) return [];
    const root = rootOf(pod, volume, files, around);
    if (root === undefined) return [];
    const sub = subPathOf(mount, lookUp);
    if (sub !== '') makeSubPath(pod, files, `${root}/${sub}`);
    const isReadOnly = mount.readOnly === true || isMadeOfObjects(volume);
    const bind = sub === '' ? root : `${root}/${sub}`;
    return [
      {
        target: mount.mountPath,
        source: { bind, ...(isInMemory(volume) && { inMemory: true }) },
        ...(isReadOnly && { readOnly: true }),
      },
    ];
  });
}

const isMadeOfObjects = ({ configMap, secret, downwardAPI, projected }: Volume): boolean =>
  Boolean(configMap ?? secret ?? downwardAPI ?? projected);

/**
 * On tmpfs, so that no disk ever has them (`wrappedVolumeSpec` in
 * pkg/volume/{secret,projected,downwardapi}); what a ConfigMap holds is no secret.
 */
const isInMemory = ({ secret, projected, downwardAPI, emptyDir }: Volume): boolean =>
  Boolean(secret ?? projected ?? downwardAPI) || emptyDir?.medium === 'Memory';

function rootOf(pod: Pod, volume: Volume, files: MachineFiles, { client }: Surroundings) {
  const own = ownDirectory(pod, volume) ?? volume.hostPath?.path;
  if (own !== undefined) return own;
  const claim = claimPath(pod, volume, files, client);
  return claim && 'path' in claim ? claim.path : undefined;
}

function makeSubPath({ spec }: Pod, files: MachineFiles, path: string): void {
  const node = spec.nodeName ?? '';
  if (!files.node(node, path)) files.makeDirectory(node, path, { parents: true });
}

/** What a Pod's volumes are made of: `configmaps default/settings`; a change brings a refresh. */
export function objectsOf({ metadata, spec }: Pod): string[] {
  const namespace = metadata.namespace ?? '';
  const names = new Set<string>();
  for (const volume of spec.volumes ?? []) {
    if (isAccess(volume)) continue;
    const { configMap, secret, projected } = volume;
    const sources = [
      { configMap, secret: secret && { name: secret.secretName } },
      ...(projected?.sources ?? []),
    ];
    for (const source of sources) {
      if (source.configMap?.name) names.add(`configmaps ${namespace}/${source.configMap.name}`);
      if (source.secret?.name) names.add(`secrets ${namespace}/${source.secret.name}`);
    }
  }
  return [...names];
}
