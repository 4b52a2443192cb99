import type { MachineFiles } from '../../../machine/files.ts';
import type { Pod } from '../../api/pod.ts';
import type { PersistentVolume } from '../../api/storage.ts';
import type { Volume } from '../../api/volumes.ts';
import type { Client } from '../../client/client.ts';

/**
 * Where the volume behind a claim lies on a node
 * (pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go, pkg/volume/local, v1.36).
 *
 * Simplified: a volume of a driver (CSI) is a directory of the node that is named by its handle.
 */
export type ClaimPath = { readonly path: string } | { readonly problem: string };

/** Undefined when the volume is of no claim. */
export function claimPath(
  pod: Pod,
  volume: Volume,
  files: MachineFiles,
  client: Client,
): ClaimPath | undefined {
  const { metadata, spec } = pod;
  const own = volume.ephemeral ? `${metadata.name}-${volume.name}` : undefined;
  const name = volume.persistentVolumeClaim?.claimName ?? own;
  if (name === undefined) return undefined;
  const namespace = metadata.namespace ?? '';
  const claim = client.get('persistentvolumeclaims', namespace, name);
  const unmounted =
    `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached ` +
    `volumes=[], failed to process volumes=[${volume.name}]: `;
  const processing = `${unmounted}error processing PVC ${namespace}/${name}: `;
  if (!claim) {
    const why = `persistentvolumeclaims "${name}" not found`;
    return { problem: `${processing}failed to fetch PVC from API server: ${why}` };
  }
  const pv = claim.spec.volumeName ?? '';
  if (claim.status.phase !== 'Bound' || pv === '') {
    return { problem: `${processing}PVC is not bound` };
  }
  const bound = client.get('persistentvolumes', '', pv);
  if (!bound) {
    const why = `persistentvolumes "${pv}" not found`;
    return { problem: `${processing}failed to fetch PV ${pv} from API server: ${why}` };
  }
  return pathOf(bound, files, spec.nodeName ?? '');
}

function pathOf({ metadata, spec }: PersistentVolume, files: MachineFiles, node: string) {
  const { hostPath, local, csi } = spec;
  const failed = `MountVolume.NewMounter initialization failed for volume "${metadata.name}" : `;
  if (local) {
    if (files.node(node, local.path)) return { path: local.path };
    return { problem: `${failed}path "${local.path}" does not exist` };
  }
  const handle = csi && `/var/lib/csi/${csi.driver}/${csi.volumeHandle}`;
  const path = hostPath?.path ?? handle;
  if (path === undefined) {
    const kind = spec.nfs ? 'nfs' : 'unknown';
    return { problem: `${failed}volumes of the kind "${kind}" are not modelled here` };
  }
  if (!files.node(node, path)) files.makeDirectory(node, path, { parents: true });
  return { path };
}
