import type { LogText, ProcessPlan, ProcessStep, ProgramModel } from '../program.ts';
import { hostsOf, readSite, PATH, type NamedHost } from './sites.ts';
import { answer } from './answer.ts';
import { builtOf } from './built.ts';

/**
 * nginx 1.29: listens on the ports of its configuration, answers by its servers and locations, logs
 * as its configuration says, ends gracefully on SIGQUIT and fast on SIGTERM, both with exit code 0
 * (nginx.org/en/docs/control.html).
 *
 * Simplified: one worker in the log; what changes in the configuration counts at once, but for ports
 * and the addresses of names: a reload looks names up anew, and no more. It listens as soon as its process is there, where the
 * real one takes some ten milliseconds. Service times are model figures.
 */
const START_MS = 0;
const QUIT_MS = 30;

const SAY: SignalFree = { signals: {}, memoryBytes: 3_000_000 };
type SignalFree = Pick<ProcessPlan, 'signals' | 'memoryBytes'>;

/** Says its lines on standard error and ends. */
function ends(lines: readonly (string | LogText)[], code: number): ProcessPlan {
  const steps: ProcessStep[] = lines.map((line) => ({
    afterMs: 5,
    do: 'log',
    ...(typeof line === 'string' ? ({ stream: 'stderr', text: line } as const) : line),
  }));
  return { ...SAY, steps: [...steps, { afterMs: 10, do: 'exit', code }] };
}

function readWords(argv: readonly string[]) {
  let test = false;
  let quiet = false;
  let version = 0;
  let path = PATH;
  let signal: string | undefined;
  let globals = '';
  let unknown: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-t' || word === '-T') test = true;
    else if (word === '-q') quiet = true;
    else if (word === '-v') version = 1;
    else if (word === '-V') version = 2;
    else if (word === '-c') path = argv[++at] ?? PATH;
    else if (word === '-s') signal = argv[++at] ?? '';
    else if (word === '-g') globals += `${argv[++at] ?? ''};`;
    else if (word === '-p' || word === '-e') at += 1;
    else if (word.startsWith('-')) unknown ??= `invalid option: "${word.slice(1)}"`;
    else unknown ??= `invalid option: "${word}"`;
  }
  return { test, quiet, version, path, signal, globals, unknown };
}

export const nginx: ProgramModel = {
  plan(context): ProcessPlan {
    const { files, argv } = context;
    const { version, compiler } = builtOf(context);
    const words = readWords(argv);
    if (words.unknown !== undefined) return ends([`nginx: ${words.unknown}`], 1);
    if (words.version === 1) return ends([`nginx version: nginx/${version}`], 0);
    if (words.version === 2) {
      return ends([`nginx version: nginx/${version}`, `built by ${compiler}`], 0);
    }
    if (
      words.signal !== undefined &&
      !['stop', 'quit', 'reload', 'reopen'].includes(words.signal)
    ) {
      return ends([`nginx: invalid option: "-s ${words.signal}"`], 1);
    }
    const { configuration, site } = readSite(files, words.path);
    if (!configuration.ok) {
      const { message } = configuration;
      const last = `nginx: configuration file ${words.path} test failed`;
      const stamped: LogText = {
        stream: 'stderr',
        text: `[emerg] {pid}#{pid}: ${message}`,
        stamped: true,
      };
      if (words.test) return ends([`nginx: [emerg] ${message}`, last], 1);
      return ends([stamped, `nginx: [emerg] ${message}`], 1);
    }
    if (words.test) {
      const lines = [
        `nginx: the configuration file ${words.path} syntax is ok`,
        `nginx: configuration file ${words.path} test is successful`,
      ];
      const tested = ends(words.quiet ? [] : lines, 0);
      const looked = (site ? hostsOf(site) : []).map((host) => triedHost(host, words.path));
      return { ...tested, steps: [...looked, ...tested.steps] };
    }
    if (words.signal !== undefined) {
      const sent = sender(words.signal);
      return { ...sent, steps: [...(site ? hostsOf(site) : []).map(known), ...sent.steps] };
    }
    const ports = [...new Set((site?.servers ?? []).flatMap((server) => server.ports))];
    const daemon = !words.globals.includes('daemon off') && !saysOff(site?.main ?? []);
    const started = serving(ports, version, compiler, daemon);
    return { ...started, steps: [...(site ? hostsOf(site) : []).map(known), ...started.steps] };
  },

  serve: answer,

  /** A reload reads the configuration again; where that fails the old one stays. */
  signalled({ files }, signal) {
    if (signal !== 'SIGHUP') return undefined;
    const { configuration, site } = readSite(files);
    if (configuration.ok) {
      return { stays: true, log: RELOADED, resolves: (site ? hostsOf(site) : []).map(known) };
    }
    const failed = `[emerg] {pid}#{pid}: ${configuration.message}`;
    const line: LogText = { stream: 'stderr', text: failed, stamped: true };
    return { stays: true, log: [...RELOADED.slice(0, 2), line] };
  },
};

const saysOff = (main: readonly { name: string; args: readonly string[] }[]): boolean =>
  main.some(({ name, args }) => name === 'daemon' && args[0] === 'off');

