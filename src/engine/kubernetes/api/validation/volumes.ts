import type { VolumeDevice, VolumeMount } from '../volumes.ts';
import type { DownwardFile, KeyToPath, Volume, VolumeProjection } from '../volumes.ts';
import { validateFieldSelector, validateResourceFieldSelector } from './downward.ts';
import {
  given,
  duplicate,
  forbidden,
  invalid,
  invalids,
  notFound,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { configKey, dnsLabel, dnsSubdomain } from './names.ts';
import { compareAmounts } from './resource-amounts.ts';
import { validateClaimSpec } from './storage.ts';
import { localPath, validateHostPath, validateNfs } from './volume-sources.ts';

/** Volumes of a Pod and where they are mounted (pkg/apis/core/validation/validation.go, v1.36). */
export type VolumesByName = ReadonlyMap<string, Volume>;

export function validateVolumes(
  volumes: readonly Volume[],
  at: string,
): { byName: VolumesByName; causes: FieldCause[] } {
  const byName = new Map<string, Volume>();
  const causes: FieldCause[] = [];
  volumes.forEach((volume, i) => {
    const here = `${at}[${i}]`;
    const own = validateVolume(volume, here);
    if (byName.has(volume.name)) own.push(duplicate(`${here}.name`, volume.name));
    if (own.length === 0) byName.set(volume.name, volume);
    else causes.push(...own);
  });
  return { byName, causes };
}

/** Volumes found right before; a template hands its own to many Pods. */
const valid = new WeakSet<Volume>();

function validateVolume(volume: Volume, at: string): FieldCause[] {
  if (valid.has(volume)) return [];
  const causes = validateSource(volume, at);
  if (!volume.name) causes.push(required(`${at}.name`));
  else causes.push(...invalids(`${at}.name`, volume.name, dnsLabel(volume.name)));
  if (causes.length === 0) valid.add(volume);
  return causes;
}

type SourceRule = (volume: Volume, at: string) => FieldCause[];

/** In the order in which upstream looks for them. */
const SOURCES: readonly (readonly [keyof Volume, SourceRule])[] = [
  ['emptyDir', emptyDir],
  ['hostPath', hostPath],
  ['secret', secret],
  ['nfs', nfs],
  ['persistentVolumeClaim', claim],
  ['downwardAPI', downward],
  ['configMap', configMap],
  ['projected', projected],
  ['csi', csi],
  ['ephemeral', ephemeral],
  ['image', image],
];

const ONE_SOURCE = 'may not specify more than 1 volume type';

function validateSource(volume: Volume, at: string): FieldCause[] {
  const causes: FieldCause[] = [];
  let count = 0;
  for (const [name, rule] of SOURCES) {
    if (volume[name] === undefined) continue;
    count += 1;
    if (count > 1) causes.push(forbidden(`${at}.${name}`, ONE_SOURCE));
    else causes.push(...rule(volume, `${at}.${name}`));
  }
  if (count === 0 && Object.keys(volume).every((key) => key === 'name')) {
    causes.push(required(at, 'must specify a volume type'));
  }
  return causes;
}

function emptyDir(volume: Volume, at: string): FieldCause[] {
  const { sizeLimit } = volume.emptyDir ?? {};
  if (sizeLimit === undefined || compareAmounts(sizeLimit, 0) >= 0) return [];
  return [forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')];
}

function hostPath({ hostPath: source }: Volume, at: string): FieldCause[] {
  return source ? validateHostPath(source, at) : [];
}

function secret({ secret: source = {} }: Volume, at: string): FieldCause[] {
  const causes = source.secretName ? [] : [required(`${at}.secretName`)];
  return [...causes, ...mode(source.defaultMode, `${at}.defaultMode`), ...items(source.items, at)];
}

function configMap({ configMap: source = {} }: Volume, at: string): FieldCause[] {
  const causes = source.name ? [] : [required(`${at}.name`)];
  return [...causes, ...mode(source.defaultMode, `${at}.defaultMode`), ...items(source.items, at)];
}

function items(list: readonly KeyToPath[] = [], at: string): FieldCause[] {
  return list.flatMap((item, i) => {
    const here = `${at}.items[${i}]`;
    return [
      ...(item.key ? [] : [required(`${here}.key`)]),
      ...(item.path ? localPath(item.path, `${here}.path`) : [required(`${here}.path`)]),
      ...mode(item.mode, `${here}.mode`),
    ];
  });
}

function mode(value: number | undefined, at: string): FieldCause[] {
  if (value === undefined || (value >= 0 && value <= 0o777)) return [];
  return [invalid(at, value, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function nfs({ nfs: source }: Volume, at: string): FieldCause[] {
  return source ? validateNfs(source, at) : [];
}

function claim({ persistentVolumeClaim: source }: Volume, at: string): FieldCause[] {
  return source?.claimName ? [] : [required(`${at}.claimName`)];
}

function downward({ downwardAPI: source = {} }: Volume, at: string): FieldCause[] {
  return [
    ...mode(source.defaultMode, `${at}.defaultMode`),
    ...downwardFiles(source.items ?? [], at),
  ];
}

function downwardFiles(files: readonly DownwardFile[], at: string): FieldCause[] {
  return files.flatMap((file) => {
    const causes = file.path ? localPath(file.path, `${at}.path`) : [required(`${at}.path`)];
    if (file.fieldRef) {
      causes.push(...validateFieldSelector(file.fieldRef, 'volume', `${at}.fieldRef`));
      if (file.resourceFieldRef) {
        const why = 'fieldRef and resourceFieldRef can not be specified simultaneously';
        causes.push(invalid(at, 'resource', why));
      }
    } else if (file.resourceFieldRef) {
      const here = `${at}.resourceFieldRef`;
      causes.push(...validateResourceFieldSelector(file.resourceFieldRef, true, here));
    } else causes.push(required(at, 'one of fieldRef and resourceFieldRef is required'));
    return [...causes, ...mode(file.mode, `${at}.mode`)];
  });
}

function projected({ projected: source = {} }: Volume, at: string): FieldCause[] {
  const { defaultMode, sources = [] } = given(source);
  return [
    ...mode(defaultMode, `${at}.defaultMode`),
    ...sources.flatMap((one, i) => projection(one, `${at}.sources[${i}]`)),
  ];
}

function projection(source: VolumeProjection, at: string): FieldCause[] {
  const { secret: from, configMap: map, downwardAPI, serviceAccountToken: token } = source;
  const causes: FieldCause[] = [];
  if (from) {
    if (!from.name) causes.push(required(`${at}.secret.name`));
    causes.push(...items(from.items, `${at}.secret`));
  }
  if (map) {
    if (!map.name) causes.push(required(`${at}.configMap.name`));
    causes.push(...items(map.items, `${at}.configMap`));
  }
  if (downwardAPI) causes.push(...downwardFiles(downwardAPI.items ?? [], `${at}.downwardAPI`));
  if (token) {
    const here = `${at}.serviceAccountToken`;
    const { expirationSeconds = 3600, path } = token;
    if (expirationSeconds < 600) {
      const why = 'may not specify a duration less than 10 minutes';
      causes.push(invalid(`${here}.expirationSeconds`, expirationSeconds, why));
    }
    if (!path) causes.push(required(`${here}.path`));
    else causes.push(...localPath(path, `${here}.path`));
  }
  if ([from, map, downwardAPI, token].filter(Boolean).length > 1) {
    causes.push(forbidden(at, ONE_SOURCE));
  }
  return causes;
}

function csi({ csi: source }: Volume, at: string): FieldCause[] {
  return source?.driver ? [] : [required(`${at}.driver`)];
}

function ephemeral({ ephemeral: source }: Volume, at: string): FieldCause[] {
  const template = source?.volumeClaimTemplate;
  if (!template) return [required(`${at}.volumeClaimTemplate`)];
  return validateClaimSpec(template.spec, `${at}.volumeClaimTemplate.spec`);
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

function image({ image: source = {} }: Volume, at: string): FieldCause[] {
  return [
    ...(source.reference ? [] : [required(`${at}.reference`)]),
    ...oneOf(`${at}.pullPolicy`, source.pullPolicy, PULL_POLICIES),
  ];
}

export function validateMounts(
  mounts: readonly VolumeMount[],
  devices: readonly VolumeDevice[],
  volumes: VolumesByName,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  const paths = new Set<string>();
  mounts.forEach((mount, i) => {
    const here = `${at}[${i}]`;
    const { name = '', mountPath = '', subPath, subPathExpr } = given(mount);
    if (!name) causes.push(required(`${here}.name`));
    if (!volumes.has(name)) causes.push(notFound(`${here}.name`, name));
    if (!mountPath) causes.push(required(`${here}.mountPath`));
    if (paths.has(mountPath))
      causes.push(invalid(`${here}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (devices.some((device) => device.name === name)) {
      causes.push(invalid(`${here}.name`, name, 'must not already exist in volumeDevices'));
    }
    // Upstream leaves the index out of these two paths.
    if (subPath) causes.push(...localPath(subPath, `${at}.subPath`));
    if (subPathExpr) {
      if (subPath) {
        const why = 'subPathExpr and subPath are mutually exclusive';
        causes.push(invalid(`${here}.subPathExpr`, subPathExpr, why));
      }
      causes.push(...localPath(subPathExpr, `${at}.subPathExpr`));
    }
    causes.push(...oneOf(`${at}.mountPropagation`, mount.mountPropagation, PROPAGATIONS));
  });
  return causes;
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

export function validateDevices(
  devices: readonly VolumeDevice[],
  mounts: readonly VolumeMount[],
  volumes: VolumesByName,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  const names = new Set<string>();
  devices.forEach(({ name, devicePath }, i) => {
    const here = `${at}[${i}]`;
    const volume = volumes.get(name);
    if (!name) causes.push(required(`${here}.name`));
    if (names.has(name)) causes.push(invalid(`${here}.name`, name, 'must be unique'));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      const why =
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      causes.push(invalid(`${here}.name`, name, why));
    }
    if (!volume) causes.push(notFound(`${here}.name`, name));
    if (!devicePath) causes.push(required(`${here}.devicePath`));
    if (mounts.some((mount) => mount.name === name)) {
      causes.push(invalid(`${here}.name`, name, 'must not already exist in volumeMounts'));
    }
    names.add(name);
  });
  return causes;
}

/** Whether a text may name a ConfigMap or a Secret, and its key be one. */
export function validateKeySelector(
  { name = '', key }: { readonly name?: string; readonly key: string },
  at: string,
): FieldCause[] {
  const causes = invalids(`${at}.name`, name, dnsSubdomain(name));
  if (!key) return [...causes, required(`${at}.key`)];
  return [...causes, ...invalids(`${at}.key`, key, configKey(key))];
}
