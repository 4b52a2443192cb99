import { signal, useSignal, type Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { inspectStrings } from '../../i18n/inspect.ts';
import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import { CELL_STATES } from '../engine-room/panels/cell-states.ts';
import { lookOf, useAnswer } from './asking.ts';
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

/** The map as it is kept for its drawings: what changed is told to those that show it. */
class MapKeeper {
  readonly model = new MapModel();
  readonly versions: Signal<number>[] = [];
  readonly #listeners = new Set<Listener>();

  take(answer: Parameters<MapModel['apply']>[0]): void {
    const touched = this.model.apply(answer);
    while (this.versions.length < this.model.berths.length) this.versions.push(signal(0));
    if (touched) for (const berth of touched) this.versions[berth]!.value += 1;
    else for (const version of this.versions) version.value += 1;
    for (const listener of this.#listeners) listener(touched);
  }

  readonly onTouched = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Nodes as berths, and in them what they run: how a whole cluster is, at one look. */
export function ClusterMap({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const keeper = useRef<MapKeeper>(null);
  const { model, versions, onTouched } = (keeper.current ??= new MapKeeper());
  const opened = useSignal<number | undefined>(undefined);
  const { answer, fault } = useAnswer(
    looking,
    async () => {
      const since = model.revision;
      const known = since === undefined ? {} : { since };
      keeper.current!.take(
        await looking.engine.ask('panels/map', { ...lookOf(looking), ...known }),
      );
      const { berths, size, revision, totals } = model;
      const isSmall = berths.length <= FEW_BERTHS && size <= FEW_CELLS;
      return { berths: berths.length, size, revision, isSmall, totals: [...totals] };
    },
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
      {told && <Legend looking={looking} told={told} />}
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
      {told && <MapTable looking={looking} model={model} />}
    </section>
  );
}

interface Told {
  readonly berths: number;
  readonly size: number;
  readonly totals: readonly number[];
}

function Legend({ looking, told }: { looking: Looking; told: Told }) {
  const words = panelStrings[looking.locale];
  const states = inspectStrings[looking.locale];
  return (
    <ul
      class="map-legend"
      aria-label={fill(words.berths, { berths: told.berths, cells: told.size })}
    >
      {CELL_STATES.map((state, at) =>
        at === 0 || (told.totals[at] ?? 0) === 0 ? null : (
          <li key={state} class={`state-${state}`}>
            <StateMark state={state} />
            <span class="map-legend-count">{told.totals[at]}</span>
            <span class="map-legend-word">{states[`state.${state}`]}</span>
          </li>
        ),
      )}
    </ul>
  );
}

/** Berths that are told in the table, those in trouble first. */
const TABLE_ROWS = 200;

/** The same in words, made when somebody opens it. */
function MapTable({ looking, model }: { looking: Looking; model: MapModel }) {
  const words = panelStrings[looking.locale];
  const states = inspectStrings[looking.locale];
  const isOpen = useSignal(false);
  const trouble = (berth: number) =>
    [...model.cellsOf(berth)].filter((state) => state > 1).length +
    ((model.berthStates[berth] ?? 0) > 1 ? 1_000 : 0);
  const rows = isOpen.value
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
