import type { CommandSpec } from './command-spec.ts';
import { APPLY, DIFF } from './apply.ts';
import { AUTH } from './auth.ts';
import { DELETE, EDIT, PATCH, REPLACE } from './change.ts';
import { CONFIG } from './config.ts';
import { CREATE } from './create.ts';
import { API_RESOURCES, API_VERSIONS, VERSION } from './discovery.ts';
import { ATTACH, CP, DEBUG, EXEC, LOGS, PORT_FORWARD } from './inside.ts';
import { DESCRIBE, EVENTS, EXPLAIN, GET } from './look.ts';
import { ANNOTATE, LABEL, WAIT } from './marks.ts';
import { CLUSTER_INFO, CORDON, DRAIN, TAINT, TOP, UNCORDON } from './nodes.ts';
import { CERTIFICATE, COMPLETION, KUSTOMIZE, PLUGIN, PROXY } from './not-modelled.ts';
import { AUTOSCALE, ROLLOUT, SCALE } from './rollout.ts';
import { EXPOSE, RUN } from './run.ts';
import { SET } from './set.ts';

type Commands = Readonly<Record<string, CommandSpec>>;

/** The commands under the headings of `kubectl --help` (kubectl/pkg/cmd/cmd.go, v1.36). */
export const GROUPS: Readonly<Record<string, Commands>> = {
  'Basic Commands (Beginner)': { create: CREATE, expose: EXPOSE, run: RUN, set: SET },
  'Basic Commands (Intermediate)': { explain: EXPLAIN, get: GET, edit: EDIT, delete: DELETE },
  'Deploy Commands': { rollout: ROLLOUT, scale: SCALE, autoscale: AUTOSCALE },
  'Cluster Management Commands': {
    certificate: CERTIFICATE,
    'cluster-info': CLUSTER_INFO,
    top: TOP,
    cordon: CORDON,
    uncordon: UNCORDON,
    drain: DRAIN,
    taint: TAINT,
  },
  'Troubleshooting and Debugging Commands': {
    describe: DESCRIBE,
    logs: LOGS,
    attach: ATTACH,
    exec: EXEC,
    'port-forward': PORT_FORWARD,
    proxy: PROXY,
    cp: CP,
    auth: AUTH,
    debug: DEBUG,
    events: EVENTS,
  },
  'Advanced Commands': {
    diff: DIFF,
    apply: APPLY,
    patch: PATCH,
    replace: REPLACE,
    wait: WAIT,
    kustomize: KUSTOMIZE,
  },
  'Settings Commands': { label: LABEL, annotate: ANNOTATE, completion: COMPLETION },
  'Other Commands': {
    'api-resources': API_RESOURCES,
    'api-versions': API_VERSIONS,
    config: CONFIG,
    plugin: PLUGIN,
    version: VERSION,
  },
};

const ALPHA: CommandSpec = {
  short: 'Commands for features in alpha',
  long: 'These commands correspond to alpha features that are not enabled in Kubernetes clusters by default.',
};
const OPTIONS: CommandSpec = { short: 'Print the list of flags inherited by all commands' };

/** All of them; the last two are not listed. */
export const COMMANDS: Commands = {
  ...Object.fromEntries(Object.values(GROUPS).flatMap((group) => Object.entries(group))),
  options: OPTIONS,
  alpha: ALPHA,
};
