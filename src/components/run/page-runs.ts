import { getCollection, render } from 'astro:content';
import type { Graph } from '../../diagram/graph.ts';
import type { Locale } from '../../i18n/locales.ts';

/** What the Markdown plugin for figures tells of an executable figure, by `frontmatter.runs`. */
export interface PageRun {
  readonly figure: string;
  /** Name of the drawing in content/diagrams. */
  readonly drawing: string;
  readonly locale: Locale;
  readonly run: string;
  /** The source, bindings included, and where it was written: `FILE:LINE`. */
  readonly fence: string;
  readonly at: string;
}

/** The executable figures of a page, in order. */
export async function runsOf(locale: Locale, page: string): Promise<readonly PageRun[]> {
  return (await allRuns()).filter((one) => one.page === `${locale}/${page}`);
}

/** The executable figures of all pages. */
export async function allRuns(): Promise<readonly (PageRun & { readonly page: string })[]> {
  const pages = await getCollection('docs');
  const runs = await Promise.all(
    pages.map(async (page) => {
      const { remarkPluginFrontmatter } = await render(page);
      const found = (remarkPluginFrontmatter.runs ?? []) as readonly PageRun[];
      return found.map((run) => ({ ...run, page: page.id }));
    }),
  );
  return runs.flat();
}

const drawings = import.meta.glob<string>('../../../content/diagrams/*.svg', {
  query: '?raw',
  import: 'default',
});
const graphs = import.meta.glob<Graph>('../../../content/diagrams/*.json', { import: 'default' });

/** A committed drawing and what it says. @throws when there is none of this name */
export async function loadDrawing(
  name: string,
): Promise<{ readonly svg: string; readonly graph: Graph }> {
  const svg = await drawings[`../../../content/diagrams/${name}.svg`]?.();
  const graph = await graphs[`../../../content/diagrams/${name}.json`]?.();
  if (svg === undefined || graph === undefined) {
    throw new Error(`There is no drawing ${name}. Run npm run diagrams:update.`);
  }
  return { svg: svg.trim(), graph };
}
