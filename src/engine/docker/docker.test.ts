import { describe, expect, it } from 'vitest';
import { Builders } from '../build/builder.ts';
import { Containerd } from '../containerd/containerd.ts';
import { MachineFiles } from '../machine/files.ts';
import { Addresses } from '../net/address.ts';
import { Http, type HttpOutcome } from '../net/http.ts';
import { Links } from '../net/link.ts';
import { addDockerHub } from '../oci/hub/catalogue.ts';
import { Registries } from '../oci/registry.ts';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { Docker } from './daemon.ts';

const DOCKERFILE = `# A page behind nginx.
FROM nginx:1.29-alpine
WORKDIR /usr/share/nginx/html
RUN rm -f 50x.html && echo "built here" > note.txt
COPY index.html .
EXPOSE 80
`;
const WEB = 'registry.local:5000/web';

/** A workstation with Docker, a worker with containerd only, a registry and Docker Hub. */
function workshop() {
  const kernel = new Kernel({ seed: 11 });
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  const registries = new Registries(kernel, processes);
  registries.addHost('registry.local:5000');
  addDockerHub(registries);
  links.setEnd('docker.io', { latencyMs: 25, bytesPerMs: 12_500 });
  const files = new MachineFiles(kernel, processes);
  const containerd = new Containerd(kernel, processes, http, files);
  const builders = new Builders(kernel, processes, containerd);
  const docker = new Docker(kernel, processes, { containerd, http, addresses, files });
  for (const machine of ['dev', 'node-1']) containerd.addMachine(machine);
  files.addMachine('dev');
  builders.addMachine('dev');
  docker.addMachine('dev');
  addresses.assign('10.0.0.2', { machine: 'dev', owner: 'dev' });
  addresses.setName('dev', '10.0.0.2');
  files.write('dev', '/home/dev/web/Dockerfile', DOCKERFILE);
  files.write('dev', '/home/dev/web/index.html', '<h1>one</h1>\n');
  files.write('dev', '/home/dev/web/.dockerignore', 'node_modules\n*.log\n');
  files.write('dev', '/home/dev/web/debug.log', 'noise\n');
  const endings: { result?: unknown }[] = [];
  kernel.event<{ ending: { result?: unknown } }>('test/ended', ({ ending }) =>
    endings.push(ending),
  );
  const outcomes: HttpOutcome[] = [];
  kernel.event<{ outcome: HttpOutcome }>('test/http', ({ outcome }) => outcomes.push(outcome));
  const begin = (command: string) => {
    const io = { stdout: processes.streams.open(), stderr: processes.streams.open() };
    const argv = command.match(/"[^"]*"|\S+/g)?.map((word) => word.replace(/"/g, '')) ?? [];
    const args = { machine: 'dev', argv, env: {}, cwd: '/home/dev/web' };
    processes.spawn('docker/cli', args, { io, then: { event: 'test/ended', payload: {} } });
    return io;
  };
  const run = (command: string) => {
    const before = endings.length;
    const { stdout, stderr } = begin(command);
    kernel.advanceUntil(() => endings.length > before, 600_000);
    return {
      code: endings.at(-1)?.result,
      out: processes.streams.take(stdout).join(''),
      err: processes.streams.take(stderr).join(''),
    };
  };
  const get = (ip: string, port: number, path = '/') => {
    const before = outcomes.length;
    const then = { event: 'test/http', payload: {} };
    http.request({ machine: 'dev', name: 'client' }, { ip, port }, { method: 'GET', path }, then);
    kernel.advanceUntil(() => outcomes.length > before, 60_000);
    return outcomes.at(-1)!;
  };
  return { kernel, processes, links, files, containerd, registries, run, begin, get, endings };
}

const textOf = (outcome: HttpOutcome) =>
  outcome.ok ? new TextDecoder().decode(outcome.response.body) : outcome.error;

