import type { HttpRequest } from '../../net/http.ts';
import type { Client, ProcessContext, ProcessPlan, ProgramModel } from '../program.ts';
import { appAnswer, appPlan } from './app.ts';
import { ends, say } from './plans.ts';
import { jenkins } from './slow-starters.ts';

/**
 * `java`: its version, and `-jar FILE`. A jar of one's own is an application that listens (app.ts)
 * where the environment says, as `SERVER_PORT` does to Spring Boot.
 *
 * Simplified: code is not executed.
 */
const VALUED = ['-cp', '-classpath', '--class-path', '--module-path', '-p'];

/** The jar or the class that it is to run, and where it stands among the words. */
function mainOf({ argv }: ProcessContext): { jar?: string; main?: string } {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-jar') return { jar: argv[at + 1] ?? '' };
    if (VALUED.includes(word)) at += 1;
    else if (!word.startsWith('-') && !word.startsWith('@')) return { main: word };
  }
  return {};
}

const isJenkins = (context: ProcessContext): boolean =>
  mainOf(context).jar?.endsWith('jenkins.war') ?? false;

/** A port given as Spring Boot takes it. */
function settled(context: ProcessContext): ProcessContext {
  const given = context.argv.map((word) => /^(?:--|-D)server\.port=(\d+)$/.exec(word)?.[1]);
  const port = given.find((value) => value !== undefined) ?? context.env.SERVER_PORT;
  return port === undefined ? context : { ...context, env: { ...context.env, PORT: port } };
}

const atPath = ({ cwd = '/' }: ProcessContext, file: string): string =>
  file.startsWith('/') ? file : `${cwd === '/' ? '' : cwd}/${file.replace(/^\.\//, '')}`;

const version = ({ env }: ProcessContext): string[] => {
  const [, full = '21.0.9+10'] = /^jdk-(.*)$/.exec(env.JAVA_VERSION ?? '') ?? [];
  const plain = full.replace(/\+.*$/, '');
  return [
    `openjdk version "${plain}" 2025-10-21 LTS`,
    `OpenJDK Runtime Environment Temurin-${full} (build ${full}-LTS)`,
    `OpenJDK 64-Bit Server VM Temurin-${full} (build ${full}-LTS, mixed mode, sharing)`,
  ];
};

const AGENT = 'hudson.remoting.jnlp.Main';

/** An agent of Jenkins (jenkinsci/remoting 3345): it connects and waits for work. */
function agentPlan({ env }: ProcessContext): ProcessPlan {
  const name = env.JENKINS_AGENT_NAME ?? '';
  const said = (text: string) => `INFO: ${text}`;
  return {
    steps: say(
      1800,
      [
        said(`Setting up agent: ${name}`),
        said(`Locating server among [${env.JENKINS_URL ?? ''}]`),
        said('Handshaking'),
        said('Connected'),
      ],
      { stream: 'stderr' },
    ),
    signals: { SIGTERM: { exitCode: 143, afterMs: 200 } },
    memoryBytes: AGENT_BYTES,
  };
}

/** Model figure. */
const AGENT_BYTES = 110_000_000;

export const java: ProgramModel = {
  usesHostname: true,
  plan(context) {
    const { argv, files } = context;
    if (isJenkins(context)) return jenkins.plan(context);
    if (argv[1] === '-version') return ends(version(context), 0, 'stderr');
    if (argv[1] === '--version') return ends(version(context));
    const { jar, main } = mainOf(context);
    if (main === AGENT) return agentPlan(context);
    if (jar !== undefined) {
      if (files.kind(atPath(context, jar)) === 'file') return appPlan(settled(context));
      return ends([`Error: Unable to access jarfile ${jar}`], 1, 'stderr');
    }
    if (main === undefined)
      return ends(['Usage: java [options] <mainclass> [args...]'], 1, 'stderr');
    const own = `${main.replace(/\./g, '/')}.class`;
    if (main.endsWith('.java') && files.kind(atPath(context, main)) === 'file')
      return appPlan(settled(context), atPath(context, main));
    if (files.kind(atPath(context, own)) === 'file' || argv.length > 2)
      return appPlan(settled(context));
    return ends(
      [
        `Error: Could not find or load main class ${main}`,
        `Caused by: java.lang.ClassNotFoundException: ${main}`,
      ],
      1,
      'stderr',
    );
  },
  serve(context, request: HttpRequest, client: Client) {
    if (isJenkins(context)) return jenkins.serve?.(context, request, client);
    return appAnswer(settled(context), request, client);
  },
};
