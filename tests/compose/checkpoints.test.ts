import { describe, expect, it } from 'vitest';
import { createWorld, type ShellAction } from '../../src/engine/world.ts';

/** Time can be taken back to the middle of `up`: everything goes on from there as it did. */
const FILE = `services:
  web:
    image: nginx:1.29-alpine
    depends_on:
      cache:
        condition: service_healthy
  cache:
    image: redis:8-alpine
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 1s
`;
const typed = (line: string): ShellAction => ({ type: 'shell', machine: 'host', line });

function world() {
  const made = createWorld({ preset: 'host', seed: 3 });
  made.kernel.dispatch({
    ...{ type: 'save', machine: 'host', path: '/root/app/compose.yaml', content: FILE },
  });
  made.kernel.dispatch(typed('cd app'));
  made.kernel.advance(made.kernel.now + 1);
  return made;
}

describe('a checkpoint in the middle of a command of Compose', () => {
  it.each([
    ['docker compose up -d', 900],
    ['docker compose up -d', 2_500],
    ['docker compose up', 4_000],
  ])('%s, after %i ms, goes on to the same world', (line, ms) => {
    const first = world();
    first.kernel.dispatch(typed(line));
    first.kernel.advance(first.kernel.now + ms);
    const middle = first.kernel.checkpoint();
    first.kernel.advance(20_000);
    const second = world();
    second.kernel.restore(middle);
    second.kernel.advance(20_000);
    expect(second.kernel.hash()).toBe(first.kernel.hash());
    const names = second
      .look<{ Names: string[] }[]>('host', '/containers/json')
      .map(({ Names: [name] }) => name);
    expect(names).toEqual(['/app-web-1', '/app-cache-1']);
  });
});
