import { Session } from '../../src/engine/session.ts';
import { cpuTimed, type Benchmark, type Measured } from './benchmark.ts';

/**
 * A project through the command line: up, up a second time when nothing changed, and down. What a
 * container costs is compared with that of a small project. Services, and containers of each:
 */
const SIZES = [
  [5, 10],
  [20, 20],
  [100, 40],
] as const;

const IMAGE = 'nginx:1.29-alpine';

function projectOf(services: number, replicas: number): string {
  const names = Array.from({ length: services }, (_, at) => `web-${at + 1}`);
  const lines = names.map((name) => `  ${name}: {image: "${IMAGE}", scale: ${replicas}}\n`);
  return `services:\n${lines.join('')}`;
}

function must(session: Session, line: string): void {
  const { exitCode, printed } = session.type(line);
  if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
}

const STEPS = {
  up: 'docker compose up -d',
  second_up: 'docker compose up -d',
  down: 'docker compose down -t 0',
} as const;

type Costs = Record<keyof typeof STEPS, number>;

/** Microseconds of processor time a container, of each step. */
function costsOf(services: number, replicas: number): Costs {
  const session = new Session({ preset: 'host', seed: 1 });
  must(session, `docker pull -q ${IMAGE}`);
  session.write('compose.yaml', projectOf(services, replicas));
  const cost = (line: string): number =>
    (cpuTimed(() => must(session, line)) * 1000) / (services * replicas);
  return { up: cost(STEPS.up), second_up: cost(STEPS.second_up), down: cost(STEPS.down) };
}

const ROUNDS = 3;

/** The best of some rounds: a pause of the collector may fall on any. */
function bestOf(services: number, replicas: number): Costs {
  const all = Array.from({ length: ROUNDS }, () => costsOf(services, replicas));
  const best = (step: keyof Costs): number => Math.min(...all.map((costs) => costs[step]));
  return { up: best('up'), second_up: best('second_up'), down: best('down') };
}

const projects: Benchmark = (): Measured[] => {
  // The compiler's round.
  costsOf(...SIZES[0]);
  const first = bestOf(...SIZES[0]);
  return SIZES.flatMap(([services, replicas], at): Measured[] => {
    const costs = at === 0 ? first : bestOf(services, replicas);
    return (Object.keys(STEPS) as (keyof Costs)[]).map((step) => ({
      name: `compose.us_per_${step}.${services}x${replicas}`,
      value: costs[step],
      unit: 'us',
      ...(at > 0 && { reference: first[step] }),
    }));
  });
};

export const compose: readonly Benchmark[] = [projects];
