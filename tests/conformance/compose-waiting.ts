import type { Compose } from '../../src/engine/compose/compose.ts';
import { waitFor, type Awaited } from '../../src/engine/compose/convergence/waiting.ts';
import { Failure } from '../../src/engine/compose/failure.ts';
import { LABEL } from '../../src/engine/compose/labels.ts';
import type { Strand, Wish } from '../../src/engine/compose/together.ts';
import type { Project } from '../../src/engine/compose-file/project.ts';
import type { ContainerInspect, ContainerSummary } from '../../src/engine/docker/api.ts';
import type { Resumption } from '../../src/engine/sim/process.ts';
import { compare, operation, type Operation, type Verdict } from './adapter.ts';

/** Rows about waiting for a dependency: a daemon of stated containers answers. */
interface Standing {
  readonly state?: string;
  readonly exitCode?: number;
  readonly health?: string | null;
  /** The check of the image or the file; one is there when its result is told. */
  readonly healthcheck?: readonly string[] | null;
}

interface Dependency extends Standing {
  readonly scale?: number;
  readonly condition: Awaited['condition'];
  readonly required?: boolean;
  /** How many there are; as many as wanted when left out. */
  readonly containers?: number;
}

/** What came of one look: the first that is not yet there ends the waiting of a row. */
interface Ending {
  readonly looked: boolean;
  readonly there: boolean;
  readonly warnings: readonly string[];
}

function inspectOf({ state = 'running', exitCode = 0, health, healthcheck }: Standing) {
  const Test = healthcheck ?? (health === undefined || health === null ? null : ['CMD', 'true']);
  return (name: string): Pick<ContainerInspect, 'Name'> => ({
    ...{ Id: name, Name: `/${name}` },
    ...{
      State: {
        ...{ Status: state, Running: state === 'running', ExitCode: exitCode },
        ...(typeof health === 'string' && { Health: { Status: health } }),
      },
      Config: Test ? { Healthcheck: { Test } } : {},
    },
  });
}

const summaryOf = (service: string, number: number): ContainerSummary =>
  ({
    Id: `${service}-${number}`,
    Names: [`/${service}-${number}`],
    Labels: { [LABEL.service]: service, [LABEL.number]: String(number) },
  }) as unknown as ContainerSummary;

/** Runs a wait against a daemon that answers by `inspect`, until it would look a second time. */
function driven(strand: Strand, inspect: (id: string) => unknown): boolean {
  let looks = 0;
  let told: Resumption = { answer: undefined };
  for (;;) {
    const { done, value } = strand.next(told);
    if (done) return true;
    const wish = value as Wish;
    if (wish.wish === 'pause' && ++looks > 1) return false;
    const id = wish.wish === 'answer' ? (wish.request.path.split('/')[2] ?? '') : '';
    told = { answer: wish.wish === 'answer' ? { status: 200, body: inspect(id) } : undefined };
  }
}

type Outcome = { readonly value: Ending } | { readonly error: string };

function attempt(run: () => Ending): Outcome {
  try {
    return { value: run() };
  } catch (problem) {
    if (problem instanceof Failure) return { error: problem.message };
    throw problem;
  }
}

function waited(service: string, deps: Readonly<Record<string, Dependency>>): Ending {
  const warnings: string[] = [];
  let looked = false;
  const compose = {
    progress: {
      *on() {
        /* Nobody watches. */
      },
    },
    *warn(text: string) {
      warnings.push(text);
    },
  } as unknown as Compose;
  const scales = Object.entries(deps).map(([name, { scale = 1 }]) => [name, { name, scale }]);
  const project = {
    ...{ services: Object.fromEntries(scales) as Project['services'], disabledServices: {} },
  } as unknown as Project;
  const containers = Object.entries(deps).flatMap(([name, { scale = 1, containers: count }]) =>
    Array.from({ length: count ?? scale }, (_, at) => summaryOf(name, at + 1)),
  );
  const there = Object.entries(deps).map(([name, dependency]) => {
    const { condition, required = false } = dependency;
    const inspect = inspectOf(dependency);
    const awaited = { condition, required };
    return driven(waitFor(compose, project, service, [name, awaited], containers), (id) => {
      looked = true;
      return inspect(id);
    });
  });
  return { looked, there: there.every((one) => one), warnings };
}

interface Expected {
  readonly ok?: boolean;
  readonly waits?: boolean;
  readonly healthy?: boolean;
  readonly warnings?: readonly string[];
  readonly error?: string;
  readonly errorContains?: string;
  /** The words with NAME for the container's. */
  readonly errorShape?: string;
}

/** What is told of the wait as a whole stands before what is wrong with the container. */
const PREFIX = 'dependency failed to start: ';

function judge(outcome: Outcome, expect: Expected): Verdict {
  const { ok, waits, healthy, warnings, error, errorContains, errorShape } = expect;
  const words = 'error' in outcome ? outcome.error : undefined;
  if (error !== undefined) return compare(words, error);
  if (errorContains !== undefined) {
    return { holds: words?.includes(errorContains) ?? false, got: words ?? outcome };
  }
  if (errorShape !== undefined) {
    const bare = words?.replace(PREFIX, '').replaceAll('db-1', 'NAME');
    return compare(bare, errorShape);
  }
  if ('error' in outcome) return { holds: false, got: words };
  const { there, looked, warnings: told } = outcome.value;
  return compare(
    {
      ...(ok !== undefined && { ok: there }),
      ...(waits !== undefined && { waits: looked }),
      ...(healthy !== undefined && { healthy: there }),
      ...(warnings !== undefined && { warnings: told }),
    },
    expect,
  );
}

interface WaitInput {
  readonly service?: string;
  readonly deps: Readonly<Record<string, Dependency>>;
}

interface HealthInput extends Standing {
  /** Whether one without a check is there as soon as it runs. */
  readonly fallbackRunning?: boolean;
}

export const waitingOperations: readonly Operation[] = [
  operation<WaitInput, Expected>('wait for dependencies', ({ input, expect }) =>
    judge(
      attempt(() => waited(input.service ?? '', input.deps)),
      expect,
    ),
  ),
  operation<HealthInput, Expected>('wait service_healthy', ({ input, expect }) => {
    const { fallbackRunning = false, ...standing } = input;
    const condition = fallbackRunning ? 'running_or_healthy' : 'service_healthy';
    const deps = { db: { ...standing, condition, required: true } } as const;
    return judge(
      attempt(() => waited('app', deps)),
      expect,
    );
  }),
];
