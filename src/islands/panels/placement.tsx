import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import type { PlacementTold } from '../engine-room/panels/messages.ts';
import { StateMark } from './glyph.tsx';
import type { Looking } from './looking.ts';
import { timeText } from './times.ts';

/** The scheduler's verdicts: plugin by node, who refused and why, and the scores of those that passed. */
export function Placement({ looking, placement }: { looking: Looking; placement: PlacementTold }) {
  const words = panelStrings[looking.locale];
  const { atMs, node, message, verdicts } = placement;
  const plugins = verdicts.find((verdict) => verdict.plugins)?.plugins ?? [];
  const time = timeText(looking, atMs);
  return (
    <section class="panel-placement">
      <p class="panel-subtitle">{words.placement}</p>
      <p>
        {node === undefined
          ? fill(words.placedNowhere, { time })
          : fill(words.placedOn, { time, node })}
      </p>
      {node === undefined && <p class="panel-message">{message}</p>}
      {verdicts.length > 0 && (
        <div class="panel-scroll" tabIndex={0}>
          <table class="panel-table">
            <thead>
              <tr>
                <th scope="col">{words.node}</th>
                <th scope="col">{words.verdict}</th>
                {plugins.map((plugin) => (
                  <th key={plugin} scope="col" class="is-number">
                    {plugin}
                  </th>
                ))}
                {plugins.length > 0 && (
                  <th scope="col" class="is-number">
                    {words.total}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {verdicts.map((verdict) => (
                <VerdictRow
                  key={verdict.node}
                  looking={looking}
                  verdict={verdict}
                  plugins={plugins}
                  isChosen={verdict.node === node}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface VerdictRowProps {
  readonly looking: Looking;
  readonly verdict: PlacementTold['verdicts'][number];
  readonly plugins: readonly string[];
  readonly isChosen: boolean;
}

function VerdictRow({ looking, verdict, plugins, isChosen }: VerdictRowProps) {
  const words = panelStrings[looking.locale];
  const { node, rejectedBy, reasons = [], scores = [], total } = verdict;
  return (
    <tr class={isChosen ? 'is-chosen' : undefined}>
      <th scope="row">
        <button
          type="button"
          class="panel-link"
          onClick={() => (looking.selected.value = { object: `Node ${node}` })}
        >
          {node}
        </button>
      </th>
      {rejectedBy === undefined ? (
        <td>
          <StateMark state="succeeded" /> {isChosen ? words.chosen : words.passed}
        </td>
      ) : (
        <td colSpan={plugins.length > 0 ? plugins.length + 2 : 1}>
          <StateMark state="failed" /> {fill(words.refused, { plugin: rejectedBy })}
          <span class="panel-reason">{reasons.join(', ')}</span>
        </td>
      )}
      {rejectedBy === undefined &&
        plugins.map((plugin, at) => (
          <td key={plugin} class="is-number">
            {scores[at] ?? ''}
          </td>
        ))}
      {rejectedBy === undefined && plugins.length > 0 && <td class="is-number">{total}</td>}
    </tr>
  );
}
