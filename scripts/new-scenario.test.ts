import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeScenario } from './new-scenario.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const ID = 'drafts/first-steps';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-scenario-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What a story needs of the project around it. */
function linkProject(): void {
  const files = ['src/components/run/scenario-folder.ts', 'tests/scenarios/lived-scenario.ts'];
  for (const path of ['node_modules', 'package.json', 'src/diagram', ...files]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(PROJECT, path), join(root, path));
  }
}

/** Runs the stories of `root`; what was said of each, by its file. */
function runStories(): { readonly status: number | null; readonly said: string } {
  const vitest = join(PROJECT, 'node_modules/vitest/vitest.mjs');
  const words = [vitest, 'run', '--root', root, '--update=none'];
  const quick = ['--reporter=tap-flat', '--no-isolate', '--no-file-parallelism'];
  const env = { ...process.env, CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' };
  const ran = spawnSync(process.execPath, [...words, ...quick], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return { status: ran.status, said: ran.stdout + ran.stderr };
}

describe('a new scenario', () => {
  it('passes its own story as it is, and fails it once it goes another way', () => {
    linkProject();
    for (const id of [ID, 'drafts/changed']) expect(writeScenario(root, id).ok).toBe(true);
    const definition = join(root, 'src/scenarios/drafts/changed/scenario.yaml');
    const killed = readFileSync(definition, 'utf8').replace('docker stop web', 'docker kill web');
    writeFileSync(definition, killed);
    const { status, said } = runStories();
    const count = (result: string, file: string) =>
      said.split('\n').filter((line) => line.startsWith(result) && line.includes(file)).length;
    expect(count('ok', 'drafts-first-steps'), said).toBe(4);
    expect(count('not ok', 'drafts-first-steps')).toBe(0);
    expect(count('not ok', 'drafts-changed')).toBe(2);
    expect(status).toBe(1);
  }, 120_000);

  it('is written as the project writes', async () => {
    const written = writeScenario(root, ID);
    const options = (await resolveConfig(join(PROJECT, 'scripts/new-scenario.ts'))) ?? {};
    const paths = written.ok ? written.paths.filter((path) => !path.endsWith('.trace')) : [];
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const text = readFileSync(join(root, path), 'utf8');
      expect(await check(text, { ...options, filepath: path }), path).toBe(true);
    }
  });

  it('takes the place of none, and needs a name', () => {
    expect(writeScenario(root, ID).ok).toBe(true);
    const again = writeScenario(root, ID);
    expect(again.ok ? '' : again.message).toContain('is there already');
    for (const name of ['', 'drafts', '../outside/x', 'Drafts/Steps', 'a/b/c', 'a/-b']) {
      expect(writeScenario(root, name), name).toMatchObject({ ok: false });
    }
    expect(existsSync(join(root, '../outside'))).toBe(false);
  });
});
