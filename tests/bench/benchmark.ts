/**
 * Measured, never asserted: how much the machine does in a second, and whether a thing costs the
 * same however many there are. `npm run -s bench`.
 */
export interface Measured {
  /** `docker.us_per_run.10000`: what, and with how many of them there. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is to be compared with: the same with few of them, or its budget. */
  readonly reference?: number;
}

/** What a browser does is waited for. */
export type Benchmark = () => Measured[] | Promise<Measured[]>;

/** Milliseconds of real time that some work takes. */
export function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Milliseconds of processor time that some work takes: others on the machine count for little. */
export function cpuTimed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Both: what a reader waits for, and what it costs where others use the machine, too. */
export function bothTimed(work: () => void): { wallMs: number; cpuMs: number } {
  let wallMs = 0;
  const cpuMs = cpuTimed(() => {
    wallMs = timed(work);
  });
  return { wallMs, cpuMs };
}

/** What an option of the command line says: `--nodes=100,500`. */
export function optionOf(name: string): string | undefined {
  const start = `--${name}=`;
  return process.argv.find((word) => word.startsWith(start))?.slice(start.length);
}

/** How often a second some work can be done, after it was done once to warm up. */
export function perSecond(times: number, work: (round: number) => void): number {
  work(0);
  const ms = timed(() => {
    for (let round = 1; round <= times; round++) work(round);
  });
  return (times / ms) * 1000;
}
