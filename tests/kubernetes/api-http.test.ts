import { describe, expect, it } from 'vitest';
import { apiWorld, object, pod, WEB } from './api-world.ts';

const ADMIN = { certificate: 'kubernetes-admin' as const };
const json = (body: string): unknown => JSON.parse(body);

function asked() {
  const world = apiWorld();
  const admin = (method: string, path: string, body?: unknown, type = 'application/json') =>
    world.http(method, path, {
      ...ADMIN,
      headers: { 'content-type': type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return { ...world, admin };
}

describe('the paths of objects', () => {
  it('make, read, change and delete them', () => {
    const { admin } = asked();
    const made = admin('POST', '/apis/apps/v1/namespaces/default/deployments', WEB);
    expect([made.status, json(made.body)]).toMatchObject([201, { metadata: { name: 'web' } }]);
    const path = '/apis/apps/v1/namespaces/default/deployments/web';
    const patched = admin('PATCH', path, { spec: { replicas: 2 } }, 'application/merge-patch+json');
    expect(json(patched.body)).toMatchObject({ spec: { replicas: 2 } });
    expect(json(admin('GET', `${path}/scale`).body)).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 2 },
      status: { selector: 'app=web' },
    });
    const list = json(admin('GET', '/apis/apps/v1/deployments?labelSelector=app%3Dweb').body);
    expect(list).toMatchObject({ kind: 'DeploymentList', items: [{ metadata: { name: 'web' } }] });
    expect(json(admin('DELETE', path).body)).toMatchObject({ kind: 'Status', status: 'Success' });
    const gone = admin('GET', path);
    expect([gone.status, json(gone.body)]).toEqual([
      404,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'deployments.apps "web" not found',
        reason: 'NotFound',
        details: { name: 'web', group: 'apps', kind: 'deployments' },
        code: 404,
      },
    ]);
  });

  it('that lead nowhere, and bodies that are none, get a Status', () => {
    const { admin } = asked();
    expect(admin('GET', '/apis/apps/v1/nothing').status).toBe(404);
    expect(admin('POST', '/api/v1/namespaces/default/pods/web').status).toBe(405);
    expect(admin('GET', '/api/v1/pods?labelSelector=a%20b').status).toBe(400);
    expect(admin('PATCH', '/api/v1/nodes/a', {}, 'text/plain').status).toBe(415);
    const { http } = asked();
    const bad = http('POST', '/api/v1/namespaces/default/pods', { ...ADMIN, body: '{"a"' });
    expect(bad.status).toBe(400);
    const long = ' '.repeat(4_000_000);
    expect(http('POST', '/api/v1/namespaces/default/pods', { ...ADMIN, body: long }).status).toBe(
      413,
    );
  });

  it('of a watch tell what was there, then what happens', () => {
    const { admin, create, kernel } = asked();
    create('pods', pod('one'));
    const first = admin('GET', '/api/v1/pods?watch=true').body.trim().split('\n').map(json);
    expect(first).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'one' } } },
      { type: 'BOOKMARK' },
    ]);
    const { resourceVersion } = (first[1] as { object: { metadata: { resourceVersion: string } } })
      .object.metadata;
    kernel.event('test/later', () => create('pods', pod('two'))).after(5000, {});
    const next = admin('GET', `/api/v1/pods?watch=true&resourceVersion=${resourceVersion}`).body;
    expect(next.trim().split('\n').map(json)).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'two' } } },
      { type: 'BOOKMARK' },
    ]);
    const quiet = admin('GET', '/api/v1/secrets?watch=true&resourceVersion=20&timeoutSeconds=5');
    expect(quiet.body).toContain('BOOKMARK');
  });
});

describe('the server itself', () => {
  it('says its version, its health and what it serves', () => {
    const { admin } = asked();
    expect(json(admin('GET', '/version').body)).toMatchObject({ major: '1', minor: '36' });
    expect(admin('GET', '/healthz').body).toBe('ok');
    expect(admin('GET', '/readyz?verbose').body).toContain('[+]etcd ok\n');
    expect(json(admin('GET', '/apis').body)).toMatchObject({ kind: 'APIGroupList' });
    const core = json(admin('GET', '/api/v1').body) as { resources: { name: string }[] };
    expect(core.resources.map(({ name }) => name)).toContain('pods/eviction');
    expect(admin('GET', '/apis/nothing.io').status).toBe(404);
  });
});

describe('who asks', () => {
  const ROLE = {
    metadata: { name: 'reader' },
    rules: [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] }],
  };
  const BINDING = {
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'jenkins', namespace: 'default' }],
  };

  it('with the token of a service account may do what its roles say', () => {
    const { create, ask, http } = asked();
    create('serviceaccounts', { metadata: { name: 'jenkins' } });
    const request = object<{ status: { token: string } }>(
      ask({
        ...{ verb: 'create', resource: 'serviceaccounts', subresource: 'token' },
        ...{ namespace: 'default', name: 'jenkins', body: {} },
      }),
    );
    const headers = { authorization: `Bearer ${request.status.token}` };
    const pods = '/api/v1/namespaces/default/pods';
    const refused = http('GET', pods, { headers });
    expect([refused.status, json(refused.body)]).toMatchObject([
      403,
      {
        message:
          'pods is forbidden: User "system:serviceaccount:default:jenkins" cannot list resource ' +
          '"pods" in API group "" in the namespace "default"',
      },
    ]);
    create('roles', ROLE);
    create('rolebindings', BINDING);
    expect(http('GET', pods, { headers }).status).toBe(200);
    expect(http('DELETE', `${pods}/one`, { headers }).status).toBe(403);
    const review = http('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      headers,
      body: JSON.stringify({
        spec: { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
      }),
    });
    expect(json(review.body)).toMatchObject({ status: { allowed: true } });
    expect(http('GET', '/api/v1/nodes', { headers }).body).toContain('at the cluster scope');
  });

  it('without a token is nobody, and with a false one is turned away', () => {
    const { http } = asked();
    expect(http('GET', '/api/v1/pods').body).toContain('User \\"system:anonymous\\" cannot list');
    expect(http('GET', '/version').status).toBe(200);
    expect(http('GET', '/api').status).toBe(403);
    const headers = { authorization: 'Bearer nonsense' };
    expect(http('GET', '/version', { headers }).status).toBe(401);
  });
});
