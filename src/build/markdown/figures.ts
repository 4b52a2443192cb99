import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SatteriAstroData } from '@astrojs/markdown-satteri';
import { defineMdastPlugin } from 'satteri';
import { nameOfFence, openDrawings } from '../../diagram/drawings.ts';
import { scenarioIds } from '../../components/run/scenario-folder.ts';
import { AuthoringError } from '../authoring-error.ts';
import { faultsOfFence, faultsOfRun } from './figure-faults.ts';
import { figureOfNode } from './figures-of-page.ts';

/**
 * A Mermaid fence becomes `<Diagram>`, which shows the committed drawing. Nothing is rendered here:
 * a fence without a drawing stops the build.
 */
export function figures() {
  return defineMdastPlugin({
    name: 'figures',
    options: { position: true },
    code(node, context) {
      const path = context.fileURL ? fileURLToPath(context.fileURL) : 'page.mdx';
      const figure = figureOfNode(relative(process.cwd(), path), node);
      if (!figure) return;
      const [first, ...others] = [...faultsOfFence(figure), ...faultsOfRun(figure, scenarioIds())];
      if (first) throw new AuthoringError([first, ...others]);
      const id = figure.id ?? '';
      const drawing = nameOfFence(id, figure.fence);
      if (!openDrawings().names.has(drawing)) {
        const what = `The figure ${id} has no drawing of its present source.`;
        const remedy = 'Run npm run diagrams:update.';
        throw new AuthoringError([{ file: figure.file, line: figure.line, what, remedy }]);
      }
      const locale = /content\/docs\/([a-z]{2})\//.exec(path)?.[1] ?? 'en';
      const executable =
        figure.run === null ? {} : { fence: figure.fence, at: `${figure.file}:${figure.line}` };
      const values = { figure: id, drawing, locale, run: figure.run, ...executable };
      if (figure.run !== null) tellRun(context.data.astro, values);
      context.replaceNode(node, {
        type: 'mdxJsxFlowElement',
        name: 'Diagram',
        attributes: Object.entries(values)
          .filter((entry): entry is [string, string] => entry[1] !== null)
          .map(([name, value]) => ({ type: 'mdxJsxAttribute', name, value })),
        children: [],
      });
    },
  });
}

/** Pages that show an executable figure of another page find it here; see `page-runs.ts`. */
function tellRun(astro: SatteriAstroData | undefined, run: object): void {
  if (!astro) return;
  const { frontmatter } = astro;
  const told = (frontmatter.runs ?? []) as readonly object[];
  frontmatter.runs = [...told, run];
}
