import type { Signal } from '@preact/signals';
import { fill } from '../../i18n/strings.ts';
import type { TerminalWords } from '../../i18n/terminal.ts';
import { clockText } from '../player/clock-text.ts';
import { SPEEDS, type Speed } from './clock.ts';
import type { FollowedWorld } from './followed-world.ts';

interface HeadProps {
  readonly world: FollowedWorld;
  readonly machine: Signal<string>;
  readonly words: TerminalWords;
  /** The page has controls of its own for time. */
  readonly bare: boolean;
}

/** Above the lines: which machine, how fast its time passes, and how late it is there. */
export function Head({ world, machine, words, bare }: HeadProps) {
  const names = world.machines.flatMap(({ name, hasPrompt }) => (hasPrompt ? name : []));
  if (bare && names.length < 2) return null;
  return (
    <div class="terminal-head">
      {names.length > 1 && (
        <Choice
          name={words.machine}
          value={machine.value}
          options={names.map((name) => [name, name])}
          choose={(name) => (machine.value = name)}
        />
      )}
      {!bare && <Time world={world} words={words} />}
    </div>
  );
}

function Time({ world, words }: Pick<HeadProps, 'world' | 'words'>) {
  const { moment, startMs } = world.state.value;
  const clock = clockText((world.reachedMs.value ?? moment.timeMs) - startMs);
  const nameOf = (speed: Speed): string =>
    speed === 'at-once' ? words.atOnce : fill(words.times, { speed });
  const playing = world.playing.value;
  return (
    <>
      <button
        type="button"
        class={`terminal-play${playing ? ' is-playing' : ''}`}
        onClick={() => world.play(!playing)}
      >
        {playing ? words.pause : words.play}
      </button>
      <Choice
        name={words.speed}
        value={String(world.speed.value)}
        options={SPEEDS.map((speed) => [String(speed), nameOf(speed)])}
        choose={(chosen) => {
          const speed = SPEEDS.find((one) => String(one) === chosen);
          if (speed !== undefined) world.speed.value = speed;
        }}
      />
      <span class="terminal-clock" role="img" aria-label={`${words.clock} ${clock}`}>
        {clock}
      </span>
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly choose: (value: string) => void;
}

function Choice({ name, value, options, choose }: ChoiceProps) {
  return (
    <label class="terminal-choice">
      <span>{name}</span>
      <select value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
