import { CHANGE_CAUSE } from '../api/workloads.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Session } from './session.ts';

/**
 * `--record`: the command line is noted in the object as the cause of its change
 * (cli-runtime/pkg/genericclioptions/record_flags.go, v1.36).
 *
 * Simplified: `edit`, `expose`, `autoscale`, `patch` and `scale` take the flag and note nothing.
 */
export function recorded(session: Session, object: KubeObject): KubeObject {
  const { flags, path, words } = session;
  if (!flags.has('record')) return object;
  const options = flags.given.map(([name, value]) => ` --${name}=${value}`).join('');
  const cause = `kubectl ${[path, ...words].join(' ')}${options}`;
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [CHANGE_CAUSE]: cause };
  return { ...object, metadata: { ...metadata, annotations } };
}
