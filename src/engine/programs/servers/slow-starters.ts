import type { HttpRequest, HttpResponse } from '../../net/http.ts';
import type { ProcessContext, ProcessPlan, ProcessStep, ProgramModel, Served } from '../program.ts';
import { JENKINS_CLOUD } from './jenkins-cloud.ts';
import { jobsPage } from './jenkins-jobs.ts';
import { lines, say, textIn } from './plans.ts';

/**
 * Jenkins and Nexus: Java applications that need a minute and a gigabyte before they answer.
 *
 * Simplified: the first password is the same in every world; start times are model figures.
 */
const encoder = new TextEncoder();
const MEGABYTE = 1_048_576;

function page(status: number, text: string, headers: HttpResponse['headers'] = {}): Served {
  const body = encoder.encode(text);
  return {
    response: {
      status,
      headers: {
        'Content-Type': 'text/html;charset=utf-8',
        ...headers,
        'Content-Length': String(body.length),
      },
      body,
    },
    afterMs: 40,
    cpuMs: 10,
  };
}

const PASSWORD = '3f9c1b7d52e84a06b1d7c0a98e65f432';
const SECRET = '/secrets/initialAdminPassword';

const homeOf = ({ env }: ProcessContext): string => env.JENKINS_HOME ?? '/var/jenkins_home';

function growing(fromMs: number, untilMs: number, bytes: number): ProcessStep[] {
  const steps = 6;
  return Array.from({ length: steps }, (_, i) => ({
    afterMs: Math.round(fromMs + ((untilMs - fromMs) * (i + 1)) / steps),
    do: 'memory' as const,
    bytes: Math.round((bytes * (i + 2)) / (steps + 1)),
  }));
}

const info = (id: number, name: string, text: string) =>
  `{time} [id=${id}]\tINFO\t${name}: ${text}`;

const JAVA_LOG = { stamped: 'java', stream: 'stderr' } as const;

/** What Jenkins has attained, one after another. */
const STAGES = [
  'Started initialization',
  'Listed all plugins',
  'Prepared all plugins',
  'Started all plugins',
  'Augmented all extensions',
  'System config loaded',
  'System config adapted',
  'Loaded all jobs',
  'Configuration for all jobs updated',
];

function setupText(home: string): string[] {
  const stars = '*'.repeat(61);
  return [
    '',
    stars,
    stars,
    stars,
    '',
    'Jenkins initial setup is required. An admin user has been created and a password generated.',
    'Please use the following password to proceed to installation:',
    '',
    PASSWORD,
    '',
    `This may also be found at: ${home}${SECRET}`,
    '',
    stars,
    stars,
    stars,
    '',
  ];
}

/** Steps up to the open ports. */
function jenkinsDoors(home: string): ProcessStep[] {
  const log = (afterMs: number, name: string, text: string): ProcessStep[] =>
    say(afterMs, [info(1, name, text)], JAVA_LOG);
  return [
    ...say(700, ['Running from: /usr/share/jenkins/jenkins.war']),
    ...log(900, 'winstone.Logger#logInternal', 'Beginning extraction from war file'),
    ...log(
      2600,
      'o.e.j.s.Server#doStart',
      'jetty-12.0.22; built: 2025-06-02T15:25:31.946Z; jvm 21.0.9+10-LTS',
    ),
    ...log(
      3600,
      'hudson.WebAppMain#contextInitialized',
      `Jenkins home directory: ${home} found at: EnvVars.masterEnvVars.get("JENKINS_HOME")`,
    ),
    ...log(
      4000,
      'winstone.Logger#logInternal',
      'Winstone Servlet Engine running: controlPort=disabled',
    ),
    { afterMs: 4000, do: 'listen', port: 8080 },
    { afterMs: 4000, do: 'listen', port: 50_000 },
  ];
}

function jenkinsSteps(context: ProcessContext): ProcessStep[] {
  const home = homeOf(context);
  const first = context.files.kind(`${home}${SECRET}`) !== 'file';
  const secret = { path: `${home}${SECRET}`, content: `${PASSWORD}\n` };
  return [
    ...jenkinsDoors(home),
    ...STAGES.flatMap((text, i) =>
      say(
        5000 + i * 1200,
        [info(30 + i, 'jenkins.InitReactorRunner$1#onAttained', text)],
        JAVA_LOG,
      ),
    ),
    ...(first
      ? [...say(17_000, setupText(home)), { afterMs: 17_000, do: 'write', ...secret } as const]
      : []),
    ...say(
      24_000,
      [
        info(37, 'jenkins.InitReactorRunner$1#onAttained', 'Completed initialization'),
        info(24, 'hudson.lifecycle.Lifecycle#onReady', 'Jenkins is fully up and running'),
      ],
      JAVA_LOG,
    ),
    { afterMs: 24_000, do: 'start', command: JENKINS_CLOUD },
    ...growing(900, 24_000, 620 * MEGABYTE),
  ];
}

