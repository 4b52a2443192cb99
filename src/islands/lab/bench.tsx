import { labStrings } from '../../i18n/lab.ts';
import { fill } from '../../i18n/strings.ts';
import { BenchHead } from './bench-head.tsx';
import { handleKey } from './bench-keys.ts';
import type { BenchWorld } from './bench-world.ts';
import { ExerciseStrip } from './exercise-strip.tsx';
import type { LabState } from './lab-state.ts';
import { Panes } from './panes.tsx';
import { StoryStrip } from './story-strip.tsx';
import { TimeBar } from './time-bar.tsx';
import { useWide } from './wide.ts';

/** The bench, whatever stands on it. */
export function Bench({ lab }: { readonly lab: LabState }) {
  const status = lab.status.value;
  const t = labStrings[lab.means.locale];
  return (
    <section class="bench" aria-label={t.bench}>
      <p class="bench-notice" role="status">
        {lab.notice.value}
      </p>
      {status.kind === 'opening' && (
        <div class="bench-opening" role="status">
          <p>{fill(t.opening, { name: status.title })}</p>
          <p class="bench-events">
            {status.events > 0 &&
              fill(t.lived, { count: status.events.toLocaleString(lab.means.locale) })}
          </p>
          <button type="button" class="bench-button" onClick={() => lab.close()}>
            {t.cancel}
          </button>
        </div>
      )}
      {status.kind === 'open' && (
        <OpenBench key={status.bench.world.name} lab={lab} bench={status.bench} />
      )}
    </section>
  );
}

function OpenBench({ lab, bench }: { readonly lab: LabState; readonly bench: BenchWorld }) {
  const { stopped } = labStrings[lab.means.locale];
  const { value: wide } = useWide();
  return (
    <div class="bench-open" onKeyDown={(event) => handleKey(event, bench)}>
      {bench.world.broken.value !== undefined && (
        <p class="bench-notice" role="alert">
          {stopped}
        </p>
      )}
      <BenchHead lab={lab} bench={bench} />
      {bench.story && <StoryStrip bench={bench} story={bench.story} />}
      {bench.exercise && <ExerciseStrip lab={lab} bench={bench} exercise={bench.exercise} />}
      {wide && <TimeBar key="time" bench={bench} />}
      <Panes key="panes" bench={bench} />
      {/* On a phone it is below, where the thumb is: what people come for stands higher. */}
      {!wide && <TimeBar key="time" bench={bench} />}
    </div>
  );
}
