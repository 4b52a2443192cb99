import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ApiRequest } from '../../src/engine/kubernetes/api/requests.ts';
import { resourceByKind, RESOURCES } from '../../src/engine/kubernetes/api/resources.ts';
import { bareControlPlane } from './bare-control-plane.ts';

/** An example of every kind that is kept, as people write them. */
const folder = join(import.meta.dirname, 'manifests');

interface Example {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')))
  .map((document) => document.toJS() as Example);

it('there is one of every kind', () => {
  const kinds = new Set(examples.map(({ kind }) => kind));
  const kept = RESOURCES.filter(({ verbs }) => verbs.includes('create') && verbs.includes('get'));
  expect(kept.filter(({ kind }) => !kinds.has(kind)).map(({ kind }) => kind)).toEqual([]);
});

it('the server takes each, and gives it back in a form that it takes again', () => {
  const { api } = bareControlPlane();
  const ask = (request: Partial<ApiRequest>): unknown => {
    const place = { user: 'kubectl', fieldManager: 'kubectl', fieldValidation: 'Strict' };
    const answer = api.request({ ...place, ...request } as ApiRequest);
    return answer.ok ? answer.value : `refused: ${answer.failure.message}`;
  };
  // Namespaces and classes before those who need them.
  const first = ['Namespace', 'PriorityClass', 'StorageClass', 'IngressClass'];
  const inOrder = [...examples].sort(
    (a, b) => Number(first.includes(b.kind)) - Number(first.includes(a.kind)),
  );
  for (const body of inOrder) {
    const info = resourceByKind(body.apiVersion, body.kind);
    const { name, namespace = 'default' } = body.metadata;
    const place = { resource: info?.resource, ...(info?.namespaced && { namespace }) };
    const created = ask({ ...place, verb: 'create', body });
    expect(created, `${body.kind} ${name}`).toMatchObject({ kind: body.kind });
    const again = ask({ ...place, verb: 'update', name, body: created });
    expect(again, `${body.kind} ${name}, unchanged`).toEqual(created);
  }
});
