import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { devScenarios } from './integration.ts';
import { liveTrace } from './live-trace.ts';

const ID = 'containers/first-container';
const golden = readFileSync(`src/scenarios/${ID}/golden.trace`, 'utf8');

test('there is a page in development, and none in a build', () => {
  const injectRoute = vi.fn();
  const setup = devScenarios().hooks['astro:config:setup']!;
  for (const command of ['build', 'preview', 'sync'] as const) {
    void setup({ command, injectRoute } as never);
  }
  expect(injectRoute).not.toHaveBeenCalled();
  void setup({ command: 'dev', injectRoute } as never);
  expect(injectRoute).toHaveBeenCalledWith({
    pattern: '/dev/scenarios/[...id]',
    entrypoint: expect.objectContaining({
      pathname: expect.stringMatching(/\/src\/layouts\/DevScenarios\.astro$/) as string,
    }) as URL,
  });
});

test('its seed box shows the trace that another seed leaves', () => {
  expect(liveTrace(ID, 7)).toEqual({ ok: true, trace: golden });
  const other = liveTrace(ID, 8);
  expect(other).toMatchObject({ ok: true });
  expect(other).not.toEqual({ ok: true, trace: golden });
});

test.each([
  ['no/such', 7],
  ['../../etc', 7],
  [ID, Number.NaN],
])('%s with the seed %d is refused', (id, seed) => {
  expect(liveTrace(id, seed)).toMatchObject({ ok: false });
});
