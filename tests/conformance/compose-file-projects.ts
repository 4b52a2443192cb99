import {
  checkConsistency,
  checkContainerNames,
} from '../../src/engine/compose-file/checks/consistency.ts';
import { canonical } from '../../src/engine/compose-file/canonical/canonical.ts';
import { printProject } from '../../src/engine/compose-file/print/project-text.ts';
import type { Project } from '../../src/engine/compose-file/project.ts';
import { toProject } from '../../src/engine/compose-file/project/decode.ts';
import {
  dependencyWaves,
  reverseDependencyWaves,
} from '../../src/engine/compose-file/project/dependency-order.ts';
import * as names from '../../src/engine/compose-file/project/names.ts';
import {
  withProfiles,
  withSelectedServices,
  withServicesEnabled,
} from '../../src/engine/compose-file/project/profiles.ts';
import { checkProjectName } from '../../src/engine/compose-file/project/project-name.ts';
import { restartPolicy } from '../../src/engine/compose-file/project/restart-policy.ts';
import { doubledNameProblem, withScale } from '../../src/engine/compose-file/project/scale.ts';
import type { Mapping } from '../../src/engine/compose-file/tree/tree.ts';
import { runWithTexts } from '../../src/engine/compose-file/files.ts';
import { loadStack, printStack } from '../../src/engine/compose-file/stack.ts';
import { compare, operation, type Operation } from './adapter.ts';
import {
  attempt,
  judgeOutcome,
  loadAlone,
  loadTexts,
  loadWithName,
  outcomeOf,
  type Expected,
  type Texts,
} from './compose-file-loading.ts';

/** Rows about whole projects: loading, checks, selection and names. */
interface LoadInput {
  readonly file?: string;
  readonly base?: string;
  readonly override?: string;
  readonly files?: Texts;
  readonly env?: Texts;
}

/** A project from plain values, no step of loading done but the long forms. */
function projectOf(value: Mapping): Project {
  const document = canonical(value, { warn: () => undefined });
  const frame = { name: 'myproject', workingDir: '/', composeFiles: [], environment: {} };
  return toProject(document, frame);
}

const compact = (mounts: unknown): unknown =>
  Array.isArray(mounts)
    ? mounts.map(({ bind, ...mount }: Mapping) => ({
        ...mount,
        createHostPath: (bind as Mapping | undefined)?.create_host_path,
      }))
    : mounts;

export const loadOperations: readonly Operation[] = [
  operation<LoadInput, Expected>(/^load( two files)?$/, ({ input, expect }) => {
    const { file, base = '', override = '', files = {}, env = {} } = input;
    const texts = file === undefined ? [base, override] : [file];
    const loaded = loadTexts(texts, files, env, file === undefined);
    return judgeOutcome(plain(outcomeOf(loaded)), plain(expect));
  }),
  operation<LoadInput, Expected>('load compose.yaml', ({ input, expect }) => {
    const { 'compose.yaml': main = '', ...beside } = input.files ?? {};
    const outcome = outcomeOf(loadTexts([main], beside, input.env));
    if ('error' in outcome) return judgeOutcome(outcome, expect);
    const got = Object.keys(expect).map((path): [string, unknown] => {
      const [, service = '', key = ''] = path.split('.');
      const value = (outcome.value.services[service] as unknown as Mapping)[key];
      return [path, key === 'volumes' ? compact(value) : Object.keys(value as object)];
    });
    return compare(Object.fromEntries(got), expect);
  }),
  operation<LoadInput, Expected & { yaml?: string; json?: unknown; warnings?: string[] }>(
    'print',
    ({ input, expect }) => {
      const { file = '', files, env } = input;
      const loaded = loadTexts([file], files, env);
      if ('error' in loaded) return judgeOutcome(outcomeOf(loaded), expect);
      const { project, warnings } = loaded;
      return compare(
        {
          ...('yaml' in expect && { yaml: printProject(project) }),
          ...('json' in expect && { json: JSON.parse(printProject(project, 'json')) as unknown }),
          ...('warnings' in expect && { warnings }),
        },
        expect,
      );
    },
  ),
  operation<LoadInput, Expected>('load alone', ({ input, expect }) =>
    judgeOutcome(plain(loadAlone(input.file ?? '', input.env)), plain(expect)),
  ),
  operation<{ env: Texts; nameOption: string | null }, Expected>(
    'load without name in file',
    ({ input, expect }) => {
      const variable = '${COMPOSE_PROJECT_NAME}-web';
      const outcome = loadWithName(`services: {web: {image: x, container_name: "${variable}"}}`, {
        environment: input.env,
        ...(input.nameOption !== null && { name: { text: input.nameOption, chosen: true } }),
      });
      if ('error' in outcome) return judgeOutcome(outcome, expect);
      const { name, services } = outcome.value;
      return compare({ name, [`interpolated ${variable}`]: services.web?.container_name }, expect);
    },
  ),
  operation<{ project: Mapping }, Expected>(/^check /, ({ input, expect }) => {
    const outcome = attempt(() => {
      const project = projectOf(input.project);
      checkContainerNames(project);
      checkConsistency(project);
    });
    return judgeOutcome(outcome, expect);
  }),
  operation<{ name: string }, Expected>(/^explicit project name/, ({ input, expect }) =>
    judgeOutcome(
      attempt(() => {
        checkProjectName(input.name);
        return { name: input.name };
      }),
      expect,
    ),
  ),
];

