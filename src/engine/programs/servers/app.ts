import type { HttpRequest } from '../../net/http.ts';
import type {
  Client,
  Forwarded,
  ProcessContext,
  ProcessPlan,
  ProcessStep,
  ProgramModel,
  Served,
} from '../program.ts';
import { httpDate } from '../nginx/answer.ts';
import { routeAnswer, routesIn, type Route } from './app-routes.ts';
import { say, ends } from './plans.ts';

/**
 * A web application whose behaviour the environment decides. It is `drydock/app`, and it is what
 * `node FILE` and `python FILE` run: directives in the file (`// drydock: PORT=3000 CRASH_AFTER_MS=…`)
 * count where the environment says nothing.
 *
 * PORT (8080) · START_DELAY_MS · RESPONSE_MS (2) · CPU_MS a request (1) · MEMORY_MB (40) ·
 * LEAK_MB_PER_S · CRASH_AFTER_MS with EXIT_CODE (1) · IGNORE_SIGTERM · STOP_MS (20) ·
 * HEALTH_FAILS_AFTER_MS · MESSAGE · UPSTREAM (host:port that GET /upstream asks).
 *
 * `/` greets, `/health` and `/healthz` tell the health, `/version` the version (APP_VERSION), `/env`
 * the environment, `/count` counts; what asks other servers is declared in the file (app-routes.ts).
 */
const NAMES =
  'PORT START_DELAY_MS RESPONSE_MS CPU_MS MEMORY_MB LEAK_MB_PER_S CRASH_AFTER_MS EXIT_CODE IGNORE_SIGTERM STOP_MS HEALTH_FAILS_AFTER_MS MESSAGE UPSTREAM'.split(
    ' ',
  );
const MEGABYTE = 1_048_576;
const LEAK_STEPS = 600;
const encoder = new TextEncoder();

type Settings = Readonly<Partial<Record<string, string>>>;

/** What the code of an application says of its behaviour. */
interface Declared {
  readonly settings: Settings;
  readonly routes: readonly Route[];
}

/** By the bytes of a file: it is read at each request, and seldom another. */
const declared = new WeakMap<Uint8Array, Declared>();
const NOTHING: Declared = { settings: {}, routes: [] };

function declaredIn({ files }: Pick<ProcessContext, 'files'>, file: string | undefined): Declared {
  const bytes = file === undefined ? undefined : files.read(file);
  if (!bytes) return NOTHING;
  let known = declared.get(bytes);
  if (!known) {
    const text = new TextDecoder().decode(bytes);
    declared.set(bytes, (known = { settings: directivesIn(text), routes: routesIn(text) }));
  }
  return known;
}

