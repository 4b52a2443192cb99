import { describe, expect, it } from 'vitest';
import { BuildWorld, stepsRun } from '../conformance/build-world.ts';

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

function world(dockerfile: string, files: Readonly<Record<string, string>> = {}): BuildWorld {
  const made = new BuildWorld();
  made.write({ ...files, Dockerfile: dockerfile });
  return made;
}

describe('stages', () => {
  it('go on side by side, and one that nobody needs is left out', () => {
    const text = lines(
      'FROM alpine AS slow',
      'RUN sleep 3 && echo slow > /out',
      'FROM alpine AS unused',
      'RUN exit 1',
      'FROM alpine AS quick',
      'RUN sleep 2 && echo quick > /out',
      'FROM scratch',
      'COPY --from=slow /out /slow',
      'COPY --from=quick /out /quick',
    );
    const made = world(text);
    made.build();
    const beganMs = made.kernel.now;
    const built = made.build({ 'no-cache': ['true'] });
    expect(made.kernel.now - beganMs).toBeLessThan(4_500);
    expect([built.file('slow'), built.file('quick')]).toEqual(['slow\n', 'quick\n']);
    expect(built.output).not.toContain('[unused');
  });

  it('share what is the same, whatever they are called', () => {
    const same = ['WORKDIR /w', 'RUN echo same > f'];
    const text = lines('FROM alpine AS a', ...same, 'FROM alpine AS b', ...same, 'FROM scratch');
    const built = world(`${text}COPY --from=a /w/f /a\nCOPY --from=b /w/f /b\n`).build();
    expect(built.file('b')).toBe('same\n');
    expect(built.output.match(/RUN echo same/g)).toHaveLength(1);
  });

  it('are refused in BuildKit words when they cannot be', () => {
    const circle = world(lines('FROM b AS a', 'COPY --from=b f /', 'FROM a AS b', 'FROM a'));
    expect(circle.build().output).toContain('ERROR: failed to build: failed to solve: ');
    const target = world(lines('FROM alpine AS web')).build({ target: ['wep'] });
    expect(target.output).toContain('target stage "wep" could not be found (did you mean web?)');
    const later = lines('FROM scratch AS a', 'COPY --from=2 / /', 'FROM a', 'FROM scratch');
    const early = world(later).build({ target: ['a'] });
    expect(early.output).toContain('cannot copy from stage "2", it needs to be defined before');
    const none = world(lines('FROM nosuchimagehere')).build();
    expect(none.output).toContain(
      'nosuchimagehere: failed to resolve source metadata for docker.io/library/nosuchimagehere:latest: ',
    );
    expect(none.errorLines).toEqual([1]);
  });

  it('fail together: what still runs is cancelled, and nothing of it stays', () => {
    const text = lines(
      ...['FROM alpine AS a', 'RUN sleep 1; echo bad >&2; exit 3', 'FROM alpine AS b'],
      ...['RUN sleep 100', 'FROM scratch', 'COPY --from=a / /', 'COPY --from=b / /'],
    );
    const made = world(text);
    const built = made.build();
    expect(built.output).toMatch(/\[b 2\/2\] RUN sleep 100\n(.*\n)*#\d+ CANCELED/);
    expect(built.output).toContain('did not complete successfully: exit code: 3\n');
    expect(built.output).toMatch(/------\n > \[a 2\/2\] .*\n\d\.\d{3} bad\n------\n/);
    const left = made.containerd.answer('dev', { op: 'list' });
    expect(left.containers).toEqual([]);
  });
});

describe('a step', () => {
  it('takes triggers of its base', () => {
    const made = world(lines('FROM alpine', 'ONBUILD COPY f /f', 'ONBUILD RUN cp /f /g'));
    expect(made.build().config?.config.OnBuild).toEqual(['COPY f /f', 'RUN cp /f /g']);
    made.write({ f: 'text', Dockerfile: lines('FROM built:latest', 'RUN cp /g /h') });
    const built = made.build();
    expect(built.output).toContain('[2/4] ONBUILD COPY f /f');
    expect(built.file('h')).toBe('text');
    expect(built.config?.config.OnBuild).toBeUndefined();
  });

  it('sees mounts while it runs, and leaves nothing of them', () => {
    const text = lines(
      'FROM alpine AS data',
      'RUN echo shared > /shared',
      'FROM alpine',
      'RUN --mount=type=bind,from=data,source=/shared,target=/in/shared \\',
      '    --mount=type=tmpfs,target=/tmp/t --mount=type=secret,id=key,env=KEY \\',
      '    cat /in/shared > /out && touch /tmp/t/x && echo $KEY >> /out',
      'RUN <<EOF',
      'set -e',
      'for i in 1 2; do echo $i; done > /loop',
      'EOF',
      'RUN <<EOF',
      '#!/bin/sh',
      'echo own > /own',
      'EOF',
    );
    const built = world(text, { key: 'hidden' }).build({ secret: ['id=key,src=key'] });
    expect(built.output).not.toContain('ERROR');
    expect(built.file('out')).toBe('shared\nhidden\n');
    expect([built.file('loop'), built.file('own')]).toEqual(['1\n2\n', 'own\n']);
    expect([built.file('in/shared'), built.file('tmp/t/x')]).toEqual([undefined, undefined]);
    expect(built.output).toContain('RUN <<EOF (set -e...)');
  });

  it('copies with owner, mode, parents, patterns and exclusions', () => {
    const text = lines(
      'FROM alpine',
      'COPY --chown=nobody:1 --chmod=u=rwx,go=r a/x.sh /bin/',
      'COPY --parents a/b/*.txt /p/',
      'COPY --exclude=*.sh a /q/',
      'COPY <<-one <<two /h/',
      '\tfirst',
      'one',
      'second',
      'two',
      'RUN ls -ln /bin/x.sh > /ls; ls /q > /q.ls',
    );
    const files = { 'a/x.sh': '#!/bin/sh\n', 'a/b/y.txt': 'y', 'a/z.md': 'z' };
    const built = world(text, files).build();
    expect(built.output).not.toContain('ERROR');
    expect(built.file('ls')).toMatch(/^-rwxr--r-- +1 65534 +1 /);
    expect(built.file('p/a/b/y.txt')).toBe('y');
    expect(built.file('q.ls')).toBe('b\nz.md\n');
    expect([built.file('h/one'), built.file('h/two')]).toEqual(['first\n', 'second\n']);
  });
});

describe('a build', () => {
  it('prints findings at its end, and only them with --check', () => {
    const made = world(lines('FROM alpine as a', 'CMD echo hi'));
    expect(made.build().output).toContain(
      '\n 2 warnings found (use docker --debug to expand):\n - FromAsCasing: ',
    );
    const checked = made.build({ check: ['true'] });
    expect(checked.output).toContain('Check complete, 2 warnings have been found!\n');
    expect(checked.output).not.toContain('exporting');
    made.write({ Dockerfile: lines('# check=error=true', 'FROM alpine as a') });
    expect(made.build().output).toContain('lint violation found for rules: FromAsCasing\n');
  });

  it('gives files instead of an image', () => {
    const made = world(lines('FROM scratch', 'COPY f /d/f'), { f: 'text' });
    made.build({ output: ['type=local,dest=out'] });
    expect(made.files.read('dev', '/src/out/d/f')?.content).toBe('text');
  });

  it('forgets what is pruned, and builds it again', () => {
    const made = world(lines('FROM alpine', 'RUN --mount=type=cache,target=/c touch /c/x'));
    made.build();
    const kinds = made.builders.usage('dev').map(({ type }) => type);
    expect(kinds).toEqual(['regular', 'exec.cachemount']);
    expect(made.builders.prune('dev').records.map(({ type }) => type)).toEqual(['exec.cachemount']);
    expect(stepsRun(made.build().output)).toEqual([]);
    made.builders.prune('dev', { all: true });
    expect(stepsRun(made.build().output)).toEqual([expect.stringContaining(' 2/2] RUN ')]);
  });

  it('meets a Dockerfile of ten thousand instructions, and a path without end', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `ENV A${i}=1`);
    const built = world(lines('FROM scratch', ...many)).build();
    expect(built.config?.config.Env).toHaveLength(10_001);
    const long = world(lines('FROM alpine', `COPY ${'a/'.repeat(5_000)}b /`)).build();
    expect(long.output).toContain(': not found');
  });
});
