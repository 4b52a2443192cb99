import type { Compose } from '../../src/engine/compose/compose.ts';
import { containerBody } from '../../src/engine/compose/convergence/body.ts';
import { LABEL } from '../../src/engine/compose/labels.ts';
import { toProject } from '../../src/engine/compose-file/project/decode.ts';
import { scaleOf } from '../../src/engine/compose-file/project/scale.ts';
import { isMapping, type Mapping } from '../../src/engine/compose-file/tree/tree.ts';
import { operation, type Operation } from './adapter.ts';

/**
 * Which fields of `deploy` make a difference to what Compose asks the daemon for: each is tried on
 * a service with it and on one without.
 */
const SAMPLES: Readonly<Record<string, unknown>> = {
  mode: 'global',
  replicas: 3,
  labels: { tier: 'front' },
  endpoint_mode: 'dnsrr',
  update_config: { parallelism: 2, order: 'start-first' },
  rollback_config: { parallelism: 2, order: 'start-first' },
  placement: { constraints: ['node.role == manager'], max_replicas_per_node: 1 },
  'resources.limits': { cpus: 0.5, memory: 64_000_000, pids: 20 },
  'resources.limits.cpus': 0.5,
  'resources.limits.memory': 64_000_000,
  'resources.limits.pids': 20,
  'resources.reservations': { cpus: 0.25, memory: 32_000_000 },
  'resources.reservations.cpus': 0.25,
  'resources.reservations.memory': 32_000_000,
  'resources.reservations.devices': [{ capabilities: ['gpu'], count: 1 }],
  'resources.reservations.generic_resources': [
    { discrete_resource_spec: { kind: 'ssd', value: 1 } },
  ],
  'restart_policy.condition': 'on-failure',
  'restart_policy.max_attempts': 4,
  'restart_policy.delay': '9s',
  'restart_policy.window': '9s',
};

/** The rest of a restart policy counts only where there is one. */
function deployOf(path: string, isGiven: boolean): Mapping {
  const isTail = path.startsWith('restart_policy.') && path !== 'restart_policy.condition';
  const base: Mapping = isTail ? { restart_policy: { condition: 'on-failure' } } : {};
  return isGiven ? withValue(base, path.split('.'), SAMPLES[path]) : base;
}

function withValue(tree: Mapping, [key = '', ...rest]: readonly string[], value: unknown): Mapping {
  if (rest.length === 0) return { ...tree, [key]: value };
  const below = tree[key];
  return { ...tree, [key]: withValue(isMapping(below) ? below : {}, rest, value) };
}

/** What is asked for a service with this section, its hash aside, and how often. */
function askedFor(deploy: Mapping): string {
  const document = { services: { web: { image: 'nginx', deploy } } };
  const frame = { name: 'shop', workingDir: '/', composeFiles: [], environment: {} };
  const project = toProject(document, frame);
  const service = project.services.web!;
  const steps = containerBody({ separator: '-' } as unknown as Compose, project, {
    ...{ service, number: 1, labels: {}, aliased: true },
  });
  const { done, value } = steps.next({ answer: undefined });
  if (done !== true) throw new Error('a body was to be made without asking');
  const { [LABEL.configHash]: _, ...labels } = value.Labels ?? {};
  return JSON.stringify({ count: scaleOf(service), body: { ...value, Labels: labels } });
}

function isHonoured(path: string): boolean {
  if (!(path in SAMPLES)) throw new Error(`no value of deploy.${path} is known`);
  return askedFor(deployOf(path, true)) !== askedFor(deployOf(path, false));
}

interface Expected {
  readonly honoured?: readonly string[];
  readonly notUsed?: readonly string[];
}

export const deployOperations: readonly Operation[] = [
  operation<object, Expected>('deploy fields Compose itself acts on', ({ expect }) => {
    const { honoured = [], notUsed = [] } = expect;
    const got = Object.fromEntries(
      [...honoured, ...notUsed].map((path) => [path, isHonoured(path)]),
    );
    return {
      holds: honoured.every((path) => got[path] === true) && notUsed.every((path) => !got[path]),
      got,
    };
  }),
];
