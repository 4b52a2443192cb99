import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Real time that one hostile line may take on a busy machine. */
const REAL_MS = 20_000;

const repeat = (text: string, times: number): string => text.repeat(times);
const PREPARE = 'docker run -d --name box alpine sleep 1d';

/** What people should not type, and what they are told. */
const LINES: readonly [name: string, line: string, exitCode: number, printed: RegExp][] = [
  ['a fork bomb in a container', `docker run alpine sh -c ':(){ :|:& };:'`, 0, /^$/],
  ['a fork bomb with a limit', `docker run --pids-limit 9 alpine sh -c ':(){ :|:& };:'`, 0, /^$/],
  ['brackets without end', `[[ ${repeat('( ', 5_000)} a ]]`, 2, /syntax error/],
  ['awk that doubles for ever', `awk 'BEGIN{x="a"; while(1) x=x x}'`, 2, /out of memory/],
  ['awk with many signs', `awk 'BEGIN{print ${repeat('!', 50_000)}1}'`, 2, /nested too deeply/],
  ['find with many signs', `find / -maxdepth 0 ${repeat('! ', 5_000)} -name x`, 0, /^$/],
  ['find with many brackets', `find / ${repeat('\\( ', 5_000)}`, 1, /nested too deeply/],
  ['jq with a long path', `echo null | jq '${repeat('.a', 50_000)}' >/dev/null`, 139, /^$/],
  ['a deep template', `docker ps --format '{{${repeat('(', 20_000)}'`, 1, /max expression depth/],
  ['a long name', `docker run ${repeat('p', 10_000)}`, 125, /must not be more than 255 characters/],
  ['a long path', `mkdir -p ${repeat('d/', 5_000)}`, 1, /File name too long/],
  ['a deep path', `mkdir -p /tmp/${repeat('d/', 2_000)} && rm -r /tmp/d`, 0, /^$/],
  ['a count that is none', 'docker logs --tail -5 box', 0, /^$/],
  ['a time that is none', 'docker events --since garbage', 1, /failed to parse value as time/],
  ['memory that is none', 'docker run -m -1 alpine true', 125, /invalid size: '-1'/],
  ['processors that are not there', 'docker run --cpus -1 alpine true', 125, /range of CPUs/],
  ['a lot of numbers', 'seq 1200000 | tail -1', 0, /^1200000\n$/],
];

describe('a hostile line', () => {
  it.each(LINES)(
    '%s: the tool answers, and undo leads back',
    (_name, line, exitCode, printed) => {
      const session = new Session({ preset: 'host', seed: 1 });
      session.type(PREPARE);
      const before = session.world.kernel.hash();
      const answer = session.type(line);
      expect(answer.exitCode).toBe(exitCode);
      expect(answer.printed).toMatch(printed);
      expect(session.timeline.undo()).toBeTruthy();
      expect(session.world.kernel.hash()).toBe(before);
    },
    REAL_MS,
  );
});

describe('a build', () => {
  it(
    'that prints for ever shows 200 KiB a second, and ends when it is given up',
    () => {
      const session = new Session({ preset: 'host', seed: 1 });
      session.write('Dockerfile', `FROM alpine\nRUN yes ${repeat('y', 90)}\n`);
      const answer = session.type('timeout 5 docker build --progress plain . 2>&1');
      expect(answer.exitCode).toBe(124);
      expect(answer.printed).toContain('[output clipped, log limit 200KiB/s reached]');
      expect(answer.printed.length).toBeLessThan(2_000_000);
    },
    REAL_MS,
  );

  it(
    'refuses names that Linux refuses',
    () => {
      const session = new Session({ preset: 'host', seed: 1 });
      session.write('Dockerfile', `FROM scratch\nWORKDIR /${repeat('p', 256)}\n`);
      expect(session.type('docker build -q .').printed).toContain('file name too long');
    },
    REAL_MS,
  );
});
