/**
 * `npm run -s shell -- [--preset P] [--seed N] [FILE]`: runs a script on a fresh world, on the
 * machine where people type. What its commands write appears on stdout, in order; stderr is for
 * faults of this command itself. The exit code is the last command's.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { serveExplanations } from '../src/engine/kubernetes/kubectl/explain/explain-service.ts';
import { findPreset, PRESET_NAMES } from '../src/engine/presets.ts';
import { createWorld } from '../src/engine/world.ts';
import { runScript } from '../src/engine/script-run.ts';
import { Session } from '../src/engine/session.ts';
import { travels, typeScript } from '../src/engine/typed-script.ts';

const USAGE = 'Usage: npm run -s shell -- [--preset P] [--seed N] [FILE]';
const FAULT = 2;

function fail(message: string): never {
  process.stderr.write(`shell: ${message}\n`);
  process.exit(FAULT);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        preset: { type: 'string', default: 'host' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

function readScript(file: string | undefined): string {
  try {
    // As editors on Windows save it; a shell would take the carriage returns for letters.
    return readFileSync(file ?? 0, 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/\r\n/g, '\n');
  } catch (error) {
    return fail(`cannot read ${file ?? 'standard input'}: ${(error as Error).message}`);
  }
}

const { values, positionals } = readArguments();
if (values.help === true) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const { preset, seed } = values;
const found = findPreset(preset);
if (!found) {
  fail(`the preset ${preset} is unknown; there are ${PRESET_NAMES.join(', ')}`);
}
if (!/^\d{1,15}$/.test(seed)) fail(`a seed is a whole number, not ${seed}`);
if (positionals.length > 1) fail(`one file, not ${positionals.length}\n${USAGE}`);
const text = readScript(positionals[0]);
const machine = found.machines.find(({ shell }) => shell === true)?.name;
if (machine === undefined) fail(`nobody types in the preset ${preset}`);

const show = (shown: string): void => {
  process.stdout.write(shown);
};

try {
  const options = { preset, seed: Number(seed), explanations: serveExplanations };
  const outcome = travels(text)
    ? { exitCode: typeScript(new Session({ preset, seed: Number(seed) }), text, show) }
    : runScript(createWorld(options), machine, text, show);
  if ('fault' in outcome && outcome.fault !== undefined) {
    process.stderr.write(`shell: ${outcome.fault}\n`);
    process.exitCode = FAULT;
  } else process.exitCode = outcome.exitCode;
} catch (error) {
  process.stderr.write(`shell: ${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = FAULT;
}