describe('docker build', () => {
  it('prints plain progress on stderr and makes an image of real layers', () => {
    const { run, containerd } = workshop();
    const built = run(`docker build -t ${WEB}:1.0 .`);
    expect(built.code).toBe(0);
    expect(built.out).toBe('');
    const vertices = built.err.match(/^#\d+ \[.*$/gm);
    expect([...new Set(vertices)]).toEqual([
      '#1 [internal] load build definition from Dockerfile',
      '#2 [internal] load metadata for docker.io/library/nginx:1.29-alpine',
      '#3 [internal] load .dockerignore',
      expect.stringMatching(
        /^#4 \[1\/4\] FROM docker\.io\/library\/nginx:1\.29-alpine@sha256:[0-9a-f]{64}$/,
      ),
      '#5 [internal] load build context',
      '#6 [2/4] WORKDIR /usr/share/nginx/html',
      '#7 [3/4] RUN rm -f 50x.html && echo "built here" > note.txt',
      '#8 [4/4] COPY index.html .',
    ]);
    expect(built.err).toContain('#9 exporting to image\n#9 exporting layers');
    expect(built.err).toContain(`#9 naming to ${WEB}:1.0 done\n`);
    const image = containerd.content.image('dev', `${WEB}:1.0`);
    expect(image?.config.rootfs.diff_ids).toHaveLength(11);
    expect(image?.config.config.WorkingDir).toBe('/usr/share/nginx/html');
    expect(image?.config.history.filter((entry) => !entry.empty_layer)).toHaveLength(11);
  });

  it('reuses every step up to the COPY whose file changed, whatever its time', () => {
    const { run, files, containerd } = workshop();
    run(`docker build -t ${WEB}:1.0 .`);
    const first = containerd.content.image('dev', `${WEB}:1.0`);
    files.write('dev', '/home/dev/web/index.html', '<h1>one</h1>\n');
    const again = run(`docker build -t ${WEB}:again .`);
    expect(again.err.match(/CACHED/g)).toHaveLength(4);
    expect(containerd.content.image('dev', `${WEB}:again`)?.digest).toBe(first?.digest);
    files.write('dev', '/home/dev/web/index.html', '<h1>two</h1>\n');
    files.write('dev', '/home/dev/web/debug.log', 'other noise\n');
    const changed = run(`docker build -t ${WEB}:2.0 .`);
    expect(changed.err.match(/^#\d+ CACHED$/gm)).toEqual(['#4 CACHED', '#6 CACHED', '#7 CACHED']);
    expect(changed.err).toMatch(/#8 \[4\/4\] COPY index\.html \.\n#8 DONE/);
    const second = containerd.content.image('dev', `${WEB}:2.0`);
    expect(second?.config.rootfs.diff_ids.slice(0, -1)).toEqual(
      first?.config.rootfs.diff_ids.slice(0, -1),
    );
    expect(second?.digest).not.toBe(first?.digest);
    const fresh = run(`docker build --no-cache -t ${WEB}:3.0 .`);
    expect(fresh.err.match(/^#\d+ CACHED$/gm)).toEqual(['#4 CACHED']);
  });

  it('refuses a Dockerfile in the words of BuildKit, pointing at the line', () => {
    const { run, files } = workshop();
    const fails = (text: string) => {
      files.write('dev', '/home/dev/web/Dockerfile', text);
      const { code, err } = run('docker build .');
      expect(code).toBe(1);
      return err;
    };
    const unknown = fails('FROM alpine\n\nRUNN true\n');
    expect(unknown).toContain('Dockerfile:3\n--------------------\n');
    expect(unknown).toContain('   3 | >>> RUNN true\n');
    expect(unknown).toContain(
      'ERROR: failed to build: failed to solve: dockerfile parse error on line 3: ' +
        'unknown instruction: RUNN (did you mean RUN?)\n',
    );
    expect(fails('FROM a b\n')).toContain('FROM requires either one or three arguments');
    expect(fails('# nothing\n')).toContain('failed to solve: file with no instructions');
    expect(fails('FROM alpine\nCOPY nope /\n')).toMatch(
      /failed to calculate checksum of ref \w+::\w+: "\/nope": not found\n$/,
    );
    expect(fails('FROM alpine\nCOPY debug.log /\n')).toContain('"/debug.log": not found');
    expect(fails('FROM alpine\nRUN nosuch thing\n')).toContain(
      'process "/bin/sh -c nosuch thing" did not complete successfully: exit code: 127',
    );
    expect(fails('FROM alpine:nope\n')).toContain('docker.io/library/alpine:nope: not found');
  });

  it('puts ARG and ENV into words and keys', () => {
    const { run, files, containerd } = workshop();
    const text =
      'ARG V=3.22\nFROM alpine:$V\nARG WHO=you\nENV HI="hello ${WHO}"\nRUN echo $HI > /hi\n';
    files.write('dev', '/home/dev/web/Dockerfile', text);
    run('docker build -t one .');
    expect(run('docker build -t one .').err.match(/^#\d+ CACHED$/gm)).toHaveLength(2);
    expect(
      run('docker build --build-arg WHO=me -t two .').err.match(/^#\d+ CACHED$/gm),
    ).toHaveLength(1);
    const image = containerd.content.image('dev', 'docker.io/library/two:latest');
    expect(image?.config.config.Env).toContain('HI=hello me');
    const tree = containerd.content.tree('dev', image?.chainId ?? '');
    const entry = tree.get('hi');
    expect(entry?.type === 'file' && entry.content).toEqual(new TextEncoder().encode('hello me\n'));
  });

  it('adds no layer for WORKDIR /, and one for a RUN that changes nothing', () => {
    const { run, files, containerd } = workshop();
    files.write('dev', '/home/dev/web/Dockerfile', 'FROM alpine\nWORKDIR /\nRUN true\n');
    expect(run('docker build -t one .').err).toContain(' [2/3] RUN true\n');
    const image = containerd.content.image('dev', 'docker.io/library/one:latest');
    expect(image?.config.rootfs.diff_ids[1]).toBe(
      'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    );
    expect(image?.config.rootfs.diff_ids).toHaveLength(2);
  });

  it('goes on from a checkpoint in its middle to the same world', () => {
    const { kernel, begin, endings } = workshop();
    begin(`docker build -t ${WEB}:1.0 .`);
    kernel.advance(1500);
    expect(endings).toEqual([]);
    const middle = kernel.checkpoint();
    kernel.advance(60_000);
    expect(endings).toEqual([{ result: 0 }]);
    const end = kernel.hash();
    const other = workshop();
    other.kernel.restore(middle);
    other.kernel.advance(60_000);
    expect(other.kernel.hash()).toBe(end);
  });
});

describe('docker push', () => {
  it('sends each blob once, and says which were there', () => {
    const { run, files, registries, kernel } = workshop();
    run(`docker build -t ${WEB}:1.0 .`);
    const first = run(`docker push ${WEB}:1.0`);
    expect(first.code).toBe(0);
    expect(first.out.split('\n')[0]).toBe(`The push refers to repository [${WEB}]`);
    expect(first.out.match(/: Pushed$/gm)).toHaveLength(11);
    expect(first.out).toMatch(/\n1\.0: digest: sha256:[0-9a-f]{64} size: \d+\n$/);
    const stored = registries.blobsOf('registry.local:5000').length;
    files.write('dev', '/home/dev/web/index.html', '<h1>two</h1>\n');
    run(`docker build -t ${WEB}:2.0 .`);
    const before = kernel.trace.of('image registry.local:5000/web:2.0').at(-1)?.id ?? 0;
    const second = run(`docker push ${WEB}:2.0`);
    expect(second.out.match(/: Layer already exists$/gm)).toHaveLength(10);
    expect(second.out.match(/: Pushed$/gm)).toHaveLength(1);
    expect(registries.blobsOf('registry.local:5000')).toHaveLength(stored + 2);
    const sent = [...kernel.trace.since(before)].filter((r) => r.verb === 'push-blob');
    expect(sent.map((r) => r.flow?.to)).toEqual(['registry', 'registry']);
  });

  it('lets a node pull only what it has not', () => {
    const { run, files, kernel, containerd } = workshop();
    const pull = (tag: string) => {
      const reference = `${WEB}:${tag}`;
      const then = { event: 'test/ended', payload: {} };
      const from = kernel.trace.of(`image ${reference}`).at(-1)?.id ?? 0;
      containerd.call('node-1', { op: 'pull', reference }, then);
      kernel.advance(kernel.now + 60_000);
      return [...kernel.trace.since(from)].filter((r) => r.verb === 'fetched');
    };
    run(`docker build -t ${WEB}:1.0 .`);
    run(`docker push ${WEB}:1.0`);
    expect(pull('1.0')).toHaveLength(13);
    files.write('dev', '/home/dev/web/index.html', '<h1>two</h1>\n');
    run(`docker build -t ${WEB}:2.0 .`);
    run(`docker push ${WEB}:2.0`);
    // Manifest, configuration and the one new layer.
    expect(pull('2.0')).toHaveLength(3);
  });

  it('says what is wrong', () => {
    const { run, links } = workshop();
    expect(run('docker push nosuch:1').err).toBe('tag does not exist: nosuch:1\n');
    run(`docker build -t ${WEB}:1.0 .`);
    links.setUp('registry.local:5000', false);
    const down = run(`docker push ${WEB}:1.0`);
    expect(down.code).toBe(1);
    expect(down.err).toMatch(
      /^failed to do request: Head "https:\/\/registry\.local:5000\/v2\/web\/blobs\/sha256:[0-9a-f]{64}": dial tcp: i\/o timeout\n$/,
    );
  });
});

describe('the docker command line', () => {
  it('lists, tags, pulls and removes images', () => {
    const { run } = workshop();
    expect(run('docker images').out).toBe('REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n');
    const pulled = run('docker pull nginx:1.29-alpine');
    expect(pulled.out).toMatch(/^1\.29-alpine: Pulling from library\/nginx\n/);
    expect(pulled.out).toContain('Status: Downloaded newer image for nginx:1.29-alpine\n');
    expect(pulled.out).toMatch(/\ndocker\.io\/library\/nginx:1\.29-alpine\n$/);
    expect(run('docker pull nginx:1.29-alpine').out).toContain('Status: Image is up to date for');
    expect(run('docker tag nginx:1.29-alpine registry.local:5000/base:1').code).toBe(0);
    const listed = run('docker image ls').out.split('\n');
    expect(listed).toHaveLength(4);
    expect(listed.find((row) => row.startsWith('nginx '))).toMatch(
      /^nginx {22}1\.29-alpine {3}[0-9a-f]{12} {3}2 months ago {3}\d+\.?\d*MB$/,
    );
    expect(run('docker rmi registry.local:5000/base:1').out).toBe(
      'Untagged: registry.local:5000/base:1\n',
    );
    expect(run('docker pull nginx:9.9').err).toBe(
      'Error response from daemon: failed to resolve reference ' +
        '"docker.io/library/nginx:9.9": docker.io/library/nginx:9.9: not found\n',
    );
  });

  it('runs a container behind a published port, and stops it gracefully', () => {
    const { run, get, kernel } = workshop();
    run(`docker build -t web .`);
    const started = run('docker run --name webserver -d -p 8080:80 web');
    expect(started.out).toMatch(/^[0-9a-f]{64}\n$/);
    kernel.advance(kernel.now + 2000);
    expect(textOf(get('127.0.0.1', 8080))).toBe('<h1>one</h1>\n');
    expect(textOf(get('10.0.0.2', 8080, '/note.txt'))).toBe('built here\n');
    const [, row = ''] = run('docker ps').out.split('\n');
    expect(row).toMatch(
      /^[0-9a-f]{12} {3}web {7}"\/docker-entrypoint.…" {3}[23] seconds ago {3}Up 2 seconds {3}0\.0\.0\.0:8080->80\/tcp, \[::\]:8080->80\/tcp {3}webserver$/,
    );
    const taken = run('docker run -d -p 8080:80 web');
    expect(taken.code).toBe(125);
    expect(taken.err).toContain('Bind for 0.0.0.0:8080 failed: port is already allocated');
    expect(run('docker run --name webserver -d web').err).toContain(
      'Conflict. The container name "/webserver" is already in use by container',
    );
    expect(run('docker rm webserver').err).toContain('container is running');
    expect(run('docker stop webserver').out).toBe('webserver\n');
    expect(textOf(get('127.0.0.1', 8080))).toBe('refused');
    expect(run('docker ps -a').out).toMatch(/Exited \(0\) Less than a second ago/);
    expect(run('docker logs webserver').out).toContain('"GET /note.txt HTTP/1.1" 200 11');
    expect(run('docker rm webserver').out).toBe('webserver\n');
  });

  it('gives back output and exit code of a container in the foreground', () => {
    const { run } = workshop();
    const hello = run('docker run --rm alpine:3.22 sh -c "echo hi; exit 4"');
    expect(hello.err).toMatch(/^Unable to find image 'alpine:3\.22' locally\n/);
    expect([hello.code, hello.out]).toEqual([4, 'hi\n']);
    expect(run('docker run alpine:3.22 nosuch').code).toBe(127);
    const start = run('docker run -d --name slow alpine:3.22 sleep 1000');
    expect(start.code).toBe(0);
    // sleep is the first process and handles no SIGTERM: it is killed after the grace.
    run('docker stop -t 3 slow');
    expect(run('docker ps -a').out).toContain('Exited (137)');
  });

  it('answers wrong usage as the real client does', () => {
    // Recorded with docker 28.2.2 and no daemon.
    const { run } = workshop();
    expect(run('docker frobnicate')).toEqual({
      code: 1,
      out: '',
      err: "docker: unknown command: docker frobnicate\n\nRun 'docker --help' for more information\n",
    });
    expect(run('docker --frob').code).toBe(125);
    expect(run('docker container frob').err).toMatch(
      /^docker: unknown command: docker container frob\n\nUsage: {2}docker container\n\n/,
    );
    expect(run('docker pull').err).toBe(
      "docker: 'docker pull' requires 1 argument\n\nUsage:  docker pull [OPTIONS] NAME[:TAG|@DIGEST]\n\n" +
        "Run 'docker pull --help' for more information\n",
    );
    expect(run('docker stop').err).toBe(
      "docker: 'docker stop' requires at least 1 argument\n\n" +
        'Usage:  docker stop [OPTIONS] CONTAINER [CONTAINER...]\n\n' +
        "See 'docker stop --help' for more information\n",
    );
    expect(run('docker pull Bad').err).toBe(
      'invalid reference format: repository name (library/Bad) must be lowercase\n',
    );
    expect(run('docker tag alpine Bad/Name').err).toBe(
      'Error parsing reference: "Bad/Name" is not a valid repository/tag: ' +
        'invalid reference format: repository name (Name) must be lowercase\n',
    );
    expect(run('docker run -e alpine').code).toBe(1);
  });
});
