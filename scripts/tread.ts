/**
 * `node scripts/tread.ts FILE`: lives the runs of all figures and some usual commands as a page does, and
 * writes which functions each of them called (`src/build/pieces/trodden.ts`). Calls are counted from the first import on.
 */
import { existsSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { pathToFileURL } from 'node:url';
import type { Graph } from '../src/diagram/graph.ts';
import type { Treading } from '../src/build/pieces/trodden.ts';

const ROOT = `${pathToFileURL(process.cwd()).href}/`;
const inspector = new Session();
inspector.connect();
await inspector.post('Profiler.enable');
await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const [{ engineOver }, { makeWire }, { readScenario }, { parseScenario }, bindings, drawings] =
  await Promise.all([
    import('../src/islands/engine-room/connect.ts'),
    import('../src/islands/engine-room/here-wire.ts'),
    import('../src/components/run/scenario-folder.ts'),
    import('../src/scenarios/scenario.ts'),
    import('../src/diagram/bindings.ts'),
    import('../src/diagram/drawings.ts'),
  ]);

/** What is typed in a first minute: a run's name, whose first word tells the platform, and its preset. */
const PROMPTS: readonly (readonly [run: string, preset: string, lines: readonly string[]])[] = [
  [
    'host 1',
    'host',
    ['docker run -d --name web -p 8080:80 nginx:alpine', 'docker ps', 'docker logs web', 'ls'],
  ],
  ['host 2', 'host', ['docker run hello-world', 'docker images', 'docker ps -a | head -3']],
  ['host 3', 'host', ['docker run -d --name cache redis', 'docker stop cache', 'docker rm cache']],
  [
    'compose 1',
    'host',
    ['printf "services:\\n  web:\\n    image: nginx\\n" > compose.yaml', 'docker compose up -d'],
  ],
  [
    'swarm 1',
    'swarm',
    ['docker swarm init', 'docker service create --name web --replicas 2 nginx', 'docker node ls'],
  ],
  [
    'cluster 1',
    'cluster',
    ['kubectl get nodes', 'kubectl create deployment web --image=nginx', 'kubectl get pods -A'],
  ],
  [
    'cluster 2',
    'cluster',
    [
      'kubectl create deployment web --image=nginx --replicas=2',
      'kubectl rollout status deployment web',
      'kubectl describe deployment web',
      'kubectl get deployment web -o yaml > web.yaml',
      'kubectl apply -f web.yaml',
    ],
  ],
];

const runs: string[] = [];
const modules = new Map<string, Map<string, number[]>>();

/** Notes what was called since it was asked last. */
async function note(run: string): Promise<void> {
  const { result } = await inspector.post('Profiler.takePreciseCoverage');
  const at = runs.includes(run) ? runs.indexOf(run) : runs.push(run) - 1;
  for (const { url, functions } of result) {
    if (!url.startsWith(ROOT)) continue;
    const path = url.slice(ROOT.length);
    const module = modules.get(path) ?? new Map<string, number[]>();
    modules.set(path, module);
    for (const { functionName, ranges } of functions) {
      if (functionName === '' || ranges[0]!.count === 0) continue;
      const own = module.get(functionName) ?? [];
      module.set(functionName, own);
      if (!own.includes(at)) own.push(at);
    }
  }
}

await note('loading');
const engine = engineOver(makeWire());
const FENCE = /```mermaid figure=(\S+) run=(\S+)\n([\s\S]*?)```/g;
for (const page of globSync('content/docs/en/**/*.mdx').sort()) {
  for (const [, figure = '', id = '', fence = ''] of readFileSync(page, 'utf8').matchAll(FENCE)) {
    const drawing = `content/diagrams/${drawings.nameOfFence(figure, fence)}.json`;
    const parsed = parseScenario(readScenario(id));
    // What is wrong with a figure is told where its page is made.
    if (!parsed.ok || !existsSync(drawing)) continue;
    const { scenario } = parsed;
    const graph = JSON.parse(readFileSync(drawing, 'utf8')) as Graph;
    // Sentences of both languages; what takes long is lived once.
    for (const locale of id.startsWith('compare/') ? (['ko'] as const) : (['ko', 'en'] as const)) {
      const data = {
        figure,
        locale,
        scenario,
        graph,
        bindings: bindings.parseBindings(fence).bindings,
      };
      await engine.ask('run/open', { run: figure, data });
      await engine.ask('run/close', { run: figure });
    }
    await note(id);
  }
}
for (const [run, preset, lines] of PROMPTS) {
  const source = { from: 'preset', preset, seed: 1 } as const;
  const opened = await engine.ask('world/open', { world: run, source });
  if (opened.kind !== 'open') throw new Error(`there is no ${preset}`);
  const machine = opened.machines.find(({ hasPrompt }) => hasPrompt)!.name;
  for (const line of lines) {
    await engine.ask('world/type', { world: run, machine, line });
    await engine.ask('world/settle', { world: run, machine });
  }
  await engine.ask('world/close', { world: run });
  await note(run);
}
const treading: Treading = {
  runs,
  modules: Object.fromEntries([...modules].map(([path, own]) => [path, Object.fromEntries(own)])),
};
const file = process.argv[2] ?? 'trodden.json';
writeFileSync(`${file}.new`, JSON.stringify(treading));
renameSync(`${file}.new`, file);
process.exit(0);
