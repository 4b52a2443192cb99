import { expect, test } from 'vitest';
import { runWithTexts } from './files.ts';
import { loadStack, missingImage, printStack, type StackOptions } from './stack.ts';

const load = (texts: Record<string, string>, options: Partial<StackOptions> = {}) =>
  runWithTexts(
    loadStack({ cwd: '/srv', environment: { HOME: '/root' }, files: ['stack.yml'], ...options }),
    texts,
  );

function stack(text: string, options?: Partial<StackOptions>) {
  const loaded = load({ '/srv/stack.yml': text }, options);
  if ('error' in loaded) throw new Error(loaded.error);
  return loaded;
}

test('what is printed is the long form, and the version comes first', () => {
  const text = [
    'version: "3.8"',
    'services:',
    '  web:',
    '    image: nginx:${TAG-1}',
    '    ports: ["8080-8081:80-81"]',
    '    volumes: ["~/www:/www:ro", "data:/d"]',
    '    environment: [A=1, HOME]',
    '    deploy: {replicas: 2, update_config: {delay: 90s}}',
    'volumes: {data: {}}',
  ].join('\n');
  expect(printStack(stack(text))).toBe(
    [
      'version: "3.8"',
      'services:',
      '  web:',
      '    deploy:',
      '      replicas: 2',
      '      update_config:',
      '        delay: 1m30s',
      '    environment:',
      '      A: "1"',
      '      HOME: /root',
      '    image: nginx:1',
      '    ports:',
      '      - mode: ingress',
      '        target: 80',
      '        published: 8080',
      '        protocol: tcp',
      '      - mode: ingress',
      '        target: 81',
      '        published: 8081',
      '        protocol: tcp',
      '    volumes:',
      '      - type: bind',
      '        source: /root/www',
      '        target: /www',
      '        read_only: true',
      '      - type: volume',
      '        source: data',
      '        target: /d',
      'volumes:',
      '  data: {}',
      '',
    ].join('\n'),
  );
});

test('an address is passed over with a warning, and a service needs an image', () => {
  const loaded = stack('services: {web: {ports: ["127.0.0.1:80:80"]}}', { name: 'shop' });
  expect(loaded.warnings).toEqual([
    "ignoring IP-address (127.0.0.1:80:80/tcp) service will listen on '0.0.0.0'",
  ]);
  expect(missingImage(loaded.project)).toBe(
    'invalid image reference for service web: no image specified',
  );
  expect(loaded.project.name).toBe('shop');
});

test('env files are read as they are, below the environment', () => {
  const texts = {
    '/srv/stack.yml': 'services: {web: {image: x, env_file: e, environment: {B: "2"}}}',
    '/srv/e': '# comment\nA="quoted"\nB=1\nHOME\nNONE\n',
  };
  expect(load(texts)).toMatchObject({
    project: { services: { web: { environment: { A: '"quoted"', B: '2', HOME: '/root' } } } },
  });
});

test('files that cannot be read are told as the command line does', () => {
  expect(load({}, { files: [] })).toMatchObject({
    error: 'specify a Compose file (with --compose-file)',
  });
  expect(load({})).toMatchObject({ error: 'open stack.yml: no such file or directory' });
  expect(load({}, { files: ['-'], stdin: 'a: b: c' })).toMatchObject({
    error: 'yaml: line 1: mapping values are not allowed in this context',
  });
});
