import type { Project } from '../../src/engine/compose-file/project.ts';
import { isRefused } from '../../src/engine/go/refused.ts';
import { descoped, scoped, STACK_LABEL } from '../../src/engine/swarm/stack/namespace.ts';
import { networksOf } from '../../src/engine/swarm/stack/networks.ts';
import {
  endpointOf,
  healthcheckOf,
  restartPolicyOf,
  updateConfigOf,
} from '../../src/engine/swarm/stack/service-parts.ts';
import { compare, operation, type Operation, type Verdict } from './adapter.ts';

/** Rows about what a stack's file becomes in a swarm. */
type Facts = Readonly<Record<string, unknown>>;

const asked = (got: Facts, { note: _, ...expected }: Facts): Verdict => compare(got, expected);

interface NetworksInput {
  readonly stack: string;
  readonly networks: Project['networks'];
  readonly usedByServices: readonly string[];
}

function networks({ stack, networks: declared, usedByServices }: NetworksInput): Facts {
  const used = Object.fromEntries(usedByServices.map((name) => [name, null]));
  const services = { a: { name: 'a', networks: used } };
  const { create, external } = networksOf(stack, {
    services,
    networks: declared,
  } as unknown as Project);
  const labels = Object.values(create).map((body) => body.Labels?.[STACK_LABEL]);
  return {
    create: Object.keys(create).sort(),
    external,
    label: [...new Set(labels)].map((value) => `${STACK_LABEL}=${value}`).join(),
  };
}

function restart(text: string, expected: Facts): Verdict {
  const policy = restartPolicyOf({ restart: text });
  if (isRefused(policy)) return { holds: false, got: policy.refused };
  if (!policy) return asked({ policy: null }, expected);
  return asked({ condition: policy.Condition, maxAttempts: policy.MaxAttempts }, expected);
}

interface PortFacts {
  readonly target: number;
  readonly published: number;
  readonly protocol?: string;
  readonly mode?: string;
}

/** What a row does not say of a port is what Swarm takes for granted. */
const plainPort = ({ target, published, protocol = 'tcp', mode = 'ingress' }: PortFacts) => ({
  ...{ target, published, protocol, mode },
});

function endpoint(mode: string, ports: readonly PortFacts[], expected: Facts): Verdict {
  const source = ports.map((port) => ({ ...port, published: String(port.published) }));
  const { Mode, Ports = [] } = endpointOf(mode, source);
  const got = Ports.map(({ TargetPort, PublishedPort = 0, Protocol, PublishMode }) => ({
    ...{ target: TargetPort, published: PublishedPort, protocol: Protocol, mode: PublishMode },
  }));
  const wanted = (expected.ports as PortFacts[]).map(plainPort);
  return asked({ mode: Mode, ports: got }, { ...expected, ports: wanted });
}

function disabled(test?: readonly string[]): Facts {
  const check = healthcheckOf({ disable: true, ...(test && { test }) });
  return isRefused(check) ? { error: check.refused } : { test: check?.Test };
}

export const stackOperations: readonly Operation[] = [
  operation<{ stack: string; name: string }, Facts>(
    'name of a stack resource',
    ({ input, expect }) => asked({ name: scoped(input.stack, input.name) }, expect),
  ),
  operation<{ stack: string; name: string }, Facts>('strip stack prefix', ({ input, expect }) =>
    asked({ name: descoped(input.stack, input.name) }, expect),
  ),
  operation<NetworksInput, Facts>('networks of a stack', ({ input, expect }) =>
    asked(networks(input), { ...expect, create: [...(expect.create as string[])].sort() }),
  ),
  operation<{ restart: string }, Facts>(
    'compose restart to swarm restart policy',
    ({ input, expect }) => restart(input.restart, expect),
  ),
  operation<{ mode: string; ports: PortFacts[] }, Facts>(
    'compose ports to endpoint spec',
    ({ input, expect }) => endpoint(input.mode, input.ports, expect),
  ),
  operation<unknown, Facts>('healthcheck disable: true', ({ expect }) => asked(disabled(), expect)),
  operation<unknown, Facts>('healthcheck disable: true with a test', ({ expect }) =>
    asked(disabled(['CMD', 'true']), expect),
  ),
  operation<{ value: number | null }, Facts>(
    'update_config.parallelism',
    ({ input: { value }, expect }) => {
      const config = updateConfigOf(value === null ? {} : { parallelism: value });
      return asked({ parallelism: config?.Parallelism }, expect);
    },
  ),
];
