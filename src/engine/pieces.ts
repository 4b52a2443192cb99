/**
 * Where the engine is cut into pieces for browsers: the modules through which the rest of the engine
 * enters a piece. A world that needs none of them never fetches it. What such a module exports are
 * functions, classes that nobody extends, tables of functions, or plain data that is looked at late:
 * nothing of it may be needed while modules are loaded. What every world uses is in no piece. Which
 * modules go together was found by living all scenarios and looking at what each of them used.
 */
type Doors = readonly string[];

/** Paths of files in a folder below `src`. */
const inFolder = (folder: string, ...names: readonly string[]): Doors =>
  names.map((name) => `${folder}/${name}.ts`);

const engine = (folder: string, ...names: readonly string[]): Doors =>
  inFolder(`engine/${folder}`, ...names);

const DOCKER: Readonly<Record<string, Doors>> = {
  'docker/build': [
    ...engine('docker/cli', 'build'),
    ...engine('build', 'config', 'dockerfile/parse', 'files', 'metadata', 'probe', 'solve'),
    ...engine('build', 'steps', 'work'),
  ],
  'docker/buildx': [
    ...engine('docker/cli/commands', 'buildx', 'prune'),
    ...engine('docker', 'build-cache', 'containers/prune', 'image-delete'),
  ],
  'docker/push': [
    ...engine('docker', 'aws', 'distribution', 'push', 'push-blob', 'registry-failure'),
    ...engine('docker/cli/commands', 'registry'),
    ...engine('oci', 'registry/lists', 'registry/uploads', 'schema'),
  ],
  'docker/transfer': [
    ...engine('docker', 'containers/commit', 'image-files'),
    ...engine('docker/cli/commands', 'container-files'),
    ...engine('oci', 'layout', 'tar-read'),
  ],
  'docker/system': [
    ...engine('docker', 'disk-usage', 'hub-search', 'system', 'containers/update'),
    ...engine(
      'docker/cli/commands',
      'container-stats',
      'context',
      'disk-usage',
      'plugins',
      'system',
    ),
  ],
  'docker/options': [
    ...engine('docker', 'publish', 'volumes/parse', 'volumes/populate'),
    ...engine('docker/cli/options', 'lists', 'mount'),
  ],
  'docker/objects': [
    ...engine('docker/cli', 'commands/network', 'commands/volume', 'options/subnets'),
    ...engine('docker/networks', 'connect', 'inspect'),
  ],
  'docker/inspect': [
    ...engine('docker', 'containers/statistics', 'containers/top', 'image-inspect'),
    ...engine('docker/cli', 'commands/container-look', 'commands/inspect', 'types/go-types'),
  ],
  'docker/list': [
    ...engine('docker/cli/commands', 'container-list', 'image'),
    ...engine('docker/cli/formatter', 'container', 'image', 'image-tree', 'write'),
    ...engine('go/template', 'execute'),
  ],
  'docker/help': engine('docker/cli', 'help'),
  'docker/spec': engine(
    'docker/cli/spec',
    ...['checkpoint', 'config-and-secret', 'context', 'manifest', 'node', 'plugin', 'service'],
    ...['stack', 'swarm', 'trust'],
  ),
  compose: engine('compose', 'cli/plugin', 'cli/commands', 'together'),
  'compose/more': engine(
    'compose/commands',
    ...['config', 'create', 'images', 'inside', 'list', 'logs', 'look', 'power', 'run'],
  ),
  swarm: engine('swarm', 'swarm'),
  'swarm/cli': [
    ...engine('docker/cli', 'commands/swarm', 'options/swarm'),
    ...engine('swarm/cli', 'commands'),
  ],
  'swarm/stack': engine('swarm/cli', 'stack'),
};

