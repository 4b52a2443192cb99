import { SECOND } from '../sim/clock.ts';
import { EXPERIMENTS, type Experiment, type ExperimentName } from './experiments.ts';
import type { Measured } from './measure.ts';

/** What an experiment came to on one platform. */
export interface Column {
  /** Its name. */
  readonly platform: string;
  readonly measured: Measured;
  /** Of the files that tell it what to run. */
  readonly yamlLines: number;
}

/** What `drydock compare` prints: a column for each platform. */
export function measuredTable(name: ExperimentName, columns: readonly Column[]): string {
  const { what, windowMs, effect }: Experiment = EXPERIMENTS[name];
  const row = (title: string, cell: (of: Measured) => string): string[] => [
    title,
    ...columns.map(({ measured }) => cell(measured)),
  ];
  const rows = [
    ['', ...columns.map(({ platform }) => platform.toUpperCase())],
    row('served', ({ count }) => String(count.served)),
    row('failed', ({ count }) => String(count.failed)),
    row('recovered after', recovered),
    ...(effect ? [row(`"${effect.text}" seen after`, seen)] : []),
    row('last error', ({ count }) => count.lastError ?? '-'),
    row('replicas', ({ replicas }) => replicas),
    row('version', ({ version }) => version),
    row('commands typed', ({ typed }) => String(typed)),
    ['lines of YAML', ...columns.map(({ yamlLines }) => String(yamlLines))],
  ];
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd((widths[at] ?? 0) + 3))
      .join('')
      .trimEnd(),
  );
  const troubles = columns.flatMap(({ platform, measured: { trouble } }) =>
    trouble === undefined ? [] : [`${platform}: ${trouble}`],
  );
  const title = `${what}; counted for ${windowMs / SECOND}s`;
  return [title, '', ...lines, ...(troubles.length > 0 ? ['', ...troubles] : []), ''].join('\n');
}

/** The same for programs: times in milliseconds, `null` for what did not come about. */
export function measuredJson(name: ExperimentName, columns: readonly Column[]): string {
  const { what, windowMs, effect }: Experiment = EXPERIMENTS[name];
  const platforms = columns.map(({ platform, measured, yamlLines }) => {
    const { count, recoveredMs, effectMs, replicas, version, typed, trouble } = measured;
    return {
      platform,
      ...{ served: count.served, failed: count.failed },
      recoveredMs: recoveredMs ?? null,
      ...(effect && { effectMs: effectMs ?? null }),
      lastError: count.lastError ?? null,
      ...{ replicas, version, commandsTyped: typed, yamlLines },
      ...(trouble !== undefined && { trouble }),
    };
  });
  const told = { experiment: name, what, windowMs, platforms };
  return `${JSON.stringify(told, undefined, 2)}\n`;
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10}s`;

const seen = ({ effectMs }: Measured): string =>
  effectMs === undefined ? 'not seen' : seconds(effectMs);

function recovered({ recoveredMs }: Measured): string {
  if (recoveredMs === undefined) return 'not yet';
  if (recoveredMs === 0) return 'never failed';
  return seconds(recoveredMs);
}
