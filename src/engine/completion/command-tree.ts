import type { Candidate } from './candidate.ts';

/** A flag of a command line, whichever table it is from. */
export interface TreeFlag {
  readonly name: string;
  /** Empty where there is no short form. */
  readonly letter: string;
  readonly takesValue: boolean;
  readonly usage: string;
}

/** A command with its flags and the commands below it. */
export interface CommandTree {
  /** `container ls`; empty for the program itself. */
  readonly path: string;
  readonly flags: () => readonly TreeFlag[];
  readonly children: () => readonly (Candidate & { readonly other: readonly string[] })[];
  readonly child: (name: string) => CommandTree | undefined;
  /** False: behind the first argument everything is an argument. */
  readonly interspersed: boolean;
}

/** Where in a command line the next word stands. */
export interface Position {
  readonly tree: CommandTree;
  readonly args: readonly string[];
  /** The flag whose value the next word is. */
  readonly flag?: TreeFlag;
  /** The values of flags so far, by name; `true` of switches. */
  readonly given: ReadonlyMap<string, string>;
  /** Behind `--`, or behind the first argument where that ends the flags. */
  readonly isBehind: boolean;
}

/** Goes along the words behind the program's name. */
export function positionAt(root: CommandTree, words: readonly string[]): Position {
  let tree = root;
  const args: string[] = [];
  const given = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--')
      return { tree, args: [...args, ...words.slice(at + 1)], given, isBehind: true };
    if (word.startsWith('-') && word !== '-') {
      const flag = flagNamed(tree, word);
      const [, value] = /=(.*)$/s.exec(word) ?? [];
      const attached = value ?? (word.startsWith('--') ? undefined : behindLetter(tree, word));
      if (!flag?.takesValue || attached !== undefined) {
        if (flag) given.set(flag.name, attached ?? 'true');
        continue;
      }
      if (at === words.length - 1) return { tree, args, given, flag, isBehind: false };
      at += 1;
      given.set(flag.name, words[at]!);
      continue;
    }
    const child = args.length === 0 ? tree.child(word) : undefined;
    if (child) tree = child;
    else args.push(word);
    if (!child && !tree.interspersed) {
      return { tree, args: [...args, ...words.slice(at + 1)], given, isBehind: true };
    }
  }
  return { tree, args, given, isBehind: false };
}

/** `--name`, `--name=x`, `-n`, `-itn`: the flag that could take a value. */
function flagNamed(tree: CommandTree, word: string): TreeFlag | undefined {
  const flags = tree.flags();
  if (word.startsWith('--')) {
    const name = word.slice(2).replace(/=.*$/s, '');
    return flags.find((flag) => flag.name === name);
  }
  for (const letter of word.slice(1)) {
    const flag = flags.find((one) => one.letter === letter);
    if (!flag || flag.takesValue) return flag;
  }
  return flags.find((one) => one.letter === word.at(-1));
}

/** `-p80`: what stands behind the letter that takes a value; undefined when nothing does. */
function behindLetter(tree: CommandTree, word: string): string | undefined {
  const flags = tree.flags();
  for (let at = 1; at < word.length; at++) {
    const flag = flags.find((one) => one.letter === word[at]);
    if (flag?.takesValue) return word.slice(at + 1) || undefined;
  }
  return undefined;
}

/** The flags that could be written: `-` offers short ones, too. */
export function flagCandidates(tree: CommandTree, typed: string): Candidate[] {
  const flags = tree.flags();
  const long = flags.map(({ name, usage }) => ({ text: `--${name}`, note: firstLine(usage) }));
  if (typed.startsWith('--')) return long;
  const short = flags.filter(({ letter }) => letter !== '');
  return [
    ...long,
    ...short.map(({ letter, usage }) => ({ text: `-${letter}`, note: firstLine(usage) })),
  ];
}

const NOTE_LIMIT = 72;

export const firstLine = (text: string): string => {
  const [line = ''] = text.split('\n', 1);
  return line.length > NOTE_LIMIT ? `${line.slice(0, NOTE_LIMIT - 1)}…` : line;
};
