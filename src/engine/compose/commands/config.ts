import { checkContainerNames } from '../../compose-file/checks/consistency.ts';
import { namedVariables } from '../../compose-file/interpolation/variables.ts';
import { loadDocument, type LoadOptions } from '../../compose-file/load.ts';
import { goJson } from '../../compose-file/print/json-text.ts';
import { writeYamlText } from '../../compose-file/print/yaml-text.ts';
import { withSelectedServices } from '../../compose-file/project/profiles.ts';
import { serviceHash } from '../../compose-file/project/hash.ts';
import { imageName } from '../../compose-file/project/names.ts';
import {
  printDocument,
  printProject,
  type ConfigFormat,
} from '../../compose-file/print/project-text.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Mapping } from '../../compose-file/tree/tree.ts';
import { tabulate } from '../../docker/cli/formatter/tabwriter.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import { resolvePath } from '../../machine/command.ts';
import { writeFile } from '../../machine/files.ts';
import type { Compose } from '../compose.ts';
import { Failure, refuse } from '../failure.ts';
import { hookImages } from '../images/local.ts';
import type { ComposeCommand } from './command.ts';

/** `docker compose config` (docker/compose v5.5 `cmd/compose/config.go`). */
const LISTS: Readonly<Record<string, (project: Project, compose: Compose) => readonly string[]>> = {
  services: ({ services }) => Object.keys(services),
  volumes: ({ volumes }) => Object.keys(volumes).sort(),
  networks: ({ networks }) => Object.keys(networks).sort(),
  models: ({ models }) =>
    Object.values(models)
      .map(({ model }) => model ?? '')
      .filter((model) => model !== ''),
  profiles: ({ services, disabledServices }) => {
    const all = [...Object.values(services), ...Object.values(disabledServices)];
    return [...new Set(all.flatMap(({ profiles = [] }) => profiles))].sort();
  },
  images: (project, { separator }) =>
    Object.values(project.services).flatMap((one) => [
      imageName(project.name, one, separator),
      ...hookImages({ separator }, project, one),
    ]),
  environment: ({ environment }) =>
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
};

/** Lists of what a file holds, for which nothing needs to be filled in. */
const WHOLE = ['services', 'volumes', 'networks', 'models'];

export const config: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const skip = skipOf(compose);
  for (const name of ['resolve-image-digests', 'lock-image-digests']) {
    if (flags.has(name)) refuse(`docker compose config --${name} is not modelled`);
  }
  const list = Object.keys(LISTS).find((name) => flags.has(name));
  if (list !== undefined) {
    const project = WHOLE.includes(list)
      ? yield* compose.project({ skip: { ...skip, environmentResolution: true } })
      : yield* compose.project({ services: args, skip });
    const lines = LISTS[list]!(project, compose);
    if (!flags.has('quiet')) yield* call.out(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  if (flags.changed('hash')) return yield* hashes(compose, flags.text('hash'), skip);
  if (flags.has('variables')) return yield* variables(compose, skip);
  const format = formatOf(flags.text('format', 'yaml'));
  const text = skip.interpolation
    ? yield* uninterpolated(compose, format, skip)
    : printProject(yield* checked(compose, skip), format);
  if (flags.has('quiet')) return 0;
  const output = flags.text('output');
  if (output === '') yield* call.out(text);
  else yield* writeFile(call.line.machine, resolvePath(call.line.cwd, output), text);
  return 0;
};

const skipOf = ({ flags, global }: Compose) => ({
  interpolation: flags.has('no-interpolate'),
  normalization: flags.has('no-normalize') || global.has('compatibility'),
  pathResolution: flags.has('no-path-resolution'),
  consistency: flags.has('no-consistency'),
  environmentResolution: flags.has('no-env-resolution'),
});

type Skip = ReturnType<typeof skipOf>;

function* checked(compose: Compose, skip: Skip): Step<Project> {
  const project = yield* compose.project({ services: compose.args, skip });
  if (!skip.consistency) checkContainerNames(project);
  return project;
}

function formatOf(text: string): ConfigFormat {
  if (text === '' || text === 'yaml') return 'yaml';
  return text === 'json' ? 'json' : refuse(`unsupported format "${text}"`);
}

function* uninterpolated(compose: Compose, format: ConfigFormat, skip: Skip): Step<string> {
  yield* warnOfNames(compose, '--no-interpolate', 'the full model will be rendered');
  return printDocument(yield* documentOf(compose, skip), format);
}

function* warnOfNames(compose: Compose, flag: string, what: string): Step<void> {
  if (compose.args.length === 0) return;
  yield* compose.warn(`service filtering is not applied when ${flag} is set, ${what}`);
}

function* documentOf(compose: Compose, skip: LoadOptions['skip']): Step<Mapping> {
  const options = yield* compose.loadOptions({ skip: { ...skip, interpolation: true } });
  const loaded = yield* compose.files(loadDocument(options));
  for (const text of loaded.warnings) yield* compose.warn(text);
  if ('error' in loaded) throw new Failure(loaded.error);
  return loaded.document;
}

/** What a file leaves open: its variables, and what stands in for them. */
function* variables(compose: Compose, skip: Skip): Step<number> {
  const { flags, call } = compose;
  yield* warnOfNames(compose, '--variables', 'variables from the full model will be rendered');
  const found = namedVariables(yield* documentOf(compose, { ...skip, validation: true }));
  const format = flags.text('format');
  switch (format.toLowerCase()) {
    case 'yaml': {
      const entries = found.map((one) => [
        one.name,
        {
          ...{ name: one.name, defaultvalue: one.defaultValue },
          ...{ presencevalue: one.presenceValue, required: one.required },
        },
      ]);
      const text = writeYamlText(Object.fromEntries(entries));
      yield* call.out(text.replace(/^ {2}/gm, ' '.repeat(4)));
      return 0;
    }
    case 'json': {
      const entries = found.map((one) => [
        one.name,
        {
          ...{ Name: one.name, DefaultValue: one.defaultValue },
          ...{ PresenceValue: one.presenceValue, Required: one.required },
        },
      ]);
      yield* call.out(`${goJson(Object.fromEntries(entries), 4)}\n`);
      return 0;
    }
    case '':
    case 'table':
    case 'pretty': {
      const lines = found.map(
        (one) => `${one.name}\t${one.required}\t${one.defaultValue}\t${one.presenceValue}\n`,
      );
      const heading = 'NAME\tREQUIRED\tDEFAULT VALUE\tALTERNATE VALUE\n';
      yield* call.out(tabulate(heading + lines.join(''), 20, 3));
      return 0;
    }
    default:
      return refuse(`format value "${format}" could not be parsed: parsing failed`);
  }
}

/** Only what is asked for is filled in: a file that another service names need not be there. */
function* hashes(compose: Compose, wanted: string, skip: Skip): Step<number> {
  const whole = yield* compose.project({ skip: { ...skip, environmentResolution: true } });
  const names = wanted === '*' ? Object.keys(whole.services) : wanted.split(',');
  const chosen = withSelectedServices(whole, names, 'none');
  const services = Object.keys(chosen.services).sort();
  const project = yield* compose.project({ services, noDependencies: true, skip });
  for (const name of services) {
    yield* compose.call.out(`${name} ${serviceHash(project.services[name]!)}\n`);
  }
  return 0;
}
