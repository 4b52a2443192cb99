/**
 * What stands beside a figure on demand: the inspector of what is chosen, the events, requests and
 * errors. The panels are those of the lab; here they look at the step that is shown.
 */
import '../../styles/panels.css';
import { computed, effect, signal } from '@preact/signals';
import { render } from 'preact';
import { fill } from '../../i18n/strings.ts';
import { Chart } from '../panels/chart.tsx';
import { Events } from '../panels/events.tsx';
import { Inspector } from '../panels/inspector.tsx';
import type { Looking, ObjectRef, Standing } from '../panels/looking.ts';
import { jump } from './jumping.ts';
import { closeSide } from './side-state.ts';
import type { Session, SideTab } from './session.ts';

/** Shows the side for as long as the session wants it. @returns what takes it away */
export function showSide(session: Session): () => void {
  const { parts, inspected, head, run, side } = session;
  const selected = signal<ObjectRef | undefined>(undefined);
  const looking = lookingAt(session, selected);
  const objectShown = (): string | undefined => {
    const node = inspected.value;
    return node === undefined ? undefined : run.objectOf(node, head.step.value);
  };
  const ends = [
    // The node leads: what it shows is what is looked at.
    effect(() => {
      const object = objectShown();
      if (inspected.value === undefined) return;
      if (object !== selected.peek()?.object) selected.value = object ? { object } : undefined;
    }),
    // A panel may choose what another node shows, or none.
    effect(() => {
      const object = selected.value?.object;
      if (object === undefined || object === objectShownNow(session)) return;
      const { nodes } = run.viewAt(head.step.peek());
      const node = Object.keys(nodes).find((id) => nodes[id]?.object === object);
      inspected.value = node;
      side.value = 'inspect';
    }),
  ];
  // That it failed is told in the side.
  run.life.live().catch(() => undefined);
  render(<Side session={session} looking={looking} />, parts.inspector);
  return () => {
    for (const end of ends) end();
    render(null, parts.inspector);
  };
}

function objectShownNow({ inspected, run, head }: Session): string | undefined {
  const node = inspected.peek();
  return node === undefined ? undefined : run.objectOf(node, head.step.peek());
}

function lookingAt(session: Session, selected: Looking['selected']): Looking {
  const { run, locale, head } = session;
  const { steps, start } = run.film;
  const end = steps.at(-1)?.moment ?? start;
  const state = computed((): Standing => {
    const step = head.step.value;
    return {
      step,
      moment: run.momentOf(step),
      startMs: start.timeMs,
      end,
      branch: 0,
      branches: [],
    };
  });
  return {
    engine: run.life.engine,
    world: run.name,
    locale,
    state,
    selected,
    go: ({ timeMs, record }) => {
      const at =
        record === undefined
          ? steps.findLastIndex(({ moment }) => moment.timeMs <= timeMs)
          : steps.findLastIndex((step) => step.record <= record);
      session.visit(at, true);
    },
  };
}

interface SideProps {
  readonly session: Session;
  readonly looking: Looking;
}

function Side({ session, looking }: SideProps) {
  const { words, side, inspected, run, head } = session;
  const tab = side.value;
  const node = inspected.value;
  const isEmpty = node !== undefined && run.objectOf(node, head.step.value) === undefined;
  return (
    <>
      <div class="run-side-bar">
        {tab === 'inspect' && (
          <>
            <SideButton
              label={words.earlier}
              path="M10.5 3.5L6 8L10.5 12.5"
              act={() => jump(session, -1)}
            />
            <SideButton
              label={words.later}
              path="M5.5 3.5L10 8L5.5 12.5"
              act={() => jump(session, 1)}
            />
          </>
        )}
        <SideButton
          label={words.close}
          path="M4 4L12 12M12 4L4 12"
          act={() => closeSide(session)}
        />
      </div>
      {tab === 'inspect' && isEmpty ? (
        <p>{words.nothing}</p>
      ) : run.life.stage.value === 'lived' ? (
        <Panel tab={tab} looking={looking} />
      ) : (
        <Unlived session={session} />
      )}
    </>
  );
}

function Panel({ tab, looking }: { tab: SideTab | undefined; looking: Looking }) {
  if (tab === 'events') return <Events looking={looking} />;
  if (tab === 'requests') return <Chart looking={looking} />;
  return tab === 'inspect' && <Inspector looking={looking} />;
}

/** Until the engine has lived the run, or when it cannot. */
function Unlived({ session: { words, run } }: { readonly session: Session }) {
  const { stage, events } = run.life;
  const failed = stage.value === 'failed';
  return (
    <>
      <p class="panel-note" role="status">
        {failed ? words.failed : words.living}
      </p>
      {!failed && <p class="panel-note">{fill(words.computed, { count: events.value })}</p>}
    </>
  );
}

interface SideButtonProps {
  readonly label: string;
  readonly path: string;
  readonly act: () => void;
}

function SideButton({ label, path, act }: SideButtonProps) {
  return (
    <button type="button" class="run-side-button" aria-label={label} title={label} onClick={act}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}
