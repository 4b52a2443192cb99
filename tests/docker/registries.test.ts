import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** A person with Docker, a private registry next door, and the internet. */
function prompt(preset = 'registry') {
  const session = new Session({ preset, seed: 1 });
  const run = (line: string) => {
    const { printed, exitCode } = session.type(line);
    return { lines: printed.trimEnd().split('\n'), exitCode, printed };
  };
  return { session, run };
}

const id = (line: string) => line.split(':')[0];

describe('docker pull', () => {
  it('tells of each layer as it comes: begun, downloaded, unpacked from the bottom up', () => {
    const { run } = prompt();
    const { lines, exitCode } = run('docker pull nginx:alpine');
    expect(exitCode).toBe(0);
    expect(lines[0]).toBe('alpine: Pulling from library/nginx');
    const of = (words: string) => lines.filter((line) => line.endsWith(`: ${words}`)).map(id);
    const layers = of('Pulling fs layer');
    expect(layers).toHaveLength(8);
    expect(new Set(of('Download complete'))).toEqual(new Set(layers));
    expect(of('Pull complete')).toEqual(layers);
    for (const layer of layers) {
      const at = (words: string) => lines.indexOf(`${layer}: ${words}`);
      expect(at('Download complete')).toBeGreaterThan(at('Pulling fs layer'));
      expect(at('Pull complete')).toBeGreaterThan(at('Download complete'));
    }
    // The first layers are unpacked while others still come.
    expect(lines.findIndex((line) => line.endsWith('Pull complete'))).toBeLessThan(
      lines.findLastIndex((line) => line.endsWith('Download complete')),
    );
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^Digest: sha256:[0-9a-f]{64}$/),
      'Status: Downloaded newer image for nginx:alpine',
      'docker.io/library/nginx:alpine',
    ]);
  });

  it('says so when it has all, fetches only what is missing, and is quiet if wanted', () => {
    const { run } = prompt();
    run('docker pull nginx:alpine');
    expect(run('docker pull nginx:alpine').lines.slice(-2)).toEqual([
      'Status: Image is up to date for nginx:alpine',
      'docker.io/library/nginx:alpine',
    ]);
    // Its only layer is the lowest of the other image.
    expect(run('docker pull alpine').lines).toEqual([
      'Using default tag: latest',
      'latest: Pulling from library/alpine',
      expect.stringMatching(/^Digest: /),
      'Status: Downloaded newer image for alpine:latest',
      'docker.io/library/alpine:latest',
    ]);
    expect(run('docker pull -q busybox').lines).toEqual(['docker.io/library/busybox:latest']);
  });

  it.each([
    [
      'nosuch:1',
      "pull access denied for nosuch, repository does not exist or may require 'docker login'",
    ],
    [
      'alpine:nope',
      'failed to resolve reference "docker.io/library/alpine:nope": docker.io/library/alpine:nope: not found',
    ],
    [
      '--platform linux/s390x alpine:latest',
      'no matching manifest for linux/s390x in the manifest list entries: no match for platform in manifest: not found',
    ],
    [
      'nowhere.example/web:1',
      'failed to resolve reference "nowhere.example/web:1": failed to do request: Head "https://nowhere.example/v2/web/manifests/1": dial tcp: lookup nowhere.example: no such host',
    ],
    [
      'localhost:9999/web:1',
      'failed to resolve reference "localhost:9999/web:1": failed to do request: Head "https://localhost:9999/v2/web/manifests/1": dial tcp 127.0.0.1:9999: connect: connection refused',
    ],
    [
      'registry.example.com/web:1',
      'failed to resolve reference "registry.example.com/web:1": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    ],
  ])('fails in the daemon’s words: %s', (what, words) => {
    const { run } = prompt();
    const { printed, exitCode } = run(`docker pull ${what}`);
    expect(printed).toBe(`Error response from daemon: ${words}\n`);
    expect(exitCode).toBe(1);
  });

  it('goes wrong as the registry does, and goes right again', () => {
    const { run } = prompt();
    run('drydock fault registry docker.io rate-limit');
    expect(run('docker pull alpine:3').printed).toBe(
      'Error response from daemon: error from registry: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit\n',
    );
    run('drydock fault registry docker.io down');
    expect(run('docker pull alpine:3').printed).toMatch(/: dial tcp: i\/o timeout\n$/);
    run('drydock fault registry docker.io up');
    expect(run('docker pull alpine:3').exitCode).toBe(0);
  });
});

