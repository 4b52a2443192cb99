/**
 * `npm run new:scenario -- AREA/ID`: a scenario to start from, with its story as a test and its golden
 * trace. It passes as it is; what is typed in it is then replaced by the story to be told.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readScenario } from '../src/components/run/scenario-folder.ts';
import { isStep } from '../src/diagram/captions.ts';
import { goldenTrace } from '../src/scenarios/golden-trace.ts';
import { play } from '../src/scenarios/play.ts';
import { parseScenario } from '../src/scenarios/scenario.ts';

type Written =
  | { readonly ok: true; readonly paths: readonly string[] }
  | { readonly ok: false; readonly message: string };

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Writes a scenario, its golden trace and its story below `root`. Nothing is written over.
 * @returns paths relative to `root`
 */
export function writeScenario(root: string, id: string): Written {
  if (!NAME.test(id)) {
    const message = `"${id}" is no name of a scenario. Write AREA/ID in kebab-case: containers/run.`;
    return { ok: false, message };
  }
  const folder = `src/scenarios/${id}`;
  const story = `tests/scenarios/${id.replace('/', '-')}.test.ts`;
  const taken = [folder, story].find((path) => existsSync(join(root, path)));
  if (taken !== undefined) {
    return { ok: false, message: `${taken} is there already. Choose another name.` };
  }
  const definition = `${folder}/scenario.yaml`;
  const golden = `${folder}/golden.trace`;
  write(root, definition, SCENARIO);
  write(root, story, STORY.replaceAll('AREA/ID', id));
  write(root, golden, traceOf(root, id));
  return { ok: true, paths: [definition, golden, story] };
}

function traceOf(root: string, id: string): string {
  const parsed = parseScenario(readScenario(id, root));
  if (!parsed.ok) throw new Error(parsed.faults.map(({ what }) => what).join(' '));
  return goldenTrace(play(parsed.scenario, isStep));
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const SCENARIO = `# What it is called in the lab's gallery, and what happens in it, in a sentence.
title: { ko: 컨테이너 하나, en: One container }
about:
  ko: 웹 서버를 실행하고 정지합니다.
  en: A web server is run, and stopped.
preset: host
seed: 7
machine: host
directory: /root

# What it takes for granted, typed before it begins and not shown.
before:
  - docker pull -q nginx:alpine

# Who takes part, by the names that the trace uses. Every figure of this scenario shows each of them.
cast:
  developer: [developer, docker-cli]
  daemon: [docker/host, containerd/host]

# What is typed, in this order. A step begins when the one before has ended, after its pause.
steps:
  - id: run
    title: { ko: 실행, en: run }
    run: docker run -d --name web nginx:alpine
  - id: stop
    title: { ko: 정지, en: stop }
    run: docker stop web

# Where a page without scripts shows the figure standing still: at the end of these steps.
stills: [run]
`;

const STORY = `import { describe, expect, it } from 'vitest';
import { containerOf } from '../../src/diagram/projection/docker-subjects.ts';
import { isAStory, live } from './lived-scenario.ts';

const ID = 'AREA/ID';
const lived = live(ID);
const { playback, during, endOf } = lived;

describe(ID, () => {
  it('runs until it is stopped, and then ends by itself', () => {
    const stateAfter = (step: string) => containerOf(playback.worldAt(endOf(step)), 'web')?.State;
    expect([stateAfter('run'), stateAfter('stop')]).toEqual(['running', 'exited']);
    expect(during('stop').find(({ verb }) => verb === 'exit')?.detail?.exitCode).toBe(0);
  });

  isAStory(lived);
});
`;

/** A figure to start from; both pages need it. */
const FENCE = `\`\`\`mermaid figure=NAME run=AREA/ID
flowchart LR
  accTitle: What the figure shows
  accDescr: What happens in it, in sentences.
  developer[Developer]:::actor
  subgraph docker[Docker]
    web[web]:::container
  end
  developer type@--> docker
  %% bind node developer = developer
  %% bind node docker = daemon
  %% bind node web = container/web
  %% bind edge type = api developer->daemon
\`\`\``;

function main([id, ...more]: readonly string[]): number {
  if (id === undefined || more.length > 0) {
    console.error('Usage: npm run new:scenario -- AREA/ID');
    return 2;
  }
  const written = writeScenario(process.cwd(), id);
  if (!written.ok) {
    console.error(written.message);
    return 1;
  }
  for (const path of written.paths) console.log(`wrote ${path}`);
  console.log(`\nIts figure, for a page in both languages:\n`);
  console.log(FENCE.replace('AREA/ID', id).replace('NAME', id.replace(/.*\//, '')));
  console.log('\nTell your story in both files, then: npm run traces:update -- -t ' + id);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = main(process.argv.slice(2));
}
