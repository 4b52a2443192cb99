import { describe, expect, it } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { addDockerHub } from './hub/catalogue.ts';
import { encodeJson, MEDIA, type Manifest } from './image.ts';
import { bytesBlob, readIndex, readManifest } from './layer.ts';
import { toBase64 } from './base64.ts';
import { errorsOf, Registries, type RegistryRequest } from './registry.ts';

const HOST = 'registry.local:5000';

function registry() {
  const kernel = new Kernel({ seed: 1 });
  const registries = new Registries(kernel, new Processes(kernel));
  registries.addHost(HOST);
  const ask = (method: RegistryRequest['method'], path: string, body?: RegistryRequest['body']) =>
    registries.handle(HOST, { method, path, ...(body ? { body } : {}) });
  const errorOf = (answer: { json?: unknown }) =>
    (answer.json as { errors: { code: string }[] }).errors[0]?.code;
  return { kernel, registries, ask, errorOf };
}

interface Token {
  readonly token: string;
}

const text = (value: string) => new TextEncoder().encode(value);

describe('a registry', () => {
  it('takes a blob in one piece or in chunks, and only under its own digest', () => {
    const { ask, errorOf, registries } = registry();
    const blob = bytesBlob(text('hello world'));
    expect(ask('HEAD', `/v2/web/blobs/${blob.digest}`).status).toBe(404);
    const begun = ask('POST', '/v2/web/blobs/uploads/');
    expect(begun.status).toBe(202);
    const at = begun.headers.location!;
    expect(ask('PATCH', at, text('hello ')).headers.range).toBe('0-5');
    const late = registries.handle(HOST, {
      method: 'PATCH',
      path: at,
      headers: { 'content-range': '9-13' },
      body: text('world'),
    });
    expect([late.status, errorOf(late)]).toEqual([416, 'RANGE_INVALID']);
    const lastLate = registries.handle(HOST, {
      method: 'PUT',
      path: `${at}?digest=${blob.digest}`,
      headers: { 'content-range': '9-13' },
      body: text('world'),
    });
    expect(lastLate.status).toBe(416);
    expect(ask('PUT', `${at}?digest=${blob.digest}`, text('world')).status).toBe(201);
    expect(ask('GET', `/v2/web/blobs/${blob.digest}`).blob).toEqual(blob);

    const again = ask('POST', '/v2/web/blobs/uploads/').headers.location!;
    const wrong = ask('PUT', `${again}?digest=${blob.digest}`, text('other'));
    expect([wrong.status, errorOf(wrong)]).toEqual([400, 'DIGEST_INVALID']);
  });

  it('hands a blob out in the repositories that have it, and mounts it into others', () => {
    const { ask, errorOf } = registry();
    const blob = bytesBlob(text('shared'));
    ask('POST', `/v2/one/blobs/uploads/?digest=${blob.digest}`, blob);
    expect(errorOf(ask('GET', `/v2/two/blobs/${blob.digest}`))).toBe('BLOB_UNKNOWN');
    expect(ask('POST', `/v2/two/blobs/uploads/?mount=${blob.digest}&from=one`).status).toBe(201);
    expect(ask('GET', `/v2/two/blobs/${blob.digest}`).status).toBe(200);
    expect(ask('POST', `/v2/two/blobs/uploads/?mount=${blob.digest}&from=none`).status).toBe(202);
  });

  it('takes a manifest only when it has its blobs, and finds it by tag and digest', () => {
    const { ask, errorOf } = registry();
    const config = bytesBlob(text('{"config":{}}'));
    const manifest: Manifest = {
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest: config.digest, size: config.size },
      layers: [],
    };
    const bytes = encodeJson(manifest);
    expect(errorOf(ask('PUT', '/v2/web/manifests/1.0', bytes))).toBe('MANIFEST_BLOB_UNKNOWN');
    ask('POST', `/v2/web/blobs/uploads/?digest=${config.digest}`, config);
    const put = ask('PUT', '/v2/web/manifests/1.0', bytes);
    expect(put.status).toBe(201);
    const digest = put.headers['docker-content-digest']!;
    expect(ask('GET', '/v2/web/manifests/1.0').headers['docker-content-digest']).toBe(digest);
    expect(ask('GET', `/v2/web/manifests/${digest}`).blob?.digest).toBe(digest);
    expect(errorOf(ask('GET', '/v2/web/manifests/9.9'))).toBe('MANIFEST_UNKNOWN');
    expect(errorOf(ask('GET', '/v2/nothing/tags/list'))).toBe('NAME_UNKNOWN');
    ask('PUT', '/v2/web/manifests/1.1', bytes);
    expect(ask('GET', '/v2/web/tags/list').json).toEqual({ name: 'web', tags: ['1.0', '1.1'] });
    const page = ask('GET', '/v2/web/tags/list?n=1');
    expect(page.json).toEqual({ name: 'web', tags: ['1.0'] });
    expect(page.headers.link).toBe('</v2/web/tags/list?last=1.0&n=1>; rel="next"');
  });

  it('shares the base of nginx and alpine on the model Docker Hub', () => {
    const { registries } = registry();
    addDockerHub(registries);
    const get = (repository: string, reference: string) => {
      const path = `/v2/library/${repository}/manifests/${reference}`;
      return registries.handle('docker.io', { method: 'GET', path, headers: visit(repository) });
    };
    const visit = (repository: string) => {
      const path = `/token?scope=${encodeURIComponent(`repository:library/${repository}:pull`)}`;
      const { token } = registries.handle('docker.io', { method: 'GET', path }).json as Token;
      return { authorization: `Bearer ${token}` };
    };
    const layers = (repository: string, tag: string) => {
      const { blob } = get(repository, tag);
      const [first] = blob ? readIndex(blob).manifests : [];
      const manifest = first && get(repository, first.digest).blob;
      return manifest ? readManifest(manifest).layers : [];
    };
    const [nginx, alpine] = [layers('nginx', '1.29-alpine'), layers('alpine', '3.22')];
    expect(nginx[0]).toEqual(alpine[0]);
    expect(nginx).toHaveLength(8);
    const megabytes = nginx.reduce((sum, { size }) => sum + size, 0) / 1e6;
    expect(megabytes).toBeGreaterThan(20);
    expect(megabytes).toBeLessThan(25);
  });

  it('answers hostile requests', () => {
    const { ask, errorOf } = registry();
    expect(errorOf(ask('GET', '/v2/a..b/tags/list'))).toBe('NAME_INVALID');
    expect(errorOf(ask('GET', `/v2/${'a/'.repeat(5000)}b/tags/list`))).toBe('NAME_INVALID');
    const at = ask('POST', '/v2/web/blobs/uploads/').headers.location!;
    expect(ask('PUT', `${at}?digest=%`, text('x')).status).toBe(400);
    expect(ask('PUT', '/v2/web/manifests/1', new Uint8Array(5_000_000)).status).toBe(413);
    expect(errorOf(ask('PUT', '/v2/web/manifests/1', text('[null]')))).toBe('MANIFEST_INVALID');
    expect(
      errorOf(
        ask('PUT', '/v2/web/manifests/1', text('{"schemaVersion":2,"config":1,"layers":[1]}')),
      ),
    ).toBe('MANIFEST_INVALID');
  });

  it('hands out parts of a blob', () => {
    const { ask, registries } = registry();
    const blob = bytesBlob(text('0123456789'));
    ask('POST', `/v2/web/blobs/uploads/?digest=${blob.digest}`, blob);
    const part = (range: string) =>
      registries.handle(HOST, {
        method: 'GET',
        path: `/v2/web/blobs/${blob.digest}`,
        headers: { range },
      });
    expect(part('bytes=2-4')).toMatchObject({ status: 206, bytes: text('234') });
    expect(part('bytes=-3').headers['content-range']).toBe('bytes 7-9/10');
    expect(part('bytes=8-').bytes).toEqual(text('89'));
    expect(part('bytes=10-').status).toBe(416);
    expect(part('lines=1-2').status).toBe(200);
  });

  it('forgets a blob with the last repository that has it', () => {
    const { ask, registries } = registry();
    const blob = bytesBlob(text('shared'));
    ask('POST', `/v2/one/blobs/uploads/?digest=${blob.digest}`, blob);
    ask('POST', `/v2/two/blobs/uploads/?mount=${blob.digest}&from=one`);
    ask('DELETE', `/v2/one/blobs/${blob.digest}`);
    expect(registries.blobsOf(HOST)).toHaveLength(1);
    ask('DELETE', `/v2/two/blobs/${blob.digest}`);
    expect(registries.blobsOf(HOST)).toHaveLength(0);
  });
});

