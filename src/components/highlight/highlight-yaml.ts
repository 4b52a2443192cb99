import { createCssVariablesTheme, createHighlighter, type Highlighter } from 'shiki';
import { classesForColours } from './colour-classes.ts';

const theme = createCssVariablesTheme({ name: 'css-variables', variablePrefix: '--astro-code-' });

let highlighter: Promise<Highlighter> | undefined;

/** A `pre` of coloured YAML for a page, as its code fences are coloured. */
export async function highlightYaml(source: string): Promise<string> {
  highlighter ??= createHighlighter({ themes: [theme], langs: ['yaml'] });
  return (await highlighter).codeToHtml(source.trimEnd(), {
    lang: 'yaml',
    theme: 'css-variables',
    transformers: [classesForColours()],
  });
}
