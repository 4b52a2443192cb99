import type { PullPolicy } from '../container.ts';
import type { DownwardFile, FieldSelector, Volume, VolumeProjection } from '../volumes.ts';
import { fillEmpty, fillMissing, mapKept, withFields } from './filling.ts';
import { claimSpecDefaults } from './storage.ts';
import { pullPolicyOf } from './pull-policy.ts';

/** Volumes of a Pod (`SetDefaults_Volume` and those below it, pkg/apis/core/v1/defaults.go, v1.36). */
type Source = Readonly<Record<string, unknown>>;

/** 0644. */
const FILE_MODE = 420;
const TOKEN_LIFETIME_SECONDS = 3600;

/** Sources whose fields have defaults in the markers of core/v1/types.go. */
const MARKED: Readonly<Record<string, Source>> = {
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  azureDisk: { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
};

export function volumeDefaults(volume: Volume): Volume {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) return { ...volume, emptyDir: {} };
  const { configMap, secret, downwardAPI, projected, hostPath, ephemeral, image } = volume;
  const filled = withFields(volume, {
    configMap: configMap && fillMissing(configMap, { defaultMode: FILE_MODE }),
    secret: secret && fillMissing(secret, { defaultMode: FILE_MODE }),
    downwardAPI: downwardAPI && downwardFiles(fillMissing(downwardAPI, { defaultMode: FILE_MODE })),
    projected:
      projected &&
      withFields(fillMissing(projected, { defaultMode: FILE_MODE }), {
        sources: projected.sources && mapKept(projected.sources, projectionDefaults),
      }),
    hostPath: hostPath && fillMissing(hostPath, { type: '' }),
    ephemeral: ephemeral?.volumeClaimTemplate && {
      volumeClaimTemplate: withFields(ephemeral.volumeClaimTemplate, {
        spec: claimSpecDefaults(ephemeral.volumeClaimTemplate.spec),
      }),
    },
    image: image && fillEmpty(image, { pullPolicy: imagePullPolicy(image.reference) }),
  });
  return markedDefaults(filled);
}

const imagePullPolicy = (reference: string | undefined): PullPolicy =>
  pullPolicyOf(reference ?? '');

function markedDefaults(volume: Volume): Volume {
  const given = volume as unknown as Readonly<Record<string, Source | undefined>>;
  const fields: Record<string, Source> = {};
  for (const [name, defaults] of Object.entries(MARKED)) {
    const source = given[name];
    if (source) fields[name] = fillMissing(source, defaults);
  }
  return withFields(volume, fields as Partial<Volume>);
}

function projectionDefaults(projection: VolumeProjection): VolumeProjection {
  const { downwardAPI, serviceAccountToken } = projection;
  return withFields(projection, {
    downwardAPI: downwardAPI && downwardFiles(downwardAPI),
    serviceAccountToken:
      serviceAccountToken &&
      fillMissing(serviceAccountToken, { expirationSeconds: TOKEN_LIFETIME_SECONDS }),
  });
}

function downwardFiles<T extends { readonly items?: readonly DownwardFile[] }>(source: T): T {
  if (!source.items) return source;
  const items = mapKept(source.items, (file) =>
    withFields(file, { fieldRef: file.fieldRef && fieldDefaults(file.fieldRef) }),
  );
  return items === source.items ? source : { ...source, items };
}

export function fieldDefaults(field: FieldSelector): FieldSelector {
  return fillEmpty(field, { apiVersion: 'v1' });
}
