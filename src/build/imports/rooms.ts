/**
 * Who may know whom: the rooms of the project and what each may import. This table is the only
 * source of the import rules; ARCHITECTURE.md shows it and `npm run imports` enforces it.
 */
export interface Room {
  /** How the table calls it. */
  name: string;
  /** Folders, files, or `folder/*` for the files directly in a folder; the longest match wins. */
  at: readonly string[];
  /** The rooms it may import, besides itself. */
  knows: readonly string[];
  /** The npm packages it may import; `name/*` stands for a whole scope. */
  packages: readonly string[] | 'any';
  /** Whether it may import what comes with Node. */
  node: boolean;
}

const SIM_PACKAGES = ['pure-rand', '@noble/hashes'];
const ENGINE_PACKAGES = [...SIM_PACKAGES, 'yaml', 'fflate', '@cfworker/json-schema'];
const VIEW_PACKAGES = ['preact', '@preact/signals', 'fflate', '@codemirror/*', '@lezer/highlight'];

function engineRoom(path: string, knows: readonly string[]): Room {
  const name = `engine/${path}`;
  const packages = path === 'sim' ? SIM_PACKAGES : ENGINE_PACKAGES;
  return { name, at: [`src/${name}`], knows, packages, node: false };
}

const FLOOR = ['engine/sim', 'engine/go', 'engine/net', 'engine/oci'];
const UNDER_DOCKER = [
  ...FLOOR,
  'engine/machine',
  'engine/shell-language',
  'engine/raft',
  'engine/compose-file',
  'engine/programs',
  'engine/containerd',
  'engine/build',
];

const ENGINE_FLOOR: readonly Room[] = [
  engineRoom('sim', []),
  engineRoom('go', []),
  engineRoom('link', ['engine/sim']),
  engineRoom('machine', ['engine/sim', 'engine/oci']),
  engineRoom('net', ['engine/sim']),
  engineRoom('oci', ['engine/sim']),
  engineRoom('shell-language', ['engine/sim', 'engine/machine']),
  engineRoom('compose-file', ['engine/sim', 'engine/go']),
  engineRoom('raft', ['engine/sim', 'engine/net']),
  engineRoom('programs', [...FLOOR, 'engine/machine', 'engine/shell-language']),
  engineRoom('containerd', [...FLOOR, 'engine/machine', 'engine/programs']),
  engineRoom('build', [
    'engine/sim',
    'engine/oci',
    'engine/machine',
    'engine/containerd',
    'engine/shell-language',
  ]),
  engineRoom('docker', UNDER_DOCKER),
  engineRoom('compose', [...UNDER_DOCKER, 'engine/docker']),
  engineRoom('swarm', [...UNDER_DOCKER, 'engine/docker']),
  // It types commands and sends requests, as people do: it needs to know no platform.
  engineRoom('compare', ['engine/sim', 'engine/net', 'engine/machine', 'engine/shell-language']),
];

/** What every part of Kubernetes stands on. */
const UNDER_KUBERNETES = [...FLOOR, 'engine/raft'];

function kubernetesRoom(part: string, knows: readonly string[]): Room {
  const parts = knows.map((other) => `engine/kubernetes/${other}`);
  return engineRoom(`kubernetes/${part}`, [...UNDER_KUBERNETES, ...parts]);
}

/** The components see the API and a client of it, never one another: they meet at the server. */
const COMPONENT = ['api', 'apimachinery', 'client'];

const KUBERNETES: readonly Room[] = [
  kubernetesRoom('apimachinery', []),
  kubernetesRoom('api', ['apimachinery']),
  kubernetesRoom('client', ['api', 'apimachinery']),
  kubernetesRoom('etcd', []),
  kubernetesRoom('apiserver', ['api', 'apimachinery', 'etcd']),
  kubernetesRoom('controllers', COMPONENT),
  kubernetesRoom('scheduler', COMPONENT),
  // The kubelet writes volumes on its machine, where the runtime mounts them from.
  {
    ...kubernetesRoom('kubelet', []),
    knows: [...kubernetesRoom('kubelet', [...COMPONENT, 'kubelet/cri.ts']).knows, 'engine/machine'],
  },
  {
    ...engineRoom('kubernetes/kubelet/cri.ts', []),
    knows: [
      ...UNDER_KUBERNETES,
      ...COMPONENT.map((part) => `engine/kubernetes/${part}`),
      'engine/kubernetes/kubelet',
      'engine/machine',
      'engine/containerd',
    ],
  },
  kubernetesRoom('kube-proxy', COMPONENT),
  kubernetesRoom('dns', COMPONENT),
  kubernetesRoom('cni', COMPONENT),
  kubernetesRoom('ingress', COMPONENT),
  kubernetesRoom('metrics-server', COMPONENT),
  // kubectl is a command on a machine, and reads files there.
  {
    ...kubernetesRoom('kubectl', []),
    knows: [...kubernetesRoom('kubectl', COMPONENT).knows, 'engine/machine'],
  },
];

