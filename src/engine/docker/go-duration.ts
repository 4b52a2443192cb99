const UNITS = [
  { suffix: 'h', ns: 3_600_000_000_000 },
  { suffix: 'm', ns: 60_000_000_000 },
] as const;

/** A duration in nanoseconds as Go prints it: `30s`, `1m0s`, `1.5s`, `500ms` (`time.Duration`). */
export function goDuration(ns: number): string {
  if (ns < 0) return `-${goDuration(-ns)}`;
  if (ns === 0) return '0s';
  if (ns < 1_000) return `${ns}ns`;
  if (ns < 1_000_000) return `${ns / 1_000}µs`;
  if (ns < 1_000_000_000) return `${ns / 1_000_000}ms`;
  let rest = ns;
  let text = '';
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.ns);
    if (count > 0 || text !== '') text += `${count}${unit.suffix}`;
    rest -= count * unit.ns;
  }
  return `${text}${rest / 1_000_000_000}s`;
}
