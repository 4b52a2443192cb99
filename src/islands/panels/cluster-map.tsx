import { signal, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { inspectStrings } from '../../i18n/inspect.ts';
import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import { CELL_STATES } from '../engine-room/panels/cell-states.ts';
import { lookOf, useTaken } from './asking.ts';
import { BerthList } from './berth-list.tsx';
import { StateMark } from './glyph.tsx';
import { LargeMap } from './large-map.tsx';
import type { Looking } from './looking.ts';
import { MapModel } from './map-model.ts';
import { countsText, SmallMap } from './small-map.tsx';

/** More than so many berths or cells are painted on a canvas. */
const FEW_BERTHS = 200;
const FEW_CELLS = 3_000;

type Listener = (touched: ReadonlySet<number> | undefined) => void;

/** What of a map decides how it is drawn. */
interface Shape {
  readonly berths: number;
  readonly widest: number;
  readonly isSmall: boolean;
}

/** The map as it is kept for its drawings: what changed is told to those that show it. */
class MapKeeper {
  readonly model = new MapModel();
  readonly versions: Signal<number>[] = [];
  /** How many there are in each state. */
  readonly totals = signal<readonly number[]>([]);
  /** Another number whenever anything looks otherwise. */
  readonly changes = signal(0);
  readonly #listeners = new Set<Listener>();
  #shape: Shape | undefined;

  /** @returns the same as before where it is drawn as before */
  take(answer: Parameters<MapModel['apply']>[0]): Shape {
    const { model, versions } = this;
    const touched = model.apply(answer);
    const { totals, widest } = model;
    const berths = model.berths.length;
    if (touched?.size !== 0) this.changes.value += 1;
    if (totals.join() !== this.totals.peek().join()) this.totals.value = totals;
    const before = this.#shape;
    const isSmall = berths <= FEW_BERTHS && sum(totals) <= FEW_CELLS;
    const isSame =
      touched &&
      before?.isSmall === isSmall &&
      before.berths === berths &&
      before.widest === widest;
    if (isSmall) {
      while (versions.length < berths) versions.push(signal(0));
      for (const berth of (before?.isSmall && touched) || versions.keys()) {
        versions[berth]!.value += 1;
      }
    }
    for (const listener of this.#listeners) listener(touched);
    return (this.#shape = isSame ? before : { berths, widest, isSmall });
  }

  readonly onTouched = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** Nodes as berths, and in them what they run: how a whole cluster is, at one look. */
export function ClusterMap({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const keeper = useRef<MapKeeper>(null);
  const kept = (keeper.current ??= new MapKeeper());
  const { model, versions, totals, changes, onTouched } = kept;
  const opened = useSignal<number | undefined>(undefined);
  const { answer, fault } = useTaken(
    looking,
    () => {
      const since = model.revision;
      const known = since === undefined ? {} : { since };
      return looking.engine.ask('panels/map', { ...lookOf(looking), ...known });
    },
    (told) => kept.take(told),
    looking.world,
  );
  const told = answer.value;
  const open = (berth: number) => {
    opened.value = berth >= 0 ? berth : undefined;
    const { name = '', platform } = model.berths[berth] ?? {};
    if (name === '') return;
    looking.selected.value =
      platform === 'kubernetes'
        ? { object: `Node ${name}` }
        : { object: platform === 'swarm' ? `node ${name}` : `machine ${name}`, machine: name };
  };
  const message = fault.value;
  return (
    <section class="panel panel-map" aria-label={words.map}>
      {message !== undefined && <p class="panel-note">{fill(words.unavailable, { message })}</p>}
      {told && <Legend looking={looking} berths={told.berths} totals={totals} />}
      {told?.berths === 0 && <p class="panel-note">{words.noMap}</p>}
      {told && told.berths > 0 && (
        <div class="map-place">
          {told.isSmall ? (
            <SmallMap looking={looking} model={model} versions={versions} open={open} />
          ) : (
            <LargeMap looking={looking} model={model} onTouched={onTouched} open={open} />
          )}
          {opened.value !== undefined && (
            <BerthList
              looking={looking}
              berth={opened.value}
              close={() => (opened.value = undefined)}
            />
          )}
        </div>
      )}
      {told && <MapTable looking={looking} model={model} changes={changes} />}
    </section>
  );
}

interface LegendProps {
  readonly looking: Looking;
  readonly berths: number;
  readonly totals: ReadonlySignal<readonly number[]>;
}

function Legend({ looking, berths, totals: { value: totals } }: LegendProps) {
  const words = panelStrings[looking.locale];
  const states = inspectStrings[looking.locale];
  return (
    <ul class="map-legend" aria-label={fill(words.berths, { berths, cells: sum(totals) })}>
      {CELL_STATES.map((state, at) =>
        at === 0 || (totals[at] ?? 0) === 0 ? null : (
          <li key={state} class={`state-${state}`}>
            <StateMark state={state} />
            <span class="map-legend-count">{totals[at]}</span>
            <span class="map-legend-word">{states[`state.${state}`]}</span>
          </li>
        ),
      )}
    </ul>
  );
}

/** Berths that are told in the table, those in trouble first. */
const TABLE_ROWS = 200;

interface MapTableProps {
  readonly looking: Looking;
  readonly model: MapModel;
  /** Another number whenever the model is otherwise. */
  readonly changes: ReadonlySignal<number>;
}

/** The same in words, made when somebody opens it. */
function MapTable({ looking, model, changes }: MapTableProps) {
  const words = panelStrings[looking.locale];
  const states = inspectStrings[looking.locale];
  const isOpen = useSignal(false);
  const trouble = (berth: number) =>
    [...model.cellsOf(berth)].filter((state) => state > 1).length +
    ((model.berthStates[berth] ?? 0) > 1 ? 1_000 : 0);
  const rows =
    isOpen.value && changes.value > 0
      ? model.berths
          .map(({ name }, berth) => ({ name, berth, trouble: trouble(berth) }))
          .sort((a, b) => b.trouble - a.trouble || a.berth - b.berth)
          .slice(0, TABLE_ROWS)
      : [];
  return (
    <details class="panel-twin" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{words.mapTable}</summary>
      <div class="panel-scroll" tabIndex={0}>
        <table class="panel-table">
          <thead>
            <tr>
              <th scope="col">{words.node}</th>
              <th scope="col">{words.state}</th>
              <th scope="col">{words.objects}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, berth }) => (
              <tr key={name}>
                <th scope="row">{name === '' ? words.waiting : name}</th>
                <td>
                  {name === ''
                    ? ''
                    : states[`state.${CELL_STATES[model.berthStates[berth] ?? 0] ?? 'empty'}`]}
                </td>
                <td>{countsText([...model.cellsOf(berth)], states)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
