import type { ProcessContext } from '../program.ts';

interface Built {
  readonly version: string;
  readonly compiler: string;
}

/** Version and compiler, as the image says. */
export function builtOf({ env, files }: ProcessContext): Built {
  const version = env.NGINX_VERSION ?? '1.29.3';
  const alpine =
    files.kind('/etc/alpine-release') === 'file' || files.kind('/etc/debian_version') === undefined;
  const compiler = alpine
    ? 'gcc 14.2.0 (Alpine 14.2.0)'
    : version.startsWith('1.28')
      ? 'gcc 12.2.0 (Debian 12.2.0-14)'
      : 'gcc 14.2.0 (Debian 14.2.0-19)';
  return { version, compiler };
}
