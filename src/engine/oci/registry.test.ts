import { describe, expect, it } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { addDockerHub } from './hub/catalogue.ts';
import { encodeJson, MEDIA, type Manifest } from './image.ts';
import { bytesBlob, readManifest } from './layer.ts';
import { Registries, type RegistryRequest } from './registry.ts';

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
    const layers = (repository: string, tag: string) => {
      const path = `/v2/library/${repository}/manifests/${tag}`;
      const { blob } = registries.handle('docker.io', { method: 'GET', path });
      return blob ? readManifest(blob).layers : [];
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
});
