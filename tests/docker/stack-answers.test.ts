import { describe, expect, it } from 'vitest';
import { goQuote } from '../../src/engine/go/quote.ts';
import { askClient } from './client.ts';
import table from './stack-answers.json' with { type: 'json' };

/** A warning as it is logged on a terminal, and as the recording has it. */
const WARNING = /^WARN\[\d{4}\] (.*?) *$/gm;
const logged = (text: string): string =>
  text.replace(WARNING, (_line, message: string) => `level=warning msg=${goQuote(message)}`);

interface Case {
  readonly command: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Every stack file that the real client was shown: what it makes of it, or why it refuses it. */
describe('docker stack, where no daemon answers', () => {
  const cases = table.cases as unknown as readonly Case[];

  it('has many recorded files to agree with', () => {
    expect(cases.length).toBeGreaterThan(600);
  });

  it.each(cases)('$command: $files', ({ command, files, env, stdout, stderr, code }) => {
    const { stderr: said, ...answer } = askClient(command, { files, ...(env && { env }) });
    expect({ ...answer, stderr: logged(said) }).toEqual({ stdout, stderr, code });
  });
});
