import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import { ENGINE_VERSION } from '../../src/engine/version.ts';
import { fromFile, fromLink, toFile, type Arrived } from './sent-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);

const session = new Session({ preset: 'host', seed: 6 });
session.type('echo one > notes');
const link = session.type('drydock link').printed;
toFile(file('a.drydock.json'), session);

const faultOf = (arrived: Arrived): string =>
  'fault' in arrived ? arrived.fault : expect.unreachable('it was opened');
const opened = (arrived: Arrived) =>
  'fault' in arrived ? expect.unreachable(arrived.fault) : arrived;

describe('a world that comes in', () => {
  it('goes on where it was, by its link or its file', () => {
    for (const arrived of [fromLink(link), fromFile(file('a.drydock.json'))]) {
      const { session: here, notice } = opened(arrived);
      expect(notice).toBeUndefined();
      expect(here.type('drydock link').printed).toBe(link);
      expect(here.type('cat notes').printed).toBe('one\n');
    }
  });

  it('says so when it is another now, and why', () => {
    const text = readFileSync(file('a.drydock.json'), 'utf8');
    writeFileSync(file('old.json'), text.replace(ENGINE_VERSION, '0.0.1').replace('one', 'two'));
    writeFileSync(file('sly.json'), text.replace('one', 'two'));
    expect(opened(fromFile(file('old.json'))).notice).toMatch(/0\.0\.1.*this is engine/);
    expect(opened(fromFile(file('sly.json'))).notice).toContain('somebody changed it');
  });

  it('that cannot be opened says why', () => {
    writeFileSync(file('cut.json'), readFileSync(file('a.drydock.json'), 'utf8').slice(0, -20));
    writeFileSync(file('other.json'), '{"format": "other"}');
    writeFileSync(file('big.json'), ' '.repeat(13 << 20));
    expect(faultOf(fromLink('#isolation'))).toBe('this link holds no world');
    expect(faultOf(fromLink(link.slice(0, -9)))).toContain('not whole');
    expect(faultOf(fromLink('#v1.abc'))).toContain('a moment of a figure');
    expect(faultOf(fromLink('#v9.abc'))).toContain('a newer Drydock');
    expect(faultOf(fromFile(file('cut.json')))).toContain('not whole');
    expect(faultOf(fromFile(file('other.json')))).toBe('this file holds no world');
    expect(faultOf(fromFile(file('big.json')))).toContain('not whole');
    expect(faultOf(fromFile(file('nosuch.json')))).toContain('ENOENT');
    expect(toFile(file('no/such/folder.json'), session)).toContain('ENOENT');
  });

  it('is refused when nothing like it is here', () => {
    const text = readFileSync(file('a.drydock.json'), 'utf8');
    writeFileSync(file('far.json'), text.replace('"world": "host"', '"world": "moon"'));
    expect(faultOf(fromFile(file('far.json')))).toContain('a preset that is not there');
  });
});