interface StackInput {
  readonly file: string;
  readonly files?: Texts;
  readonly env?: Texts;
}

interface StackExpected extends Expected {
  readonly notices?: readonly string[];
  readonly warnings?: readonly string[];
  readonly yaml?: string;
}

export const stackOperations: readonly Operation[] = [
  operation<StackInput, StackExpected>('load stack', ({ input, expect }) => {
    const { file, files = {}, env = {} } = input;
    const texts = { 'stack.yaml': file, ...files };
    const placed = Object.entries(texts).map(([name, text]) => [`/project/${name}`, text]);
    const over = Object.keys(files).filter((name) => name.endsWith('.yaml'));
    const steps = loadStack({
      name: 'stack',
      cwd: '/project',
      environment: env,
      files: ['stack.yaml', ...over],
    });
    const loaded = runWithTexts(steps, Object.fromEntries(placed) as Texts);
    if ('error' in loaded) return judgeOutcome(loaded, expect);
    const { notices, warnings, yaml: _, ...values } = expect;
    const verdict = judgeOutcome({ value: loaded.project }, values);
    if (!verdict.holds) return verdict;
    const { notices: told, warnings: warned } = loaded;
    return compare(
      {
        ...(notices && { notices: told }),
        ...(warnings && { warnings: warned }),
        ...('yaml' in expect && { yaml: printStack(loaded) }),
      },
      {
        ...(notices && { notices }),
        ...(warnings && { warnings }),
        ...('yaml' in expect && { yaml: expect.yaml }),
      },
    );
  }),
];

/** An unset switch is off: `false` is what a file that never wrote it means, too. */
function plain<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) => (one === false ? null : one)),
  ) as T;
}

interface SelectInput {
  readonly services: Mapping;
  readonly profiles?: readonly string[];
  readonly enable?: string | readonly string[];
  readonly select?: readonly string[];
}

interface SelectExpected extends Expected {
  readonly enabled?: readonly string[];
  readonly disabled?: readonly string[];
  readonly disabledCount?: number;
}

function judgeSelection({ services, disabledServices }: Project, expect: SelectExpected) {
  const { note: _, ...wanted } = expect;
  const disabled = Object.keys(disabledServices);
  const known: Mapping = {
    enabled: Object.keys(services),
    disabled,
    disabledCount: disabled.length,
  };
  const got = Object.keys(wanted).map((key): [string, unknown] => {
    if (key in known) return [key, known[key]];
    const [service = ''] = key.split('.');
    const dependencies = Object.keys(services[service]?.depends_on ?? {});
    return [key, Array.isArray(wanted[key]) ? dependencies : Object.fromEntries([])];
  });
  return compare(Object.fromEntries(got), wanted);
}

const asList = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === 'string' ? [value] : value;