const KUBERNETES: Readonly<Record<string, Doors>> = {
  kubernetes: [
    ...engine('kubernetes', 'api-endpoint', 'cluster', 'control-plane', 'traffic'),
    ...inFolder('diagram/projection', 'kubernetes-subjects', 'pod-state'),
  ],
  'kubernetes/batch': [
    ...engine('kubernetes/api', 'defaults/batch', 'validation/batch', 'validation/cron-schedule'),
    ...engine('kubernetes/controllers/cronjob', 'missed', 'schedule'),
    ...engine('kubernetes/controllers/job', 'backoff', 'decisions', 'indexes', 'job-pod'),
    ...engine('kubernetes/controllers/job', 'policies', 'sync', 'tracking'),
  ],
  'kubernetes/autoscaling': [
    ...engine('kubernetes/api/validation', 'autoscaling'),
    ...engine('kubernetes/controllers/horizontal-pod-autoscaler', 'proposals', 'reconcile'),
    ...engine('kubernetes/controllers/horizontal-pod-autoscaler', 'replica-calculator'),
    ...engine('kubernetes/metrics-server', 'rates'),
  ],
  'kubernetes/storage': [
    ...engine('kubernetes/controllers', 'persistent-volume-binder/matching'),
    ...engine('kubernetes/controllers/statefulset', 'identity', 'replicas'),
    ...engine('kubernetes/kubelet/volumes', 'claims'),
    ...engine('kubernetes/scheduler', 'volume-plan'),
  ],
  'kubernetes/rare': [
    ...engine('kubernetes/api', 'schema/custom-resources', 'quota-usage'),
    ...engine('kubernetes/api/validation', 'go-diff', 'internal-form', 'pod-resize'),
    ...engine('kubernetes/apiserver', 'admission/limit-constraints', 'apply', 'discovery'),
    ...engine(
      'kubernetes/apiserver',
      'eviction',
      'older-forms',
      'patch-failure',
      'rest',
      'token',
      'wire',
    ),
    ...engine('kubernetes/controllers', 'disruption/budget', 'namespace/content'),
    ...engine('kubernetes/ingress', 'http-routes', 'ingress-rules', 'route-decision'),
    ...engine('kubernetes/scheduler', 'preemption'),
  ],
  kubectl: engine('kubernetes/kubectl', 'kubectl'),
  'kubectl/change': [
    ...engine('kubernetes/kubectl', 'three-way', 'typed-form', 'unified-diff'),
    ...engine('kubernetes/kubectl/commands', 'diff', 'edit', 'last-applied', 'patch', 'prune'),
    ...engine('kubernetes/kubectl/commands', 'raw', 'set/env'),
  ],
  'kubectl/config': [
    ...engine('kubernetes/kubectl/commands', 'auth', 'discovery', 'unmodelled'),
    ...engine('kubernetes/kubectl/commands/config', 'entries', 'look', 'property'),
  ],
  'kubectl/create': [
    ...engine('kubernetes/kubectl/commands', 'expose', 'from-files', 'run'),
    ...engine('kubernetes/kubectl/commands/create', 'access', 'data', 'ingress', 'service'),
    ...engine('kubernetes/kubectl/commands/create', 'workloads'),
  ],
  'kubectl/describe': engine('kubernetes/kubectl/describe', 'describe'),
  'kubectl/explain': engine('kubernetes/kubectl/explain', 'explain'),
  'kubectl/help': engine('kubernetes/kubectl', 'help'),
  'kubectl/inside': engine(
    'kubernetes/kubectl/commands',
    ...['cp', 'events', 'exec', 'logs', 'port-forward', 'proxy'],
  ),
  'kubectl/nodes': engine('kubernetes/kubectl/commands', 'drain', 'taint', 'top'),
  'kubectl/output': [
    ...engine('kubernetes/kubectl', 'jsonpath/evaluate', 'jsonpath/parse', 'yaml/emit'),
    ...engine('kubernetes/kubectl', 'printers/custom-columns', 'yaml/kyaml'),
  ],
};

