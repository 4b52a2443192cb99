import type { SecretSpec } from '../api.ts';
import type { FileKind, FileObject } from '../control-api/file.ts';
import { metaOf, type Meta } from './meta.ts';

/** `GET /secrets`, `GET /configs` (moby/moby v29.7 `api/types/swarm/{secret,config}.go`). */
export interface FileWire extends Meta {
  readonly Spec: SecretSpec;
}

/** What a secret holds is never told. */
export function fileWire(kind: FileKind, file: FileObject): FileWire {
  const { Name, Labels, Data, Driver, Templating } = file.spec;
  return {
    ...metaOf(file),
    Spec: {
      ...{ Name, Labels },
      ...(kind === 'config' && Data !== undefined && { Data }),
      ...(Driver && { Driver }),
      ...(Templating && { Templating }),
    },
  };
}
