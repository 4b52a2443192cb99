import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../src/engine/kubernetes/api/requests.ts';
import { RESOURCES, type ResourceInfo } from '../../src/engine/kubernetes/api/resources.ts';
import { bareControlPlane } from './bare-control-plane.ts';
import { randomManifest, spoilt, type Manifest } from './random-manifest.ts';

/**
 * Whatever is asked of the API server, it answers: with an object, or with words that a reader
 * understands. `REQUESTS=1000 npm run unit -- tests/kubernetes/random-requests` for more rounds than
 * usual; a failure names its round.
 */
const ROUNDS = Number(process.env.REQUESTS ?? 10);

const KINDS = RESOURCES.filter(({ verbs }) => verbs.includes('create'));
const NAME = 'thing';

/** A manifest that is not turned away for who it says it is. */
function manifest(info: ResourceInfo, seed: number): Manifest {
  const { labels, annotations } = (randomManifest(info, seed).metadata ?? {}) as Manifest;
  const namespace = info.namespaced ? { namespace: 'default' } : {};
  return {
    ...randomManifest(info, seed),
    metadata: { name: NAME, labels, annotations, ...namespace },
  };
}

/** The requests of one round, in order. */
function requestsOf(info: ResourceInfo, round: number): Partial<ApiRequest>[] {
  const seed = round * 100;
  const patch = (patchType: ApiRequest['patchType'], body: unknown): Partial<ApiRequest> => ({
    verb: 'patch',
    patchType,
    fieldManager: `manager-${patchType}`,
    force: round % 2 === 0,
    name: NAME,
    body,
  });
  const bad = (n: number): unknown => spoilt(manifest(info, seed + n), seed + n);
  const { spec } = manifest(info, seed + 1);
  return [
    { verb: 'create', body: bad(2) },
    { verb: 'create', body: manifest(info, seed + 3) },
    { verb: 'create', body: manifest(info, seed + 4) },
    { verb: 'update', name: NAME, body: manifest(info, seed + 5) },
    { verb: 'update', name: NAME, body: bad(6) },
    { verb: 'update', subresource: 'status', name: NAME, body: manifest(info, seed + 7) },
    patch('merge', { spec: manifest(info, seed + 8).spec }),
    patch('strategic', { spec: manifest(info, seed + 9).spec }),
    patch('strategic', bad(10)),
    patch('apply', manifest(info, seed + 11)),
    patch('apply', bad(12)),
    patch('json', [{ op: 'replace', path: '/spec', value: spec }]),
    patch('json', bad(13)),
    { verb: 'get', name: NAME },
    { verb: 'list', asTable: true },
    { verb: 'delete', name: NAME },
    { verb: 'deletecollection' },
  ];
}

/** Words that only a program has. */
const GIBBERISH = /undefined|NaN|\[object |is not a function/;

describe.each(KINDS)('requests about $resource', (info) => {
  it('are answered', () => {
    const { api } = bareControlPlane();
    for (let round = 0; round < ROUNDS; round += 1) {
      const place = { resource: info.resource, user: 'kubectl', fieldValidation: 'Warn' } as const;
      const namespace = info.namespaced ? { namespace: 'default' } : {};
      for (const request of requestsOf(info, round)) {
        const answer = api.request({ ...place, ...namespace, ...request } as ApiRequest);
        const words = answer.ok ? '' : answer.failure.message;
        const said = `${request.verb} ${request.patchType ?? ''} in round ${round}`;
        expect(GIBBERISH.exec(words)?.[0], `${said}: ${words}`).toBeUndefined();
        if (!answer.ok) expect(words, said).not.toBe('');
      }
    }
  });
});
