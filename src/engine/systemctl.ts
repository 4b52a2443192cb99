import { DRYDOCK_SERVICE, type DrydockAnswer } from './drydock.ts';
import { dockerService, type EngineResponse } from './docker/api.ts';
import type { Command, CommandLine } from './machine/command.ts';
import { statusOf } from './shell-language/signals.ts';
import { ask, join, start, write, type Call, type Resumption, type Self } from './sim/process.ts';

/**
 * `systemctl` and `service` at a machine's prompt, for Docker's daemon and the kubelet (systemd 257
 * `src/systemctl/systemctl-start-unit.c`, `systemctl-show.c`).
 *
 * Simplified: those are the only units, and docker.socket does not start Docker's when somebody
 * types docker; `status` tells the state alone.
 */
type Step<T> = Generator<Call, T, Resumption>;

interface Unit {
  readonly description: string;
  /** The kind of fault that stops it. */
  readonly fault: 'daemon' | 'kubelet';
  readonly isActive: (machine: string) => Step<boolean>;
  /** Further settings, as kubeadm leaves them. */
  readonly dropIn?: string;
}

const UNITS: Readonly<Record<string, Unit>> = {
  'docker.service': {
    description: 'Docker Application Container Engine',
    fault: 'daemon',
    isActive: (machine) => isDockerUp(machine),
  },
  'kubelet.service': {
    description: 'kubelet: The Kubernetes Node Agent',
    fault: 'kubelet',
    isActive: (machine) => isKubeletUp(machine),
    dropIn: '10-kubeadm.conf',
  },
};
const VERBS = [
  ...['start', 'stop', 'restart', 'reload', 'status', 'is-active', 'enable', 'disable'],
  'daemon-reload',
];

/** @param machines those that have a unit, by its name */
export const systemctl = (machines: Readonly<Record<string, readonly string[]>>): Command =>
  function* (line, self) {
    const words = line.argv.slice(1).filter((word) => !word.startsWith('-'));
    const [verb = '', unit = ''] = line.argv[0] === 'service' ? words.toReversed() : words;
    if (!VERBS.includes(verb)) return yield* say(self, `Unknown command verb '${verb}'.`, 1);
    if (verb === 'daemon-reload') return 0;
    if (unit === '') return yield* say(self, 'Too few arguments.', 1);
    const name = unit.includes('.') ? unit : `${unit}.service`;
    const known = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
    if (!known || !machines[name]?.includes(line.machine)) {
      if (verb === 'status') return yield* say(self, `Unit ${name} could not be found.`, 4);
      if (verb === 'is-active') return yield* say(self, 'inactive', 4, self.stdout);
      const why = verb === 'stop' ? 'not loaded' : 'not found';
      return yield* say(self, `Failed to ${verb} ${name}: Unit ${name} ${why}.`, 5);
    }
    const isUp = yield* known.isActive(line.machine);
    if (verb === 'is-active') {
      return yield* say(self, isUp ? 'active' : 'inactive', isUp ? 0 : 3, self.stdout);
    }
    if (verb === 'status') {
      const text =
        `${isUp ? '●' : '○'} ${name} - ${known.description}\n` +
        `     Loaded: loaded (/usr/lib/systemd/system/${name}; enabled; preset: enabled)\n` +
        (known.dropIn === undefined
          ? ''
          : `    Drop-In: /usr/lib/systemd/system/${name}.d\n             └─${known.dropIn}\n`) +
        `     Active: ${isUp ? 'active (running)' : 'inactive (dead)'}`;
      return yield* say(self, text, isUp ? 0 : 3, self.stdout);
    }
    const stops = isUp && (verb === 'stop' || verb === 'restart');
    const starts = verb === 'restart' || (verb === 'start' && !isUp);
    const stopped = stops ? yield* change(line, self, known.fault, 'stop') : 0;
    if (!starts || stopped !== 0) return stopped;
    return yield* change(line, self, known.fault, 'start');
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
function* isDockerUp(machine: string): Step<boolean> {
  const request = { method: 'GET', path: '/_ping', query: {} } as const;
  const { status } = yield* ask<EngineResponse>(dockerService(machine), request);
  return status !== 0;
}

function* isKubeletUp(machine: string): Step<boolean> {
  const answer = yield* ask<DrydockAnswer>(DRYDOCK_SERVICE, { op: 'faults' });
  return !answer.ok || !answer.lines.some((line) => line.includes(`kubelet ${machine} stop`));
}

function* change(
  line: CommandLine,
  self: Self,
  fault: Unit['fault'],
  action: 'stop' | 'start',
): Step<number> {
  const argv = ['drydock', 'fault', fault, line.machine, action];
  return statusOf(yield* join(yield* start('drydock/cli', { ...line, argv }, { ...self })));
}
