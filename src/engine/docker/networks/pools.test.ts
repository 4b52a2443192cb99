import { describe, expect, it } from 'vitest';
import { formatPrefix, parsePrefix } from '../../net/prefix.ts';
import { describePools, firstFree, LOCAL_POOLS, SWARM_POOLS } from './pools.ts';

const free = (taken: string[], bits?: number): string => {
  const found = firstFree(
    LOCAL_POOLS,
    taken.map((text) => parsePrefix(text)!),
    bits,
  );
  return typeof found === 'string' ? found : formatPrefix(found);
};

describe('default address pools', () => {
  it('are those of ipamutils', () => {
    expect(describePools(LOCAL_POOLS).map(({ Base, Size }) => `${Base} ${Size}`)).toEqual([
      ...['172.17.0.0/16 16', '172.18.0.0/16 16', '172.19.0.0/16 16', '172.20.0.0/14 16'],
      ...['172.24.0.0/14 16', '172.28.0.0/14 16', '192.168.0.0/16 20'],
    ]);
    expect(describePools(SWARM_POOLS)).toEqual([{ Base: '10.0.0.0/8', Size: 24 }]);
  });

  it('give what touches nothing taken', () => {
    expect(free([])).toBe('172.17.0.0/16');
    expect(free(['172.17.0.0/16', '172.18.4.0/24'])).toBe('172.19.0.0/16');
    expect(free(['172.16.0.0/12'])).toBe('192.168.0.0/20');
    expect(free(['172.16.0.0/12', '192.168.16.0/24', '192.168.0.0/24'])).toBe('192.168.32.0/20');
    expect(free(['172.16.0.0/12', '192.168.0.0/16'])).toBe('exhausted');
    expect(free(['172.17.0.0/24'], 24)).toBe('172.17.1.0/24');
    expect(free([], 8)).toBe('invalid');
  });
});
