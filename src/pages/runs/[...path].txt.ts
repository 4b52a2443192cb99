/** Whole runs as plain text: `/runs/<scenario>.<language>.txt`. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { allRuns, loadDrawing } from '../../components/run/page-runs.ts';
import { runOfFigure } from '../../components/run/opened-runs.ts';
import { playerStrings } from '../../i18n/player.ts';
import { filmNow } from '../../islands/engine-room/run-film.ts';
import { transcriptText } from '../../islands/player/transcript-text.ts';

export const getStaticPaths = (async () => {
  const paths = new Map<string, string>();
  for (const { drawing, run: scenario, ...written } of await allRuns()) {
    const { graph } = await loadDrawing(drawing);
    const { run } = runOfFigure({ ...written, scenario, graph });
    const { locale } = written;
    const { fault, failure } = playerStrings[locale];
    const text = transcriptText(filmNow(run, locale), { fault, failure });
    paths.set(`${scenario}.${locale}`, text);
  }
  return [...paths].map(([path, text]) => ({ params: { path }, props: { text } }));
}) satisfies GetStaticPaths;

export const GET: APIRoute<{ text: string }> = ({ props }) =>
  new Response(props.text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
