/**
 * Each import rule is proved by a planted fault: a small project that breaks this rule and no
 * other. The last test of each group shows that the same project without the fault is clean.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readImportGraph } from '../../src/build/imports/import-graph.ts';
import {
  judgeImports,
  unknownRoomNames,
  type Violation,
} from '../../src/build/imports/import-rules.ts';
import { ROOMS, type Room } from '../../src/build/imports/rooms.ts';

type Files = Record<string, string>;

/** Writes the project and gives its violations. */
async function violationsOf(files: Files): Promise<Violation[]> {
  const root = mkdtempSync(join(tmpdir(), 'imports-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return judgeImports(await readImportGraph(root));
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The violations as `rule file`. */
async function check(files: Files): Promise<string[]> {
  return (await violationsOf(files)).map(({ rule, file }) => `${rule} ${file}`);
}

/** A page that imports the given files, so that none of them is an orphan. */
function page(...files: string[]): Files {
  const lines = files.map((file) => `import '../${file.replace(/^src\//, '')}';`);
  return { 'src/pages/index.astro': `---\n${lines.join('\n')}\n---\n<p>page</p>\n` };
}

const MODULE = 'export const a = 1;\n';

/** A file in the room: the place itself, or one in that folder. */
function fileIn(room: Room): string {
  const place = room.at[0] ?? '';
  if (/\.tsx?$/.test(place)) return place;
  if (room.name === 'content') return 'content/docs/en/a/planted.mdx';
  const extension = ['components', 'layouts'].includes(room.name) ? 'astro' : 'ts';
  return place.endsWith('*') ? place.replace('*', `planted.ts`) : `${place}/planted.${extension}`;
}

function pathTo(from: string, to: string): string {
  const up = dirname(from)
    .split('/')
    .map(() => '..')
    .join('/');
  return `${up}/${to}`;
}

function importing(from: string, specifiers: readonly string[]): string {
  const statements = specifiers.map((specifier) => `import '${specifier}';`).join('\n');
  if (from.endsWith('.astro')) return `---\n${statements}\n---\n`;
  if (from.endsWith('.mdx')) return `---\ntitle: Planted\n---\n\n${statements}\n\nText.\n`;
  return `${statements}\n`;
}

const FORBIDDEN = ROOMS.filter((room) => room.name !== 'scripts').flatMap((from) =>
  ROOMS.filter((to) => to !== from && !from.knows.includes(to.name)).map((to) => ({ from, to })),
);

describe('the table of rooms', () => {
  test('names only rooms that exist', () => {
    expect(unknownRoomNames()).toEqual([]);
  });

  test.each(ROOMS.filter((room) => room.name !== 'scripts'))(
    '$name may know what its row says and nothing else',
    async (from) => {
      const file = fileIn(from);
      const others = ROOMS.filter((to) => to !== from).map((to) => ({
        specifier: pathTo(file, fileIn(to)),
        isForbidden: !from.knows.includes(to.name),
      }));
      const forbidden = others.filter((to) => to.isForbidden).map(({ specifier }) => specifier);
      expect(forbidden.length, 'a row that forbids nothing').toBeGreaterThan(0);
      const targets = ROOMS.filter((to) => to !== from).map((to) => [fileIn(to), ''] as const);
      const text = importing(
        file,
        others.map(({ specifier }) => specifier),
      );
      const found = await violationsOf({ ...Object.fromEntries(targets), [file]: text });
      const told = found.filter((one) => one.rule === 'room' && one.file === file);
      expect(told.map(({ specifier }) => specifier).sort()).toEqual(forbidden.sort());
    },
    60_000,
  );

  test.each([
    ['engine/kubernetes/kubelet', 'engine/kubernetes/scheduler'],
    ['engine/kubernetes/kubelet', 'engine/containerd'],
    ['engine/kubernetes/kubectl', 'engine/kubernetes/apiserver'],
    ['engine/kubernetes/controllers', 'engine/kubernetes/etcd'],
    ['engine/docker', 'engine/kubernetes/api'],
    ['engine/kubernetes', 'engine/docker'],
    ['engine/sim', 'engine/net'],
    ['engine/net', 'engine/oci'],
    ['engine/oci', 'engine/net'],
    ['engine/shell-language', 'engine/programs'],
    ['engine/compose-file', 'engine/compose'],
    ['engine/raft', 'engine/swarm'],
    ['engine/programs', 'engine/containerd'],
    ['engine/containerd', 'engine/docker'],
    ['engine/build', 'engine/docker'],
    ['engine/compose', 'engine/swarm'],
    ['engine/swarm', 'engine/compose'],
    ['engine/world.ts', 'scenarios'],
    ['scenarios', 'diagram'],
    ['diagram', 'islands'],
    ['i18n', 'search'],
    ['diagram', 'diagram/render'],
    ['islands', 'diagram/render'],
    ['engine/machine', 'engine/programs'],
    ['components', 'build'],
    ['pages', 'scripts'],
    ['build', 'scripts'],
    ['search', 'engine/sim'],
    ['islands', 'components'],
    ['layouts', 'build'],
    ['content', 'layouts'],
  ])('%s never knows %s', (from, to) => {
    expect(FORBIDDEN.map((pair) => `${pair.from.name} ${pair.to.name}`)).toContain(`${from} ${to}`);
  });

  test('only kubelet/cri.ts sees containerd', async () => {
    const containerd = { 'src/engine/containerd/tasks.ts': MODULE };
    const line = "import '../../containerd/tasks.ts';\n";
    const [cri, pods] = [
      'src/engine/kubernetes/kubelet/cri.ts',
      'src/engine/kubernetes/kubelet/pods.ts',
    ];
    expect(await check({ ...containerd, ...page(cri), [cri]: line })).toEqual([]);
    expect(await check({ ...containerd, ...page(pods), [pods]: line })).toEqual([`room ${pods}`]);
  });
});

const SIM = 'src/engine/sim/clock.ts';
const ISLAND = 'src/islands/player.tsx';
const CONTROLLERS = 'src/engine/kubernetes/controllers';

const FAULTS: [string, string, Files][] = [
  ['node', SIM, { [SIM]: "import { readFileSync } from 'node:fs';\n", ...page(SIM) }],
  ['node', ISLAND, { [ISLAND]: "import type { Stats } from 'fs';\n", ...page(ISLAND) }],
  ['package', SIM, { [SIM]: "import { parse } from 'yaml';\n", ...page(SIM) }],
  ['package', ISLAND, { [ISLAND]: "import { uneval } from 'devalue';\n", ...page(ISLAND) }],
  ['unresolved', SIM, { [SIM]: "import './queue.ts';\n", ...page(SIM) }],
  [
    'unresolved',
    SIM,
    {
      [SIM]: "import './queue';\n",
      'src/engine/sim/queue.ts': MODULE,
      ...page(SIM, 'src/engine/sim/queue.ts'),
    },
  ],
  ['orphan', SIM, { [SIM]: MODULE, ...page() }],
  [
    'orphan',
    'src/components/Lost.astro',
    { 'src/components/Lost.astro': '<p>lost</p>', 'src/pages/a.ts': MODULE },
  ],
  [
    'cycle',
    SIM,
    {
      [SIM]: "import './queue.ts';\n",
      'src/engine/sim/queue.ts': "import type { a } from './clock.ts';\n",
      ...page(SIM),
    },
  ],
  [
    'cycle',
    'src/components/A.astro',
    {
      'src/components/A.astro': "---\nimport B from './B.astro';\n---\n<B />",
      'src/components/B.astro': "---\nimport A from './A.astro';\n---\n<A />",
      ...page('src/components/A.astro'),
      'src/pages/a.ts': MODULE,
    },
  ],
  [
    'no-room',
    'src/stray.ts',
    { 'src/stray.ts': MODULE, ...page('src/engine/sim/clock.ts'), [SIM]: MODULE },
  ],
  [
    'test',
    SIM,
    { [SIM]: "import './hash.test.ts';\n", 'src/engine/sim/hash.test.ts': MODULE, ...page(SIM) },
  ],
  [
    'apart',
    `${CONTROLLERS}/deployment/sync.ts`,
    {
      [`${CONTROLLERS}/deployment/sync.ts`]: "import '../replicaset/sync.ts';\n",
      [`${CONTROLLERS}/replicaset/sync.ts`]: MODULE,
      ...page(`${CONTROLLERS}/deployment/sync.ts`),
    },
  ],
  [
    'one-file',
    'src/build/parse.ts',
    {
      'src/build/draw.ts': "import mermaid from 'mermaid';\n",
      'src/build/parse.ts': "import mermaid from 'mermaid';\n",
      'scripts/x.ts': "import '../src/build/draw.ts';\nimport '../src/build/parse.ts';\n",
    },
  ],
];

describe('a planted fault is found, and nothing else with it', () => {
  test.each(FAULTS)('%s in %s', async (rule, file, files) => {
    const found = await check(files);
    expect([...new Set(found.map((line) => line.split(' ')[0]))]).toEqual([rule]);
    expect(found).toContain(`${rule} ${file}`);
  });

  test('a project in which no module was read is not a clean one', async () => {
    expect(await check({ 'src/pages/index.astro': '<p>page</p>' })).toEqual(['nothing-read src']);
    expect(await check({ 'content/docs/ko/a.mdx': 'Text.' })).toEqual(['nothing-read src']);
  });

  test('a sound project is clean', async () => {
    const used = "import { a } from './queue.ts';\nexport const b: typeof a = a;\n";
    const files = { [SIM]: used, 'src/engine/sim/queue.ts': MODULE };
    const tested = "import { test } from 'vitest';\nimport 'node:fs';\nimport './clock.ts';\n";
    const own = { 'src/engine/sim/clock.test.ts': tested };
    expect(await check({ ...files, ...own, ...page(SIM) })).toEqual([]);
  });
});

const WRITTEN: [string, string][] = [
  ['in a type-only import', "import type { a } from '../components/a.ts';\n"],
  ['in an export from another module', "export { a } from '../components/a.ts';\n"],
  ['in import()', "export const a = () => import('../components/a.ts');\n"],
  ['in the type of a module', "export type A = typeof import('../components/a.ts');\n"],
  ['by URL', "export const a = new URL('../components/a.ts', import.meta.url);\n"],
  ['by pattern', "export const a = import.meta.glob('../components/*.ts');\n"],
];

describe('an import is seen', () => {
  test.each(WRITTEN)('%s', async (_how, text) => {
    const files = { [ISLAND]: text, 'src/components/a.ts': MODULE, ...page(ISLAND) };
    expect(await check(files)).toEqual([`room ${ISLAND}`]);
  });

  const rooms = {
    'src/build/x.ts': MODULE,
    'src/pages/ok.ts': MODULE,
    'scripts/y.ts': "import '../src/build/x.ts';",
  };
  const layout = 'src/layouts/Page.astro';
  const astro: [string, string][] = [
    ['front matter', "---\nimport { a } from '../build/x.ts';\n---\n<p>{a}</p>"],
    ['a client script', "---\n---\n<p>a</p>\n<script>\n  import '../build/x.ts';\n</script>"],
    ['a script element’s address', '<p>a</p>\n<script src="../build/x.ts"></script>'],
  ];
  test.each(astro)('in the %s of an Astro component', async (_how, text) => {
    const used = { 'src/pages/index.astro': "---\nimport '../layouts/Page.astro';\n---\n" };
    expect(await check({ ...rooms, [layout]: text, ...used })).toEqual([`room ${layout}`]);
  });

  const mdx = 'content/docs/ko/a/page.mdx';
  const pages: [string, string, string[]][] = [
    ['statement', "import x from '../../../../src/build/x.ts';\n\nText.\n", [`room ${mdx}`]],
    [
      'statement over several lines',
      "Text.\n\nimport {\n  x,\n} from '../../../../src/build/x.ts';\n",
      [`room ${mdx}`],
    ],
    ['expression', "Text {await import('../../../../src/build/x.ts')}.\n", [`room ${mdx}`]],
    ['fence, which is no import', "```js\nimport x from '../../../../src/build/x.ts';\n```\n", []],
  ];
  test.each(pages)('in an MDX %s', async (_how, text, expected) => {
    expect(await check({ ...rooms, [mdx]: text })).toEqual(expected);
  });
});
