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
      <TimeBar bench={bench} />
      <Panes bench={bench} />
    </div>
  );
}
