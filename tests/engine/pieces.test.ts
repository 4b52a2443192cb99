import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pieces } from '../../src/build/pieces/plugin.ts';
import { readScenario } from '../../src/components/run/scenario-folder.ts';
import { isStep } from '../../src/diagram/captions.ts';
import { PIECES } from '../../src/engine/pieces.ts';
import { Session } from '../../src/engine/session.ts';
import { play } from '../../src/scenarios/play.ts';
import { parseScenario } from '../../src/scenarios/scenario.ts';
import type * as InPieces from './in-pieces.ts';

type Engine = typeof InPieces;

/** What every world has of a platform: names, and who is asked when somebody wants more. */
const DOORMATS = [
  'compose/install.ts',
  'kubernetes/kubectl/explain/explain-request.ts',
  'kubernetes/kubectl/explain/explain-service.ts',
  'swarm/tables.ts',
];

/**
 * The engine, cut as for a worker and bundled; each copy of it begins without any piece. What it holds
 * from the start is told by `base`.
 */
const folder = mkdtempSync(join(tmpdir(), 'engine-in-pieces-'));
const root = process.cwd();
let base: readonly string[] = [];
const copies = [folder];
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

interface Chunk {
  readonly fileName: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly modules?: Readonly<Record<string, unknown>>;
}

beforeAll(async () => {
  const made = (await build({
    ...{ root, configFile: false, logLevel: 'error' },
    plugins: [pieces({ root, how: 'cut' })],
    ssr: { noExternal: true },
    build: {
      ...{
        ssr: join(root, 'tests/engine/in-pieces.ts'),
        outDir: folder,
        minify: false,
        ssrEmitAssets: true,
      },
      rolldownOptions: { output: { entryFileNames: 'engine.mjs', chunkFileNames: '[hash].mjs' } },
    },
  })) as unknown as { readonly output: readonly Chunk[] };
  const chunks = new Map(made.output.map((chunk) => [chunk.fileName, chunk]));
  const files = new Set(made.output.filter(({ isEntry }) => isEntry).map((one) => one.fileName));
  for (const file of files) for (const more of chunks.get(file)?.imports ?? []) files.add(more);
  base = [...files].flatMap((file) => Object.keys(chunks.get(file)?.modules ?? {}));
}, 300_000);

/** A copy that has no piece yet. */
async function fresh(): Promise<Engine> {
  const copy = mkdtempSync(join(tmpdir(), 'engine-copy-'));
  copies.push(copy);
  cpSync(folder, copy, { recursive: true });
  const entry = pathToFileURL(join(copy, 'engine.mjs')).href;
  return (await import(/* @vite-ignore */ entry)) as Engine;
}

/** Lives something anew until no piece is missing; tells which were. */
async function inPieces<T>({ whole, fetchMissing }: Engine, live: () => T) {
  const missed: string[] = [];
  for (;;) {
    try {
      return { lived: whole(live), missed };
    } catch (fault) {
      if (!(fault instanceof Error && fault.name === 'PieceMissing')) throw fault;
      missed.push((fault as unknown as { piece: string }).piece);
      await fetchMissing();
    }
  }
}

describe('the engine in pieces', { timeout: 120_000 }, () => {
  it('begins without platforms that a host does not have', () => {
    const own = base.map((id) => id.replace(`${root}/src/engine/`, ''));
    expect(own).toContain('docker/daemon.ts');
    const foreign = own.filter(
      (id) =>
        /^(compose|compose-file|swarm|kubernetes|raft)\/|node_modules\/yaml\//.test(id) &&
        !id.startsWith('\0') &&
        !DOORMATS.includes(id),
    );
    expect(foreign).toEqual([]);
  });

  it.each([
    ['containers/first-container', ['docker/list']],
    ['compose/start-order', ['compose']],
    ['orchestration/apply', ['kubernetes', 'kubectl']],
    ['swarm/quorum-and-rescheduling', ['swarm', 'swarm/cli']],
  ])('lives %s as the whole one does', async (id, needed) => {
    const engine = await fresh();
    const parsed = parseScenario(readScenario(id));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const { scenario } = parsed;
    const { lived, missed } = await inPieces(engine, () => engine.play(scenario, engine.isStep));
    const here = play(scenario, isStep);
    expect(lived.records).toEqual(here.records);
    const last = here.records.length - 1;
    expect(lived.hashOf(last)).toBe(here.hashOf(last));
    expect(missed).toEqual(expect.arrayContaining(needed));
    for (const other of ['compose', 'swarm', 'kubernetes']) {
      expect(missed.includes(other)).toBe(needed.includes(other));
    }
  });

  it.each(['host', 'cluster'])(
    'prints the same at the prompt of %s, helps included',
    async (preset) => {
      const lines = [
        'help',
        'docker --help',
        'docker run --help',
        'docker service create --help',
        'docker compose up --help',
        'docker run -d --name web nginx:alpine && docker inspect -f "{{.State.Status}}" web',
        'docker run --no-such-flag nginx',
        "if [[ 2 -gt 1 ]]; then echo $((6 * 7)); fi | awk '{print $1 + 1}'",
        ...(preset === 'cluster'
          ? [
              'kubectl apply --help',
              'kubectl get nodes',
              'kubectl explain pod.spec',
              'kubectl options',
            ]
          : []),
      ];
      const typed = (session: {
        type: (line: string) => unknown;
        timeline: { hash: () => string };
      }) => [...lines.map((line) => session.type(line)), session.timeline.hash()];
      const engine = await fresh();
      const { lived } = await inPieces(engine, () =>
        typed(new engine.Session({ preset, seed: 3 })),
      );
      expect(lived).toEqual(typed(new Session({ preset, seed: 3 })));
    },
  );

  it('has every door where the table says', async () => {
    const engine = await fresh();
    // One after another: none may need what was not fetched with it. The foundations come last.
    for (const piece of Object.keys(PIECES).sort().reverse()) {
      await expect(engine.fetchPieces([piece]), piece).resolves.toBeUndefined();
    }
  });
});
