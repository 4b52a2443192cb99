import type { PersistentVolumeClaim, PersistentVolumeSpec } from '../../api/storage.ts';
import { accessModesText } from '../../api/tables/storage-rows.ts';
import type { DownwardVolume, ProjectedVolume, Volume } from '../../api/volumes.ts';
import type { Labels } from '../../apimachinery/object.ts';
import { annotationColumn, labelColumn, type Text } from './text.ts';

/** `describeVolumes`. */
export function describeVolumes(text: Text, volumes: readonly Volume[] = [], space = ''): void {
  if (volumes.length === 0) return text.line(0, `${space}Volumes:\t<none>`);
  text.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    text.line(1, `${space ? ' ' : ''}${volume.name}:`);
    const source = sourceLines(volume);
    if (source) for (const line of source) text.line(2, line);
    else if (volume.ephemeral) describeEphemeral(text, volume.ephemeral);
    else text.line(1, '<unknown>');
  }
}

/** The lines of a source; of a volume of a Pod, or of one of the cluster. */
export function sourceLines(
  source: Omit<Volume, 'name'> | PersistentVolumeSpec,
): string[] | undefined {
  const { hostPath, nfs } = source;
  if (hostPath) {
    const type = 'HostPath (bare host directory volume)';
    const path = `Path:\t${hostPath.path}`;
    return [`Type:\t${type}`, path, `HostPathType:\t${hostPath.type ?? '<none>'}`];
  }
  if (nfs) {
    const type = 'NFS (an NFS mount that lasts the lifetime of a pod)';
    const { server, path, readOnly = false } = nfs;
    return [`Type:\t${type}`, `Server:\t${server}`, `Path:\t${path}`, `ReadOnly:\t${readOnly}`];
  }
  if ('local' in source && source.local) {
    const type = 'LocalVolume (a persistent volume backed by local storage on a node)';
    return [`Type:\t${type}`, `Path:\t${source.local.path}`];
  }
  if (source.csi) return csiLines(source.csi);
  return podSourceLines(source);
}

function csiLines(csi: {
  readonly driver: string;
  readonly fsType?: string;
  readonly readOnly?: boolean;
  readonly volumeHandle?: string;
  readonly volumeAttributes?: Labels;
}): string[] {
  const { driver, fsType = '', readOnly = false, volumeHandle, volumeAttributes = {} } = csi;
  const attributes = Object.keys(volumeAttributes)
    .sort()
    .map((key) => `${key}=${volumeAttributes[key] ?? ''}`)
    .map((line) => (line.length > 140 ? `${line.slice(0, 140)}...` : line));
  const [first = '<none>', ...more] = attributes;
  return [
    'Type:\tCSI (a Container Storage Interface (CSI) volume source)',
    `Driver:\t${driver}`,
    `FSType:\t${fsType}`,
    ...(volumeHandle === undefined ? [] : [`VolumeHandle:\t${volumeHandle}`]),
    `ReadOnly:\t${readOnly}`,
    `VolumeAttributes:\t${attributes.length === 0 ? first : `    ${first}`}`,
    // Upstream moves every part of a further line in, the empty ones too.
    ...more.map((line) => `    \t    ${line}`),
  ];
}

function podSourceLines(source: Omit<Volume, 'name'>): string[] | undefined {
  const { emptyDir, secret, configMap, persistentVolumeClaim: claim, image } = source;
  if (emptyDir) {
    const { medium = '', sizeLimit = 0 } = emptyDir;
    const limit = Number(sizeLimit) === 0 ? '<unset>' : sizeLimit;
    const type = "EmptyDir (a temporary directory that shares a pod's lifetime)";
    return [`Type:\t${type}`, `Medium:\t${medium}`, `SizeLimit:\t${limit}`];
  }
  if (secret) {
    const { secretName = '', optional = false } = secret;
    const type = 'Secret (a volume populated by a Secret)';
    return [`Type:\t${type}`, `SecretName:\t${secretName}`, `Optional:\t${optional}`];
  }
  if (configMap) {
    const { name = '', optional = false } = configMap;
    const type = 'ConfigMap (a volume populated by a ConfigMap)';
    return [`Type:\t${type}`, `Name:\t${name}`, `Optional:\t${optional}`];
  }
  if (claim) {
    const { claimName, readOnly = false } = claim;
    const type =
      'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)';
    return [`Type:\t${type}`, `ClaimName:\t${claimName}`, `ReadOnly:\t${readOnly}`];
  }
  if (image) {
    const type = 'Image (a container image or OCI artifact)';
    const { reference = '', pullPolicy = '' } = image;
    return [`Type:\t${type}`, `Reference:\t${reference}`, `PullPolicy:\t${pullPolicy}`];
  }
  if (source.downwardAPI) return downwardLines(source.downwardAPI);
  return source.projected && projectedLines(source.projected);
}

