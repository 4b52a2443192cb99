import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import { lookOf, useAnswer } from './asking.ts';
import { StateMark } from './glyph.tsx';
import type { Looking } from './looking.ts';
import { TreeLines, type Line } from './tree-lines.ts';

/** As tall as a line is in panels.css, in px. */
const LINE_PX = 28;
/** Lines above and below what is seen, so that a quick scroll does not meet blanks. */
const MARGIN = 12;

/** What is there on all platforms, as a tree: only what is open and in sight is asked for. */
export function Objects({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const tree = useRef<TreeLines>(null);
  const lines = (tree.current ??= new TreeLines());
  const box = useRef<HTMLDivElement>(null);
  const shown = useSignal({ first: 0, count: 40 });
  const asked = useSignal(0);
  const active = useSignal(0);
  const { answer, fault } = useAnswer(
    looking,
    () => {
      const { first, count } = shown.peek();
      const branches = lines.asks(first, count);
      return looking.engine.ask('panels/objects', { ...lookOf(looking), branches });
    },
    `${shown.value.first} ${shown.value.count} ${asked.value}`,
  );
  const taken = useRef<unknown>(undefined);
  if (answer.value && taken.current !== answer.value) {
    taken.current = answer.value;
    const before = lines.total;
    lines.take(answer.value);
    // What there is first of all is what a reader came for.
    const first = before === 0 ? lines.line(0) : undefined;
    if (first) lines.open(first);
    // A branch that was just opened is known by its size alone; now its lines are asked for.
    if (lines.total !== before) setTimeout(() => (asked.value += 1));
  }
  const look = () => {
    const now = shown.peek();
    const next = inSight(box.current) ?? now;
    if (next.first !== now.first || next.count !== now.count) shown.value = next;
  };
  useEffect(look, []);
  const act = treeActions({ looking, lines, active, box, changed: () => (asked.value += 1) });
  const { first, count } = shown.value;
  const window = lines.window(first, count);
  return (
    <div class="panel panel-objects">
      {fault.value !== undefined && (
        <p class="panel-note">{fill(words.unavailable, { message: fault.value })}</p>
      )}
      <div
        class="panel-tree"
        role="tree"
        tabIndex={0}
        ref={box}
        aria-label={words.objects}
        aria-activedescendant={`tree-${looking.world}-${active.value}`}
        onScroll={look}
        onKeyDown={act.key}
      >
        <div class="panel-tree-all" style={{ height: `${lines.total * LINE_PX}px` }}>
          <div class="panel-tree-window" style={{ transform: `translateY(${first * LINE_PX}px)` }}>
            {window.map((line) => (
              <TreeLine
                key={line.number}
                looking={looking}
                line={line}
                lines={lines}
                act={act}
                active={active.value === line.number}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The lines that are in sight, and some around them. */
function inSight(place: HTMLElement | null): { first: number; count: number } | undefined {
  if (!place) return undefined;
  const first = Math.max(0, Math.floor(place.scrollTop / LINE_PX) - MARGIN);
  return { first, count: Math.ceil(place.clientHeight / LINE_PX) + 2 * MARGIN };
}

interface TreeActions {
  readonly key: (event: KeyboardEvent) => void;
  readonly press: (line: Line) => void;
  readonly toggle: (line: Line) => void;
}

function treeActions(parts: {
  readonly looking: Looking;
  readonly lines: TreeLines;
  readonly active: { value: number };
  readonly box: { readonly current: HTMLElement | null };
  readonly changed: () => void;
}): TreeActions {
  const { looking, lines, active, box, changed } = parts;
  const go = (number: number) => {
    const to = Math.max(0, Math.min(lines.total - 1, number));
    active.value = to;
    const place = box.current;
    if (!place) return;
    if (to * LINE_PX < place.scrollTop) place.scrollTop = to * LINE_PX;
    const below = (to + 1) * LINE_PX - place.clientHeight;
    if (below > place.scrollTop) place.scrollTop = below;
  };
  const toggle = (line: Line) => {
    lines.toggle(line);
    active.value = line.number;
    changed();
  };
  const press = (line: Line) => {
    active.value = line.number;
    if (line.row?.ref) looking.selected.value = line.row.ref;
    else toggle(line);
  };
  const key = (event: KeyboardEvent) => {
    const line = lines.line(active.value);
    const isOpen = line?.row !== undefined && lines.isOpen(line.row.id);
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / LINE_PX) - 1);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(active.value + 1),
      ArrowUp: () => go(active.value - 1),
      PageDown: () => go(active.value + page),
      PageUp: () => go(active.value - page),
      Home: () => go(0),
      End: () => go(lines.total - 1),
      ArrowRight: () => line && (isOpen ? go(active.value + 1) : toggle(line)),
      ArrowLeft: () => line && (isOpen ? toggle(line) : go(lines.parent(line) ?? active.value)),
      Enter: () => line && press(line),
      ' ': () => line && press(line),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };
  return { key, press, toggle };
}

interface TreeLineProps {
  readonly looking: Looking;
  readonly line: Line;
  readonly lines: TreeLines;
  readonly act: TreeActions;
  readonly active: boolean;
}

function TreeLine({ looking, line, lines, act, active }: TreeLineProps) {
  const { row, depth, number, at, of } = line;
  const selected = looking.selected.value;
  const isSelected =
    row?.ref !== undefined &&
    row.ref.object === selected?.object &&
    (selected.machine === undefined || row.ref.machine === selected.machine);
  const isOpen = row !== undefined && lines.isOpen(row.id);
  return (
    <div
      id={`tree-${looking.world}-${number}`}
      role="treeitem"
      class={`panel-line depth-${Math.min(depth, 6)}${active ? ' is-active' : ''}`}
      aria-level={depth + 1}
      aria-posinset={at + 1}
      aria-setsize={of}
      aria-selected={isSelected}
      aria-expanded={row?.opens ? isOpen : undefined}
      onClick={() => act.press(line)}
    >
      {row?.opens ? (
        <span
          class={`panel-twist${isOpen ? ' is-open' : ''}`}
          onClick={(event) => {
            event.stopPropagation();
            act.toggle(line);
          }}
        >
          <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
            <path d="M6 4L10 8L6 12" />
          </svg>
        </span>
      ) : (
        <span class="panel-twist" />
      )}
      {row?.state !== undefined && row.state !== 'there' && <StateMark state={row.state} />}
      <span class="panel-line-label">{row ? row.label : '⋯'}</span>
      {row?.count !== undefined && <span class="panel-line-count">{row.count}</span>}
      {row?.word !== undefined && <span class="panel-line-word">{row.word}</span>}
    </div>
  );
}
