import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import { lookOf, useAnswer } from './asking.ts';
import { StateMark } from './glyph.tsx';
import type { Looking } from './looking.ts';

interface BerthListProps {
  readonly looking: Looking;
  readonly berth: number;
  readonly close: () => void;
}

/** What is at one berth of the map; each can be selected. */
export function BerthList({ looking, berth, close }: BerthListProps) {
  const words = panelStrings[looking.locale];
  const { answer } = useAnswer(
    looking,
    () => looking.engine.ask('panels/berth', { ...lookOf(looking), berth }),
    String(berth),
  );
  const told = answer.value;
  if (!told) return null;
  const name = told.name === '' ? words.waiting : told.name;
  return (
    <aside class="panel-berth" aria-label={name}>
      <header class="panel-comparison-head">
        <p class="panel-subtitle">{fill(words.berthItems, { name, total: told.total })}</p>
        <button type="button" class="panel-jump" aria-label={words.close} onClick={close}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M4 4L12 12M12 4L4 12" />
          </svg>
        </button>
      </header>
      <ul class="panel-berth-items">
        {told.rows.map(({ id, label, state, word, ref }) => (
          <li key={id}>
            <button
              type="button"
              class="panel-cause"
              onClick={() => (looking.selected.value = ref)}
            >
              <StateMark state={state} />
              <span class="panel-line-label">{label}</span>
              <span class="panel-line-word">{word}</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}