export const jenkins: ProgramModel = {
  plan(context): ProcessPlan {
    const steps = jenkinsSteps(context);
    const down = lines(
      [
        info(22, 'winstone.Logger#logInternal', 'JVM is terminating. Shutting down Jetty'),
        info(22, 'hudson.lifecycle.Lifecycle#onStatusUpdate', 'Stopping Jenkins'),
        info(22, 'hudson.lifecycle.Lifecycle#onStatusUpdate', 'Jenkins stopped'),
      ],
      JAVA_LOG,
    );
    return {
      steps: steps.sort((a, b) => a.afterMs - b.afterMs),
      signals: {
        SIGTERM: { exitCode: 143, afterMs: 900, log: down },
        SIGINT: { exitCode: 130, afterMs: 900, log: down },
      },
      memoryBytes: 90 * MEGABYTE,
    };
  },
  serve(context, request: HttpRequest, { timeMs, startedMs = 0 }): Served {
    const headers = {
      Server: 'Jetty(12.0.22)',
      'X-Jenkins': context.env.JENKINS_VERSION ?? '2.528.3',
    };
    if (timeMs - startedMs < 24_000)
      return page(
        503,
        '<p>Please wait while Jenkins is getting ready to work&hellip;</p>\n',
        headers,
      );
    const isKnown = request.headers?.authorization !== undefined;
    const jobs = isKnown && jobsPage(context.files, homeOf(context), request);
    if (jobs) {
      const { status, text, headers: more, writes = [] } = jobs;
      return { ...page(status, text, { ...headers, ...more }), writes };
    }
    if (isKnown && request.path === '/') {
      return page(200, '<title>Dashboard - Jenkins</title>\n', headers);
    }
    if (request.path === '/login') return page(200, '<title>Sign in - Jenkins</title>\n', headers);
    return page(
      403,
      "<html><head><meta http-equiv='refresh' content='1;url=/login?from=%2F'/></head><body>Authentication required</body></html>\n",
      headers,
    );
  },
};

const NEXUS_READY_MS = 75_000;

export const nexus: ProgramModel = {
  plan(context): ProcessPlan {
    const log = { stamped: 'java' } as const;
    const first = textIn(context, '/nexus-data/admin.password') === undefined;
    const text = (level: string, what: string) => `{time} ${level}  [main] *SYSTEM ${what}`;
    const steps: ProcessStep[] = [
      ...say(
        4000,
        [
          text(
            'INFO',
            'org.sonatype.nexus.bootstrap.entrypoint.ApplicationLauncher - Starting Nexus Repository',
          ),
        ],
        log,
      ),
      ...say(
        20_000,
        [text('INFO', 'org.sonatype.nexus.extender.NexusLifecycleManager - Start KERNEL')],
        log,
      ),
      ...say(
        45_000,
        [text('INFO', 'org.sonatype.nexus.extender.NexusLifecycleManager - Start STORAGE')],
        log,
      ),
      ...say(
        60_000,
        [text('INFO', 'org.sonatype.nexus.extender.NexusLifecycleManager - Start SERVICES')],
        log,
      ),
      ...(first
        ? [
            {
              afterMs: 70_000,
              do: 'write',
              path: '/nexus-data/admin.password',
              content: '0b4e7d21-6f3a-4c58-9d12-7ae5c3b98f60',
            } as const,
          ]
        : []),
      { afterMs: NEXUS_READY_MS, do: 'listen', port: 8081 },
      ...say(NEXUS_READY_MS, [
        '',
        '-------------------------------------------------',
        '',
        'Started Sonatype Nexus Repository COMMUNITY 3.87.1-01',
        '',
        '-------------------------------------------------',
      ]),
      ...growing(4000, NEXUS_READY_MS, 1900 * MEGABYTE),
    ];
    return {
      steps: steps.sort((a, b) => a.afterMs - b.afterMs),
      signals: {
        SIGTERM: {
          exitCode: 143,
          afterMs: 6000,
          log: lines(
            [text('INFO', 'org.sonatype.nexus.extender.NexusLifecycleManager - Shutting down')],
            log,
          ),
        },
      },
      memoryBytes: 300 * MEGABYTE,
    };
  },
  serve: (_context, { path }) => {
    const headers = { Server: 'Nexus/3.87.1-01 (COMMUNITY)' };
    if (path.startsWith('/service/rest/v1/status')) return page(200, '', headers);
    return path === '/'
      ? page(200, '<title>Sonatype Nexus Repository</title>\n', headers)
      : page(404, '<title>404 - Nexus Repository</title>\n', headers);
  },
};

/** The registry as a server: it listens and tells that it speaks the distribution API. */
export const registryServer: ProgramModel = {
  usesHostname: true,
  plan({ hostname }): ProcessPlan {
    const log = { stream: 'stderr', stamped: 'go' } as const;
    const line = (text: string) =>
      `time="{time}" level=info msg="${text}" go.version=go1.23.7 instance.id=${hostname} service=registry version=3.0.0`;
    return {
      steps: [
        ...say(
          60,
          [
            line('redis not configured'),
            line('using inmemory blob descriptor cache'),
            line('Starting upload purge in 30m0s'),
            line('listening on [::]:5000'),
          ],
          log,
        ),
        { afterMs: 60, do: 'listen', port: 5000 },
      ],
      signals: {
        SIGTERM: {
          exitCode: 0,
          afterMs: 20,
          log: lines([line('stopping server gracefully. Draining connections for 0s')], log),
        },
        SIGINT: { exitCode: 0, afterMs: 20 },
      },
      memoryBytes: 20 * MEGABYTE,
    };
  },
  serve(_context, { path }): Served {
    const json = {
      'Content-Type': 'application/json',
      'Docker-Distribution-Api-Version': 'registry/2.0',
    };
    const answer = (status: number, text: string): Served => ({
      response: {
        status,
        headers: { ...json, 'Content-Length': String(text.length) },
        body: encoder.encode(text),
      },
      afterMs: 2,
    });
    if (path === '/v2/' || path === '/v2') return answer(200, '{}');
    if (path.startsWith('/v2/_catalog')) return answer(200, '{"repositories":[]}\n');
    return answer(404, '404 page not found\n');
  },
};
