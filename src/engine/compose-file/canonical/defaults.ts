import { isMapping, printValue, type Mapping } from '../tree/tree.ts';
import { PathTable, type Path } from '../tree/path-table.ts';
import { mapChildren } from '../tree/walk.ts';

/** What an attribute that was left out is (compose-go v2.13 `transform/defaults.go`). */
type Defaults = (value: Mapping) => Mapping;

const device: Defaults = (request) =>
  'count' in request || 'device_ids' in request ? request : { ...request, count: 'all' };

const TABLE = new PathTable<Defaults>({
  'services.*.build': (build) => ({ context: '.', ...build }),
  'services.*.secrets.*': (secret) => ({
    target: `/run/secrets/${printValue(secret.source)}`,
    ...secret,
  }),
  'services.*.ports.*': (port) => ({ protocol: 'tcp', mode: 'ingress', ...port }),
  'services.*.deploy.resources.reservations.devices.*': device,
  'services.*.gpus.*': device,
  'services.*.volumes.*.bind': (bind) => ({ create_host_path: true, ...bind }),
});

export function withDefaults(document: Mapping): Mapping {
  return walk(document, []) as Mapping;
}

function walk(value: unknown, path: Path): unknown {
  const defaults = TABLE.get(path);
  if (defaults && isMapping(value)) return defaults(value);
  return mapChildren(value, path, walk);
}
