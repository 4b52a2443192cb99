import { labStrings } from '../../i18n/lab.ts';
import { fill } from '../../i18n/strings.ts';
import { TimelineBar } from '../panels/timeline.tsx';
import { clockText } from '../player/clock-text.ts';
import { SPEEDS } from '../terminal/clock.ts';
import type { BenchWorld } from './bench-world.ts';

/** Time: whether it runs by itself, how fast, and back and forth on the timeline. */
export function TimeBar({ bench }: { readonly bench: BenchWorld }) {
  const { world, looking } = bench;
  const t = labStrings[looking.locale];
  const { moment, startMs, inThePast, done } = world.state.value;
  const playing = world.playing.value;
  return (
    <div class="bench-time" role="group" aria-label={t.timeline}>
      <div class="bench-controls">
        <button
          type="button"
          class={`bench-button bench-play${playing ? ' is-playing' : ''}`}
          aria-keyshortcuts="k"
          onClick={() => world.play(!playing)}
        >
          {playing ? t.pause : t.play}
        </button>
        <button
          type="button"
          class="bench-button"
          aria-keyshortcuts="l"
          onClick={() => bench.live(1000)}
        >
          {t.stepForward}
        </button>
        <button
          type="button"
          class="bench-button"
          aria-keyshortcuts="u"
          aria-disabled={done === 0}
          onClick={() => done > 0 && bench.undo()}
        >
          {t.undo}
        </button>
        <fieldset class="speeds">
          <legend class="unseen">{t.speed}</legend>
          {SPEEDS.map((speed) => (
            <label key={speed}>
              <input
                type="radio"
                name="bench-speed"
                checked={world.speed.value === speed}
                onChange={() => (world.speed.value = speed)}
              />
              <span>{speed === 'at-once' ? t.atOnce : fill(t.times, { speed })}</span>
            </label>
          ))}
        </fieldset>
        <p class="bench-clock">
          <span class="unseen">{t.clock} </span>
          {clockText((world.reachedMs.value ?? moment.timeMs) - startMs)}
        </p>
        <p class="bench-past" role="status">
          {inThePast && t.inThePast}
        </p>
        {inThePast && (
          <button type="button" class="bench-button" onClick={() => bench.toEnd()}>
            {t.toEnd}
          </button>
        )}
      </div>
      <TimelineBar looking={looking} />
    </div>
  );
}
