import { labStrings } from '../../i18n/lab.ts';
import { Chart } from '../panels/chart.tsx';
import { ClusterMap } from '../panels/cluster-map.tsx';
import { Events } from '../panels/events.tsx';
import { Inspector } from '../panels/inspector.tsx';
import { Objects } from '../panels/objects.tsx';
import { Terminal } from '../terminal/terminal.tsx';
import type { BenchWorld } from './bench-world.ts';
import { FaultForm } from './fault-form.tsx';
import { FilesPane } from './files-pane.tsx';
import { FirstLines } from './first-lines.tsx';
import { LoadForm } from './load-form.tsx';
import { PaneBody, type Pane } from './pane.tsx';
import { Platforms } from './platforms.tsx';
import { useWide } from './wide.ts';

/** More than these want more of the screen than the terminal does. */
const FEW_MACHINES = 8;

export function Panes({ bench }: { readonly bench: BenchWorld }) {
  const isWide = useWide();
  const t = labStrings[bench.looking.locale];
  const panes = panesOf(bench);
  const isField = bench.opened.machines.length > FEW_MACHINES;
  const tabs = panes.filter(({ apart }) => !(apart && isWide.value));
  const tabNamed = (name: string): Pane | undefined => tabs.find(({ id }) => id === name);
  // Behind a tab, as on a phone, the terminal is what people come for.
  const shown = tabNamed(bench.pane.value) ?? tabNamed('terminal') ?? tabs[0];
  const bodyOf = (pane: Pane) => {
    const isTab = tabs.includes(pane);
    const isShown = !isTab || shown === pane;
    return <PaneBody key={pane.id} {...{ pane, isTab, isShown }} looking={bench.looking} />;
  };
  return (
    <div class={`bench-panes${isField ? ' is-field' : ''}`}>
      {[
        ...panes.filter((pane) => !tabs.includes(pane)).map(bodyOf),
        // From a tab the next stop of the keyboard is what it shows.
        <Tabs key="tabs" name={t.panes} tabs={tabs} shown={shown?.id ?? ''} bench={bench} />,
        ...tabs.map(bodyOf),
      ]}
    </div>
  );
}

function panesOf(bench: BenchWorld): readonly Pane[] {
  const { world, opened } = bench;
  const { locale } = bench.looking;
  const t = labStrings[locale];
  const isComparison = opened.preset === 'compare';
  const map: Pane = {
    id: 'map',
    name: t.map,
    apart: !isComparison,
    body: (looking) => <ClusterMap looking={looking} />,
  };
  const platforms: Pane = {
    id: 'platforms',
    name: t.platforms,
    apart: true,
    body: (looking) => <Platforms bench={bench} looking={looking} />,
  };
  return [
    ...(isComparison ? [platforms] : [map]),
    {
      id: 'terminal',
      name: t.terminal,
      apart: true,
      body: () => (
        <Terminal
          {...{ world, locale }}
          machine={bench.machine}
          invitation={<FirstLines bench={bench} />}
          bare
        />
      ),
    },
    {
      id: 'objects',
      name: t.objects,
      body: (looking) => (
        <>
          <Objects looking={looking} />
          <Inspector looking={looking} />
        </>
      ),
    },
    { id: 'events', name: t.events, body: (looking) => <Events looking={looking} /> },
    { id: 'chart', name: t.chart, body: (looking) => <Chart looking={looking} /> },
    {
      id: 'faults',
      name: t.faultsAndLoad,
      body: () => (
        <>
          <FaultForm bench={bench} />
          <LoadForm bench={bench} />
        </>
      ),
    },
    { id: 'files', name: t.files, body: () => <FilesPane bench={bench} /> },
    ...(isComparison ? [map] : []),
  ];
}

interface TabsProps {
  readonly name: string;
  readonly tabs: readonly Pane[];
  readonly shown: string;
  readonly bench: BenchWorld;
}

/** After the ARIA Authoring Practices' tabs: arrows go from one to the next and show it. */
function Tabs({ name, tabs, shown, bench }: TabsProps) {
  const go = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = tabs.findIndex(({ id }) => id === shown);
    const last = tabs.length - 1;
    const to = { Home: 0, End: last }[event.key] ?? (by && (at + by + tabs.length) % tabs.length);
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    bench.pane.value = tab.id;
    document.getElementById(`bench-tab-${tab.id}`)?.focus();
  };
  return (
    <div class="bench-tabs" role="tablist" aria-label={name} onKeyDown={go}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`bench-tab-${tab.id}`}
          type="button"
          role="tab"
          aria-selected={tab.id === shown}
          aria-controls={`bench-${tab.id}`}
          tabIndex={tab.id === shown ? 0 : -1}
          onClick={() => (bench.pane.value = tab.id)}
        >
          {tab.name}
        </button>
      ))}
    </div>
  );
}
