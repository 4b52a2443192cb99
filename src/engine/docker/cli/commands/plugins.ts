import type { Invocation, Step } from '../invocation.ts';
import { printRows } from './printing.ts';

/** Commands of plugins: this daemon has none. And commands that are not modelled yet. */
export function* listPlugins(call: Invocation): Step<number> {
  const { flags } = call;
  const source = flags.text('format');
  const table = 'table {{.ID}}\t{{.Name}}\t{{.Description}}\t{{.Enabled}}';
  const bare = source === '' || source === 'table';
  const format = bare ? (flags.has('quiet') ? '{{.ID}}' : table) : source;
  const headings = { ID: 'ID', Name: 'NAME', Description: 'DESCRIPTION', Enabled: 'ENABLED' };
  return yield* printRows(call, format, [], headings);
}

export function* noPlugin(call: Invocation): Step<number> {
  if (call.path === 'plugin inspect') yield* call.out('[]\n');
  return yield* call.joined(
    call.args
      .slice(0, call.path === 'plugin set' ? 1 : undefined)
      .map((name) => `Error response from daemon: plugin "${name}" not found`),
  );
}

export function* experimentalOnly(call: Invocation): Step<number> {
  const only = 'is only supported on a Docker daemon with experimental features enabled';
  return yield* call.fail(`docker ${call.path} ${only}`);
}

export function* notModelled(call: Invocation): Step<number> {
  const name = call.path.split(' ')[0] ?? '';
  const what = name === 'compose' ? 'docker compose' : `docker ${call.path}`;
  return yield* call.fail(`${what} is not modelled yet`);
}
