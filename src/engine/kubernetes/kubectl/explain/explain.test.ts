import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';
import { wrapWords } from './word-wrap.ts';

const linesOf = (request: string, options = {}) => explain(request, options).stdout.split('\n');

describe('explaining a field', () => {
  it('says what it is, which values it has and what they mean', () => {
    expect(linesOf('pod.spec.containers.imagePullPolicy').slice(0, 18)).toEqual([
      'KIND:       Pod',
      'VERSION:    v1',
      '',
      'FIELD: imagePullPolicy <string>',
      'ENUM:',
      '    Always',
      '    IfNotPresent',
      '    Never',
      '',
      'DESCRIPTION:',
      '    Image pull policy. One of Always, Never, IfNotPresent. Defaults to Always if',
      '    :latest tag is specified, or IfNotPresent otherwise. Cannot be updated. More',
      '    info: https://kubernetes.io/docs/concepts/containers/images#updating-images',
      '    ',
      '    Possible enum values:',
      '     - `"Always"` means that kubelet always attempts to pull the latest image.',
      '    Container will fail If the pull fails.',
      '     - `"IfNotPresent"` means that kubelet pulls if the image isn\'t present on',
    ]);
  });

  it('says what it consists of', () => {
    const { stdout } = explain('deploy.spec.strategy');
    expect(stdout).toContain('GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\n');
    expect(stdout).toContain('FIELD: strategy <DeploymentStrategy>\n\n\nDESCRIPTION:\n');
    expect(stdout).toContain('\n    \nFIELDS:\n  rollingUpdate\t<RollingUpdateDeployment>\n');
    expect(stdout).toContain('  type\t<string>\n  enum: Recreate, RollingUpdate\n');
  });

  it('goes through lists and maps', () => {
    const { stdout } = explain('pods.spec.containers.resources.limits');
    expect(stdout).toContain('FIELD: limits <map[string]Quantity>\n');
    expect(stdout).toContain('Quantity is a fixed-point representation of a number.');
  });

  it('goes all the way down, a line for each', () => {
    const { stdout } = explain('pod.spec.affinity.nodeAffinity', { recursive: true });
    expect(stdout).toContain(
      '      matchExpressions\t<[]NodeSelectorRequirement>\n' +
        '        key\t<string> -required-\n' +
        '        operator\t<string> -required-\n' +
        '        enum: DoesNotExist, Exists, Gt, In, ....\n',
    );
  });

  it('knows schemas without a name', () => {
    expect(explain('gateway.spec.listeners').stdout).toContain('FIELD: listeners <[]Object>\n');
  });
});

describe('naming a resource', () => {
  it('may be in full', () => {
    expect(explain('deployments.apps.spec.replicas').stdout).toContain('FIELD: replicas <integer>');
  });

  it('may be of another version', () => {
    const { stdout } = explain('hpa.spec', { apiVersion: 'autoscaling/v1' });
    expect(stdout).toContain('VERSION:    v1\n');
    expect(stdout).toContain('targetCPUUtilizationPercentage\t<integer>\n');
  });

  const errors: [string, string | undefined, string][] = [
    ['foo', undefined, `the server doesn't have a resource type "foo"`],
    ['pod.spec.foo', undefined, 'field "foo" does not exist'],
    ['pod.foo.bar', undefined, 'field "bar" does not exist'],
    ['pod..spec', undefined, 'invalid jsonpath syntax, first node must be field node'],
    ['pod.spec.containers[0]', undefined, 'invalid jsonpath syntax, first node must be field node'],
    [
      'hpa',
      'autoscaling/v9',
      `couldn't find resource for "autoscaling/v9, Resource=horizontalpodautoscalers"`,
    ],
    ['pod', 'apps/v1', 'GVR (apps/v1, Resource=pods) not found in OpenAPI schema'],
  ];
  it.each(errors)('%s', (request, apiVersion, error) => {
    expect(explain(request, { ...(apiVersion && { apiVersion }) }).error).toBe(error);
  });

  it('is printed before a field that is missed', () => {
    expect(explain('pod.foo').stdout).toBe('KIND:       Pod\nVERSION:    v1\n\n');
  });
});

describe('words in lines', () => {
  it('break at white space, a long word alone', () => {
    expect(wrapWords('a bb ccc dddd', 5)).toBe('a bb\nccc\ndddd');
    expect(wrapWords('see https://kubernetes.io now', 8)).toBe('see\nhttps://kubernetes.io\nnow');
    expect(wrapWords('one\n\n two', 8)).toBe('one\n\n two');
  });
});
