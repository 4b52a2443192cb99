import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { labStrings } from '../../i18n/lab.ts';
import type { BenchWorld } from './bench-world.ts';
import { namesOf } from './names-there.ts';

/** What the slider reaches; a line that is typed may ask for more. */
const RATE_MOST = 500;
const RATE_STEP = 10;

/** Requests to a Service, where there can be one. */
export function LoadForm({ bench }: { readonly bench: BenchWorld }) {
  const t = labStrings[bench.looking.locale];
  if (bench.opened.machines.some(({ isNode }) => isNode)) return <Load bench={bench} />;
  return (
    <div class="bench-form">
      <h3>{t.load}</h3>
      <p class="bench-form-note">{t.loadOnly}</p>
    </div>
  );
}

/** By keys a slider is let go with each of them: the line is typed once it rests. */
const RESTS_MS = 400;

/** Moving the slider types the line once it is let go. */
function Load({ bench }: { readonly bench: BenchWorld }) {
  const t = labStrings[bench.looking.locale];
  const service = useSignal('');
  const rate = useSignal(0);
  const lineNow = (): string | undefined => {
    const name = service.value.trim();
    return /^[\w.-]+$/.test(name) ? `drydock load ${name} ${rate.value}` : undefined;
  };
  const line = lineNow();
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(resting.current), []);
  const type = (): void => {
    clearTimeout(resting.current);
    const now = lineNow();
    if (now !== undefined) bench.type(now);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    type();
  };
  return (
    <form class="bench-form" aria-labelledby="bench-load-name" onSubmit={submit}>
      <h3 id="bench-load-name">{t.load}</h3>
      <p class="bench-form-note">{t.loadPrompt}</p>
      <ServiceField bench={bench} service={service} />
      <label>
        {t.loadRate}
        <input
          type="range"
          min={0}
          max={RATE_MOST}
          step={RATE_STEP}
          value={rate.value}
          onInput={(event) => (rate.value = Number(event.currentTarget.value))}
          onChange={() => {
            clearTimeout(resting.current);
            resting.current = setTimeout(type, RESTS_MS);
          }}
        />
      </label>
      <p class="bench-line">
        <span class="unseen">{t.faultLine}: </span>
        <code>{line ?? '…'}</code>
      </p>
      <p class="bench-form-acts">
        <button type="submit" class="bench-button" aria-disabled={line === undefined}>
          {t.faultDo}
        </button>
        <button type="button" class="bench-button" onClick={() => bench.type('drydock load')}>
          {t.loadShow}
        </button>
      </p>
    </form>
  );
}

interface ServiceProps {
  readonly bench: BenchWorld;
  readonly service: Signal<string>;
}

function ServiceField({ bench, service }: ServiceProps) {
  const t = labStrings[bench.looking.locale];
  const known = useSignal<readonly string[]>([]);
  const look = (): void => {
    void namesOf('service', bench).then((found) => {
      known.value = found.filter((name) => name !== 'kubernetes');
      service.value ||= known.value[0] ?? '';
    });
  };
  useEffect(look, []);
  return (
    <>
      <label>
        {t.loadService}
        <input
          type="text"
          list="bench-services"
          autocomplete="off"
          spellcheck={false}
          value={service.value}
          onFocus={look}
          onInput={(event) => (service.value = event.currentTarget.value)}
        />
      </label>
      <datalist id="bench-services">
        {known.value.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
  );
}
