import { describe, expect, it } from 'vitest';
import { parseScenario } from './scenario.ts';

const sound = `title: { ko: 하나, en: One }
about: { ko: 하나를 실행합니다., en: One is run. }
preset: registry
seed: 7
machine: dev
directory: /home/dev
cast:
  developer: [developer]
  registry: [registry, docker.io]
before:
  - docker image rm nginx
steps:
  - id: pull
    title: { ko: 풀, en: pull }
    run: docker pull nginx
  - id: run
    title: { ko: 실행, en: run }
    run: docker run -d nginx
    pause: 500ms
stills: [pull]
`;

const parse = (definition: string) =>
  parseScenario({ id: 'area/one', definition, files: { 'web/Dockerfile': 'FROM nginx\n' } });

describe('parseScenario', () => {
  it('reads a folder into plain data', () => {
    expect(parse(sound)).toEqual({
      ok: true,
      scenario: {
        id: 'area/one',
        title: { ko: '하나', en: 'One' },
        about: { ko: '하나를 실행합니다.', en: 'One is run.' },
        preset: 'registry',
        seed: 7,
        machine: 'dev',
        directory: '/home/dev',
        cast: { developer: ['developer'], registry: ['registry', 'docker.io'] },
        before: ['docker image rm nginx'],
        steps: [
          {
            id: 'pull',
            title: { ko: '풀', en: 'pull' },
            run: 'docker pull nginx',
            pauseMs: 1000,
          },
          {
            id: 'run',
            title: { ko: '실행', en: 'run' },
            run: 'docker run -d nginx',
            pauseMs: 500,
          },
        ],
        stills: ['pull'],
        files: [{ path: '/home/dev/web/Dockerfile', content: 'FROM nginx\n' }],
      },
    });
  });

  it.each([
    ['seed: 7', 'seed: seven', 4, '"seed" is not an integer.'],
    ['directory: /home/dev', 'directory: home', 6, '"directory" is not an absolute path.'],
    ['registry, docker.io', 'registry, developer', 7, '"developer" is developer and registry.'],
    ['- docker image rm nginx', '- [docker]', 10, '"before" is not a list of commands.'],
    ['- id: run', '- id: pull', 16, 'Step 2 has no id of its own or nothing to run.'],
    ['{ ko: 실행, en: run }', '{ ko: 실행 }', 16, 'Step "run" has no title in both languages.'],
    ['pause: 500ms', 'pause: soon', 16, '"soon" is no pause.'],
    ['stills: [pull]', 'stills: [stop]', 20, 'There is no step "stop".'],
    ['en: One }', 'de: Eins }', 1, 'There is no "title" in both languages.'],
    ['about: { ko: 하나를 실행합니다., en: One is run. }\n', '', 1, 'There is no "about" in both'],
    ['preset: registry', 'preset: hosst', 3, 'There is no preset "hosst".'],
    ['machine: dev', 'machine: de', 5, 'The preset registry has no machine "de".'],
    ['stills:', 'stils:', 20, '"stils" is no key of a scenario.'],
    ['pause: 500ms', 'puase: 500ms', 16, '"puase" is no key of a step.'],
    ['preset: registry\n', '', 1, '"preset" is not a text.'],
    ['preset: registry', 'preset: registry\nomit: [reqest]', 4, '"omit" is not a list of channels'],
    ['preset: registry', 'preset: registry\nevery: 1', 4, '"every" is not an integer above 1.'],
  ])('tells what is wrong with %s written as %s', (right, wrong, line, what) => {
    const result = parse(sound.replace(right, wrong));
    expect(result).toMatchObject({
      ok: false,
      faults: [{ line, what: expect.stringContaining(what) as string }],
    });
  });

  it('leaves out what is no step, and shows one in many of what is done to a crowd', () => {
    const omit = ['watch', 'mount volume', 'namespace kube-system'];
    const parsed = parse(`${sound}omit: [${omit.join(', ')}]\nevery: 10\n`);
    expect(parsed).toMatchObject({ scenario: { omit, every: 10 } });
  });

  it('tells where the YAML itself is broken', () => {
    expect(parse('preset: [host\nseed: 1')).toMatchObject({ ok: false, faults: [{ line: 2 }] });
  });
});
