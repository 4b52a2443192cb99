import type { Command } from './machine/command.ts';
import { ask, write } from './sim/process.ts';

/**
 * `drydock`, the one command of our own: what a reader does to the world from outside, as opposed
 * to what the people in it type.
 */
export interface LoadRequest {
  readonly op: 'load';
  readonly service: string;
  /** Requests a second; 0 stops. */
  readonly rate: number;
}

export type DrydockRequest = LoadRequest;

/** Why it could not be done; undefined when it was. */
export type DrydockAnswer = string | undefined;

export const DRYDOCK_SERVICE = 'drydock';

/** Requests are simulated one by one up to this rate. */
const RATE_LIMIT = 200;
const USAGE = 'Usage: drydock load SERVICE RATE   requests a second; 0 stops\n';

export const drydock: Command = function* ({ argv }, self) {
  const [, verb, service, rate, ...more] = argv;
  if (verb === undefined || verb === 'help' || verb === '--help') {
    yield* write(self.stdout, USAGE);
    return 0;
  }
  if (verb !== 'load') {
    yield* write(self.stderr, `drydock: there is no command "${verb}"\n${USAGE}`);
    return 1;
  }
  const sound = rate !== undefined && /^\d+$/.test(rate) && Number(rate) <= RATE_LIMIT;
  if (service === undefined || !sound || more.length > 0) {
    yield* write(self.stderr, `drydock: load wants a Service and a rate of 0 to ${RATE_LIMIT}\n`);
    return 1;
  }
  const request: DrydockRequest = { op: 'load', service, rate: Number(rate) };
  const problem = yield* ask<DrydockAnswer>(DRYDOCK_SERVICE, request);
  if (problem === undefined) return 0;
  yield* write(self.stderr, `drydock: ${problem}\n`);
  return 1;
};
