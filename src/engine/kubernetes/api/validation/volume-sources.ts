import { invalid, notSupported, required, type FieldCause } from './field-errors.ts';

/**
 * What a volume is made of, whether a Pod or a PersistentVolume names it
 * (pkg/apis/core/validation/validation.go, v1.36).
 */
const HOST_PATH_TYPES = [
  ...['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate'],
  ...['File', 'FileOrCreate', 'Socket'],
];

export function validateHostPath(
  { path, type }: { readonly path: string; readonly type?: string },
  at: string,
): FieldCause[] {
  if (!path) return [required(`${at}.path`)];
  const causes = noBacksteps(path, `${at}.path`);
  if (type !== undefined && !HOST_PATH_TYPES.includes(type)) {
    causes.push(notSupported(`${at}.type`, type, HOST_PATH_TYPES));
  }
  return causes;
}

export function validateNfs(
  { server, path }: { readonly server: string; readonly path: string },
  at: string,
): FieldCause[] {
  const causes = server ? [] : [required(`${at}.server`)];
  if (!path) causes.push(required(`${at}.path`));
  else if (!path.startsWith('/')) {
    causes.push(invalid(`${at}.path`, path, 'must be an absolute path'));
  }
  return causes;
}

/** A path that stays below where it starts. */
export function localPath(path: string, at: string): FieldCause[] {
  const absolute = path.startsWith('/') ? [invalid(at, path, 'must be a relative path')] : [];
  return [...absolute, ...noBacksteps(path, at)];
}

function noBacksteps(path: string, at: string): FieldCause[] {
  return path.split('/').includes('..') ? [invalid(at, path, "must not contain '..'")] : [];
}
