/** Why a file could not be read or changed, by its name in errno(3). */
export type FileFault =
  | 'ENOENT'
  | 'EISDIR'
  | 'ENOTDIR'
  | 'EEXIST'
  | 'ENOTEMPTY'
  | 'EROFS'
  | 'ENOSPC'
  | 'EACCES'
  | 'EBUSY'
  | 'EPERM'
  | 'EXDEV'
  | 'EINVAL'
  | 'ELOOP'
  | 'ENAMETOOLONG';

/** What strerror(3) says, as tools print it. */
export const FAULT_TEXT: Readonly<Record<FileFault, string>> = {
  ENOENT: 'No such file or directory',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
  EACCES: 'Permission denied',
  EBUSY: 'Resource busy',
  EPERM: 'Operation not permitted',
  EXDEV: 'Cross-device link',
  EINVAL: 'Invalid argument',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
};
