import { goQuote } from '../../../go/quote.ts';
import { resolvePath } from '../../../machine/command.ts';
import { readFile } from '../../../machine/files.ts';
import { readManifests } from '../manifest.ts';
import { choosePrinter } from '../printers/printer.ts';
import { checkKustomize } from '../targets.ts';
import { IMAGE } from './run.ts';
import { kustomizationProblem, KUSTOMIZE_IS_NOT_MODELLED } from '../kustomization.ts';
import {
  check,
  connect,
  fatal,
  misused,
  print,
  printError,
  type Session,
  type Step,
} from '../session.ts';
import { notModelled } from './groups.ts';

const PROFILES = ['general', 'baseline', 'restricted', 'netadmin', 'sysadmin', 'legacy'];
const PULL = ['', 'Always', 'IfNotPresent', 'Never'];

/** `kubectl debug` as far as its words are looked at (kubectl/pkg/cmd/debug/debug.go, v1.36). */
export function* debug(session: Session): Step<number> {
  const { flags, words, dash } = session;
  const image = flags.text('image');
  const copies = flags.text('copy-to') !== '';
  const names = dash === -1 ? words : words.slice(0, dash);
  const args = words.slice(names.length);
  const images = flags.pairs('set-image');
  const target = flags.text('target');
  const profile = flags.text('profile');
  if (!PROFILES.includes(profile)) yield* fatal(session, `unknown profile: ${profile}`);
  const custom = flags.text('custom');
  const { line } = session;
  if (custom !== '' && !(yield* readFile(line.machine, resolvePath(line.cwd, custom)))) {
    const why = `open ${custom}: no such file or directory`;
    yield* fatal(session, `must pass a container spec json file for custom profile: ${why}`);
  }
  const wrongImage = (name: string): string => `invalid image name ${goQuote(name)}`;
  const format = 'invalid reference format';
  const refusals: readonly (readonly [boolean, string])[] = [
    [
      flags.has('attach') && image === '' && flags.text('container') === '',
      'you must specify --container or create a new container using --image in order to attach.',
    ],
    [
      copies && image === '' && Object.keys(images).length === 0 && args.length === 0,
      'you must specify --image, --set-image or command arguments.',
    ],
    [
      copies && args.length > 0 && flags.text('container') === '' && image === '',
      'you must specify an existing container or a new image when specifying args.',
    ],
    ...['replace', 'same-node'].map(
      (name) => [!copies && flags.has(name), `--${name} may only be used with --copy-to.`] as const,
    ),
    [!copies && Object.keys(images).length > 0, '--set-image may only be used with --copy-to.'],
    [!copies && image === '', 'you must specify --image when not using --copy-to.'],
    [image !== '' && !IMAGE.test(image), `${wrongImage(image)}: ${format}`],
    [
      names.length === 0 && flags.all('filename').length === 0,
      'NAME or filename is required for debug',
    ],
    [
      !PULL.includes(flags.text('image-pull-policy')),
      `invalid image pull policy: ${flags.text('image-pull-policy')}`,
    ],
    ...Object.entries(images).map(
      ([name, one]) =>
        [!IMAGE.test(one), `${wrongImage(one)} for container ${goQuote(name)}: ${format}`] as const,
    ),
    [
      target !== '' && copies,
      '--target is incompatible with --copy-to. Use --share-processes instead.',
    ],
    [
      flags.has('tty') && !flags.has('stdin'),
      '-i/--stdin is required for containers with -t/--tty=true',
    ],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
  return yield* notModelled(session);
}

/** `kubectl certificate approve|deny` (kubectl/pkg/cmd/certificates/certificates.go, v1.36). */
export function* certificate(session: Session): Step<number> {
  const { flags, words } = session;
  yield* choosePrinter(session);
  if (words.length === 0 && flags.all('filename').length === 0 && !flags.text('kustomize')) {
    yield* fatal(session, 'one or more CSRs must be specified as <name> or -f <filename>');
  }
  yield* missingFile(session);
  yield* connect(session);
  return yield* notModelled(session);
}

/** `kubectl auth reconcile` (kubectl/pkg/cmd/auth/reconcile.go, v1.36). */
export function* reconcile(session: Session): Step<number> {
  const { flags, words } = session;
  if (flags.all('filename').length === 0 && flags.text('kustomize') === '') {
    yield* fatal(session, 'must specify one of -f and -k');
  }
  if (words.length > 0) yield* fatal(session, 'no arguments are allowed');
  const dryRun = flags.text('dry-run');
  if (!['none', 'server', 'client', 'unchanged', 'true', 'false'].includes(dryRun)) {
    const why = `Invalid dry-run value (${dryRun}). Must be "none", "server", or "client".`;
    yield* fatal(session, `error accessing --dry-run flag for command reconcile: ${why}`);
  }
  yield* missingFile(session);
  return yield* notModelled(session);
}

/** Files are looked for before anything else is done with them. */
function* missingFile(session: Session): Step<void> {
  yield* checkKustomize(session);
  const items = yield* readManifests(session, session.flags.all('filename'), { local: true });
  const problems = items.flatMap((item) => ('problem' in item ? [item.problem] : []));
  const missing = problems.filter(({ message }) => message.startsWith('the path'));
  yield* check(session, missing);
}

/**
 * What a shell reads to complete words (kubectl/pkg/cmd/completion/completion.go, v1.36).
 *
 * Simplified: the real scripts are some hundred lines each. Here the prompt completes words itself.
 */
const SHELLS: Readonly<Record<string, string>> = {
  bash: `# bash completion V2 for kubectl                              -*- shell-script -*-
# Simplified: the terminal completes words itself, this stands for the real script.
__start_kubectl() { return 0; }
complete -o default -F __start_kubectl kubectl
`,
  fish: `# fish completion for kubectl                                  -*- shell-script -*-
# Simplified: this stands for the real script.
complete -c kubectl -e
`,
  powershell: `# powershell completion for kubectl                            -*- shell-script -*-
# Simplified: this stands for the real script.
`,
  zsh: `#compdef kubectl
# Simplified: this stands for the real script.
compdef _kubectl kubectl
`,
};

export function* completion(session: Session): Step<number> {
  const [shell, ...more] = session.words;
  if (shell === undefined) yield* misused(session, 'Shell not specified.');
  if (more.length > 0) {
    yield* misused(session, 'Too many arguments. Expected only the shell type.');
  }
  const code = Object.hasOwn(SHELLS, shell ?? '') ? SHELLS[shell ?? ''] : undefined;
  if (code === undefined) {
    yield* misused(session, `Unsupported shell type ${goQuote(shell ?? '')}.`);
  }
  yield* print(session, code ?? '');
  return 0;
}

/** No machine here has plugins. */
export function* pluginList(session: Session): Step<number> {
  return yield* fatal(session, 'unable to find any kubectl plugins in your PATH');
}

export function* kustomize(session: Session): Step<number> {
  if (session.words.length > 1) yield* fatal(session, 'specify one path to kustomization.yaml');
  const why = yield* kustomizationProblem(session, session.words[0] ?? '.');
  return yield* fatal(session, why ?? KUSTOMIZE_IS_NOT_MODELLED);
}

export function* alpha(session: Session): Step<number> {
  yield* printError(session, 'No alpha commands are available in this version of kubectl\n');
  return 0;
}