export const selectionOperations: readonly Operation[] = [
  operation<SelectInput, SelectExpected>(/^apply profiles/, ({ input, expect }) => {
    const project = withProfiles(projectOf({ services: input.services }), input.profiles ?? []);
    return judgeSelection(withServicesEnabled(project, asList(input.enable)), expect);
  }),
  operation<SelectInput, SelectExpected>(/^select services/, (row) => {
    const { services, select = [] } = row.input;
    const policy = ((row.input as { op?: string }).op ?? '').includes('no deps')
      ? 'none'
      : 'dependencies';
    return judgeSelection(
      withSelectedServices(projectOf({ services }), select, policy),
      row.expect,
    );
  }),
  operation<{ dependsOn: Readonly<Record<string, string[]>> }, { order: string[] }>(
    /^(start|stop) order$/,
    ({ input, expect }) => {
      const services = Object.fromEntries(
        Object.entries(input.dependsOn).map(([name, on]) => [name, { depends_on: on }]),
      );
      const starts = (input as { op?: string }).op === 'start order';
      const waves = (starts ? dependencyWaves : reverseDependencyWaves)(projectOf({ services }));
      return compare({ order: waves.flat() }, expect);
    },
  ),
];

export const nameOperations: readonly Operation[] = [
  operation<{ project: string; service: { name: string }; number: number }, unknown>(
    'container name',
    ({ input, expect }) =>
      compare({ name: names.containerName(input.project, input.service, input.number) }, expect),
  ),
  operation<{ project: string; service: { name: string } }, unknown>(
    'image name',
    ({ input, expect }) => compare({ name: names.imageName(input.project, input.service) }, expect),
  ),
  operation<{ project: string; links: string[]; externalLinks: string[] }, unknown>(
    'network links',
    ({ input, expect }) => {
      const service = { links: input.links, external_links: input.externalLinks };
      const links = names.networkLinks(input.project, service, 1, (name) => [
        names.containerName(input.project, { name }, 1),
      ]);
      return compare({ links }, expect);
    },
  ),
  operation<NetworkInput, NetworkExpected>('primary network', ({ input, expect }) => {
    const { project = '', serviceNetworks = {}, networkMode } = input;
    const keys = input.projectNetworks ?? Object.keys(serviceNetworks);
    const networks = Object.fromEntries(keys.map((key) => [key, { name: `${project}_${key}` }]));
    const service = { networks: serviceNetworks, network_mode: networkMode };
    const { mode, joined } = names.networkSettings({ networks }, service);
    const attached = joined?.map((key) => networks[key]?.name ?? key).sort();
    if ('networkMode' in expect) {
      return compare(
        { networkMode: mode, ...('attached' in expect && { attached }) },
        {
          ...expect,
          ...('attached' in expect && { attached: expect.attached ?? undefined }),
        },
      );
    }
    return compare({ primary: mode, attached }, expect);
  }),
  operation<{ condition: string }, { policy: string }>(/engine policy$/, ({ input, expect }) => {
    const written = restartPolicy({ restart: input.condition });
    const deployed = restartPolicy({
      deploy: { restart_policy: { condition: input.condition } },
    });
    const agree = written?.name === deployed?.name;
    return agree ? compare({ policy: deployed?.name }, expect) : { holds: false, got: written };
  }),
  operation<ScaleInput, Expected>(/^scale \S+=\d+$/, ({ input, expect }) => {
    const [, name = '', count = ''] = /^scale (\S+)=(\d+)$/.exec(input.op) ?? [];
    const services = Object.fromEntries(input.services.map((one) => [one, { scale: 1 }]));
    const outcome = attempt(() => withScale(projectOf({ services }), name, Number(count)));
    if ('error' in outcome) return judgeOutcome(outcome, expect);
    const scales = Object.entries(outcome.value.services).map(([one, { scale }]) => [one, scale]);
    return compare(Object.fromEntries(scales), expect);
  }),
  operation<CustomNameInput, Expected>(
    'scale a service that has container_name',
    ({ input: { service: name, containerName, scale }, expect }) => {
      const error = doubledNameProblem({ name, container_name: containerName }, scale);
      return judgeOutcome(error === undefined ? { value: { scale } } : { error }, expect);
    },
  ),
];

interface CustomNameInput {
  readonly service: string;
  readonly containerName: string;
  readonly scale: number;
}

interface NetworkInput {
  readonly project?: string;
  readonly serviceNetworks?: Readonly<Record<string, { priority?: number }>>;
  readonly projectNetworks?: readonly string[];
  readonly networkMode?: string;
}

interface NetworkExpected {
  readonly primary?: string;
  readonly attached?: readonly string[] | null;
  readonly networkMode?: string;
}

interface ScaleInput {
  readonly op: string;
  readonly services: readonly string[];
}
