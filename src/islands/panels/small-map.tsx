import type { ReadonlySignal } from '@preact/signals';
import { stateGlyphs } from '../../diagram/state-glyphs.ts';
import { inspectStrings } from '../../i18n/inspect.ts';
import { panelStrings } from '../../i18n/panels.ts';
import { CELL_STATES } from '../engine-room/panels/cell-states.ts';
import { StateMark } from './glyph.tsx';
import type { Looking } from './looking.ts';
import type { MapModel } from './map-model.ts';

/** A cell's place, in px: the box and the gap to the next. */
const BOX = 18;
const STEP = 22;
/** Where berths are few, there is room to see them well. */
const SCALES = [
  { berths: 8, scale: 1.6 },
  { berths: 40, scale: 1.25 },
];

interface SmallMapProps {
  readonly looking: Looking;
  readonly model: MapModel;
  /** By berth: changes when it looks otherwise. */
  readonly versions: readonly ReadonlySignal<number>[];
  readonly open: (berth: number) => void;
}

/** A map of few nodes: each a berth of its own, its cells drawn one by one. */
export function SmallMap({ looking, model, versions, open }: SmallMapProps) {
  const columns = Math.max(4, Math.min(10, Math.ceil(Math.sqrt(model.widest * 1.8))));
  const scale = SCALES.find(({ berths }) => model.berths.length <= berths)?.scale ?? 1;
  return (
    <ul class="map-berths">
      {model.berths.map(({ name }, berth) => (
        <SmallBerth
          key={name}
          looking={looking}
          model={model}
          berth={berth}
          version={versions[berth]!}
          columns={columns}
          scale={scale}
          open={open}
        />
      ))}
    </ul>
  );
}

interface SmallBerthProps extends Omit<SmallMapProps, 'versions'> {
  readonly berth: number;
  readonly version: ReadonlySignal<number>;
  readonly columns: number;
  readonly scale: number;
}

function SmallBerth({ looking, model, berth, version, columns, scale, open }: SmallBerthProps) {
  const words = panelStrings[looking.locale];
  const states = inspectStrings[looking.locale];
  const { name = '' } = model.berths[berth] ?? {};
  const cells = cellsAt(model, berth, version.value);
  const isWater = name === '';
  if (isWater && cells.every((state) => state === 0)) return null;
  const rows = Math.max(isWater ? 1 : 2, Math.ceil(cells.length / columns));
  const state = CELL_STATES[model.berthStates[berth] ?? 0] ?? 'empty';
  const title = isWater ? words.waiting : name;
  const stateText = isWater ? '' : states[`state.${state}`];
  return (
    <li class={`map-berth${isWater ? ' is-water' : ''} is-${state}`}>
      <button type="button" class="map-berth-name" onClick={() => open(berth)}>
        {!isWater && <StateMark state={state} />}
        <span>{title}</span>
        <span class="panel-unseen">
          {stateText}. {countsText(cells, states)}
        </span>
      </button>
      <svg
        class="map-cells"
        viewBox={`0 0 ${columns * STEP} ${rows * STEP}`}
        width={columns * STEP * scale}
        height={rows * STEP * scale}
        aria-hidden="true"
      >
        {cells.map((cell, at) => (
          <MapCell
            key={at}
            state={cell}
            x={(at % columns) * STEP}
            y={Math.floor(at / columns) * STEP}
          />
        ))}
      </svg>
    </li>
  );
}

/** What a berth holds at a version: the model itself is changed in place. */
const cellsAt = (model: MapModel, berth: number, version: number): number[] =>
  version >= 0 ? [...model.cellsOf(berth)] : [];

/** A container on the quay: its box, ribs when it runs, the glyph of its state when it does not. */
function MapCell({ state, x, y }: { state: number; x: number; y: number }) {
  const name = CELL_STATES[state] ?? 'empty';
  const place = `translate(${x} ${y})`;
  if (name === 'empty') {
    return <rect class="cell-empty" x={x + BOX / 2 - 1} y={y + BOX / 2 - 1} width="2" height="2" />;
  }
  if (name === 'running') {
    return (
      <g transform={place} class="cell is-running">
        <rect class="cell-full" width={BOX} height={BOX} rx="2" />
        <path class="cell-ribs" d="M5 4.5V13.5M9 4.5V13.5M13 4.5V13.5" />
      </g>
    );
  }
  const glyph: { fill?: string; line?: string; dash?: string } = stateGlyphs[name];
  return (
    <g transform={place} class={`cell is-${name} state-${name}`}>
      <rect class="cell-box" x="0.75" y="0.75" width={BOX - 1.5} height={BOX - 1.5} rx="2" />
      <g transform="translate(1.8 1.8) scale(0.9)">
        {glyph.fill && <path class="symbol-fill" d={glyph.fill} />}
        {glyph.line && <path class="symbol-line" d={glyph.line} stroke-dasharray={glyph.dash} />}
      </g>
    </g>
  );
}

/** `12 running, 1 failed` */
export function countsText(
  cells: readonly number[],
  states: (typeof inspectStrings)['ko'],
): string {
  const counts = new Map<number, number>();
  for (const state of cells) if (state > 0) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .map(([state, count]) => `${count} ${states[`state.${CELL_STATES[state] ?? 'empty'}`]}`)
    .join(', ');
}
