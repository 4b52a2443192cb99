/** Stills of executable figures as files: `/stills/<scenario>/<chapter>.<language>.svg`. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { allRuns, loadDrawing } from '../../components/run/page-runs.ts';
import { runOfFigure } from '../../components/run/opened-runs.ts';
import { chaptersOf, stillAfter } from '../../components/run/run-in-words.ts';
import { runStrings } from '../../i18n/run.ts';
import { fill } from '../../i18n/strings.ts';

export const getStaticPaths = (async () => {
  const paths = new Map<string, string>();
  for (const { drawing, run: scenario, ...written } of await allRuns()) {
    const { svg, graph } = await loadDrawing(drawing);
    const { run } = runOfFigure({ ...written, scenario, graph });
    const { locale } = written;
    const style = `${'../'.repeat(scenario.split('/').length)}still.css`;
    chaptersOf(run).forEach((chapter, i) => {
      const values = { count: i + 1, command: chapter.command };
      const still = stillAfter(run, svg, chapter, fill(runStrings[locale].still, values));
      const head = `<?xml-stylesheet href="${style}" type="text/css"?>\n`;
      paths.set(`${scenario}/${i + 1}.${locale}`, `${head}${still}\n`);
    });
  }
  return [...paths].map(([path, still]) => ({ params: { path }, props: { still } }));
}) satisfies GetStaticPaths;

export const GET: APIRoute<{ still: string }> = ({ props }) =>
  new Response(props.still, { headers: { 'content-type': 'image/svg+xml; charset=utf-8' } });