describe('a pull', () => {
  it('goes on from a checkpoint in its middle, and ends the same', () => {
    const { session } = prompt();
    const { kernel, terminals } = session.world;
    const line = 'docker pull redis';
    session.timeline.dispatch({ type: 'shell', machine: session.machine, line } as never);
    const isFetching = () => [...kernel.trace.since(0)].some(({ verb }) => verb === 'extract');
    while (!isFetching()) kernel.step();
    const middle = kernel.checkpoint();
    const finish = () => {
      while (terminals.isBusy(session.machine)) kernel.step();
      return kernel.hash();
    };
    const first = finish();
    kernel.restore(middle);
    expect(finish()).toBe(first);
  });
});

describe('docker push', () => {
  it('sends what is missing, five blobs at once, and mounts what the registry has elsewhere', () => {
    const { run, session } = prompt();
    run('docker pull redis');
    run('docker tag redis registry.local:5000/shop/cache:1');
    const first = run('docker push registry.local:5000/shop/cache:1').lines;
    expect(first[0]).toBe('The push refers to repository [registry.local:5000/shop/cache]');
    expect(first.some((line) => line.endsWith(': Pushed'))).toBe(true);
    const { kernel } = session.world;
    const sent = [...kernel.trace.since(0)].filter(({ verb }) => verb === 'push-blob');
    const together = sent.filter(({ timeMs }) => timeMs === sent[0]?.timeMs);
    expect(together).toHaveLength(5);

    run('docker tag redis registry.local:5000/other/cache:1');
    const mounted = run('docker push registry.local:5000/other/cache:1').lines;
    expect(mounted.filter((line) => line.endsWith(': Mounted from shop/cache')).length).toBe(
      first.filter((line) => line.endsWith(': Pushed')).length,
    );
    const again = run('docker push registry.local:5000/other/cache:1').lines;
    expect(again.some((line) => line.endsWith(': Layer already exists'))).toBe(true);
    expect(again.some((line) => line.endsWith(': Pushed'))).toBe(false);
  });

  it('says what it left out when only one platform of an image is here', () => {
    const { run } = prompt();
    run('docker pull alpine');
    run('docker tag alpine registry.local:5000/alpine');
    const { lines } = run('docker push -q registry.local:5000/alpine');
    expect(lines.at(-1)).toBe('registry.local:5000/alpine:latest');
    const loud = run('docker push registry.local:5000/alpine').lines;
    expect(loud).toContain(
      ' Info -> Not all multiplatform-content is present and only the available single-platform image was pushed',
    );
  });

  it('wants a login for the hub, and knows whose names are whose', () => {
    const { run } = prompt();
    run('docker pull alpine');
    run('docker tag alpine me/tools:1');
    const denied =
      'push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';
    expect(run('docker push me/tools:1').lines.at(-1)).toBe(denied);
    expect(run('echo secret | docker login -u me --password-stdin').lines.at(-1)).toBe(
      'Login Succeeded',
    );
    expect(run('docker push me/tools:1').exitCode).toBe(0);
    run('docker tag alpine somebody/tools:1');
    expect(run('docker push somebody/tools:1').lines.at(-1)).toBe(denied);
    expect(run('docker pull me/tools:1').exitCode).toBe(0);
    run('docker logout');
    expect(run('docker push me/tools:1').exitCode).toBe(0);
    run('docker tag alpine me/more:1');
    expect(run('docker push me/more:1').lines.at(-1)).toBe(denied);
  });

  it('needs a fresh password for Amazon’s registry after twelve hours', () => {
    const { run } = prompt();
    const host = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com';
    const login = `aws ecr get-login-password | docker login -u AWS --password-stdin ${host}`;
    run('docker pull alpine');
    run(`docker tag alpine ${host}/web:1`);
    run(login);
    expect(run(`docker push ${host}/web:1`).lines.at(-1)).toBe(
      "error from registry: The repository with name 'web' does not exist in the registry with id '123456789012'",
    );
    run('aws ecr create-repository --repository-name web');
    expect(run(`docker push ${host}/web:1`).exitCode).toBe(0);
    run('sleep 13h');
    expect(run(`docker pull ${host}/web:1`).printed).toBe(
      'Error response from daemon: error from registry: Your authorization token has expired. Reauthenticate and try again.\n',
    );
    run(login);
    expect(run(`docker pull ${host}/web:1`).exitCode).toBe(0);
  });
});

