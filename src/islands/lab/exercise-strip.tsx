import { useSignal } from '@preact/signals';
import { labStrings } from '../../i18n/lab.ts';
import type { Locale } from '../../i18n/locales.ts';
import { fill } from '../../i18n/strings.ts';
import type { Verdict } from '../../scenarios/challenges/judge-challenge.ts';
import { writeAddress } from './address.ts';
import type { BenchWorld } from './bench-world.ts';
import type { Exercise } from './catalogue.ts';
import { CodeWords } from './code-words.tsx';
import type { LabState } from './lab-state.ts';

interface Props {
  readonly lab: LabState;
  readonly bench: BenchWorld;
  readonly exercise: Exercise;
}

/** A challenge: what is wished, hints one after the other, and whether it is reached. */
export function ExerciseStrip({ lab, bench, exercise }: Props) {
  const { locale } = bench.looking;
  const t = labStrings[locale];
  const hints = useSignal(0);
  const verdict = bench.verdict.value;
  const isAsking = verdict === 'asking';
  const count = exercise.hints.length;
  return (
    <section class="bench-strip" aria-labelledby="bench-exercise">
      <h3 id="bench-exercise">
        {t.challenge} {bench.solved.value && <span class="lab-solved">{t.solvedBefore}</span>}
      </h3>
      <p class="bench-brief">
        <CodeWords text={exercise.brief} />
      </p>
      <ol class="bench-hints" aria-live="polite">
        {exercise.hints.slice(0, hints.value).map((hint, at) => (
          <li key={at}>
            <span>{fill(t.hintNumber, { number: at + 1, count })}</span> <CodeWords text={hint} />
          </li>
        ))}
      </ol>
      <div class="bench-strip-acts">
        <button
          type="button"
          class="bench-button bench-act"
          aria-disabled={isAsking}
          onClick={() => {
            if (!isAsking) void bench.check();
          }}
        >
          {t.check}
        </button>
        {isAsking && (
          <button
            type="button"
            class="bench-button"
            onClick={({ currentTarget }) => {
              toFirst(currentTarget);
              bench.endCheck();
            }}
          >
            {t.cancel}
          </button>
        )}
        {hints.value < count && (
          <button
            type="button"
            class="bench-button"
            onClick={({ currentTarget }) => {
              hints.value += 1;
              if (hints.value === count) toFirst(currentTarget);
            }}
          >
            {hints.value === 0 ? t.hint : t.hintMore}
          </button>
        )}
        <p role="status" class="bench-checking">
          {isAsking ? t.checking : verdict && summary(verdict, t)}
        </p>
      </div>
      {verdict && !isAsking && <Found verdict={verdict} locale={locale} />}
      {bench.solved.value && <After lab={lab} bench={bench} />}
    </section>
  );
}

/** A button that goes when it was pressed leaves the keyboard at the first beside it. */
function toFirst(pressed: HTMLElement): void {
  pressed.parentElement?.querySelector('button')?.focus();
}

/** What comes after an exercise that is solved. */
function After({ lab, bench }: Omit<Props, 'exercise'>) {
  const t = labStrings[lab.means.locale];
  const next = bench.nextExercise;
  if (!next) return <p class="bench-after">{t.allSolved}</p>;
  const { address, title } = next;
  const open = (): void => {
    history.pushState(null, '', `#${writeAddress(address)}`);
    void lab.open({ from: 'address', address }).then(() => {
      document.getElementById('bench-title')?.focus();
    });
  };
  return (
    <p class="bench-after">
      <button type="button" class="bench-button" onClick={open}>
        {t.nextChallenge}: {title}
      </button>
    </p>
  );
}

function summary(verdict: Verdict, t: (typeof labStrings)['ko']): string {
  if (!verdict.begun) return t.notBegun;
  return verdict.met ? t.solved : t.notYet;
}

function Found({ verdict, locale }: { readonly verdict: Verdict; readonly locale: Locale }) {
  const t = labStrings[locale];
  return (
    <ul class="bench-verdict" aria-label={t.verdict}>
      {verdict.parts.map(({ id, says, met, why }) => (
        <li key={id} class={met ? 'is-met' : 'is-unmet'}>
          <span class="bench-mark">{met ? t.met : t.unmet}</span> <CodeWords text={says[locale]} />
          {why !== undefined && (
            <details>
              <summary>{t.why}</summary>
              <pre>{why}</pre>
            </details>
          )}
        </li>
      ))}
      {verdict.broken.map(({ says, typed }) => (
        <li key={typed} class="is-unmet">
          <span class="bench-mark">{t.forbidden}</span> <CodeWords text={says[locale]} /> {t.typed}{' '}
          <code>{typed}</code>
        </li>
      ))}
    </ul>
  );
}