/** `nginx -s reload` in a container: the first process is the one it means. */
function sender(name: string): ProcessPlan {
  const signals = {
    stop: 'SIGTERM',
    quit: 'SIGQUIT',
    reload: 'SIGHUP',
    reopen: 'SIGUSR1',
  } as const;
  const text = '[notice] {pid}#{pid}: signal process started';
  return {
    ...SAY,
    steps: [
      { afterMs: 5, do: 'log', stream: 'stderr', text, stamped: true },
      { afterMs: 5, do: 'signal', pid: 1, signal: signals[name as keyof typeof signals] },
      { afterMs: 10, do: 'exit', code: 0 },
    ],
  };
}

const noted = (level: 'notice' | 'emerg', text: string, afterMs = START_MS): ProcessStep => ({
  afterMs,
  do: 'log',
  stream: 'stderr',
  stamped: true,
  text: `[${level}] {pid}#{pid}: ${text}`,
});

/** Simplified: the worker stays the process it is. */
const RELOADED: readonly LogText[] = [
  'signal 1 (SIGHUP) received, reconfiguring',
  'reconfiguring',
  'using the "epoll" event method',
  'start worker processes',
].map((text) => ({ stream: 'stderr', text: `[notice] {pid}#{pid}: ${text}`, stamped: true }));

// What is an emergency goes to standard error, too, which the log leads to.
const emergency = (text: string): ProcessStep[] => [
  noted('emerg', text, 0),
  { afterMs: 0, do: 'log', stream: 'stderr', text: `nginx: [emerg] ${text}` },
];

/** It does not start without the address of a host it passes requests to. */
const known = ({ host, shown, at }: NamedHost) => ({
  ...{ afterMs: START_MS, do: 'resolve' as const, host },
  missing: [
    ...emergency(`host not found in upstream "${shown}" in ${at}`),
    { afterMs: 0, do: 'exit' as const, code: 1 },
  ],
});

const triedHost = (named: NamedHost, path: string): ProcessStep => ({
  ...{ afterMs: START_MS, do: 'resolve', host: named.host },
  missing: ends(
    [
      `nginx: [emerg] host not found in upstream "${named.shown}" in ${named.at}`,
      `nginx: configuration file ${path} test failed`,
    ],
    1,
  ).steps,
});

const TRIES = 5;
const AGAIN_MS = 500;

/** Opens a port, which may be taken (`src/core/ngx_connection.c` `ngx_open_listening_sockets`). */
function listening(port: number, then: ProcessStep[], isMusl: boolean): ProcessStep[] {
  const why = `98: Address ${isMusl ? '' : 'already '}in use`;
  let taken: ProcessStep[] = [
    ...emergency('still could not bind()'),
    { afterMs: 0, do: 'exit', code: 1 },
  ];
  for (let left = TRIES; left > 0; left--) {
    const failed = [
      ...emergency(`bind() to 0.0.0.0:${port} failed (${why})`),
      noted('notice', 'try again to bind() after 500ms', 0),
    ];
    const next: ProcessStep[] =
      left === TRIES
        ? later(taken, AGAIN_MS)
        : [{ afterMs: AGAIN_MS, do: 'listen', port, taken }, ...later(then, AGAIN_MS)];
    taken = [...failed, ...next];
  }
  return [{ afterMs: START_MS, do: 'listen', port, taken }, ...then];
}

const later = (steps: readonly ProcessStep[], byMs: number): ProcessStep[] =>
  steps.map((step) => ({ ...step, afterMs: step.afterMs + byMs }));

function serving(
  ports: readonly number[],
  version: string,
  compiler: string,
  daemon: boolean,
): ProcessPlan {
  const notices = [
    'using the "epoll" event method',
    `nginx/${version}`,
    `built by ${compiler}`,
    'OS: Linux 6.12.57',
    'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
    'start worker processes',
    'start worker process 30',
  ];
  let steps: ProcessStep[] = notices.map((text) => noted('notice', text));
  // Without `daemon off;` the first process leaves its workers behind and the container ends.
  if (daemon) steps.push({ afterMs: START_MS, do: 'exit', code: 0 });
  // It opens all its ports before it says anything.
  const isMusl = compiler.includes('Alpine');
  for (const port of ports.toReversed()) steps = listening(port, steps, isMusl);
  return {
    steps,
    signals: {
      SIGQUIT: { exitCode: 0, afterMs: QUIT_MS, log: shutDown('SIGQUIT', 3, true) },
      SIGTERM: { exitCode: 0, afterMs: 5, log: shutDown('SIGTERM', 15, false) },
      SIGINT: { exitCode: 0, afterMs: 5, log: shutDown('SIGINT', 2, false) },
      SIGHUP: { stays: true, log: RELOADED },
      SIGUSR1: 'ignore',
      SIGUSR2: 'ignore',
      SIGWINCH: 'ignore',
    },
    memoryBytes: 6_000_000,
    title: 'nginx: master process nginx -g daemon off;',
    workers: [{ title: 'nginx: worker process', pid: 30, user: 'nginx' }],
  };
}

function shutDown(signal: string, number: number, gracefully: boolean): LogText[] {
  const how = gracefully ? 'shutting down' : 'exiting';
  const lines = [
    `[notice] 1#1: signal ${number} (${signal}) received, ${how}`,
    ...(gracefully ? ['[notice] 30#30: gracefully shutting down'] : []),
    '[notice] 30#30: exiting',
    '[notice] 30#30: exit',
    '[notice] 1#1: signal 17 (SIGCHLD) received from 30',
    '[notice] 1#1: worker process 30 exited with code 0',
    '[notice] 1#1: exit',
  ];
  return lines.map((text) => ({ stream: 'stderr', text, stamped: true }));
}
