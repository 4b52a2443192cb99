import { labStrings } from '../../i18n/lab.ts';
import { fill } from '../../i18n/strings.ts';
import type { BenchWorld } from './bench-world.ts';
import type { Story } from './catalogue.ts';

interface Props {
  readonly bench: BenchWorld;
  readonly story: Story;
}

/** A scenario's steps: what was typed, what comes next, and a button that types it. */
export function StoryStrip({ bench, story }: Props) {
  const t = labStrings[bench.looking.locale];
  const at = bench.steps.value;
  const next = story.steps[at];
  return (
    <section class="bench-strip" aria-labelledby="bench-story">
      <h3 id="bench-story">{t.story}</h3>
      <ol class="bench-story">
        {story.steps.map(({ title, run }, number) => (
          <li
            key={number}
            class={number < at ? 'is-done' : number === at ? 'is-next' : ''}
            aria-current={number === at ? 'step' : undefined}
          >
            <span>{title}</span>
            {number < at && <span class="unseen"> ({t.stepDone})</span>}
            {number === at && <code>{run}</code>}
          </li>
        ))}
      </ol>
      <div class="bench-strip-acts">
        {next ? (
          <button
            type="button"
            class="bench-button bench-act"
            aria-label={fill(t.nextStepNamed, { title: next.title })}
            aria-disabled={bench.busy.value}
            onClick={() => bench.nextStep()}
          >
            {t.nextStep}
          </button>
        ) : (
          <p role="status">{t.storyEnds}</p>
        )}
        {story.figure !== undefined && <a href={story.figure}>{t.toFigure}</a>}
      </div>
    </section>
  );
}
