import { expect, it } from 'vitest';
import type { CacheRecord } from '../../api/system.ts';
import { bySize, prunedTable, usageSummary } from './build-usage.ts';
import { ofText } from './time.ts';

const NOW = ofText('2026-01-05T00:01:00Z');

const record = (ID: string, Size: number, Shared = false): CacheRecord => ({
  ...{ ID, Size, Shared, Type: 'regular', Description: '', InUse: false, UsageCount: 1 },
  ...{ CreatedAt: '2026-01-05T00:00:00Z', LastUsedAt: '2026-01-05T00:00:50Z' },
});

const app = record('nkvwc0gr3rec35kzht8zi40hh', 12_000_000);
const shipped = record('8uc5memx9vaz9sj53g29d1nyd', 8_000_000, true);

it('lists the largest first, and tells what images share', () => {
  expect([shipped, app].sort(bySize)).toEqual([app, shipped]);
  expect(usageSummary([app, shipped])).toBe(
    'Shared:\t\t8MB\nPrivate:\t12MB\nReclaimable:\t20MB\nTotal:\t\t20MB\n',
  );
  expect(usageSummary([app])).toBe('Reclaimable:\t12MB\nTotal:\t\t12MB\n');
});

it('writes what was pruned a row at a time, with a heading above the first', () => {
  const [heading, first, second, ...rest] = prunedTable([app, shipped], NOW).split('\n');
  expect(heading).toBe('ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED');
  expect(first).toBe(`${app.ID.padEnd(40)}\ttrue \t\t12MB      \t10 seconds ago`);
  expect(second).toBe(`${shipped.ID.padEnd(40)}\ttrue \t8MB*      \t10 seconds ago`);
  expect(rest).toEqual(['']);
  expect(prunedTable([], NOW)).toBe('');
});
