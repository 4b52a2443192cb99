import { describe, expect, it } from 'vitest';
import { decodeObject, type FieldValidation } from './decode-object.ts';

type Plain = Record<string, unknown>;

const container = (fields: Plain): Plain => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { spec: { containers: [{ name: 'a', image: 'a:1', ...fields }] } } },
});

const decodeDeployment = (plain: Plain, validation: FieldValidation = 'Strict') =>
  decodeObject('apps/v1', 'Deployment', plain, validation);

const messageOf = (result: ReturnType<typeof decodeObject>): string =>
  result.ok ? 'fine' : result.failure.message;

const REFUSED = 'Deployment in version "v1" cannot be handled as a Deployment: ';

describe('a field that a kind does not have', () => {
  const plain = { spec: { replica: 3, template: { spec: { containers: [{ x: 1 }] } } }, extra: 1 };
  const unknown = [
    'unknown field "extra"',
    'unknown field "spec.replica"',
    'unknown field "spec.template.spec.containers[0].x"',
  ];

  it('is refused by strict validation, all at once', () => {
    const result = decodeDeployment(plain);
    expect(messageOf(result)).toBe(`${REFUSED}strict decoding error: ${unknown.join(', ')}`);
    expect(!result.ok && result.failure).toMatchObject({ code: 400, reason: 'BadRequest' });
  });

  it('is warned of and dropped', () => {
    const result = decodeDeployment(plain, 'Warn');
    expect(result.ok && result.value).toEqual({
      object: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        spec: { template: { spec: { containers: [{ name: '' }] } } },
      },
      warnings: unknown,
    });
  });

  it('is dropped in silence', () => {
    const result = decodeDeployment(plain, 'Ignore');
    expect(result.ok && result.value.warnings).toEqual([]);
  });

  it('is as bad as one that stands there twice', () => {
    const result = decodeObject('apps/v1', 'Deployment', {}, 'Strict', {
      duplicates: ['spec.replicas'],
    });
    expect(messageOf(result)).toBe(
      `${REFUSED}strict decoding error: duplicate field "spec.replicas"`,
    );
  });
});

