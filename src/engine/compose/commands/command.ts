import type { Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';

/** A command of Compose: it gives its exit code, or throws a Failure. */
export type ComposeCommand = (compose: Compose) => Step<number>;

/** A flag that holds a number, when it was given. */
export function numberFlag({ flags }: Compose, name: string): number | undefined {
  const text = flags.last(name);
  return text === undefined ? undefined : Number(text);
}
