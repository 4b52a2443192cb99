import { effect, useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { stateGlyphs, type Glyph } from '../../diagram/state-glyphs.ts';
import { fill } from '../../i18n/strings.ts';
import type { Cause as Told, FilmStep, Inspected } from '../engine-room/run-messages.ts';
import { inspectedOf } from './inspected.ts';
import { closeInspector } from './keys.ts';
import { clockText } from './clock-text.ts';
import type { Session } from './session.ts';

/** What a node stands for, its state and the chain of causes that led there. */
export function attachInspector(session: Session): () => void {
  const { parts, inspected } = session;
  const { found, stop } = inspectedOf(session);
  const end = effect(() => {
    const node = inspected.value;
    parts.figure.classList.toggle('is-inspecting', node !== undefined);
    parts.inspector.hidden = node === undefined;
    if (node === undefined) render(null, parts.inspector);
    else render(<Inspector session={session} found={found.value} />, parts.inspector);
  });
  return () => {
    end();
    stop();
    render(null, parts.inspector);
  };
}

interface InspectorProps {
  readonly session: Session;
  readonly found: Inspected | undefined;
}

function Inspector({ session, found }: InspectorProps) {
  const { words } = session;
  return (
    <>
      <button
        type="button"
        class="run-inspector-close"
        aria-label={words.close}
        title={words.close}
        onClick={() => closeInspector(session)}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M4 4L12 12M12 4L4 12" />
        </svg>
      </button>
      {found ? <Found session={session} found={found} /> : <p>{words.nothing}</p>}
    </>
  );
}

function Found({ session, found }: { session: Session; found: Inspected }) {
  const { words } = session;
  return (
    <>
      <p class="run-inspector-title">{found.title}</p>
      <p class="run-inspector-kind">{found.whatItIs}</p>
      <p class={`run-inspector-state is-${found.state}`}>
        <StateGlyph state={found.state} />
        {found.stateText}
      </p>
      {found.facts.length > 0 && (
        <dl class="run-facts">
          {found.facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p class="run-why">{words.why}</p>
      {found.why.length > 0 ? (
        <Causes key={found.title} session={session} why={found.why} />
      ) : (
        <p>{words.whyNone}</p>
      )}
    </>
  );
}

/** A long chain shows how it began and how it came to this; what lies between opens on demand. */
const BEGINNING = 3;
const END = 7;

function Causes({ session, why }: { session: Session; why: readonly Told[] }) {
  const { words } = session;
  const all = useSignal(false);
  const list = useRef<HTMLOListElement>(null);
  // The button that was pressed is gone; the first of what it brought takes its place.
  useEffect(() => {
    if (all.value) list.current?.querySelectorAll('button')[BEGINNING]?.focus();
  }, [all.value]);
  const hidden = all.value ? 0 : why.length - BEGINNING - END;
  const items = (records: readonly Told[]) =>
    records.map((record) => <Cause key={record.record} session={session} told={record} />);
  return (
    <ol class="run-causes" aria-label={words.why} ref={list}>
      {hidden <= 1 ? (
        items(why)
      ) : (
        <>
          {items(why.slice(0, BEGINNING))}
          <li>
            <button type="button" class="run-cause" onClick={() => (all.value = true)}>
              <span class="run-cause-time">⋯</span>
              <span>{fill(words.whyMore, { count: hidden })}</span>
            </button>
          </li>
          {items(why.slice(-END))}
        </>
      )}
    </ol>
  );
}

function Cause({ session, told }: { session: Session; told: Told }) {
  const { head } = session;
  const { steps, start } = session.run.film;
  const step = stepOfRecord(steps, told.record);
  const isNow = steps[head.step.value]?.record === told.record;
  return (
    <li>
      <button
        type="button"
        class="run-cause"
        aria-current={isNow ? 'step' : undefined}
        onClick={() => session.visit(step, true)}
      >
        <span class="run-cause-time">{clockText(told.timeMs - start.timeMs)}</span>
        <span>{told.caption}</span>
      </button>
    </li>
  );
}

/** The step that shows a record, or the last one before it: not every record is a step. */
function stepOfRecord(steps: readonly FilmStep[], id: number): number {
  let from = 0;
  let to = steps.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((steps[middle]?.record ?? 0) <= id) from = middle + 1;
    else to = middle;
  }
  return Math.max(0, from - 1);
}

function StateGlyph({ state }: { state: Inspected['state'] }) {
  const glyphs: Readonly<Record<string, Glyph>> = stateGlyphs;
  const glyph = glyphs[state];
  return (
    glyph && (
      <svg class="symbol" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {glyph.fill && <path class="symbol-fill" d={glyph.fill} />}
        {glyph.line && <path class="symbol-line" d={glyph.line} stroke-dasharray={glyph.dash} />}
      </svg>
    )
  );
}