function downwardLines({ items = [] }: DownwardVolume): string[] {
  return [
    'Type:\tDownwardAPI (a volume populated by information about the pod)',
    'Items:',
    ...items.flatMap(({ path, fieldRef, resourceFieldRef }) => [
      ...(fieldRef ? [`  ${fieldRef.fieldPath} -> ${path}`] : []),
      ...(resourceFieldRef ? [`  ${resourceFieldRef.resource} -> ${path}`] : []),
    ]),
  ];
}

function projectedLines({ sources = [] }: ProjectedVolume): string[] {
  const lines = sources.flatMap(({ secret, downwardAPI, configMap, serviceAccountToken }) => {
    const { name = '', optional = false } = secret ?? configMap ?? {};
    if (secret) return [`SecretName:\t${name}`, `Optional:\t${optional}`];
    if (downwardAPI) return ['DownwardAPI:\ttrue'];
    if (configMap) return [`ConfigMapName:\t${name}`, `Optional:\t${optional}`];
    if (!serviceAccountToken) return [];
    return [`TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds ?? 0}`];
  });
  const type = 'Projected (a volume that contains injected data from multiple sources)';
  return [`Type:\t${type}`, ...lines];
}

function describeEphemeral(
  text: Text,
  { volumeClaimTemplate: template }: NonNullable<Volume['ephemeral']>,
): void {
  const type =
    'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)';
  text.line(2, `Type:\t${type}`);
  if (template) describeClaim(text, template, 2);
}

type ClaimLike = Pick<PersistentVolumeClaim, 'spec'> & {
  readonly metadata?: Partial<PersistentVolumeClaim['metadata']>;
  readonly status?: PersistentVolumeClaim['status'];
};

/** What a claim and the template of one have in common (`printPersistentVolumeClaim`). */
export function describeClaim(
  text: Text,
  { metadata = {}, spec, status }: ClaimLike,
  level: number,
  whole?: { readonly state: string; readonly finalizers: string },
): void {
  const indent = '  '.repeat(level);
  if (whole) {
    text.line(level, `Name:\t${metadata.name ?? ''}`);
    text.line(level, `Namespace:\t${metadata.namespace ?? ''}`);
  }
  text.line(level, `StorageClass:\t${spec.storageClassName ?? ''}`);
  if (whole) text.line(level, `Status:\t${whole.state}`);
  text.line(level, `Volume:\t${spec.volumeName ?? ''}`);
  labelColumn(text, 'Labels', metadata.labels, indent);
  annotationColumn(text, `${indent}Annotations`, metadata.annotations);
  if (whole) text.line(level, `Finalizers:\t${whole.finalizers}`);
  const bound = Boolean(spec.volumeName);
  text.line(level, `Capacity:\t${bound ? (status?.capacity?.storage ?? 0) : ''}`);
  text.line(level, `Access Modes:\t${bound ? accessModesText(status?.accessModes) : ''}`);
  if (spec.volumeMode) text.line(level, `VolumeMode:\t${spec.volumeMode}`);
  if (!spec.dataSource) return;
  const { apiGroup, kind, name } = spec.dataSource;
  text.line(level, 'DataSource:');
  if (apiGroup !== undefined) text.line(level + 1, `APIGroup:\t${apiGroup}`);
  text.line(level + 1, `Kind:\t${kind}`);
  text.line(level + 1, `Name:\t${name}`);
}
