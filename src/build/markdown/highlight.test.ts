import { codeToHtml, createCssVariablesTheme } from 'shiki';
import { expect, test } from 'vitest';
import { codeFrame, consolePrompts, fenceOption } from './highlight.ts';
import { classesForColours } from '../../components/highlight/colour-classes.ts';

const theme = createCssVariablesTheme({ variablePrefix: '--astro-code-' });

function render(code: string, lang: string, raw = ''): Promise<string> {
  return codeToHtml(code, {
    lang,
    theme,
    meta: { __raw: raw },
    transformers: [classesForColours(), consolePrompts(), codeFrame()],
  });
}

test('colours are classes and nothing has a style', async () => {
  const html = await render('# base\nFROM nginx:1.29\n', 'dockerfile');
  expect(html).toContain('<span class="t-comment">');
  expect(html).toContain('<span class="t-keyword">FROM</span>');
  expect(html).not.toContain('style=');
});

test('a prompt is apart from its command', async () => {
  const html = await render('$ docker ps\n$ docker run -d \\\n  nginx', 'console');
  expect(html.match(/<span class="prompt">\$ <\/span><span>docker/g)).toHaveLength(2);
  expect(await render('A=$ B', 'sh')).not.toContain('prompt');
});

test('a file has its name above the code, and the code can be scrolled by keyboard', async () => {
  const html = await render('kind: Pod', 'yaml', 'file=pod.yaml');
  expect(html).toContain('data-file="pod.yaml"');
  expect(html).toMatch(
    /<figcaption class="code-file">pod\.yaml<\/figcaption><pre[^>]*tabindex="0"/,
  );
});

test('code that is no file has no title', async () => {
  expect(await render('kind: Pod', 'yaml')).not.toContain('figcaption');
});

test('options are words of the form name=value', () => {
  expect(fenceOption('file=a.yaml run', 'file')).toBe('a.yaml');
  expect(fenceOption('nofile=a.yaml', 'file')).toBeUndefined();
});

test('code of a page’s world names it, where it has a name', async () => {
  const file = await render('kind: Pod', 'yaml', 'file=pod.yaml world=small');
  expect(file).toContain('data-file="pod.yaml" data-world="small"');
  const transcript = await render('$ ls', 'console', 'run=small preset=cluster');
  expect(transcript).toContain('data-world="small" data-preset="cluster"');
  expect(await render('$ ls', 'console', 'run')).not.toMatch(/data-(world|preset)/);
});
