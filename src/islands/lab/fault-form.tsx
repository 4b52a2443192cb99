import { useSignal, type Signal } from '@preact/signals';
import { labStrings } from '../../i18n/lab.ts';
import { faultActionWords, faultWords } from '../../i18n/lab-worlds.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { BenchWorld } from './bench-world.ts';
import {
  actionsOf,
  amountOf,
  FAULT_SUBJECTS,
  faultLineOf,
  namesWanted,
  type FaultChoice,
} from './fault-line.ts';
import { namesOf } from './names-there.ts';

/** Something to break, or to mend: the form makes a line, and types it where people type. */
export function FaultForm({ bench }: { readonly bench: BenchWorld }) {
  const { locale } = bench.looking;
  const t = labStrings[locale];
  const choice = useSignal<FaultChoice>(choose('machine', bench));
  const line = faultLineOf(choice.value);
  const type = (event: Event): void => {
    event.preventDefault();
    if (line !== undefined) bench.type(line);
  };
  return (
    <form class="bench-form" aria-labelledby="bench-fault-name" onSubmit={type}>
      <h3 id="bench-fault-name">{t.faults}</h3>
      <p class="bench-form-note">{t.faultPrompt}</p>
      <Thing bench={bench} choice={choice} />
      <Happening locale={locale} choice={choice} />
      <p class="bench-line">
        <span class="unseen">{t.faultLine}: </span>
        <code>{line ?? '…'}</code>
      </p>
      <p class="bench-form-acts">
        <button type="submit" class="bench-button bench-act" aria-disabled={line === undefined}>
          {t.faultDo}
        </button>
        <button type="button" class="bench-button" onClick={() => bench.type('drydock faults')}>
          {t.faultShow}
        </button>
      </p>
    </form>
  );
}

interface ThingProps {
  readonly bench: BenchWorld;
  readonly choice: Signal<FaultChoice>;
}

/** What is to break: its kind and its name, of a link both its ends. */
function Thing({ bench, choice }: ThingProps) {
  const { locale } = bench.looking;
  const t = labStrings[locale];
  const known = useSignal<readonly string[]>(bench.opened.machines.map(({ name }) => name));
  const { subject, names } = choice.value;
  const changeSubject = (next: string): void => {
    choice.value = choose(next, bench);
    void namesOf(next, bench).then((found) => {
      if (choice.value.subject === next) known.value = found;
    });
  };
  return (
    <>
      <label>
        {t.faultWhat}
        <select value={subject} onChange={(event) => changeSubject(event.currentTarget.value)}>
          {FAULT_SUBJECTS.map((each) => (
            <option key={each} value={each}>
              {faultWords[each]?.[locale] ?? each}
            </option>
          ))}
        </select>
      </label>
      {names.slice(0, namesWanted(subject)).map((name, at) => (
        <label key={at}>
          {at === 0 ? t.faultName : t.faultOther}
          <input
            type="text"
            list="bench-names"
            autocomplete="off"
            spellcheck={false}
            value={name}
            onInput={({ currentTarget: { value } }) =>
              (choice.value = { ...choice.value, names: names.with(at, value) })
            }
          />
        </label>
      ))}
      <datalist id="bench-names">
        {known.value.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

interface HappeningProps {
  readonly locale: Locale;
  readonly choice: Signal<FaultChoice>;
}

/** What happens to it, and where that has an amount, how much. */
function Happening({ locale, choice }: HappeningProps) {
  const t = labStrings[locale];
  const { subject, action, amount } = choice.value;
  const change = (part: Partial<FaultChoice>): void => {
    choice.value = { ...choice.value, ...part };
  };
  return (
    <>
      <label>
        {t.faultAction}
        <select value={action} onChange={(event) => change({ action: event.currentTarget.value })}>
          {actionsOf(subject).map((each) => (
            <option key={each} value={each}>
              {faultActionWords[each]?.[locale] ?? each} ({each})
            </option>
          ))}
        </select>
      </label>
      {amountOf(subject, action) !== undefined && (
        <label>
          {t.faultAmount}
          <input
            type="text"
            value={amount}
            onInput={(event) => change({ amount: event.currentTarget.value })}
          />
        </label>
      )}
    </>
  );
}

/** The first action of a kind, and a name that is surely there. */
function choose(subject: string, bench: BenchWorld): FaultChoice {
  const [first = '', second = ''] = bench.opened.machines
    .filter(({ hasPrompt }) => !hasPrompt || bench.opened.machines.length < 3)
    .map(({ name }) => name);
  const isMachine = ['machine', 'daemon', 'kubelet', 'link', 'disk', 'memory'].includes(subject);
  return {
    subject,
    names: isMachine ? [first, second] : ['', ''],
    action: actionsOf(subject)[0] ?? '',
    amount: '200ms',
  };
}
