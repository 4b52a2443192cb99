import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import type {
  BranchComparison,
  BranchDifference,
  BranchSide,
} from '../engine-room/panels/messages.ts';
import type { Looking } from './looking.ts';
import { timeText } from './times.ts';

interface ComparisonProps {
  readonly looking: Looking;
  readonly told: BranchComparison;
  readonly close: () => void;
}

/** Two branches at one virtual time, side by side: counts first, then what differs, one by one. */
export function Comparison({ looking, told, close }: ComparisonProps) {
  const words = panelStrings[looking.locale];
  const { sides, differences, total } = told;
  const [first, second] = sides;
  const askedMs = Math.max(first.timeMs, second.timeMs);
  const title = fill(words.compareTitle, {
    first: first.branch + 1,
    second: second.branch + 1,
    time: timeText(looking, askedMs),
  });
  const summary =
    total === 0
      ? words.compareSame
      : total > differences.length
        ? fill(words.compareShown, { total, count: differences.length })
        : fill(words.compareCount, { total });
  return (
    <section class="panel-comparison" aria-label={title}>
      <header class="panel-comparison-head">
        <p class="panel-subtitle">{title}</p>
        <button type="button" class="panel-jump" aria-label={words.close} onClick={close}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M4 4L12 12M12 4L4 12" />
          </svg>
        </button>
      </header>
      <p role="status">{summary}</p>
      <div class="panel-scroll" tabIndex={0}>
        <table class="panel-table">
          <thead>
            <tr>
              <th scope="col">{words.object}</th>
              {sides.map((side) => (
                <th key={side.branch} scope="col">
                  <SideName looking={looking} side={side} askedMs={askedMs} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{words.chart}</th>
              {sides.map(({ branch, served, failed }) => (
                <td key={branch}>{fill(words.requests, { served, failed })}</td>
              ))}
            </tr>
            {countRows(sides).map(([what, counts]) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                {counts.map((count, at) => (
                  <td key={at}>{count}</td>
                ))}
              </tr>
            ))}
            {differences.map((one) => (
              <Difference key={`${one.object} ${one.machine}`} looking={looking} difference={one} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Difference({
  looking,
  difference,
}: {
  readonly looking: Looking;
  readonly difference: BranchDifference;
}) {
  const words = panelStrings[looking.locale];
  const { object, machine, sides } = difference;
  const ref = machine === undefined ? { object } : { object, machine };
  return (
    <tr>
      <th scope="row">
        <button type="button" class="panel-link" onClick={() => (looking.selected.value = ref)}>
          {machine === undefined ? object : `${object} · ${machine}`}
        </button>
      </th>
      {sides.map((state, at) => (
        <td key={at} class={state === undefined ? 'is-absent' : undefined}>
          {state ?? words.absent}
        </td>
      ))}
    </tr>
  );
}

interface SideNameProps {
  readonly looking: Looking;
  readonly side: BranchSide;
  readonly askedMs: number;
}

function SideName({ looking, side, askedMs }: SideNameProps) {
  const words = panelStrings[looking.locale];
  const time = timeText(looking, side.timeMs);
  return (
    <>
      {fill(words.branch, { number: side.branch + 1 })}
      {side.timeMs < askedMs && <small> {fill(words.earlier, { time })}</small>}
    </>
  );
}

/** How many of a kind are in a state, where that differs. */
function countRows([a, b]: BranchComparison['sides']): [string, number[]][] {
  const keys = [...new Set([...Object.keys(a.counts), ...Object.keys(b.counts)])];
  return keys
    .filter((key) => (a.counts[key] ?? 0) !== (b.counts[key] ?? 0))
    .map((key) => [key, [a.counts[key] ?? 0, b.counts[key] ?? 0]]);
}
