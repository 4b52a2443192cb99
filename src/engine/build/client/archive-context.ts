import { isModel, type Entry } from '../../oci/entry.ts';
import { inflate } from '../../oci/layer.ts';
import { fromLatin1 } from '../../oci/streamed.ts';
import { readTar } from '../../oci/tar-read.ts';
import { PatternMatcher, readIgnoreFile } from '../patterns.ts';
import { refuse, type Loaded, type LoadedContext } from './loaded.ts';

/**
 * A context that comes through a pipe as an archive, plain or with gzip, as
 * `tar cz . | docker build -` sends it (docker/buildx v0.36 `build/opt.go`, `loadInputs`).
 */
export const isArchive = (text: string): boolean =>
  text.startsWith('\x1f\x8b') || text.slice(257, 262) === 'ustar';

export function loadArchive(text: string, file = 'Dockerfile'): Loaded<LoadedContext> {
  const bytes = inflate(fromLatin1(text));
  const read = bytes && readTar(bytes);
  if (!read?.ok) return refuse('failed to solve: archive/tar: invalid tar header');
  const entries = new Map(
    read.value.flatMap(([path, entry]): [string, Entry][] =>
      entry.type === 'whiteout' ? [] : [[path, entry]],
    ),
  );
  const textOf = (path: string): string | undefined => {
    const entry = entries.get(path);
    if (entry?.type !== 'file' || isModel(entry.content)) return undefined;
    return new TextDecoder().decode(entry.content);
  };
  const ignoreText = textOf(`${file}.dockerignore`) ?? textOf('.dockerignore') ?? '';
  const ignore = readIgnoreFile(ignoreText);
  const matcher = PatternMatcher.read(ignore);
  if (typeof matcher === 'string') {
    return refuse(`failed to solve: failed to read .dockerignore patterns: ${matcher}`);
  }
  const context = [...entries]
    .filter(([path]) => path !== '' && !matcher.matches(path))
    .map(([path, entry]) => ({ path, entry: { ...entry, uid: 0, gid: 0 } }));
  const dockerfileName = file.slice(file.lastIndexOf('/') + 1);
  const ignoreBytes = new TextEncoder().encode(ignoreText).length;
  return {
    ok: true,
    value: { dockerfile: textOf(file), dockerfileName, ignore, ignoreBytes, context },
  };
}
