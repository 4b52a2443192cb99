import { dockerService, type EngineResponse } from './docker/api.ts';
import type { Command, CommandLine } from './machine/command.ts';
import { statusOf } from './shell-language/signals.ts';
import { ask, join, start, write, type Call, type Resumption, type Self } from './sim/process.ts';

/**
 * `systemctl` and `service` at a machine's prompt, for Docker's daemon (systemd 257
 * `src/systemctl/systemctl-start-unit.c`, `systemctl-show.c`).
 *
 * Simplified: docker.service is the only unit, and docker.socket does not start it when somebody
 * types docker; `status` tells the state alone.
 */
type Step<T> = Generator<Call, T, Resumption>;

const UNIT = 'docker.service';
const VERBS = ['start', 'stop', 'restart', 'reload', 'status', 'is-active', 'enable', 'disable'];

/** @param machines those that have Docker */
export const systemctl = (machines: readonly string[]): Command =>
  function* (line, self) {
    const words = line.argv.slice(1).filter((word) => !word.startsWith('-'));
    const [verb = '', unit = ''] = line.argv[0] === 'service' ? words.toReversed() : words;
    if (!VERBS.includes(verb)) return yield* say(self, `Unknown command verb '${verb}'.`, 1);
    if (unit === '') return yield* say(self, 'Too few arguments.', 1);
    const name = unit.includes('.') ? unit : `${unit}.service`;
    if (name !== UNIT || !machines.includes(line.machine)) {
      if (verb === 'status') return yield* say(self, `Unit ${name} could not be found.`, 4);
      if (verb === 'is-active') return yield* say(self, 'inactive', 4, self.stdout);
      const why = verb === 'stop' ? 'not loaded' : 'not found';
      return yield* say(self, `Failed to ${verb} ${name}: Unit ${name} ${why}.`, 5);
    }
    const isUp = yield* isActive(line.machine);
    if (verb === 'is-active') {
      return yield* say(self, isUp ? 'active' : 'inactive', isUp ? 0 : 3, self.stdout);
    }
    if (verb === 'status') {
      const text =
        `${isUp ? '●' : '○'} ${UNIT} - Docker Application Container Engine\n` +
        `     Loaded: loaded (/usr/lib/systemd/system/${UNIT}; enabled; preset: enabled)\n` +
        `     Active: ${isUp ? 'active (running)' : 'inactive (dead)'}`;
      return yield* say(self, text, isUp ? 0 : 3, self.stdout);
    }
    const stops = isUp && (verb === 'stop' || verb === 'restart');
    const starts = verb === 'restart' || (verb === 'start' && !isUp);
    const stopped = stops ? yield* change(line, self, 'stop') : 0;
    return starts && stopped === 0 ? yield* change(line, self, 'start') : stopped;
  };

function* say(
  self: Self,
  text: string,
  status: number,
  stream: number | undefined = self.stderr,
): Step<number> {
  yield* write(stream, `${text}\n`);
  return status;
}

/** Whether the machine's daemon answers. */
function* isActive(machine: string): Step<boolean> {
  const request = { method: 'GET', path: '/_ping', query: {} } as const;
  const { status } = yield* ask<EngineResponse>(dockerService(machine), request);
  return status !== 0;
}

function* change(line: CommandLine, self: Self, action: 'stop' | 'start'): Step<number> {
  const argv = ['drydock', 'fault', 'daemon', line.machine, action];
  return statusOf(yield* join(yield* start('drydock/cli', { ...line, argv }, { ...self })));
}
