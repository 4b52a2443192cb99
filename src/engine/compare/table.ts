import type { Measured } from './measure.ts';
import {
  EXPERIMENTS,
  type Experiment,
  type ExperimentName,
  type Platform,
} from './platforms/platform.ts';

/** What `drydock compare` prints: a column for each platform. */
export function measuredTable(
  experiment: ExperimentName,
  platforms: readonly Platform[],
  results: readonly Measured[],
  yaml: readonly number[],
): string {
  const { what, windowMs, effect }: Experiment = EXPERIMENTS[experiment];
  const rows: string[][] = [
    ['', ...platforms.map(({ name }) => name.toUpperCase())],
    ['served', ...results.map(({ count }) => String(count.served))],
    ['failed', ...results.map(({ count }) => String(count.failed))],
    ['recovered after', ...results.map(recovered)],
    ...(effect ? [[`"${effect.text}" seen after`, ...results.map(seen)]] : []),
    ['last error', ...results.map(({ count }) => count.lastError ?? '-')],
    ['replicas', ...results.map(({ replicas }) => replicas)],
    ['version', ...results.map(({ version }) => version)],
    ['commands typed', ...results.map(({ typed }) => String(typed))],
    ['lines of YAML', ...yaml.map(String)],
  ];
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd((widths[at] ?? 0) + 3))
      .join('')
      .trimEnd(),
  );
  const troubles = results.flatMap(({ trouble }, i) =>
    trouble === undefined ? [] : [`${platforms[i]?.name ?? ''}: ${trouble}`],
  );
  const title = `${what}; counted for ${windowMs / 1000}s`;
  return [title, '', ...lines, ...(troubles.length > 0 ? ['', ...troubles] : []), ''].join('\n');
}

/** The same for programs: times in milliseconds, `null` for what did not come about. */
export function measuredJson(
  experiment: ExperimentName,
  platforms: readonly Platform[],
  results: readonly Measured[],
  yaml: readonly number[],
): string {
  const { what, windowMs, effect }: Experiment = EXPERIMENTS[experiment];
  const rows = results.map((result, i) => ({
    platform: platforms[i]?.name,
    ...{ served: result.count.served, failed: result.count.failed },
    recoveredMs: result.recoveredMs ?? null,
    ...(effect && { effectMs: result.effectMs ?? null }),
    lastError: result.count.lastError ?? null,
    ...{ replicas: result.replicas, version: result.version },
    ...{ commandsTyped: result.typed, yamlLines: yaml[i] },
    ...(result.trouble !== undefined && { trouble: result.trouble }),
  }));
  return `${JSON.stringify({ experiment, what, windowMs, platforms: rows }, undefined, 2)}\n`;
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10}s`;

const seen = ({ effectMs }: Measured): string =>
  effectMs === undefined ? 'not seen' : seconds(effectMs);

function recovered({ recoveredMs }: Measured): string {
  if (recoveredMs === undefined) return 'not yet';
  if (recoveredMs === 0) return 'never failed';
  return seconds(recoveredMs);
}
