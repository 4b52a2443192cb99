import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

function host(...lines: readonly string[]): { told: string; code: number } {
  const session = new Session({ preset: 'host', seed: 1 });
  session.type('mkdir -p d/e; echo hello > d/a; echo 한글 > d/e/b; ln -s a d/l');
  let last = { printed: '', exitCode: 0 };
  for (const line of lines) last = session.type(line);
  return { told: last.printed, code: last.exitCode };
}

const LISTED = 'd/\nd/a\nd/e/\nd/e/b\nd/l\n';

/** Each row was run with GNU tar 1.35 and gzip 1.13, entries by name. */
const rows: readonly [story: string, script: string, told: string, code?: number][] = [
  ['lists what was packed', 'tar cf x.tar d; tar tf x.tar', LISTED],
  ['is asked without dashes and with words', 'tar -c -f x.tar d; tar --list --file=x.tar', LISTED],
  ['packs and unpacks through pipes', 'tar cz d | (mkdir o; tar xz -C o); cat o/d/e/b', '한글\n'],
  [
    'reads what > has written',
    'tar cf - d > x.tar; tar czf - d > x.tgz; tar xOf x.tgz d/l d/a; tar tf x.tar',
    `hello\n${LISTED}`,
  ],
  ['reads what cat has', 'tar czf x.tgz d; cat x.tgz | tar tz', LISTED],
  ['keeps links', 'tar cf x.tar d; rm -r d; tar xf x.tar; cat d/l', 'hello\n'],
  ['strips directories', 'tar cf x.tar d; tar xf x.tar --strip-components=2; ls', 'b\nd\nx.tar\n'],
  ['leaves out what is excluded', 'tar cf x.tar --exclude=e d; tar tf x.tar', 'd/\nd/a\nd/l\n'],
  [
    'takes the root off names',
    'tar cf x.tar /root/d/a; tar tf x.tar',
    "tar: Removing leading `/' from member names\nroot/d/a\n",
  ],
  [
    'tells of a file that is not there',
    'tar xf no.tar',
    'tar: no.tar: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n',
    2,
  ],
  [
    'tells of what is no archive',
    'tar xf d/a',
    'tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n',
    2,
  ],
  [
    'tells of what is not in it',
    'tar cf x.tar d; tar xf x.tar z',
    'tar: z: Not found in archive\ntar: Exiting with failure status due to previous errors\n',
    2,
  ],
  [
    'does not pack nothing',
    'tar cf x.tar',
    "tar: Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.\n",
    2,
  ],
  ['takes a file’s place as gzip', 'gzip d/a; ls d; gunzip d/a; cat d/a', 'a.gz\ne\nl\nhello\n'],
  ['is read by zcat', 'gzip -k d/e/b; zcat d/e/b.gz; echo 한글 | gzip | gunzip', '한글\n한글\n'],
  ['is not read where it is none', 'gunzip < d/a', '\ngzip: stdin: not in gzip format\n', 1],
];

describe('an archive', () => {
  it.each(rows)('%s', (_, script, told, code = 0) => {
    expect(host(script)).toEqual({ told, code });
  });
});

describe('archives and Docker', () => {
  it('go through gzip and come back as an image', () => {
    const { told } = host(
      'docker pull -q alpine',
      'docker save alpine | gzip > alpine.tgz; docker rmi alpine > /dev/null',
      'gunzip -c alpine.tgz | docker load; docker load -i alpine.tgz',
    );
    expect(told).toBe('Loaded image: alpine:latest\nLoaded image: alpine:latest\n');
  });

  it('are what a container writes to a volume', () => {
    const { told } = host(
      'docker run --rm -v $PWD/d:/data -v $PWD:/backup alpine tar czf /backup/b.tgz -C /data . 2> /dev/null',
      'tar tzf b.tgz',
    );
    expect(told).toBe('./\n./a\n./e/\n./e/b\n./l\n');
  });

  it('are a context', () => {
    const { told, code } = host(
      "printf 'FROM alpine\\nCOPY d /d\\nRUN cat /d/e/b\\n' > Dockerfile",
      'tar cz Dockerfile d | docker build -q -t ctx - && docker run --rm ctx cat /d/a',
    );
    expect(told).toMatch(/^sha256:[0-9a-f]{64}\nhello\n$/);
    expect(code).toBe(0);
  });
});
