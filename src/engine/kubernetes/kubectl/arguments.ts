/**
 * Words of a command line as kubectl (Cobra and pflag) reads them: `-n kube-system`, `-nx`,
 * `--output=wide`, `--`. Flags may stand anywhere.
 */
export interface Arguments {
  /** Words that are not flags. */
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** The words for a flag that does not exist or lacks its value. */
  readonly error?: string;
}

/** Flags by name: whether they take a value, and their letter. */
interface FlagSpec {
  readonly takesValue: boolean;
  readonly letter?: string;
}

const value = (letter?: string): FlagSpec => ({ takesValue: true, ...(letter && { letter }) });
const bool = (letter?: string): FlagSpec => ({ takesValue: false, ...(letter && { letter }) });

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  namespace: value('n'),
  filename: value('f'),
  output: value('o'),
  selector: value('l'),
  replicas: value(),
  revision: value(),
  'to-revision': value(),
  timeout: value(),
  'grace-period': value(),
  'all-namespaces': bool('A'),
  watch: bool('w'),
  'no-headers': bool(),
  'show-labels': bool(),
  wait: bool(),
  all: bool(),
  now: bool(),
};

const BY_LETTER = new Map<string, string>();
for (const [name, { letter }] of Object.entries(FLAGS)) if (letter) BY_LETTER.set(letter, name);

/** @param command for the hint that follows an unknown flag: `kubectl get` */
export function parseArguments(argv: readonly string[], command: string): Arguments {
  const words: string[] = [];
  const flags = new Map<string, string>();
  const help = `See '${command} --help' for usage.`;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const { name, attached } = readFlag(word);
    const spec = name === undefined ? undefined : FLAGS[name];
    if (name === undefined || !spec) {
      const letter = word.startsWith('--')
        ? `unknown flag: ${word.split('=')[0] ?? word}`
        : `unknown shorthand flag: '${word.charAt(1)}' in ${word}`;
      return { words, flags, error: `error: ${letter}\n${help}` };
    }
    if (!spec.takesValue) flags.set(name, attached ?? 'true');
    else if (attached !== undefined) flags.set(name, attached);
    else if (i + 1 < argv.length) flags.set(name, argv[++i] ?? '');
    else
      return { words, flags, error: `error: flag needs an argument: ${flagText(word)}\n${help}` };
  }
  return { words, flags };
}

function readFlag(word: string): { name: string | undefined; attached: string | undefined } {
  if (word.startsWith('--')) {
    const [name, ...rest] = word.slice(2).split('=');
    return { name, attached: rest.length > 0 ? rest.join('=') : undefined };
  }
  const name = BY_LETTER.get(word.charAt(1));
  const rest = word.slice(2).replace(/^=/, '');
  return { name, attached: rest === '' ? undefined : rest };
}

const flagText = (word: string): string =>
  word.startsWith('--') ? word : `'${word.charAt(1)}' in ${word}`;
