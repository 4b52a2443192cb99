import { EXPERIMENTS, isExperiment, type ExperimentName } from './experiments.ts';
import type { Platform } from './platforms/platform.ts';
import { PLATFORMS } from './platforms/platforms.ts';

/** What is typed behind `drydock compare`. */
const NAMES = PLATFORMS.map(({ name }) => name).join(', ');

export const COMPARE_USAGE = `Usage: drydock compare EXPERIMENT [--on PLATFORM,…] [--rate N] [--json]

  up                  builds the images and brings the application up, as every experiment does first
${Object.entries(EXPERIMENTS)
  .map(([name, { what }]) => `  ${name.padEnd(18)}  ${what}`)
  .join('\n')}

Platforms: ${NAMES}. N is requests a second, 1 to 20; 5 by itself.
An experiment begins as the first one did: what the last one changed is taken back before.
`;

const RATE = 5;
const RATE_LIMIT = 20;

export interface Asked {
  readonly experiment: ExperimentName | 'up';
  readonly platforms: readonly Platform[];
  readonly perSecond: number;
  readonly isJson: boolean;
}

/** What the words ask for, or what is wrong with them. */
export function readWords(words: readonly string[]): Asked | string {
  let experiment: Asked['experiment'] | undefined;
  let asked: Omit<Asked, 'experiment'> = { platforms: PLATFORMS, perSecond: RATE, isJson: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      if (experiment !== undefined) return `one experiment at a time: ${experiment}, ${word}`;
      if (word !== 'up' && !isExperiment(word)) {
        return `there is no experiment "${word}"; see drydock compare`;
      }
      experiment = word;
      continue;
    }
    const [option, given] = splitOption(word);
    if (option === '--json' && given === undefined) {
      asked = { ...asked, isJson: true };
      continue;
    }
    if (option !== '--on' && option !== '--rate') {
      return `there is no option "${word}"; see drydock compare`;
    }
    const value = given ?? words[++at];
    if (value === undefined) return `${option} wants a value; see drydock compare`;
    const read = option === '--on' ? readPlatforms(value) : readRate(value);
    if (typeof read === 'string') return read;
    asked = { ...asked, ...read };
  }
  if (experiment === undefined) return 'there is no experiment; see drydock compare';
  return { ...asked, experiment };
}

/** `--on=swarm` as well as `--on swarm`. */
function splitOption(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function readPlatforms(value: string): Pick<Asked, 'platforms'> | string {
  const names = value.split(',');
  const unknown = names.find((name) => !PLATFORMS.some((one) => one.name === name));
  if (unknown !== undefined) return `there is no platform "${unknown}"; there are ${NAMES}`;
  return { platforms: PLATFORMS.filter(({ name }) => names.includes(name)) };
}

function readRate(value: string): Pick<Asked, 'perSecond'> | string {
  const perSecond = Number(value);
  if (!/^\d{1,2}$/.test(value) || perSecond < 1 || perSecond > RATE_LIMIT) {
    return `--rate wants 1 to ${RATE_LIMIT} requests a second`;
  }
  return { perSecond };
}
