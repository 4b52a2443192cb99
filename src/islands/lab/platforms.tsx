import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { stateGlyphs, type Glyph, type StateName } from '../../diagram/state-glyphs.ts';
import { EXPERIMENTS } from '../../engine/compare/experiments.ts';
import { inspectStrings } from '../../i18n/inspect.ts';
import { labStrings } from '../../i18n/lab.ts';
import { experimentWords } from '../../i18n/lab-worlds.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { PlatformLook } from '../engine-room/platforms/answer.ts';
import type { Looking } from '../panels/looking.ts';
import type { BenchWorld } from './bench-world.ts';

const TITLES = { compose: 'Compose', swarm: 'Swarm', kubernetes: 'Kubernetes' };

interface PlatformsProps {
  readonly bench: BenchWorld;
  /** Whose time is followed. */
  readonly looking: Looking;
}

/** Three platforms side by side, of one world, and what can be done to all of them at once. */
export function Platforms({ bench, looking }: PlatformsProps) {
  const { engine, locale } = looking;
  const t = labStrings[locale];
  const looks = useSignal<readonly PlatformLook[]>([]);
  const isAsking = useSignal(false);
  const { moment } = looking.state.value;
  useEffect(() => {
    // One question at a time: the next one is about where time is by then.
    if (isAsking.value) return;
    isAsking.value = true;
    engine
      .ask('platforms/look', { world: bench.world.name })
      .then((found) => (looks.value = found))
      .catch(() => undefined)
      .finally(() => setTimeout(() => (isAsking.value = false), 100));
  }, [moment.timeMs, moment.sequence, isAsking.value]);
  const isBusy = bench.busy.value;
  const experiment = (name: string): void => {
    if (!isBusy) bench.type(`drydock compare ${name}`);
  };
  return (
    <div class="platforms">
      <div class="platform-columns">
        {looks.value.map((look) => (
          <Column key={look.name} look={look} locale={locale} />
        ))}
      </div>
      <div class="platform-acts" role="group" aria-label={t.experiments}>
        <p class="bench-form-note">{t.experimentsText}</p>
        <button
          type="button"
          class="bench-button bench-act"
          aria-disabled={isBusy}
          onClick={() => experiment('up')}
        >
          {t.upFirst}
        </button>
        {Object.keys(EXPERIMENTS).map((name) => (
          <button
            key={name}
            type="button"
            class="bench-button"
            aria-disabled={isBusy}
            onClick={() => experiment(name)}
          >
            {experimentWords[name]?.[locale] ?? name}
          </button>
        ))}
      </div>
    </div>
  );
}

function Column({ look, locale }: { readonly look: PlatformLook; readonly locale: Locale }) {
  const t = labStrings[locale];
  const { name, machines, count } = look;
  const isEmpty = machines.every(({ units }) => units.length === 0);
  return (
    <section class={`platform platform-${name}`} aria-label={TITLES[name]}>
      <h4>{TITLES[name]}</h4>
      {count && (
        <dl class="platform-count">
          {(
            [
              [t.sent, count.sent],
              [t.served, count.served],
              [t.failedRequests, count.failed],
            ] as const
          ).map(([word, number]) => (
            <div key={word} class={word === t.failedRequests && number > 0 ? 'is-bad' : ''}>
              <dt>{word}</dt>
              <dd>{number.toLocaleString(locale)}</dd>
            </div>
          ))}
        </dl>
      )}
      {isEmpty && <p class="bench-form-note">{t.platformEmpty}</p>}
      <ul class="platform-machines">
        {machines.map((machine) => (
          <li key={machine.name} class={machine.isUp ? '' : 'is-down'}>
            <p class="platform-machine">
              <code>{machine.name}</code>
              {!machine.isUp && (
                <span class="state-failed">
                  <StateMark state="failed" /> {t.machineDown}
                </span>
              )}
            </p>
            <ul class="platform-units">
              {machine.units.map((unit) => (
                <li key={unit.name} title={unit.name}>
                  <span class={`state-${unit.state}`}>
                    <StateMark state={unit.state} label={inspectWords(unit.state, locale)} />
                  </span>{' '}
                  {unit.name}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

const inspectWords = (state: StateName, locale: Locale): string =>
  (inspectStrings[locale] as Readonly<Record<string, string>>)[`state.${state}`] ?? state;

function StateMark({ state, label }: { readonly state: StateName; readonly label?: string }) {
  const { fill, line, dash }: Glyph = stateGlyphs[state];
  return (
    <svg
      class={`symbol state-${state}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {fill !== undefined && <path class="symbol-fill" d={fill} />}
      {line !== undefined && <path class="symbol-line" d={line} stroke-dasharray={dash} />}
    </svg>
  );
}
