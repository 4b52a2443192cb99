import { write } from '../../sim/process.ts';
import { print, refuse, type Builtin } from './builtin.ts';

/** `alias` and `unalias` (GNU bash 5.2 `builtins/alias.def`; dash 0.5.12 and ash `alias.c`). */
const quoted = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`;

export const alias: Builtin = function* (call) {
  const { shell, args } = call;
  const isBash = shell.flavour === 'bash';
  const words = args.filter((word) => word !== '-p' && word !== '--');
  const shown = (name: string, value: string) =>
    `${isBash ? 'alias ' : ''}${name}=${quoted(value)}\n`;
  let status = 0;
  for (const word of words) {
    const sign = word.indexOf('=', 1);
    const name = sign === -1 ? word : word.slice(0, sign);
    const value = sign === -1 ? shell.aliases.get(name) : undefined;
    if (sign !== -1 && /[\s/$`=|&;()<>'"\\]/.test(name)) {
      status = yield* refuse(call, `\`${name}': invalid alias name`);
    } else if (sign !== -1) shell.setAlias(name, word.slice(sign + 1));
    else if (value !== undefined) yield* print(call, shown(name, value));
    else status = yield* refuse(call, isBash ? `${name}: not found` : `${name} not found`);
  }
  if (words.length > 0) return status;
  const all = [...shell.aliases].sort(([a], [b]) => (a < b ? -1 : 1));
  yield* print(call, all.map(([name, value]) => shown(name, value)).join(''));
  return 0;
};

export const unalias: Builtin = function* (call) {
  const { shell, args, io } = call;
  const isBash = shell.flavour === 'bash';
  if (args.length === 0 && isBash) {
    yield* write(io[2] ?? 0, 'unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  let status = 0;
  for (const name of args[0] === '-a' ? [...shell.aliases.keys()] : args) {
    if (shell.aliases.has(name)) shell.setAlias(name, undefined);
    else status = yield* refuse(call, isBash ? `${name}: not found` : `${name} not found`);
  }
  return status;
};