const ASSEMBLY: Room = {
  name: 'engine/kubernetes',
  at: ['src/engine/kubernetes/*'],
  knows: [...UNDER_KUBERNETES, ...KUBERNETES.map((room) => room.name)],
  packages: ENGINE_PACKAGES,
  node: false,
};

const ENGINE: readonly Room[] = [...ENGINE_FLOOR, ...KUBERNETES, ASSEMBLY];

const WORLD: Room = {
  name: 'engine/world.ts',
  at: ['src/engine/*'],
  knows: ENGINE.map((room) => room.name),
  packages: ENGINE_PACKAGES,
  node: false,
};

/** What could stand at a caret: it reads the tables of every tool, and the world. */
const COMPLETION = engineRoom('completion', [...ENGINE.map((room) => room.name), WORLD.name]);

const ALL_ENGINE = [...ENGINE, WORLD, COMPLETION].map((room) => room.name);

const SITE: readonly Room[] = [
  {
    name: 'scenarios',
    at: ['src/scenarios'],
    knows: ALL_ENGINE,
    packages: ENGINE_PACKAGES,
    node: false,
  },
  { name: 'i18n', at: ['src/i18n'], knows: [], packages: [], node: false },
  {
    name: 'diagram',
    at: ['src/diagram'],
    knows: [...ALL_ENGINE, 'scenarios', 'i18n'],
    packages: ['@noble/hashes'],
    node: false,
  },
  { name: 'styles', at: ['src/styles'], knows: [], packages: [], node: false },
  { name: 'search', at: ['src/search'], knows: ['i18n'], packages: [], node: false },
  {
    name: 'islands',
    at: ['src/islands'],
    knows: [...ALL_ENGINE, 'scenarios', 'diagram', 'search', 'i18n', 'styles'],
    packages: VIEW_PACKAGES,
    node: false,
  },
];

/** From Mermaid's SVG to ours; pages take single symbols from it, islands nothing. */
const NORMAL_FORM: Room = {
  name: 'diagram/normal-form',
  at: ['src/diagram/normal-form'],
  knows: ['diagram', 'diagram/render'],
  packages: [],
  node: false,
};

const PAGE_ROOMS = ['components', 'layouts', 'pages'];

const PAGES: readonly Room[] = PAGE_ROOMS.map((name) => ({
  name,
  at: [`src/${name}`],
  knows: [
    ...ALL_ENGINE,
    ...SITE.map((room) => room.name),
    ...PAGE_ROOMS,
    NORMAL_FORM.name,
    'content',
  ],
  packages: 'any',
  node: true,
}));

const INNER = [...ENGINE, WORLD, COMPLETION, ...SITE, NORMAL_FORM, ...PAGES];

const OUTER: readonly Room[] = [
  {
    // Checking and drawing with Mermaid: the half of `diagram` that no reader ever loads.
    name: 'diagram/render',
    at: [
      'src/diagram/browser.ts',
      'src/diagram/drawings.ts',
      'src/diagram/mermaid-page.ts',
      'src/diagram/syntax.ts',
    ],
    knows: ['diagram', 'diagram/normal-form', 'i18n'],
    packages: ['@noble/hashes', 'dompurify', 'mermaid', 'playwright-core', '@playwright/test'],
    node: true,
  },
  {
    name: 'content',
    at: ['content'],
    knows: ['components'],
    packages: [],
    node: false,
  },
  {
    name: 'build',
    at: ['src/build', 'src/content.config.ts', 'src/env.d.ts'],
    knows: [...INNER.map((room) => room.name), 'content', 'diagram/render'],
    packages: 'any',
    node: true,
  },
  {
    name: 'scripts',
    at: ['scripts', 'tests', '*'],
    knows: [...INNER.map((room) => room.name), 'content', 'diagram/render', 'build'],
    packages: 'any',
    node: true,
  },
];

/** Every room, most of them in the order in which they stand on one another. */
export const ROOMS: readonly Room[] = [...INNER, ...OUTER];

/** Packages that only one file of `src` may import, whatever rooms allow it. */
export const ONE_FILE_PACKAGES: readonly string[] = ['mermaid'];

/** Rooms each of whose folders keeps to itself. */
export const FOLDERS_APART: readonly string[] = ['src/engine/kubernetes/controllers'];

function matchLength(place: string, file: string): number {
  if (place.endsWith('*')) {
    const folder = place.slice(0, -1);
    return file.startsWith(folder) && !file.slice(folder.length).includes('/') ? folder.length : -1;
  }
  return file === place || file.startsWith(`${place}/`) ? place.length : -1;
}

/** The room a file (path from the project's root) lies in, undefined when it lies in none. */
export function roomOf(file: string): Room | undefined {
  let best: Room | undefined;
  let bestLength = -1;
  for (const room of ROOMS) {
    for (const place of room.at) {
      const length = matchLength(place, file);
      if (length > bestLength) [best, bestLength] = [room, length];
    }
  }
  return best;
}