const SHELL: Readonly<Record<string, Doors>> = {
  'shell/more': [
    ...engine('shell-language', 'arithmetic', 'braces', 'compound-commands', 'conditional'),
    ...engine('shell-language', 'parameters', 'test-expression'),
    ...engine('shell-language/builtins', 'aliases', 'flow', 'getopts', 'jobs', 'reading'),
  ],
  'tools/awk': engine('shell-language/tools', 'awk/awk'),
  'tools/jq': engine('shell-language/tools', 'jq/jq'),
  'tools/text': engine(
    'shell-language/tools',
    ...['columns', 'diff', 'find', 'fold', 'grep', 'inspecting', 'sed'],
  ),
  'tools/files': engine('shell-language/tools', 'files', 'lines', 'ls', 'naming', 'time'),
  'tools/network': [
    ...engine('programs', 'curl'),
    ...engine('programs/tools', 'addresses', 'dig', 'getent', 'nslookup', 'openssl', 'sockets'),
    ...engine('programs/tools', 'wget'),
  ],
  'tools/processes': [
    ...engine('programs', 'stress', 'tools/environment', 'tools/identity', 'tools/kill'),
    ...engine('programs', 'tools/memory', 'tools/ps'),
  ],
  'tools/packages': engine(
    'programs/tools',
    ...['apk', 'model-tool', 'owners', 'setpriv', 'toolchains', 'users', 'wrappers'],
  ),
  'tools/archives': engine('programs/tools', 'gzip', 'tar'),
  'tools/databases': engine('programs/tools', 'databases', 'redis-cli'),
};

const PROGRAMS: Readonly<Record<string, Doors>> = {
  'programs/app': engine('programs/servers', 'app', 'httpd'),
  'programs/jenkins': engine('programs/servers', 'jenkins-cloud'),
  'programs/languages': engine(
    'programs/servers',
    'compiled',
    'java',
    'python-servers',
    'runtimes',
  ),
  'programs/mysql': engine('programs/servers', 'mysql'),
  'programs/nginx': engine('programs/nginx', 'nginx'),
  'programs/postgres': engine('programs/servers', 'postgres'),
  'programs/redis': engine('programs/servers', 'redis'),
  'programs/slow': engine('programs/servers', 'slow-starters'),
  'programs/voting': engine('programs/servers', 'voting-app', 'voting-worker'),
  'programs/wordpress': engine('programs/servers', 'wordpress'),
};

const IMAGES: Readonly<Record<string, Doors>> = {
  'images/bases': engine('oci/hub/base', 'alpine', 'busybox', 'debian', 'ubuntu'),
  'images/databases': engine('oci/hub/images', 'mysql', 'postgres', 'wordpress'),
  'images/kubernetes': engine('oci/hub/images', 'kubernetes'),
  'images/languages': engine('oci/hub/images', 'compilers', 'languages'),
  'images/nginx': engine('oci/hub/images', 'nginx', 'nginx-files'),
  'images/redis': engine('oci/hub/images', 'redis'),
  'images/services': engine('oci/hub/images', 'services'),
  'images/small': engine('oci/hub/images', 'small'),
  'images/voting': engine('oci/hub/images', 'voting-app'),
};

const OTHERS: Readonly<Record<string, Doors>> = {
  compare: engine('compare', 'compare', 'look', 'measure', 'prepare', 'typing'),
  'compare/files': engine('compare', 'one-app'),
  help: inFolder('engine', 'help'),
  link: engine('link', 'world-file', 'world-link', 'world-run'),
  scenarios: [
    ...inFolder('scenarios', 'scenario'),
    ...inFolder('scenarios/challenges', 'begin-challenge', 'judge-challenge', 'read-challenge'),
  ],
};

/** The doors of each piece: paths below `src`. */
export const PIECES: Readonly<Record<string, Doors>> = {
  ...DOCKER,
  ...KUBERNETES,
  ...SHELL,
  ...PROGRAMS,
  ...IMAGES,
  ...OTHERS,
};

/** Pieces that doors of others need while they are loaded, and bring with them. */
export const FOUNDATIONS: readonly string[] = ['images/bases'];

/**
 * Modules that describe commands: texts in them that only help shows are fetched with the help. They
 * export plain data.
 */
export const DESCRIPTIONS: readonly string[] = [
  'engine/docker/cli/spec/!(root|command-spec).ts',
  'engine/compose/cli/spec/!(root).ts',
  'engine/kubernetes/kubectl/spec/!(root|command-spec|create).ts',
];
