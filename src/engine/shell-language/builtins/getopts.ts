import type { Step } from '../state.ts';
import { NAME, refuse, type Builtin, type Call } from './builtin.ts';

/** `getopts OPTIONS NAME`: one option a call (POSIX.1-2024 `getopts`). */
export const getopts: Builtin = function* (call) {
  const { shell } = call;
  const [options, name, ...given] = call.args;
  if (options === undefined || name === undefined) {
    yield* shell.complain(call.io, 'getopts: usage: getopts optstring name [arg ...]');
    return 2;
  }
  if (!NAME.test(name)) return yield* refuse(call, `\`${name}': not a valid identifier`);
  const words = given.length > 0 ? given : shell.positional;
  let index = Number(shell.get('OPTIND') ?? 1) || 1;
  // Whoever sets OPTIND begins anew.
  let offset = shell.optionWord === index ? shell.optionOffset : 0;
  if (offset === 0) offset = 1;
  const word = words[index - 1];
  const finish = (next: number, within: number, found: string): number => {
    shell.assign('OPTIND', String(next));
    [shell.optionWord, shell.optionOffset] = [next, within];
    shell.assign(name, found);
    return 0;
  };
  if (word === undefined || !/^-./.test(word) || word === '--') {
    shell.variables.delete('OPTARG');
    finish(word === '--' ? index + 1 : index, 0, '?');
    return 1;
  }
  const letter = word[offset]!;
  const isLast = offset === word.length - 1;
  const quiet = options.startsWith(':');
  const known = letter === ':' ? -1 : options.indexOf(letter, quiet ? 1 : 0);
  shell.variables.delete('OPTARG');
  if (known !== -1 && options[known + 1] === ':') {
    const value = isLast ? words[index] : word.slice(offset + 1);
    index += isLast ? 2 : 1;
    if (value === undefined) {
      if (quiet) shell.assign('OPTARG', letter);
      else yield* warn(call, `option requires an argument -- ${letter}`);
      return finish(index - 1, 0, quiet ? ':' : '?');
    }
    shell.assign('OPTARG', value);
    return finish(index, 0, letter);
  }
  if (known === -1) {
    if (quiet) shell.assign('OPTARG', letter);
    else yield* warn(call, `illegal option -- ${letter}`);
  }
  return finish(isLast ? index + 1 : index, isLast ? 0 : offset + 1, known === -1 ? '?' : letter);
};

function* warn(call: Call, message: string): Step<void> {
  const { shell, io } = call;
  if (shell.get('OPTERR') !== '0') yield* shell.complain(io, message);
}
