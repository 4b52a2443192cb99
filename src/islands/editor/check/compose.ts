/**
 * What `docker compose` or `docker stack deploy` would refuse of a file, and warn of, by their own
 * loaders. The first fault ends reading, as it does there.
 */
import { runWithFiles, type FileAnswer } from '../../../engine/compose-file/files.ts';
import { loadProject } from '../../../engine/compose-file/load.ts';
import { loadStack } from '../../../engine/compose-file/stack.ts';
import type { CheckedFile, EditorFault } from '../fault.ts';
import { pathOf, YamlPlaces } from '../../../engine/yaml-places.ts';

const DIRECTORY = '/checked';
/** A project by itself; others are laid over one, and need not hold together alone. */
const WHOLE = /^(?:docker-)?compose\.ya?ml$/i;

export function checkCompose(file: CheckedFile): EditorFault[] {
  const places = new YamlPlaces(file.text);
  const bare = load(file, {});
  const unset = bare.warnings.flatMap((warning) => UNSET.exec(warning)?.[1] ?? []);
  // A variable that is not set here may well be on the machine: `1` is text and number.
  const environment = Object.fromEntries(unset.map((name) => [name, '1']));
  const { warnings, error } = unset.length === 0 ? bare : load(file, environment);
  const faults = warnings
    .filter((warning) => !UNSET.test(warning))
    .map((warning) => told(warning, 'warning', places));
  return error === undefined ? faults : [told(error, 'error', places), ...faults];
}

const UNSET = /"([^"]+)" variable is not set/;

interface Outcome {
  readonly warnings: readonly string[];
  readonly error?: string;
}

function load(
  { name, text, isStack = false }: CheckedFile,
  environment: Readonly<Record<string, string>>,
): Outcome {
  const file = name.slice(name.lastIndexOf('/') + 1);
  let askedForOthers = false;
  const at = (path: string): FileAnswer => {
    if (path === `${DIRECTORY}/${file}`) return { kind: 'file', text };
    if (path === DIRECTORY) return { kind: 'directory' };
    // What stands beside it only the machine knows: nothing is refused because of it.
    askedForOthers ||= !path.endsWith('/.env');
    return undefined;
  };
  const skip = { consistency: !WHOLE.test(file) };
  const options = { cwd: DIRECTORY, environment, files: [file] };
  const loaded = isStack
    ? runWithFiles(loadStack(options), at)
    : runWithFiles(loadProject({ ...options, projectName: 'checked', skip }), at);
  const { warnings } = loaded;
  return 'error' in loaded && !askedForOthers ? { warnings, error: loaded.error } : { warnings };
}

function told(words: string, severity: EditorFault['severity'], places: YamlPlaces): EditorFault {
  const message = words.replaceAll(`${DIRECTORY}/`, '');
  return { ...placeOf(message, places), severity, message };
}

function placeOf(message: string, places: YamlPlaces): ReturnType<YamlPlaces['field']> {
  const line = /\bL(\d+)\.C\d+|\bline (\d+):/.exec(message);
  const syntax = places.syntax(0);
  if (syntax) return syntax;
  if (line) return places.line(Number(line[1] ?? line[2]));
  if (message.includes('attribute `version`')) return places.field(0, ['version'], 'name');
  const about = fieldIn(message);
  return places.field(0, about, /[Aa]dditional propert/.test(message) ? 'name' : 'value');
}

/** The field that a message is about: its longest word of the form `services.web.ports`. */
function fieldIn(message: string): string[] {
  const path =
    /\b(?:services|networks|volumes|secrets|configs|name|include)(?:[.[][\w.[\]-]*)?/.exec(
      message.replace(/^validating \S+: /, ''),
    );
  const fields = pathOf(path?.[0] ?? '');
  const service = /\bservice "([^"]+)"/.exec(message)?.[1];
  const extra = /[Aa]dditional propert(?:y|ies) '?([\w-]+)'?/.exec(message)?.[1];
  const owner = fields.length === 0 && service !== undefined ? ['services', service] : fields;
  return extra === undefined ? owner : [...owner, extra];
}
