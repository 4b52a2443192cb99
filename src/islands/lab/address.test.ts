import { describe, expect, it } from 'vitest';
import { readAddress, writeAddress } from './address.ts';

describe('an address of the lab', () => {
  it.each([
    ['', { kind: 'none' }],
    ['#worlds', { kind: 'none' }],
    ['#preset=cluster', { kind: 'preset', preset: 'cluster', seed: 7 }],
    ['#preset=cluster-ha&seed=12', { kind: 'preset', preset: 'cluster-ha', seed: 12 }],
    ['#preset=nodes-5000', { kind: 'preset', preset: 'nodes-5000', seed: 7 }],
    ['#preset=nodes-N', { kind: 'none' }],
    ['#preset=<img src=x>y', { kind: 'unknown', asked: 'preset=<img src=x>y' }],
    ['#preset=__proto__', { kind: 'unknown', asked: 'preset=__proto__' }],
    ['#preset=nodes-99999', { kind: 'unknown', asked: 'preset=nodes-99999' }],
    [`#challenge=${'-/'.repeat(500)}`, { kind: 'unknown', asked: `challenge=${'-/'.repeat(35)}` }],
    ['#preset=host&seed=many', { kind: 'preset', preset: 'host', seed: 7, unread: 'seed=many' }],
    ['#scenario=orchestration/apply', { kind: 'scenario', id: 'orchestration/apply' }],
    ['#scenario=orchestration%2Fapply', { kind: 'scenario', id: 'orchestration/apply' }],
    ['#scenario=a/b&at=1500', { kind: 'scenario', id: 'a/b', atMs: 1500 }],
    ['#scenario=a/b&at=0', { kind: 'scenario', id: 'a/b' }],
    ['#scenario=a/b&at=-1', { kind: 'scenario', id: 'a/b', unread: 'at=-1' }],
    ['#scenario=a/b&at=soon', { kind: 'scenario', id: 'a/b', unread: 'at=soon' }],
    ['#scenario=a/b&at=9e15', { kind: 'scenario', id: 'a/b', unread: 'at=9e15' }],
    ['#scenario=a/b&at=99999999999', { kind: 'scenario', id: 'a/b', unread: 'at=99999999999' }],
    ['#scenario=a/b&amp;at=1500%20', { kind: 'scenario', id: 'a/b', atMs: 1500 }],
    ['#scenario=../secret', { kind: 'unknown', asked: 'scenario=../secret' }],
    ['#challenge=full-disk', { kind: 'challenge', id: 'full-disk' }],
    ['#challenge=full-disk%EB%A5%BC.', { kind: 'challenge', id: 'full-disk' }],
    ['#v2.eJyL', { kind: 'link', payload: 'v2.eJyL' }],
    ['#v3.eJyL', { kind: 'link', payload: 'v3.eJyL' }],
    ['#v2.eJyL&challenge=c', { kind: 'link', payload: 'v2.eJyL', challenge: 'c' }],
    ['#v2.eJyL&challenge=../c&x', { kind: 'link', payload: 'v2.eJyL' }],
    [
      '#v2.eJyL&scenario=a/b&steps=2',
      { kind: 'link', payload: 'v2.eJyL', story: { id: 'a/b', steps: 2 } },
    ],
    [
      '#v2.e&scenario=a/b&steps=-9',
      { kind: 'link', payload: 'v2.e', story: { id: 'a/b', steps: 0 } },
    ],
    ['#v2.e&scenario=../b&steps=2', { kind: 'link', payload: 'v2.e' }],
    ['#v1.eJyL', { kind: 'moment' }],
    ['#%E0%A4%A', { kind: 'none' }],
  ])('%s is read', (hash, address) => {
    expect(readAddress(hash)).toEqual(address);
  });

  it.each([
    'preset=host',
    'preset=swarm-9&seed=3',
    'scenario=a/b',
    'scenario=a/b&at=9',
    'challenge=c',
    'v2.eJyL',
    'v2.eJyL&challenge=c',
    'v2.eJyL&scenario=a/b&steps=2',
  ])('%s is written as it was read', (hash) => {
    expect(writeAddress(readAddress(`#${hash}`))).toBe(hash);
  });
});
