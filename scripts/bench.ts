/** `npm run -s bench [-- --json] [NAME…]`: measures; with names, what begins with one of them. */
import { chunks } from '../tests/bench/chunks.ts';
import { compose } from '../tests/bench/compose.ts';
import { docker } from '../tests/bench/docker.ts';
import { frames } from '../tests/bench/frames.ts';
import { kubernetes } from '../tests/bench/kubernetes.ts';
import { sim } from '../tests/bench/sim.ts';
import { swarm } from '../tests/bench/swarm.ts';
import type { Benchmark, Measured } from '../tests/bench/benchmark.ts';

const GROUPS: Readonly<Record<string, readonly Benchmark[]>> = {
  sim,
  docker,
  compose,
  swarm,
  kubernetes,
  chunks,
  frames,
};

const words = process.argv.slice(2);
const json = words.includes('--json');
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.filter((name) => !Object.hasOwn(GROUPS, name));

function show({ name, value, unit, reference }: Measured): string {
  const rounded = (one: number): string => (one >= 100 ? one.toFixed(0) : one.toPrecision(3));
  const ratio =
    reference === undefined ? '' : `   x${(value / reference).toFixed(2)} of ${rounded(reference)}`;
  return `${name.padEnd(34)} ${rounded(value).padStart(10)} ${unit}${ratio}`;
}

if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. Groups: ${Object.keys(GROUPS).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const [name, benchmarks] of Object.entries(GROUPS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    for (const benchmark of benchmarks) {
      for (const measured of await benchmark()) {
        console.log(json ? JSON.stringify(measured) : show(measured));
      }
    }
  }
}
