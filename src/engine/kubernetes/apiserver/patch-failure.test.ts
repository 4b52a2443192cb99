import { expect, it } from 'vitest';
import type { ApiRequest } from '../api/requests.ts';
import { badRequest } from '../apimachinery/status.ts';
import { patchFailure } from './patch-failure.ts';

const words = (patchType: ApiRequest['patchType'], body: unknown, why: string): string => {
  const request = { verb: 'patch', resource: 'deployments', user: 'kubectl', patchType, body };
  const failure = badRequest(
    `Deployment in version "v1" cannot be handled as a Deployment: ${why}`,
  );
  return patchFailure(request as ApiRequest, { spec: { a: 1 } }, failure).message;
};

const UNKNOWN = 'strict decoding error: unknown field "spec.replica"';
const mismatch = (word: string, type: string) =>
  `json: cannot unmarshal ${word} into Go struct field X.spec.x of type ${type}`;

it('shows a strategic patch as Go prints a map', () => {
  expect(words('strategic', { spec: { replica: 3, list: ['a', null] } }, UNKNOWN)).toBe(
    ` "" is invalid: patch: Invalid value: "map[spec:map[list:[a <nil>] replica:3]]": ${UNKNOWN}`,
  );
});

it('shows what came of a merge patch', () => {
  expect(words('merge', {}, UNKNOWN)).toBe(
    ` "" is invalid: patch: Invalid value: "{\\"spec\\":{\\"a\\":1}}": ${UNKNOWN}`,
  );
});

it('has the words of the converter for a strategic patch', () => {
  const cases = [
    [mismatch('string', 'int32'), 'unrecognized type: int32'],
    [mismatch('string', 'v1.DeploymentSpec'), 'cannot restore struct from: string'],
    [mismatch('object', '[]v1.Container'), 'cannot restore slice from map'],
    [mismatch('bool', 'map[string]string'), 'cannot restore map from bool'],
    [mismatch('number', 'v1.PullPolicy'), 'cannot convert int64 to v1.PullPolicy'],
    [mismatch('number 1.5', 'int32'), 'cannot convert float64 to int32'],
    [mismatch('array', 'v1.PullPolicy'), 'unrecognized type: string'],
  ];
  for (const [why = '', said = ''] of cases) {
    expect(words('strategic', {}, why)).toBe(
      ` "" is invalid: patch: Invalid value: "map[]": ${said}`,
    );
  }
});

it('leaves other failures alone', () => {
  const failure = badRequest('the patch does not lead to an object');
  expect(patchFailure({ patchType: 'merge' } as ApiRequest, {}, failure)).toBe(failure);
});
