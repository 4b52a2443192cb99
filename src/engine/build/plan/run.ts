import type { Heredoc, InstructionOf } from '../dockerfile/ast.ts';
import { chompTabs, parseHeredoc } from '../dockerfile/heredoc.ts';
import { goQuote } from '../dockerfile/go-text.ts';
import { parseMount, type Mount } from '../dockerfile/mount.ts';
import type { ExecMount } from '../ops.ts';
import {
  prefixed,
  shownCommand,
  withShell,
  inputOf,
  normalize,
  type Dispatching,
  type WordExpander,
} from './step.ts';
import { Fault } from './fault.ts';
import { formatPlatform } from '../../oci/platform.ts';
import { commit } from './image.ts';
import type { Command, StageState } from './stage.ts';

/** RUN: `convert.go` `dispatchRun`, `convert_runmount.go`. */
export function dispatchRun(
  state: StageState,
  command: Command,
  step: InstructionOf<'RUN'>,
  words: WordExpander,
  on: Dispatching,
): void {
  const mounts = step.mounts.map((text) => {
    const mount = parseMount(text, (word) => ({
      ...{ ok: true, value: words(word), matched: new Set<string>(), unmatched: new Set<string>() },
    }));
    if (!mount.ok) throw new Fault(mount.message);
    return mount.value;
  });
  const { line, script, note } = commandLine(step);
  const args = step.command.shell ? withShell(state, line) : line;
  const inputs = state.ref === undefined ? [] : [state.ref];
  const all = mounts.map((mount, i) => execMount(state, mount, command.sources[i], inputs, on));
  const shown = shownCommand(step.original.trim() + note, state.env, on.escape, true);
  const history = `RUN ${argsNote(state)}${args.join(' ')} # buildkit`;
  state.ref = on.graph.add({
    name: prefixed(state, shown, on.options, state.env, command.onBuild),
    op: {
      op: 'exec',
      base: state.ref === undefined ? undefined : 0,
      args,
      env: state.env.list(),
      cwd: state.dir,
      user: state.user,
      mounts: all,
      network: step.network === 'default' ? on.options.network : step.network,
      security: step.security,
      hosts: on.options.hosts,
      proxy: on.proxy,
      ...(script ? { script } : {}),
      platform: formatPlatform(state.platform ?? on.platform),
    },
    inputs,
    lines: step.lines,
    noCache: state.noCache,
  });
  state.image = commit(state.image, history, true);
}

interface RunLine {
  readonly line: readonly string[];
  /** A heredoc that begins with `#!` is a program of its own. */
  readonly script?: { readonly name: string; readonly data: string };
  /** What progress adds: ` (echo hi...)`. */
  readonly note: string;
}

function commandLine({ command }: InstructionOf<'RUN'>): RunLine {
  const { words, files, shell } = command;
  const [first] = files;
  if (!first) return { line: words, note: '' };
  if (words.length !== 1 || !shell) {
    throw new Fault(`parsing produced an invalid run command: [${words.join(' ')}]`);
  }
  const [text = ''] = words;
  const alone = parseHeredoc(text);
  if (!alone.ok || !alone.value) {
    const rest = files.map(({ content, name }) => `\n${content}${name}`).join('');
    return { line: [text + rest], note: '' };
  }
  const note = ` (${summary(first)})`;
  const data = first.chomp ? chompTabs(first.content) : first.content;
  if (!data.startsWith('#!')) return { line: [data], note };
  const name = first.name;
  return { line: [`/dev/pipes/${name}`], script: { name, data }, note };
}

function summary({ content }: Heredoc): string {
  const lines = content.trim().replace(/\r\n/g, '\n').split('\n');
  return (lines[0] ?? '') + (lines.length > 1 ? '...' : '');
}

/** `|2 A=1 B=2 `: the arguments that a command runs with. */
function argsNote({ args, env }: StageState): string {
  const pairs = new Map<string, string>();
  for (const { key, value } of args) pairs.set(key, env.get(key) ?? value ?? '');
  const shown = [...pairs].map(([key, value]) => `${key}=${value}`);
  return shown.length === 0 ? '' : `|${shown.length} ${shown.join(' ')} `;
}

function execMount(
  state: StageState,
  mount: Mount,
  source: StageState | undefined,
  inputs: string[],
  on: Dispatching,
): ExecMount {
  const { type, from, target: written } = mount;
  const target = written.startsWith('/') ? normalize('/', written) : normalize(state.dir, written);
  const base: ExecMount = {
    ...{ type, target, readOnly: mount.readOnly, source: mount.source, from: undefined },
    ...{ id: mount.id, sharing: mount.sharing || 'shared', required: mount.required },
    ...(mount.mode === undefined ? {} : { mode: mount.mode }),
    ...(mount.uid === undefined ? {} : { uid: mount.uid }),
    ...(mount.gid === undefined ? {} : { gid: mount.gid }),
    ...(mount.env === undefined ? {} : { env: mount.env }),
  };
  if (type === 'secret') return secretMount(base, written);
  if (type === 'ssh') return { ...base, id: mount.id || 'default' };
  if (from !== '' && source && !source.dispatched) {
    throw new Fault(
      `cannot mount from stage ${goQuote(from)} to ${goQuote(written)}, ` +
        'stage needs to be defined before current command',
    );
  }
  if (target === '/') throw new Fault(`invalid mount target ${goQuote(target)}`);
  if (type === 'tmpfs') return base;
  if (type === 'cache') {
    const own = { ...base, id: mount.id || normalize('/', written) };
    return from === '' ? own : { ...own, from: inputOf(source?.ref, inputs) };
  }
  if (from === '') {
    state.contextPaths.add(normalize('/', mount.source));
    return { ...base, from: inputOf(on.context, inputs) };
  }
  return { ...base, from: inputOf(source?.ref, inputs) };
}

/** A secret is known by its id, or by where it goes. */
function secretMount(mount: ExecMount, written: string): ExecMount {
  const id = mount.id || mount.source || written.slice(written.lastIndexOf('/') + 1);
  if (mount.env !== undefined && written === '') return { ...mount, id, target: '' };
  const name = id.slice(id.lastIndexOf('/') + 1);
  return { ...mount, id, target: written === '' ? `/run/secrets/${name}` : mount.target };
}
