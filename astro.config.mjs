import mdx from '@astrojs/mdx';
import { satteri } from '@astrojs/markdown-satteri';
import { defineConfig } from 'astro/config';
import { contentCheck } from './src/build/content-check/content-check.ts';
import { markdownPlugins } from './src/build/markdown/plugins.ts';
import { devScenarios } from './src/build/dev-scenarios/integration.ts';
import { search } from './src/build/search/integration.ts';
import { codeFrame, consolePrompts } from './src/build/markdown/highlight.ts';
import { transcriptScreens } from './src/build/markdown/transcripts.ts';
import { piecesOutput } from './src/build/pieces/layout.ts';
import { pieces } from './src/build/pieces/plugin.ts';
import { classesForColours } from './src/components/highlight/colour-classes.ts';

const { SITE_URL, BASE_PATH = '/' } = process.env;
const root = import.meta.dirname;

/** Where pages are made, it is noted which pieces of the engine they use; scripts of pages have none. */
const piecesOfPages = () => ({
  ...pieces({ root, how: 'note' }),
  apply: 'build',
  applyToEnvironment: ({ name }) => name !== 'client',
});

export default defineConfig({
  ...(SITE_URL ? { site: SITE_URL } : {}),
  base: BASE_PATH,
  trailingSlash: 'always',
  output: 'static',
  compressHTML: true,
  build: { format: 'directory', inlineStylesheets: 'never' },
  devToolbar: { enabled: false },
  markdown: {
    processor: satteri({
      ...markdownPlugins({ base: BASE_PATH }),
      features: { smartPunctuation: false },
    }),
    syntaxHighlight: { type: 'shiki', excludeLangs: ['mermaid'] },
    shikiConfig: {
      theme: 'css-variables',
      transformers: [classesForColours(), consolePrompts(), transcriptScreens(), codeFrame()],
    },
  },
  integrations: [mdx(), contentCheck(), search(), devScenarios()],
  vite: {
    plugins: [piecesOfPages()],
    worker: {
      format: 'es',
      plugins: () => [pieces({ root, how: 'cut' })],
      rolldownOptions: { output: piecesOutput() },
    },
    build: {
      assetsInlineLimit: 0,
      rolldownOptions: {
        // Astro has read this mark of its own by the time of bundling, which need not keep it.
        onLog(level, log, tell) {
          const known = log.code === 'MODULE_LEVEL_DIRECTIVE';
          if (!known || !log.message.includes('astro:head-inject')) tell(level, log);
        },
      },
      // light-dark() and nesting are used as they are written.
      cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    },
  },
});