describe('who may ask a registry', () => {
  const guarded = () => {
    const kernel = new Kernel({ seed: 1 });
    const registries = new Registries(kernel, new Processes(kernel));
    addDockerHub(registries);
    registries.addHost('own', { access: { auth: 'basic', accounts: { dev: 'secret' } } });
    registries.addHost('ecr', { access: { auth: 'ecr' } });
    const get = (host: string, path: string, authorization?: string, from = 'laptop') =>
      registries.handle(host, {
        method: 'GET',
        path,
        from,
        headers: authorization === undefined ? {} : { authorization },
      });
    const basic = (user: string, password: string) => `Basic ${toBase64(`${user}:${password}`)}`;
    const token = (scope: string, authorization?: string) => {
      const path = `/token?service=x&scope=${encodeURIComponent(scope)}`;
      const { json, status } = get('docker.io', path, authorization);
      return status === 200 ? `Bearer ${(json as Token).token}` : undefined;
    };
    return { kernel, registries, get, basic, token };
  };

  it('is asked for a name and a password where those are wanted', () => {
    const { get, basic } = guarded();
    const stranger = get('own', '/v2/');
    expect([stranger.status, stranger.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="Registry Realm"',
    ]);
    expect(get('own', '/v2/', basic('dev', 'wrong')).status).toBe(401);
    expect(get('own', '/v2/', basic('dev', 'secret')).status).toBe(200);
    expect(get('own', '/v2/', basic('toString', '')).status).toBe(401);
  });

  it('may pull from the hub with a token that says so, for five minutes', () => {
    const { kernel, get, token, basic } = guarded();
    const path = '/v2/library/alpine/manifests/latest';
    const challenge = get('docker.io', path).headers['www-authenticate'];
    expect(challenge).toContain('scope="repository:library/alpine:pull"');
    const pull = token('repository:library/alpine:pull');
    expect(get('docker.io', path, pull).status).toBe(200);
    const other = get('docker.io', '/v2/library/nginx/manifests/latest', pull);
    expect(other.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect(token('repository:library/alpine:pull', basic('me', 'wrong'))).toBeUndefined();
    const forged = `${pull}0`;
    expect(get('docker.io', path, forged).status).toBe(401);
    kernel.advance(kernel.now + 5 * 60_000);
    expect(get('docker.io', path, pull).status).toBe(401);
  });

  it('is told to wait after a hundred pulls in six hours, and nobody else is', () => {
    const { kernel, get, token } = guarded();
    const path = '/v2/library/alpine/manifests/latest';
    const statuses = Array.from({ length: 101 }, () =>
      get('docker.io', path, token('repository:library/alpine:pull')),
    ).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.at(-1)).toBe(429);
    const again = () => token('repository:library/alpine:pull');
    expect(get('docker.io', path, again(), 'phone').status).toBe(200);
    kernel.advance(kernel.now + 6 * 3_600_000);
    expect(get('docker.io', path, again()).status).toBe(200);
  });

  it('holds a password for Amazon that ends after twelve hours, for repositories that exist', () => {
    const { kernel, registries, get, basic } = guarded();
    const order = (body: unknown): unknown => registries.obey(body as never);
    const login = basic('AWS', String(order({ op: 'ecr-password', host: 'ecr' })));
    expect(errorsOf(get('ecr', '/v2/web/tags/list', login))[0]?.message).toBe(
      "The repository with name 'web' does not exist in the registry with id 'ecr'",
    );
    order({ op: 'create-repository', host: 'ecr', repository: 'web' });
    expect(get('ecr', '/v2/', login).status).toBe(200);
    kernel.advance(kernel.now + 12 * 3_600_000);
    expect(errorsOf(get('ecr', '/v2/', login))[0]).toMatchObject({
      code: 'DENIED',
      message: 'Your authorization token has expired. Reauthenticate and try again.',
    });
    expect(get('ecr', '/v2/', basic('AWS', 'x')).status).toBe(401);
  });
});