/** Directives; a port that the code itself names counts too. */
function directivesIn(text: string): Settings {
  const settings: Record<string, string> = {};
  const listens =
    /\.listen\(\s*(?:process\.env\.PORT\s*\|\|\s*)?(\d{2,5})/.exec(text)?.[1] ??
    /port\s*=\s*(\d{2,5})/i.exec(text)?.[1];
  if (listens !== undefined) settings.PORT = listens;
  for (const line of text.split('\n')) {
    const found = /^\s*(?:\/\/|#)\s*drydock:\s*(.*)$/.exec(line)?.[1];
    if (found === undefined) continue;
    for (const [, name = '', value = ''] of found.matchAll(/([A-Z_]+)=("[^"]*"|\S+)/g)) {
      if (NAMES.includes(name)) settings[name] = value.replace(/^"|"$/g, '');
    }
  }
  return settings;
}

/** The directives of a file, then the environment. */
function settingsOf(context: ProcessContext, file: string | undefined): Settings {
  const { env } = context;
  const settings: Record<string, string | undefined> = { ...declaredIn(context, file).settings };
  for (const name of NAMES) {
    const value = env[name];
    if (value !== undefined && value !== '') settings[name] = value;
  }
  return settings;
}

function numberOf(settings: Settings, name: string, otherwise: number): number {
  const value = Number(settings[name]);
  return settings[name] !== undefined && Number.isFinite(value) && value >= 0
    ? Math.min(value, 2 ** 40)
    : otherwise;
}

const isOn = (text: string | undefined): boolean =>
  text !== undefined && !['', '0', 'false', 'no'].includes(text.toLowerCase());

export function appPlan(context: ProcessContext, file?: string): ProcessPlan {
  const settings = settingsOf(context, file);
  const port = numberOf(settings, 'PORT', 8080);
  const startMs = 50 + numberOf(settings, 'START_DELAY_MS', 0);
  const steps: ProcessStep[] = [];
  if (port < 1 || port > 65_535 || !Number.isInteger(port)) {
    return ends(
      [`listen: options.port should be >= 0 and < 65536. Received ${settings.PORT}.`],
      1,
      'stderr',
    );
  }
  if (startMs > 50) steps.push(...say(20, ['starting']));
  steps.push(
    { afterMs: startMs, do: 'listen', port },
    ...say(startMs, [`listening on port ${port}`]),
  );
  const memoryBytes = Math.round(numberOf(settings, 'MEMORY_MB', 40) * MEGABYTE);
  const leak = numberOf(settings, 'LEAK_MB_PER_S', 0);
  for (let second = 1; leak > 0 && second <= LEAK_STEPS; second++) {
    const bytes = Math.round(memoryBytes + leak * MEGABYTE * second);
    steps.push({ afterMs: startMs + second * 1000, do: 'memory', bytes });
  }
  const crash = settings.CRASH_AFTER_MS;
  if (crash !== undefined) {
    const afterMs = startMs + numberOf(settings, 'CRASH_AFTER_MS', 0);
    steps.push(
      ...say(afterMs, ['fatal: the application crashed on purpose'], { stream: 'stderr' }),
    );
    steps.push({ afterMs, do: 'exit', code: numberOf(settings, 'EXIT_CODE', 1) & 255 });
  }
  const stopMs = numberOf(settings, 'STOP_MS', 20);
  const leave = (signal: string) => ({
    exitCode: 0,
    afterMs: stopMs,
    log: [{ stream: 'stdout' as const, text: `received ${signal}, shutting down` }],
  });
  const deaf = isOn(settings.IGNORE_SIGTERM);
  return {
    steps: steps.sort((a, b) => a.afterMs - b.afterMs),
    signals: deaf
      ? { SIGTERM: 'ignore', SIGINT: 'ignore', SIGHUP: 'ignore' }
      : { SIGTERM: leave('SIGTERM'), SIGINT: leave('SIGINT') },
    memoryBytes,
  };
}

interface Counted {
  readonly count: number;
}

export function appAnswer(
  context: ProcessContext,
  request: HttpRequest,
  client: Client,
  file?: string,
): Served | Forwarded {
  const settings = settingsOf(context, file);
  const path = request.path.replace(/\?.*$/s, '');
  const { count = 0 } = (client.state as Counted | undefined) ?? {};
  const failsAfter = settings.HEALTH_FAILS_AFTER_MS;
  const ageMs = client.timeMs - (client.startedMs ?? client.timeMs);
  const ill = failsAfter !== undefined && ageMs >= numberOf(settings, 'HEALTH_FAILS_AFTER_MS', 0);
  const version = context.env.APP_VERSION;
  const hello =
    settings.MESSAGE ??
    `hello from ${context.hostname}${version === undefined ? '' : ` (version ${version})`}`;
  let status = 200;
  let text = `${hello}\n`;
  let type = 'text/plain; charset=utf-8';
  const { routes } = declaredIn(context, file);
  const route = routes.find((one) => one.path === path && one.method === request.method);
  if (route) {
    const outcome = routeAnswer(context, route, client.upstream);
    if ('forward' in outcome) return outcome;
    ({ status, text } = outcome);
    type = 'application/json';
  } else if (path === '/health' || path === '/healthz' || path === '/ready') {
    status = ill ? 503 : 200;
    text = ill ? 'unhealthy\n' : 'ok\n';
  } else if (path === '/version') text = `${version ?? 'unknown'}\n`;
  else if (path === '/env') {
    text = Object.entries(context.env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  } else if (path === '/count') text = `${count + 1}\n`;
  else if (path === '/upstream' && settings.UPSTREAM !== undefined) {
    const [host = '', port = '80'] = settings.UPSTREAM.split(':');
    if (client.upstream === undefined) {
      const passed = { method: 'GET', path: '/', host: settings.UPSTREAM };
      return { forward: { host, port: Number(port) || 80, request: passed, timeoutMs: 5000 } };
    }
    const came = client.upstream;
    if (typeof came === 'string' || !came.ok) {
      status = 502;
      const why = came === 'unresolved' ? 'name not found' : 'timeout';
      text = `${settings.UPSTREAM}: ${typeof came === 'string' ? why : came.error}\n`;
    } else text = `${settings.UPSTREAM} says: ${new TextDecoder().decode(came.response.body)}`;
  } else if (path !== '/') {
    status = 404;
    text = 'not found\n';
  }
  const body = encoder.encode(text);
  const headers = {
    'Content-Type': type,
    Date: httpDate(client.timeMs),
    'Content-Length': String(body.length),
  };
  return {
    response: { status, headers, body: request.method === 'HEAD' ? new Uint8Array(0) : body },
    afterMs: numberOf(settings, 'RESPONSE_MS', 2),
    cpuMs: numberOf(settings, 'CPU_MS', 1),
    state: { count: count + 1 } satisfies Counted,
    log: { stream: 'stdout', text: `${request.method} ${request.path} ${status}` },
  };
}

export const app: ProgramModel = {
  usesHostname: true,
  plan: (context) => appPlan(context),
  serve: (context, request, client) => appAnswer(context, request, client),
};
