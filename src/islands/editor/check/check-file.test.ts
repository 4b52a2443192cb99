import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckedFile } from '../fault.ts';
import { checkFile } from './check-file.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx
`;

const COMPOSE = `services:
  web:
    image: nginx
    ports:
      - "8080:80"
`;

const DOCKERFILE = `FROM nginx:1.27
COPY site /usr/share/nginx/html
`;

/** `line:column-line:column words`, of each fault. */
const told = (name: string, text: string, more: Partial<CheckedFile> = {}): string[] =>
  checkFile({ name, text, ...more }).map(
    ({ line, column, endLine, endColumn, message }) =>
      `${line}:${column}-${endLine}:${endColumn} ${message}`,
  );

const changed = (text: string, from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

describe('a manifest', () => {
  const check = (from: string, to: string) => told('web.yaml', changed(DEPLOYMENT, from, to));

  test('that the server would take has no fault', () => {
    expect(told('web.yaml', DEPLOYMENT)).toEqual([]);
  });

  test('names a field that the kind does not have, where it stands', () => {
    expect(check('image: nginx', 'imagee: nginx')).toEqual([
      '17:11-17:17 unknown field "spec.template.spec.containers[0].imagee"',
    ]);
  });

  test('is held to types and to validation', () => {
    expect(check('replicas: 3', 'replicas: two')[0]).toMatch(
      /^6:13-6:16 Deployment in version "v1" cannot be handled as a Deployment: json: cannot/,
    );
    expect(check('replicas: 3', 'replicas: -1')).toEqual([
      '6:13-6:15 spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
    expect(check('  name: web\n', '  labels: {}\n')).toEqual([
      '3:1-3:9 metadata.name: Required value: name or generateName is required',
    ]);
  });

  test('is read as kubectl reads it', () => {
    expect(check('kind: Deployment\n', '')).toEqual([
      expect.stringMatching(/^1:1-1:20 error validating "web.yaml": .* kind not set; if you/),
    ]);
    expect(check('Deployment', 'Deploymant')[0]).toMatch(/^2:7-2:17 .* no matches for kind/);
    expect(check('  replicas', '\treplicas')[0]).toMatch(
      /^6:1-6:\d+ error parsing web.yaml: error converting YAML to JSON: yaml: line 6: found char/,
    );
  });

  test('of several documents names the right one', () => {
    const second = changed(DEPLOYMENT, 'replicas', 'replicaz');
    expect(told('all.yaml', `# both\n---\n${DEPLOYMENT}---\n${second}`)).toEqual([
      '26:3-26:11 unknown field "spec.replicaz"',
    ]);
  });
});

describe('a Compose file', () => {
  test('is told in the words of Compose', () => {
    expect(told('compose.yaml', COMPOSE)).toEqual([]);
    expect(told('shop/compose.yaml', changed(COMPOSE, 'ports', 'prots'))).toEqual([
      "4:5-4:10 validating compose.yaml: services.web additional properties 'prots' not allowed",
    ]);
    expect(told('compose.yaml', changed(COMPOSE, '"8080:80"', '"x:80"'))[0]).toMatch(/^\d/);
    expect(told('compose.yaml', changed(COMPOSE, '    ports', '   ports'))[0]).toMatch(
      /^4:1-\S+ failed to parse compose.yaml: go-yaml load error in parser/,
    );
  });

  test('is told by the loader of stacks where it is one', () => {
    const old = `version: "3.8"\n${COMPOSE}`;
    expect(told('docker-compose.yml', old)).toEqual([
      expect.stringMatching(/^1:1-1:8 .*the attribute `version` is obsolete/),
    ]);
    expect(told('docker-compose.yml', old, { isStack: true })).toEqual([]);
    expect(told('stack.yaml', changed(old, 'ports', 'prots'))).toEqual([
      '5:5-5:10 services.web Additional property prots is not allowed',
    ]);
  });

  test('is not refused for what only the machine knows', () => {
    const outside = changed(COMPOSE, 'ports', 'env_file: web.env\n    ports');
    expect(told('compose.yaml', changed(outside, 'nginx', '${IMAGE}'))).toEqual([]);
    const part = 'services:\n  web:\n    environment:\n      MODE: test\n';
    expect(told('compose.override.yaml', part)).toEqual([]);
    expect(told('compose.yaml', part)[0]).toMatch(/^2:3-2:6 service "web" has neither an image/);
  });
});

test('a Dockerfile is told in the words of the build, with its warnings', () => {
  expect(told('Dockerfile', DOCKERFILE)).toEqual([]);
  expect(told('api/Dockerfile', changed(DOCKERFILE, 'COPY', 'CPOY'))).toEqual([
    '2:1-2:32 dockerfile parse error on line 2: unknown instruction: CPOY (did you mean COPY?)',
  ]);
  const faults = checkFile({ name: 'Dockerfile', text: 'from nginx AS web\n' });
  expect(faults.map(({ severity, line }) => `${severity} ${line}`)).toEqual(['warning 1']);
});

test('other files are not looked at', () => {
  expect(told('default.conf', 'server {')).toEqual([]);
  expect(told('values.yaml', 'a: [')).toEqual([]);
});

test('any text has an answer, and its places lie within it', () => {
  const names = ['web.yaml', 'compose.yaml', 'stack.yaml', 'Dockerfile'];
  const base = fc.constantFrom(DEPLOYMENT, COMPOSE, DOCKERFILE, '');
  const scrap = fc.constantFrom(
    '\t',
    '\n',
    ':',
    '[',
    '{',
    '&a ',
    '*a',
    '---\n',
    '"',
    '- ',
    '가',
    '<<: ',
  );
  const edit = fc.tuple(fc.nat(300), fc.nat(12), fc.oneof(scrap, fc.string({ maxLength: 6 })));
  const property = fc.property(
    fc.constantFrom(...names),
    base,
    fc.array(edit, { minLength: 1, maxLength: 5 }),
    (name, text, edits) => {
      const edited = edits.reduce<string>(
        (all, [at, cut, put]) => all.slice(0, at) + put + all.slice(at + cut),
        text,
      );
      const lines = edited.split('\n');
      for (const fault of checkFile({ name, text: edited })) {
        expect(fault.message).not.toBe('');
        expect(fault.line).toBeGreaterThanOrEqual(1);
        expect(fault.line).toBeLessThanOrEqual(lines.length);
        expect(fault.endLine).toBeGreaterThanOrEqual(fault.line);
      }
    },
  );
  fc.assert(property, { numRuns: 400 });
});
