import { Invocation, type Handler, type Step } from '../../docker/cli/invocation.ts';
import { Flags } from '../../docker/cli/pflag.ts';
import type { Compose } from '../compose.ts';

/** Flags as if they had been typed; a switch that is off is left out. */
export function flagsOf(
  values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>,
): Flags {
  const given = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === false) continue;
    if (value === true) given.set(name, ['true']);
    else given.set(name, typeof value === 'string' ? [value] : value);
  }
  return new Flags(given);
}

/** Lets a command of docker do it, with its own words and messages. */
export function asDocker(
  { call }: Compose,
  handler: Handler,
  path: string,
  { flags, args }: { readonly flags: Flags; readonly args: readonly string[] },
): Step<number> {
  return handler(new Invocation(call.line, call.self, { path, flags, args }));
}
