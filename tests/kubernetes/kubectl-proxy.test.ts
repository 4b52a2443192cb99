import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

describe('kubectl proxy', () => {
  const session = new Session({ preset: 'cluster', seed: 1 });
  const told = (line: string) => session.type(line).printed;
  told('kubectl proxy > said &');

  it('leads to the API server, in the name of who started it', () => {
    expect(told('cat said')).toBe('Starting to serve on 127.0.0.1:8001\n');
    expect(told('curl -s localhost:8001/version | jq -r .gitVersion')).toBe('v1.36.0\n');
    const sent = `-H 'Content-Type: application/json' -d '{"metadata":{"name":"shop"}}'`;
    told(`curl -s -X POST ${sent} localhost:8001/api/v1/namespaces`);
    expect(told('kubectl get namespace shop -o name')).toBe('namespace/shop\n');
  });

  it('lets no one into containers', () => {
    const path = 'api/v1/namespaces/default/pods/web/exec';
    expect(told(`curl -s -w '%{http_code}' localhost:8001/${path}`)).toBe('Forbidden\n403');
  });

  it('begins the API at a prefix', () => {
    told('kubectl proxy --port=8080 --api-prefix=/k8s > said &');
    expect(told('curl -s localhost:8080/k8s/api | jq -c .versions')).toBe('["v1"]\n');
    expect(told('curl -s localhost:8080/api')).toBe('404 page not found\n');
  });

  it('needs a port that is free, and gives it back', () => {
    expect(session.type('kubectl proxy')).toEqual({
      printed: 'error: listen tcp 127.0.0.1:8001: bind: address already in use\n',
      exitCode: 1,
    });
    told('kill %1; sleep 1');
    expect(session.type('curl -s localhost:8001').exitCode).toBe(7);
  });
});
