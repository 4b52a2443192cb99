import { labStrings } from '../../i18n/lab.ts';
import { firstLines } from '../../i18n/lab-worlds.ts';
import type { BenchWorld } from './bench-world.ts';

/**
 * For who stands at an empty prompt: commands with which one can begin, until all of them were typed
 * or something else was.
 */
export function FirstLines({ bench }: { readonly bench: BenchWorld }) {
  const { world, opened, looking } = bench;
  const screen = world.screen(bench.machine.value);
  const shown = screen.revision.value >= 0 ? screen.commands : [];
  const lines = firstLines(opened.preset);
  // Once it goes on, what was printed wants the room.
  const left = lines
    .filter((line) => !shown.includes(line))
    .slice(0, shown.length === 0 ? undefined : 1);
  const isOwnWay = bench.story || bench.exercise || !shown.every((line) => lines.includes(line));
  if (isOwnWay || left.length === 0 || bench.machine.value !== bench.first) return null;
  const t = labStrings[looking.locale];
  const isBusy = bench.busy.value;
  return (
    <div class="first-lines" role="group" aria-labelledby="first-lines">
      <p id="first-lines">{shown.length === 0 ? t.firstLines : t.firstLinesMore}</p>
      {left.map((line) => (
        <button
          key={line}
          type="button"
          aria-disabled={isBusy}
          onClick={(event) => {
            // A press beside it would bring the keyboard of a phone.
            event.stopPropagation();
            if (isBusy) return;
            focusBefore(event);
            bench.type(line);
          }}
        >
          <code>{line}</code>
        </button>
      ))}
    </div>
  );
}

/** The button goes with its line: who pressed it by a key goes on where lines are written. */
function focusBefore({ currentTarget, detail }: MouseEvent): void {
  const pane = (currentTarget as HTMLElement).closest<HTMLElement>('.bench-terminal');
  const input = detail === 0 ? pane?.querySelector<HTMLElement>('textarea') : undefined;
  (input ?? pane)?.focus({ preventScroll: true });
}
