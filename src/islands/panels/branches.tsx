import { useSignal, type Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import type { BranchComparison } from '../engine-room/panels/messages.ts';
import type { BranchState } from '../engine-room/world-messages.ts';
import { lookOf } from './asking.ts';
import { Comparison } from './comparison.tsx';
import type { Looking } from './looking.ts';
import { useSize } from './size.ts';
import { timeText } from './times.ts';

const LANE = 24;
const SIDE = 10;

/** The branches of a world as lanes: where each left another, how far it was lived, what was typed. */
export function Branches({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const compared = useSignal<BranchComparison | 'asking' | undefined>(undefined);
  const { branches, branch } = looking.state.value;
  if (branches.length < 2 || !looking.switchTo) return null;
  return (
    <div class="panel-branches">
      <ul class="panel-branch-list" aria-label={words.branches}>
        {branches.map((one) => (
          <li key={one.id} class={one.id === branch ? 'is-here' : undefined}>
            <button
              type="button"
              class="panel-link"
              aria-current={one.id === branch ? 'true' : undefined}
              aria-label={labelOf(looking, one, branch)}
              onClick={() => looking.switchTo?.(one.id)}
            >
              {fill(words.branch, { number: one.id + 1 })}
            </button>
            {one.id !== branch && (
              <CompareButton looking={looking} other={one.id} compared={compared} />
            )}
          </li>
        ))}
      </ul>
      <Lanes looking={looking} branches={branches} current={branch} />
      {compared.value === 'asking' && (
        <p class="panel-note" role="status">
          {words.comparing}
        </p>
      )}
      {compared.value !== undefined && compared.value !== 'asking' && (
        <Comparison
          looking={looking}
          told={compared.value}
          close={() => (compared.value = undefined)}
        />
      )}
    </div>
  );
}

function labelOf(looking: Looking, { id, from }: BranchState, current: number): string {
  const words = panelStrings[looking.locale];
  const number = id + 1;
  const name = from
    ? fill(words.branchFrom, { number, time: timeText(looking, from.moment.timeMs) })
    : fill(words.branch, { number });
  return id === current ? `${name}, ${words.here}` : `${name}. ${fill(words.switchTo, { number })}`;
}

interface CompareButtonProps {
  readonly looking: Looking;
  readonly other: number;
  readonly compared: Signal<BranchComparison | 'asking' | undefined>;
}

function CompareButton({ looking, other, compared }: CompareButtonProps) {
  const words = panelStrings[looking.locale];
  const label = fill(words.compareWith, { number: other + 1 });
  const compare = async (): Promise<void> => {
    compared.value = 'asking';
    const { branch, moment } = looking.state.peek();
    const branches = [branch, other] as const;
    const asked = { ...lookOf(looking), branches, timeMs: moment.timeMs };
    try {
      compared.value = await looking.engine.ask('panels/compare', asked);
    } catch {
      compared.value = undefined;
    }
  };
  return (
    <button
      type="button"
      class="panel-compare"
      aria-label={label}
      title={label}
      onClick={() => void compare()}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d="M2.5 2.5H6.5V13.5H2.5ZM9.5 2.5H13.5V13.5H9.5Z" />
      </svg>
    </button>
  );
}

interface LanesProps {
  readonly looking: Looking;
  readonly branches: readonly BranchState[];
  readonly current: number;
}

function Lanes({ looking, branches, current }: LanesProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const { startMs, moment } = looking.state.value;
  const toMs = Math.max(startMs + 1_000, ...branches.map(({ end }) => end.timeMs));
  const x = (timeMs: number) => SIDE + ((timeMs - startMs) / (toMs - startMs)) * (width - 2 * SIDE);
  const lane = (id: number) => branches.findIndex((one) => one.id === id) * LANE + LANE / 2;
  const nowX = x(moment.timeMs);
  return (
    <div class="panel-lanes" ref={box}>
      <svg width={width} height={branches.length * LANE} aria-hidden="true">
        {branches.map(({ id, from, end, acts }) => {
          const leftMs = from?.moment.timeMs ?? startMs;
          const y = lane(id);
          const parent = from && lane(from.branch);
          const own = acts.filter(({ timeMs }) => timeMs >= leftMs);
          return (
            <g key={id} class={id === current ? 'lane is-here' : 'lane'}>
              {parent !== undefined && parent >= 0 && (
                <path d={`M${x(leftMs)} ${parent}V${y}`} class="lane-left" />
              )}
              <line x1={x(leftMs)} x2={x(end.timeMs)} y1={y} y2={y} />
              {own.map((act, at) => (
                <circle key={at} cx={x(act.timeMs)} cy={y} r="2.5" />
              ))}
            </g>
          );
        })}
        <line class="chart-now" x1={nowX} x2={nowX} y1={0} y2={branches.length * LANE} />
      </svg>
    </div>
  );
}
