import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

describe('kubectl cp', () => {
  const session = new Session({ preset: 'cluster', seed: 1 });
  const told = (line: string) => session.type(line).printed;
  told('kubectl run web --image=nginx');
  told('kubectl run bare --image=registry.k8s.io/pause:3.10');
  told('kubectl wait pod --all --for=condition=Ready');
  told('mkdir -p d/e; echo 한글 > d/a');

  it('copies a file, and into a directory that is there', () => {
    expect(told('kubectl cp d/a web:/tmp/b; kubectl exec web -- cat /tmp/b')).toBe('한글\n');
    expect(told('kubectl cp d/a default/web:/tmp; kubectl exec web -- ls /tmp')).toBe('a\nb\n');
  });

  it('copies a tree', () => {
    expect(told('kubectl cp d web:/opt/d -c web; kubectl exec web -- find /opt')).toBe(
      '/opt\n/opt/d\n/opt/d/a\n/opt/d/e\n',
    );
  });

  it('copies back, and passes links over', () => {
    expect(told('kubectl cp web:/tmp/b ./c; cat c')).toBe(
      "tar: Removing leading `/' from member names\n한글\n",
    );
    expect(told('kubectl cp web:/etc/nginx ./n; ls n')).toBe(
      "tar: Removing leading `/' from member names\n" +
        'warning: skipping symlink: "./n/modules" -> "/usr/lib/nginx/modules" (consider using ' +
        '"kubectl exec -n "" "web" -- tar cf - "/etc/nginx" | tar xf -")\n' +
        'conf.d\nfastcgi_params\nmime.types\nnginx.conf\nscgi_params\nuwsgi_params\n',
    );
  });

  it.each([
    ['web:/no .', 'tar: /no: Cannot stat: No such file or directory', 2],
    ['d/a web:/no/a', 'tar: /no: Cannot open: No such file or directory', 2],
    ['no:/a ./a', 'Error from server (NotFound): pods "no" not found', 1],
    ['no web:/a', "error: no doesn't exist in local filesystem", 1],
    ['web:tmp/b /tmp', 'error: open /tmp: is a directory', 1],
    ['d/a bare:/a', 'error: Internal error occurred: error executing command in container', 1],
  ])('%s: %s', (words, first, code) => {
    const { printed, exitCode } = session.type(`kubectl cp ${words}`);
    expect([printed.slice(0, first.length), exitCode]).toEqual([first, code]);
  });
});
