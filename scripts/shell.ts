/**
 * `npm run -s shell -- [--preset P] [--seed N] [FILE]`: runs a script on a fresh world, on the
 * machine where people type. What its commands write appears on stdout, in order; stderr is for
 * faults of this command itself. The exit code is the last command's.
 *
 * With `--link` or `--open` the world is one that somebody sent, and the script goes on in it; `--save`
 * keeps the world that it leads to. What is sent is lines that were typed, so these type the script
 * line by line, as at a prompt.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { serveExplanations } from '../src/engine/kubernetes/kubectl/explain/explain-service.ts';
import { WORLD_FILE_SUFFIX } from '../src/engine/link/world-file.ts';
import { findPreset, PRESET_NAMES } from '../src/engine/presets.ts';
import { createWorld } from '../src/engine/world.ts';
import { runScript } from '../src/engine/script-run.ts';
import { Session } from '../src/engine/session.ts';
import { travels, typeScript } from '../src/engine/typed-script.ts';
import { fromFile, fromLink, toFile } from './shell/sent-world.ts';

const USAGE = `Usage: npm run -s shell -- [--preset P] [--seed N] [--save WORLD] [FILE]
       npm run -s shell -- --link 'LINK'|--open WORLD [--save WORLD] [FILE]
WORLD is a file NAME${WORLD_FILE_SUFFIX}; LINK is what drydock link prints.`;
const FAULT = 2;

function fail(message: string): never {
  process.stderr.write(`shell: ${message}\n`);
  process.exit(FAULT);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        preset: { type: 'string' },
        seed: { type: 'string' },
        link: { type: 'string' },
        open: { type: 'string' },
        save: { type: 'string' },
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
if (positionals.length > 1) fail(`one file, not ${positionals.length}\n${USAGE}`);
const { preset = 'host', seed = '1', link, open, save } = values;
const begins = [link, open, values.preset ?? values.seed].filter((one) => one !== undefined);
if (begins.length > 1) fail(`a world is sent, or it begins anew\n${USAGE}`);

/** A person in the world that was sent, or in a fresh one. */
function sit(): Session {
  if (link === undefined && open === undefined) return new Session({ preset, seed: Number(seed) });
  const arrived = link !== undefined ? fromLink(link) : fromFile(open!);
  if ('fault' in arrived) return fail(arrived.fault);
  if (arrived.notice !== undefined) process.stderr.write(`shell: ${arrived.notice}\n`);
  return arrived.session;
}

/** Where people type in a fresh world. */
function promptOf(): string {
  const found = findPreset(preset);
  if (!found) return fail(`the preset ${preset} is unknown; there are ${PRESET_NAMES.join(', ')}`);
  if (!/^\d{1,15}$/.test(seed)) fail(`a seed is a whole number, not ${seed}`);
  const machine = found.machines.find(({ shell }) => shell === true)?.name;
  return machine ?? fail(`nobody types in the preset ${preset}`);
}

const show = (shown: string): void => {
  process.stdout.write(shown);
};

function live(text: string): { readonly exitCode: number; readonly fault?: string | undefined } {
  const machine = promptOf();
  if ([link, open, save].every((one) => one === undefined) && !travels(text)) {
    const options = { preset, seed: Number(seed), explanations: serveExplanations };
    return runScript(createWorld(options), machine, text, show);
  }
  const session = sit();
  const exitCode = typeScript(session, text, show);
  return { exitCode, fault: save === undefined ? undefined : toFile(save, session) };
}

try {
  const { exitCode, fault } = live(readScript(positionals[0]));
  if (fault !== undefined) process.stderr.write(`shell: ${fault}\n`);
  process.exitCode = fault === undefined ? exitCode : FAULT;
} catch (error) {
  process.stderr.write(`shell: ${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = FAULT;
}