describe('a value of the wrong type', () => {
  const at = 'Go struct field Container.spec.template.spec.containers';
  const cases: [string, Plain, string][] = [
    [
      'text for a number',
      { spec: { replicas: 'three' } },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a fraction for a number',
      { spec: { replicas: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a number too large',
      { spec: { replicas: 3_000_000_000 } },
      'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a number for text',
      container({ env: [{ name: 'A', value: 1 }] }),
      'json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
    ],
    [
      'a truth for a label',
      { metadata: { labels: { on: true } } },
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'an object for a list',
      { spec: { template: { spec: { containers: {} } } } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container',
    ],
    [
      'text for an object',
      { spec: 'x' },
      'json: cannot unmarshal string into Go struct field Deployment.spec of type v1.DeploymentSpec',
    ],
    [
      'a list for a word with a type of its own',
      container({ imagePullPolicy: [] }),
      `json: cannot unmarshal array into ${at}.imagePullPolicy of type v1.PullPolicy`,
    ],
    [
      'text for resources',
      container({ resources: { limits: '1' } }),
      'json: cannot unmarshal string into Go struct field ResourceRequirements.spec.template.spec.containers.resources.limits of type v1.ResourceList',
    ],
    [
      'an amount that is none',
      container({ resources: { limits: { cpu: '1x' } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'a truth for a port',
      container({ livenessProbe: { httpGet: { port: true } } }),
      'json: cannot unmarshal bool into Go value of type int32',
    ],
    [
      'a time that is none',
      { metadata: { creationTimestamp: 'now' } },
      'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
    ],
  ];
  it.each(cases)('%s', (_, plain, words) => {
    expect(messageOf(decodeDeployment(plain))).toBe(REFUSED + words);
    expect(messageOf(decodeDeployment(plain, 'Ignore'))).toBe(REFUSED + words);
  });

  it('counts before an unknown field, and the first one in order counts', () => {
    const plain = { spec: { zebra: 1, replicas: 'a', paused: 'b' } };
    expect(messageOf(decodeDeployment(plain))).toContain('DeploymentSpec.spec.paused of type bool');
  });

  it('in a ConfigMap names the map', () => {
    const result = decodeObject('v1', 'ConfigMap', { data: { port: 80 } }, 'Strict');
    expect(messageOf(result)).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number ' +
        'into Go struct field ConfigMap.data of type string',
    );
  });

  it('in a Secret is what is not base64', () => {
    const refusal = (data: string) =>
      messageOf(decodeObject('v1', 'Secret', { data: { a: data } }, 'Strict'));
    expect(refusal('aGk=')).toBe('fine');
    expect(refusal('hello')).toContain('illegal base64 data at input byte 4');
    expect(refusal('a b=')).toContain('illegal base64 data at input byte 1');
    expect(refusal('aGk=x')).toContain('illegal base64 data at input byte 4');
  });
});

describe('what is read', () => {
  it('leaves out null, but not within a map or a list', () => {
    const result = decodeObject(
      'v1',
      'ConfigMap',
      { metadata: { name: 'a', creationTimestamp: null }, data: { empty: null } },
      'Strict',
    );
    expect(result.ok && result.value.object).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { empty: '' },
    });
  });

  it('has empty what must be there, unless it is to be applied', () => {
    const plain = { spec: { template: { spec: { containers: [{ ports: [{}] }] } } } };
    const portsOf = (isSparse: boolean) =>
      JSON.stringify(decodeObject('apps/v1', 'Deployment', plain, 'Strict', { isSparse }));
    expect(portsOf(false)).toContain('{"ports":[{"containerPort":0}],"name":""}');
    expect(portsOf(true)).toContain('{"ports":[{}]}');
  });

  it('has its amounts in the form of the server', () => {
    const result = decodeDeployment(
      container({ resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }),
    );
    expect(JSON.stringify(result)).toContain('"limits":{"cpu":"500m","memory":"1Gi"}');
  });

  it('keeps a key that is a name in JavaScript', () => {
    const data = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Plain;
    const result = decodeObject('v1', 'ConfigMap', { data }, 'Strict');
    const text = JSON.stringify(result.ok && result.value.object);
    expect(text).toContain('"data":{"__proto__":"a","constructor":"b"}');
  });

  it('has a bound, whatever stands behind an alias', () => {
    const long = 'x'.repeat(1000);
    let list: unknown = [{ name: long, value: long }];
    for (let i = 0; i < 30; i += 1) list = [list, list];
    const bomb = container({ env: Array.from({ length: 5000 }, () => ({ name: long })), x: list });
    expect(messageOf(decodeDeployment(bomb))).toBe('Request entity too large: limit is 3145728');
  });
});

describe('a custom resource', () => {
  const route = (spec: unknown) =>
    messageOf(
      decodeObject(
        'gateway.networking.k8s.io/v1',
        'HTTPRoute',
        { metadata: { name: 'web' }, spec },
        'Strict',
      ),
    );
  const UNCHECKED =
    '<nil>: Invalid value: null: some validation rules were not checked because the object was ' +
    'invalid; correct the existing errors to complete validation';
  const INVALID = 'HTTPRoute.gateway.networking.k8s.io "web" is invalid: ';

  it('is judged by its schema', () => {
    expect(route({ parentRefs: [{ name: 'g' }] })).toBe('fine');
    expect(route({ rules: 'all' })).toBe(
      `${INVALID}[spec.rules: Invalid value: "string": spec.rules in body must be of type array: ` +
        `"string", ${UNCHECKED}]`,
    );
    expect(route({ parentRefs: [{}] })).toBe(
      `${INVALID}[spec.parentRefs[0].name: Required value, ${UNCHECKED}]`,
    );
    expect(route({ rules: [{ backendRefs: [{ name: 's', port: 70_000 }] }] })).toBe(
      `${INVALID}spec.rules[0].backendRefs[0].port: Invalid value: 70000: ` +
        'spec.rules[0].backendRefs[0].port in body should be less than or equal to 65535',
    );
    expect(route({ rules: [{ matches: [{ method: 'FETCH' }] }] })).toContain(
      'spec.rules[0].matches[0].method: Unsupported value: "FETCH": supported values: "GET", "HEAD"',
    );
  });

  it('has unknown fields like any other', () => {
    expect(route({ rule: [] })).toBe(
      'HTTPRoute in version "v1" cannot be handled as a HTTPRoute: strict decoding error: ' +
        'unknown field "spec.rule"',
    );
  });
});
