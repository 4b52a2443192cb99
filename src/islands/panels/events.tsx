import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { panelStrings, type PanelWords } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import type { EventRow, EventsAnswer } from '../engine-room/panels/messages.ts';
import { lookOf, useAnswer } from './asking.ts';
import { StateMark } from './glyph.tsx';
import type { Looking } from './looking.ts';
import { timeText } from './times.ts';

/** So near to the end counts as there, in px. */
const AT_END_PX = 24;

/** What the products tell of what happens, newest last; it follows unless one has scrolled away. */
export function Events({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const kind = useSignal('');
  const warnings = useSignal(false);
  const onlySelected = useSignal(false);
  const follows = useSignal(true);
  const box = useRef<HTMLDivElement>(null);
  const object = onlySelected.value ? looking.selected.value?.object : undefined;
  const { answer, fault } = useAnswer(
    looking,
    () =>
      looking.engine.ask('panels/events', {
        ...lookOf(looking),
        warnings: warnings.peek(),
        ...(kind.peek() !== '' && { kind: kind.peek() }),
        ...(object !== undefined && { object }),
      }),
    `${kind.value} ${warnings.value} ${object}`,
  );
  const told = answer.value;
  const end = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (follows.peek()) end();
  }, [told]);
  useEffect(end, []);
  const scrolled = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {};
    follows.value = scrollHeight - clientHeight - scrollTop < AT_END_PX;
  };
  const message = fault.value;
  return (
    <section class="panel panel-events" aria-label={words.events}>
      <Filters words={words} told={told} kind={kind} warnings={warnings} selected={onlySelected} />
      {message !== undefined && <p class="panel-note">{fill(words.unavailable, { message })}</p>}
      <div
        class="panel-log"
        ref={box}
        onScroll={scrolled}
        tabIndex={0}
        role="group"
        aria-label={words.events}
      >
        {told?.rows.length === 0 && <p class="panel-note">{words.noEvents}</p>}
        <ol class="panel-events-list">
          {told?.rows.map((row) => (
            <EventLine key={row.key} looking={looking} row={row} words={words} />
          ))}
        </ol>
      </div>
      {!follows.value && (
        <button
          type="button"
          class="panel-to-end"
          onClick={() => {
            follows.value = true;
            end();
          }}
        >
          {words.toEnd}
        </button>
      )}
    </section>
  );
}

interface FiltersProps {
  readonly words: PanelWords;
  readonly told: EventsAnswer | undefined;
  readonly kind: Signal<string>;
  readonly warnings: Signal<boolean>;
  readonly selected: Signal<boolean>;
}

function Filters({ words, told, kind, warnings, selected }: FiltersProps) {
  return (
    <div class="panel-filters">
      <select
        aria-label={words.kind}
        value={kind.value}
        onChange={(event) => (kind.value = event.currentTarget.value)}
      >
        <option value="">{words.allKinds}</option>
        {(told?.kinds ?? []).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <Check label={words.onlyWarnings} on={warnings} />
      <Check label={words.onlySelected} on={selected} />
      {told && told.total > told.rows.length && (
        <span class="panel-count">
          {fill(words.eventsShown, { total: told.total, count: told.rows.length })}
        </span>
      )}
    </div>
  );
}

function Check({ label, on }: { label: string; on: { value: boolean } }) {
  return (
    <label class="panel-check">
      <input
        type="checkbox"
        checked={on.value}
        onChange={(event) => (on.value = event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

interface EventLineProps {
  readonly looking: Looking;
  readonly row: EventRow;
  readonly words: PanelWords;
}

function EventLine({ looking, row, words }: EventLineProps) {
  const { timeMs, record, warning, source, reason, ref, message } = row;
  const place = record === undefined ? { timeMs } : { timeMs, record };
  return (
    <li class={warning ? 'is-warning' : undefined}>
      <button type="button" class="panel-time" onClick={() => looking.go(place)}>
        {timeText(looking, timeMs)}
      </button>
      <span class={`panel-source is-${source}`}>{source}</span>
      <span class="panel-event-reason">
        {warning && (
          <>
            <StateMark state="failed" />
            <span class="panel-unseen">{words.warning} </span>
          </>
        )}
        {reason}
      </span>
      <button type="button" class="panel-link" onClick={() => (looking.selected.value = ref)}>
        {ref.object}
      </button>
      <span class="panel-message">{message}</span>
    </li>
  );
}
