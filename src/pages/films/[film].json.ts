/** What executable figures show, step by step: `/films/<figure>.<language>.<hash>.json`. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { allRuns, loadDrawing } from '../../components/run/page-runs.ts';
import { runOfFigure } from '../../components/run/opened-runs.ts';
import { preparedFilm } from '../../components/run/prepared-film.ts';

export const getStaticPaths = (async () => {
  const films = new Map<string, string>();
  for (const { drawing, run: scenario, ...written } of await allRuns()) {
    const { graph } = await loadDrawing(drawing);
    const { path, json } = preparedFilm(runOfFigure({ ...written, scenario, graph }));
    films.set(path.replace(/^films\/|\.json$/g, ''), json);
  }
  return [...films].map(([film, json]) => ({ params: { film }, props: { json } }));
}) satisfies GetStaticPaths;

export const GET: APIRoute<{ json: string }> = ({ props }) =>
  new Response(props.json, { headers: { 'content-type': 'application/json' } });