describe('a registry in a container', () => {
  it('is reached by the port that its machine publishes, while it runs', () => {
    const { run } = prompt();
    run('docker run -d -p 5000:5000 --name own registry:3');
    run('sleep 5');
    run('docker pull alpine');
    run('docker tag alpine localhost:5000/a:1');
    expect(run('docker push localhost:5000/a:1').exitCode).toBe(0);
    run('docker rmi localhost:5000/a:1');
    expect(run('docker pull localhost:5000/a:1').exitCode).toBe(0);
    // Another name of the machine is not trusted without a certificate.
    expect(run('docker pull dev:5000/a:1').printed).toMatch(
      /: http: server gave HTTP response to HTTPS client\n$/,
    );
    run('docker stop own');
    expect(run('docker pull localhost:5000/a:1').printed).toMatch(/connect: connection refused\n$/);
  });
});

describe('an image for another platform', () => {
  it('is pulled on demand, warns when it is run unasked, and does not run', () => {
    const { run } = prompt();
    run('docker pull --platform linux/arm64 alpine');
    const ran = run('docker run --rm alpine echo hi');
    expect(ran.lines).toEqual([
      "WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested",
      'exec /bin/echo: exec format error',
    ]);
    expect(ran.exitCode).not.toBe(0);
    // Both are here then, and the machine takes its own.
    run('docker pull alpine');
    expect(run('docker run --rm alpine echo hi').printed).toBe('hi\n');
    expect(run('docker run --rm --platform linux/arm64 alpine echo hi').printed).toBe(
      'exec /bin/echo: exec format error\n',
    );
  });
});

describe('images on a machine', () => {
  it('keep their other names, and go with the last one', () => {
    const { run } = prompt();
    run('docker pull alpine');
    run('docker tag alpine web:1');
    run('docker tag alpine web:2');
    expect(run('docker rmi web:1').lines).toEqual(['Untagged: web:1']);
    const [shortId = ''] = run('docker image ls -q').lines;
    expect(run(`docker rmi ${shortId}`).printed).toBe(
      `Error response from daemon: conflict: unable to delete ${shortId} (must be forced) - image is referenced in multiple repositories\n`,
    );
    run('docker rmi web:2');
    expect(run('docker rmi alpine').lines).toEqual([
      'Untagged: alpine:latest',
      expect.stringMatching(/^Deleted: sha256:/),
    ]);
    expect(run('docker rmi alpine').printed).toBe(
      'Error response from daemon: No such image: alpine:latest\n',
    );
  });

  it('stay without a name when it is given to another, until they are pruned', () => {
    const { run } = prompt();
    run('docker pull alpine');
    run('docker pull busybox');
    run('docker tag alpine mine');
    run('docker rmi alpine');
    run('docker tag busybox mine');
    expect(run('docker image ls -a').printed).toMatch(/^<none> +<none> /m);
    expect(run('docker image ls -q --filter dangling=true').lines).toHaveLength(1);
    const pruned = run('docker image prune -f').lines;
    expect(pruned[0]).toBe('Deleted Images:');
    expect(pruned.at(-1)).toMatch(/^Total reclaimed space: \d/);
    expect(run('docker image ls -a').printed).not.toContain('<none>');
  });

  it('are kept for containers, or go by force and leave them running', () => {
    const { run } = prompt();
    run('docker pull alpine');
    const [container = ''] = run('docker run -d --name box alpine sleep 100').lines;
    const [image = ''] = run('docker image ls -q').lines;
    expect(run('docker rmi alpine').printed).toBe(
      `Error response from daemon: conflict: unable to delete alpine:latest (must be forced) - container ${container.slice(0, 12)} is using its referenced image ${image}\n`,
    );
    expect(run(`docker rmi -f ${image}`).printed).toBe(
      `Error response from daemon: conflict: unable to delete ${image} (cannot be forced) - image is being used by running container ${container.slice(0, 12)}\n`,
    );
    expect(run('docker rmi -f alpine').lines).toEqual(['Untagged: alpine:latest']);
    expect(run('docker exec box echo still here').printed).toBe('still here\n');
    run('docker rm -f box');
    expect(run('docker image prune -f').printed).toContain('deleted: sha256:');
  });

  it('travel in a file', () => {
    const { run } = prompt();
    run('docker pull alpine');
    run('docker save -o images.tar alpine');
    run('docker rmi alpine');
    expect(run('docker load -i images.tar').printed).toBe('Loaded image: alpine:latest\n');
    expect(run('docker run --rm alpine echo back').printed).toBe('back\n');
    run('echo this is no archive > broken.tar');
    const broken = run('docker load -i broken.tar');
    expect([broken.printed, broken.exitCode]).toEqual(['unexpected EOF\n', 1]);
  });
});
