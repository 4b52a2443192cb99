import { resolve } from 'node:path';
import type { HastPluginList, MdastPluginList } from 'satteri';
import { figures } from './figures.ts';
import { headingIds } from './headings.ts';
import { pageLinks } from './links.ts';
import { tables } from './tables.ts';
import { transcriptLocales } from './transcripts.ts';
import { wholeWords } from './whole-words.ts';

export interface MarkdownSettings {
  /** The path the site is served from. */
  readonly base: string;
}

/** Every plugin of the pages' Markdown, in the order in which they run. */
export function markdownPlugins(settings: MarkdownSettings): {
  mdastPlugins: MdastPluginList;
  hastPlugins: HastPluginList;
} {
  return {
    mdastPlugins: [
      headingIds(),
      figures(),
      transcriptLocales(),
      pageLinks({ base: settings.base, docs: resolve('content/docs') }),
    ],
    hastPlugins: [tables(), wholeWords()],
  };
}
