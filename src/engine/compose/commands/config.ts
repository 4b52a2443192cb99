import { serviceHash } from '../../compose-file/project/hash.ts';
import { imageName } from '../../compose-file/project/names.ts';
import { loadDocument } from '../../compose-file/load.ts';
import {
  printDocument,
  printProject,
  type ConfigFormat,
} from '../../compose-file/print/project-text.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import { resolvePath } from '../../machine/command.ts';
import { writeFile } from '../../machine/files.ts';
import type { Compose } from '../compose.ts';
import { Failure, refuse } from '../failure.ts';
import type { ComposeCommand } from './command.ts';

/** `docker compose config` (docker/compose v5.5 `cmd/compose/config.go`). */
const LISTS: Readonly<Record<string, (project: Project, compose: Compose) => readonly string[]>> = {
  services: ({ services }) => Object.keys(services),
  volumes: ({ volumes }) => Object.keys(volumes).sort(),
  networks: ({ networks }) => Object.keys(networks).sort(),
  models: ({ models }) => Object.keys(models).sort(),
  profiles: ({ services, disabledServices }) => {
    const all = [...Object.values(services), ...Object.values(disabledServices)];
    return [...new Set(all.flatMap(({ profiles = [] }) => profiles))].sort();
  },
  images: (project, { separator }) =>
    Object.values(project.services).map((one) => imageName(project.name, one, separator)),
  environment: ({ environment }) =>
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
};

export const config: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const skip = {
    interpolation: flags.has('no-interpolate'),
    normalization: flags.has('no-normalize') || compose.global.has('compatibility'),
    pathResolution: flags.has('no-path-resolution'),
    consistency: flags.has('no-consistency'),
    environmentResolution: flags.has('no-env-resolution'),
  };
  for (const name of ['resolve-image-digests', 'lock-image-digests', 'variables']) {
    if (flags.has(name)) refuse(`docker compose config --${name} is not modelled`);
  }
  const list = Object.keys(LISTS).find((name) => flags.has(name));
  if (list !== undefined) {
    const project = yield* compose.project({ services: list === 'services' ? [] : args });
    const lines = LISTS[list]!(project, compose);
    if (!flags.has('quiet')) yield* call.out(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  if (flags.changed('hash')) return yield* hashes(compose, flags.text('hash'));
  const format = formatOf(flags.text('format', 'yaml'));
  const text = skip.interpolation
    ? yield* uninterpolated(compose, format)
    : printProject(yield* compose.project({ services: args, skip }), format);
  if (flags.has('quiet')) return 0;
  const output = flags.text('output');
  if (output === '') yield* call.out(text);
  else yield* writeFile(call.line.machine, resolvePath(call.line.cwd, output), text);
  return 0;
};

function formatOf(text: string): ConfigFormat {
  if (text === '' || text === 'yaml') return 'yaml';
  return text === 'json' ? 'json' : refuse(`unsupported format "${text}"`);
}

function* uninterpolated(compose: Compose, format: ConfigFormat): Step<string> {
  const options = yield* compose.loadOptions({ skip: { interpolation: true } });
  const loaded = yield* compose.files(loadDocument(options));
  for (const text of loaded.warnings) yield* compose.warn(text);
  if ('error' in loaded) throw new Failure(loaded.error);
  return printDocument(loaded.document, format);
}

function* hashes(compose: Compose, wanted: string): Step<number> {
  const project = yield* compose.project();
  const names = wanted === '*' ? Object.keys(project.services).sort() : wanted.split(',');
  for (const name of names) {
    const service = project.services[name];
    if (!service) refuse(`no such service: ${name}`);
    yield* compose.call.out(`${name} ${serviceHash(service)}\n`);
  }
  return 0;
}
