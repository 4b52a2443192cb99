import type { FileObject } from '../../compose-file/project.ts';
import type { FileReference } from '../../compose-file/service-attachments.ts';
import { goQuote } from '../../go/quote.ts';
import { refuse, type Refused } from '../../go/refused.ts';
import type { FileTarget, SecretSpec } from '../api.ts';
import { scoped, stackLabels } from './namespace.ts';

/**
 * Secrets and configs of a stack (docker/cli v29.7 `cli/compose/convert/compose.go`, `service.go`
 * `convertFileObject`).
 */
export type FileObjects = Readonly<Record<string, FileObject>>;

const MODE = 0o444;

export const nameOf = (stack: string, key: string, { name = '' }: FileObject): string =>
  name === '' ? scoped(stack, key) : name;

/** @param data base64 of its file */
export function fileSpecOf(stack: string, key: string, file: FileObject, data: string): SecretSpec {
  const { driver = '', template_driver: template = '' } = file;
  return {
    Name: nameOf(stack, key, file),
    Labels: stackLabels(stack, file.labels),
    ...(driver === '' ? { Data: data } : { Driver: { Name: driver } }),
    ...(template !== '' && { Templating: { Name: template } }),
  };
}

export interface NamedFile {
  readonly name: string;
  readonly file: FileTarget;
}

/** What a service refers to: the name of a secret or a config, and where it is to be. */
export function fileReferenceOf(
  stack: string,
  kind: 'secret' | 'config',
  { source = '', target, uid, gid, mode }: FileReference,
  files: FileObjects,
): NamedFile | Refused {
  const known = files[source];
  if (!known) return refuse(`undefined ${kind} ${goQuote(source)}`);
  const file = {
    Name: target === undefined || target === '' ? source : target,
    UID: uid === undefined || uid === '' ? '0' : uid,
    GID: gid === undefined || gid === '' ? '0' : gid,
    Mode: mode ?? MODE,
  };
  return { name: nameOf(stack, source, known), file };
}
