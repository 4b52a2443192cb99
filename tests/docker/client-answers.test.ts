import { describe, expect, it } from 'vitest';
import { askClient, type ClientAnswer } from './client.ts';
import table from './client-answers.json' with { type: 'json' };

/** Every recorded line of the real client: help, wrong usage, refused values, formats. */
describe('the docker client where no daemon answers', () => {
  it('has many recorded lines to agree with', () => {
    expect(table.cases.length).toBeGreaterThan(500);
  });

  it.each(table.cases)('$command', ({ command, stdout, stderr, code }) => {
    expect(askClient(command)).toEqual({ stdout, stderr, code } satisfies ClientAnswer);
  });
});
