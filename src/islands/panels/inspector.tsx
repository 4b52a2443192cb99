import { useSignal, type Signal } from '@preact/signals';
import { panelStrings, type PanelWords } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import type { DetailForm, InspectedObject } from '../engine-room/panels/messages.ts';
import { lookOf, useAnswer } from './asking.ts';
import { Placement } from './placement.tsx';
import { StateMark } from './glyph.tsx';
import type { Looking, ObjectRef } from './looking.ts';
import { timeText } from './times.ts';

type Tab = 'facts' | 'why' | DetailForm;

/** What the selected object is, how it is and why, and what the product's own commands say of it. */
export function Inspector({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const selected = looking.selected.value;
  return (
    <section class="panel panel-inspector" aria-label={words.inspector}>
      {selected ? (
        <Inspected
          key={`${selected.object} ${selected.machine}`}
          looking={looking}
          about={selected}
        />
      ) : (
        <p class="panel-note">{words.chooseObject}</p>
      )}
    </section>
  );
}

function Inspected({ looking, about }: { looking: Looking; about: ObjectRef }) {
  const words = panelStrings[looking.locale];
  const tab = useSignal<Tab>('facts');
  const { answer, fault } = useAnswer(
    looking,
    () => looking.engine.ask('panels/inspect', { ...lookOf(looking), ...about }),
    `${about.object} ${about.machine}`,
  );
  const found = answer.value;
  if (!found) {
    const message = fault.value;
    return (
      <p class="panel-note">{message ? fill(words.unavailable, { message }) : words.asking}</p>
    );
  }
  const forms = (['describe', 'yaml', 'json'] as const).filter((form) =>
    found.commands.some((command) => command.form === form),
  );
  const tabs: readonly Tab[] = ['facts', 'why', ...forms];
  const shown = tabs.includes(tab.value) ? tab.value : 'facts';
  return (
    <>
      <header class="panel-head">
        <p class="panel-title">{found.title}</p>
        {found.whatItIs !== '' && <p class="panel-kind">{found.whatItIs}</p>}
        <p class={`panel-state state-${found.state}`}>
          <StateMark state={found.state} />
          {found.stateText}
        </p>
      </header>
      <Tabs tabs={tabs} tab={tab} shown={shown} words={words} />
      <div class="panel-body" role="tabpanel" tabIndex={0} aria-label={words[shown]}>
        {shown === 'facts' && <Facts found={found} />}
        {shown === 'why' && <Why looking={looking} found={found} />}
        {shown !== 'facts' && shown !== 'why' && (
          <Detail key={shown} looking={looking} found={found} form={shown} />
        )}
      </div>
    </>
  );
}

interface TabsProps {
  readonly tabs: readonly Tab[];
  readonly tab: Signal<Tab>;
  readonly shown: Tab;
  readonly words: PanelWords;
}

function Tabs({ tabs, tab, shown, words }: TabsProps) {
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const at = (tabs.indexOf(shown) + by + tabs.length) % tabs.length;
    tab.value = tabs[at]!;
    const list = event.currentTarget as HTMLElement;
    list.querySelectorAll('button')[at]?.focus();
  };
  return (
    <div class="panel-tabs" role="tablist" aria-label={words.inspector} onKeyDown={move}>
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === shown}
          tabIndex={name === shown ? 0 : -1}
          onClick={() => (tab.value = name)}
        >
          {words[name]}
        </button>
      ))}
    </div>
  );
}

function Facts({ found }: { found: InspectedObject }) {
  return (
    <dl class="panel-facts">
      {found.facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Why({ looking, found }: { looking: Looking; found: InspectedObject }) {
  const words = panelStrings[looking.locale];
  return (
    <>
      {found.why.length === 0 && <p class="panel-note">{words.whyNone}</p>}
      <ol class="panel-causes">
        {found.why.map(({ record, timeMs, caption }) => (
          <li key={record}>
            <button
              type="button"
              class="panel-cause"
              onClick={() => looking.go({ timeMs, record })}
            >
              <span class="panel-time">{timeText(looking, timeMs)}</span>
              <span>{caption}</span>
            </button>
          </li>
        ))}
      </ol>
      {found.placement && <Placement looking={looking} placement={found.placement} />}
    </>
  );
}

interface DetailProps {
  readonly looking: Looking;
  readonly found: InspectedObject;
  readonly form: DetailForm;
}

/** What a command prints here and now, asked in a fork. */
function Detail({ looking, found, form }: DetailProps) {
  const words = panelStrings[looking.locale];
  const command = found.commands.find((one) => one.form === form);
  const { line = '', machine = '' } = command ?? {};
  const { answer, fault } = useAnswer(
    looking,
    () => looking.engine.ask('panels/detail', { ...lookOf(looking), line, machine }),
    line,
  );
  const told = answer.value;
  const message = fault.value;
  return (
    <>
      <p class="panel-command">
        <span aria-hidden="true">$ </span>
        {line}
      </p>
      {told && told.exitCode !== 0 && (
        <p class="panel-note">{fill(words.failedCommand, { code: told.exitCode })}</p>
      )}
      <pre class="panel-output" tabIndex={0}>
        {told?.printed ?? (message ? fill(words.unavailable, { message }) : words.asking)}
      </pre>
    </>
  );
}
