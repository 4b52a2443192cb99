import { codeToHtml, createCssVariablesTheme } from 'shiki';
import { expect, test } from 'vitest';
import { codeFrame, consolePrompts } from './highlight.ts';
import { classesForColours } from '../../components/highlight/colour-classes.ts';
import { isTranscript, transcriptScreens } from './transcripts.ts';

const theme = createCssVariablesTheme({ variablePrefix: '--astro-code-' });

const render = (code: string, raw: string): Promise<string> =>
  codeToHtml(code, {
    lang: 'console',
    theme,
    meta: { __raw: raw },
    transformers: [classesForColours(), consolePrompts(), transcriptScreens(), codeFrame()],
  });

const plain = (html: string): string => html.replace(/<[^>]*>/g, '');

test('each command with its output is a block, and what was typed is marked', async () => {
  const html = await render('$ docker ps -q\n3f1\n$ docker run \\\n>   nginx\nhi', 'run locale=en');
  const blocks = html.split('<pre>').slice(1).map(plain);
  expect(blocks[0]).toBe('$ docker ps -q\n3f1\n');
  expect(blocks[1]).toContain('$ docker run \\\n>   nginx\nhi\n');
  expect(html.match(/class="line typed"/g)).toHaveLength(3);
  expect(html.match(/class="prompt"/g)).toHaveLength(3);
  expect(html).toMatch(/<div class="screen"[^>]* tabindex="0">/);
  expect(html).toMatch(/<figcaption class="printed-by">Run and printed by/);
});

test('the middle of a long output folds, and no line is lost', async () => {
  const output = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  const html = await render(['$ docker pull nginx', ...output].join('\n'), 'run=other locale=ko');
  expect(html).toContain('<details><summary>13줄 더</summary>');
  expect(plain(html.replace(/<summary>.*?<\/summary>/, ''))).toContain(`${output.join('\n')}\n`);
  const short = await render(['$ docker ps', ...output.slice(0, 14)].join('\n'), 'run');
  expect(short).not.toContain('<details>');
});

test('only console code with the word run is a transcript', async () => {
  expect(isTranscript('console', 'run')).toBe(true);
  expect(isTranscript('console', 'preset=swarm run=other')).toBe(true);
  expect(isTranscript('console', 'rerun overrun=1')).toBe(false);
  expect(isTranscript('sh', 'run')).toBe(false);
  expect(await render('$ docker ps', '')).not.toContain('screen');
});
