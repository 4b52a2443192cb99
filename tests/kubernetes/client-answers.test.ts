import { describe, expect, it } from 'vitest';
import { askClient, type ClientAnswer } from './client.ts';
import table from './client-answers.json' with { type: 'json' };

interface Case extends ClientAnswer {
  readonly command: string;
}

/** Every recorded line of the real client: usage, refused values, generators, kubeconfigs. */
describe('kubectl where no server answers', () => {
  const cases: readonly Case[] = table.cases as readonly unknown[] as readonly Case[];

  it('has many recorded lines to agree with', () => {
    expect(cases.length).toBeGreaterThan(500);
  });

  it.each(cases)('$command', ({ command, ...answer }) => {
    expect(askClient(command, table.files)).toEqual(answer);
  });
});
