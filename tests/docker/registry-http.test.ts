import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

function prompt() {
  const session = new Session({ preset: 'registry', seed: 1 });
  const run = (line: string): string => session.type(line).printed;
  run('docker pull -q alpine && docker tag alpine registry.local:5000/team/base:1');
  run('docker push registry.local:5000/team/base:1');
  return run;
}

describe('a registry asked over http', () => {
  it('shows what was pushed, to machines and to containers', () => {
    const run = prompt();
    expect(run('curl -s registry.local:5000/v2/_catalog')).toBe('{"repositories":["team/base"]}\n');
    const tags = 'http://registry.local:5000/v2/team/base/tags/list';
    expect(run(`docker run --rm alpine wget -qO- ${tags}`)).toBe(
      '{"name":"team/base","tags":["1"]}\n',
    );
    expect(run('curl -s -I registry.local:5000/v2/')).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(run('curl -s registry.local:5000/v2/team/base/manifests/9')).toContain(
      '"code":"MANIFEST_UNKNOWN"',
    );
  });

  it('is silent while it is down', () => {
    const run = prompt();
    run('drydock fault registry registry.local:5000 down');
    expect(run('curl -m 2 registry.local:5000/v2/')).toMatch(/^curl: \(28\) /);
    run('drydock fault registry registry.local:5000 up');
    expect(run('curl -s registry.local:5000/v2/')).toBe('{}\n');
  });
});
