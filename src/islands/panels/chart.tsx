import { useRef } from 'preact/hooks';
import { panelStrings, type PanelWords } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import type { LoadSeries, Mark } from '../engine-room/panels/messages.ts';
import type { Looking } from './looking.ts';
import { binned, usePast, type Bin } from './past.ts';
import { useSize } from './size.ts';
import { timeText } from './times.ts';

const HEIGHT = 120;
const TOP = 18;
const BOTTOM = 20;
const LEFT = 40;
const RIGHT = 8;
/** As wide as a bin is drawn at least, in px. */
const BIN_PX = 5;
/** A chart is that long at least, so that a young world does not fill it with one second. */
const LEAST_MS = 30_000;

/** Requests and errors over virtual time, one drawing for each that is loaded. */
export function Chart({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const { series, marks } = usePast(looking);
  const { startMs, moment, end } = looking.state.value;
  const fromMs = startMs;
  const toMs = Math.max(end.timeMs, moment.timeMs, startMs + LEAST_MS);
  return (
    <section class="panel panel-chart" aria-label={words.chart}>
      <div class="panel-chart-box" ref={box}>
        {series.length === 0 && <p class="panel-note">{words.noRequests}</p>}
        {series.map((one) => (
          <Requests
            key={one.name}
            looking={looking}
            series={one}
            bins={binned(one.seconds, fromMs, toMs, Math.max(10, (width - LEFT) / BIN_PX))}
            marks={marks}
            width={width}
            span={[fromMs, toMs]}
          />
        ))}
      </div>
    </section>
  );
}

interface RequestsProps {
  readonly looking: Looking;
  readonly series: LoadSeries;
  readonly bins: readonly Bin[];
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly span: readonly [number, number];
}

function Requests({ looking, series, bins, marks, width, span }: RequestsProps) {
  const words = panelStrings[looking.locale];
  const [fromMs, toMs] = span;
  const nowMs = looking.state.value.moment.timeMs;
  const most = Math.max(1, ...bins.map(({ served, failed }) => served + failed));
  const top = ceiling(most);
  const x = (timeMs: number) =>
    LEFT + Math.max(0, Math.min(1, (timeMs - fromMs) / (toMs - fromMs))) * (width - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const lived = bins.filter((bin) => bin.fromMs <= nowMs);
  const sum = (of: 'served' | 'failed') =>
    Math.round(lived.reduce((all, bin) => all + (bin[of] * (bin.toMs - bin.fromMs)) / 1000, 0));
  const counts = { served: sum('served'), failed: sum('failed') };
  const base = y(0);
  return (
    <figure class="panel-requests">
      <figcaption>
        <span class="panel-requests-name">{series.name}</span>
        <span>{fill(words.requests, counts)}</span>
        <Latency words={words} bin={lived.findLast(({ latencyMs }) => latencyMs !== undefined)} />
      </figcaption>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line class="chart-grid" x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
            <text class="chart-text" x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        <path class="chart-served" d={steps(lived, x, (bin) => y(bin.served), base)} />
        {lived.map(({ fromMs: at, toMs: to, served, failed }) =>
          failed > 0 ? (
            <rect
              key={at}
              class="chart-failed"
              x={x(at)}
              width={Math.max(1, x(to) - x(at) - 0.5)}
              y={y(served + failed)}
              height={Math.max(2, y(served) - y(served + failed))}
            />
          ) : null,
        )}
        {marks.map(({ timeMs, kind, text }) =>
          timeMs >= fromMs && timeMs <= toMs ? (
            <path
              key={`${timeMs}${text}`}
              class={`mark-${kind}`}
              d={markPath(kind, x(timeMs), 8)}
            />
          ) : null,
        )}
        <line class="chart-now" x1={x(nowMs)} x2={x(nowMs)} y1={4} y2={base} />
        <text class="chart-text" x={LEFT} y={HEIGHT - 5}>
          {timeText(looking, fromMs)}
        </text>
        <text class="chart-text" x={width - RIGHT} y={HEIGHT - 5} text-anchor="end">
          {timeText(looking, toMs)}
        </text>
      </svg>
      <BinTable looking={looking} bins={lived} words={words} />
    </figure>
  );
}

function Latency({ words, bin }: { words: PanelWords; bin: Bin | undefined }) {
  return bin?.latencyMs === undefined ? null : (
    <span class="panel-latency">
      {words.latency} {Math.round(bin.latencyMs)} ms
    </span>
  );
}

/** Bins that are told in the table: the last ones in which something was asked for. */
const TABLE_ROWS = 40;

function BinTable({
  looking,
  bins,
  words,
}: {
  readonly looking: Looking;
  readonly bins: readonly Bin[];
  readonly words: PanelWords;
}) {
  const rows = bins.filter(({ served, failed }) => served + failed > 0).slice(-TABLE_ROWS);
  const per = (value: number) => String(Math.round(value * 10) / 10);
  return (
    <details class="panel-twin">
      <summary>{words.chartTable}</summary>
      <div class="panel-scroll" tabIndex={0}>
        <table class="panel-table">
          <thead>
            <tr>
              <th scope="col">{words.time}</th>
              <th scope="col" class="is-number">
                {words.servedPerSecond}
              </th>
              <th scope="col" class="is-number">
                {words.failedPerSecond}
              </th>
              <th scope="col" class="is-number">
                {words.latency}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ fromMs, served, failed, latencyMs }) => (
              <tr key={fromMs}>
                <th scope="row">{timeText(looking, fromMs)}</th>
                <td class="is-number">{per(served)}</td>
                <td class="is-number">{per(failed)}</td>
                <td class="is-number">
                  {latencyMs === undefined ? '' : `${Math.round(latencyMs)} ms`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** The next number above that is 1, 2 or 5 times a power of ten. */
function ceiling(value: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of [1, 2, 5]) if (step * power >= value) return step * power;
  }
}

/** The outline of bins as steps, down to the base. */
function steps(
  bins: readonly Bin[],
  x: (timeMs: number) => number,
  y: (bin: Bin) => number,
  base: number,
): string {
  if (bins.length === 0) return '';
  const parts = bins.map((bin) => {
    const top = y(bin).toFixed(1);
    return `L${x(bin.fromMs).toFixed(1)} ${top}L${x(bin.toMs).toFixed(1)} ${top}`;
  });
  const [first, last] = [bins[0]!, bins.at(-1)!];
  return `M${x(first.fromMs).toFixed(1)} ${base}${parts.join('')}L${x(last.toMs).toFixed(1)} ${base}Z`;
}

/** Typed: a triangle on its base; a fault: a cross; a failure: a diamond. Shape tells, not colour. */
export function markPath(kind: Mark['kind'], x: number, y: number): string {
  const at = x.toFixed(1);
  if (kind === 'fault') return `M${at} ${y}m-4 -4l8 8m0 -8l-8 8`;
  if (kind === 'failure') return `M${at} ${y - 4}l4 4l-4 4l-4 -4Z`;
  return `M${at} ${y + 4}l-4 -7h8Z`;
}
