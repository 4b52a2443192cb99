import { Session } from '../../src/engine/session.ts';
import { perSecond, timed, type Benchmark, type Measured } from './benchmark.ts';

const WEB = 'registry.local:5000/web:1.0';

/** Who has pushed an image to a registry of their own: Docker Hub counts who pulls how often. */
function publisher(): Session {
  const session = new Session({ preset: 'registry', seed: 1 });
  type(session, 'docker pull nginx:1.29-alpine');
  type(session, `docker tag nginx:1.29-alpine ${WEB}`);
  type(session, `docker push -q ${WEB}`);
  type(session, 'docker rmi nginx:1.29-alpine');
  return session;
}

/** Through the command line, as a person does it: shell, client, daemon, containerd. */
function person(): Session {
  const session = new Session({ preset: 'host', seed: 1 });
  session.type('docker pull nginx:1.29-alpine');
  return session;
}

function type(session: Session, line: string): void {
  const { exitCode, printed } = session.type(line);
  if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
}

const DOCKERFILE = `FROM nginx:1.29-alpine
RUN apk add --no-cache tzdata
COPY index.html /usr/share/nginx/html/index.html
`;

const rates: Benchmark = () => {
  const runs = person();
  const builds = person();
  builds.write('Dockerfile', DOCKERFILE);
  const pulls = publisher();
  return [
    {
      name: 'docker.runs_per_second',
      value: perSecond(200, () => type(runs, 'docker run -d nginx:1.29-alpine')),
      unit: '1/s',
    },
    {
      name: 'docker.builds_per_second',
      value: perSecond(50, (round) => {
        builds.write('index.html', `page ${round}\n`);
        type(builds, 'docker build -q -t web .');
      }),
      unit: '1/s',
    },
    {
      name: 'docker.pulls_per_second',
      value: perSecond(100, () => {
        type(pulls, `docker rmi ${WEB}`);
        type(pulls, `docker pull -q ${WEB}`);
      }),
      unit: '1/s',
    },
  ];
};

const COUNTS = [10, 100, 1000, 10_000];
const MORE = 100;

/** What one more container costs when so many run already: the median, as a pause may fall on one. */
const perContainer: Benchmark = () => {
  const session = person();
  const run = (): void => type(session, 'docker run -d nginx:1.29-alpine');
  for (let i = 0; i < 200; i++) run();
  type(session, 'docker rm -f $(docker ps -q)');
  const measured: Measured[] = [];
  let there = 0;
  for (const count of COUNTS) {
    for (; there < count; there++) run();
    const each = Array.from({ length: MORE }, () => timed(run)).sort((a, b) => a - b);
    there += MORE;
    const reference = measured[0]?.value;
    measured.push({
      name: `docker.us_per_run.${count}`,
      value: (each[MORE / 2] ?? 0) * 1000,
      unit: 'us',
      ...(reference === undefined ? {} : { reference }),
    });
  }
  return measured;
};

export const docker: readonly Benchmark[] = [rates, perContainer];
