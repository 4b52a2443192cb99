/**
 * What a figure shows before any engine has come to the page: the film that the build took is the one
 * that the engine takes of what the page carries, step by step and word by word.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { normalBase } from '../../scripts/site/static-server.ts';
import { isStep } from '../../src/diagram/captions.ts';
import { runOf } from '../../src/islands/engine-room/open-run.ts';
import { filmNow } from '../../src/islands/engine-room/run-film.ts';
import type { RunData } from '../../src/islands/engine-room/run-messages.ts';
import { play } from '../../src/scenarios/play.ts';
import type { Playback } from '../../src/scenarios/playback.ts';

const FILM_LIMIT_BYTES = 12_000;
const PLAYER = /<drydock-player[\s\S]*?<script type="application\/json">([\s\S]*?)<\/script>/g;

const pages = existsSync('dist') ? globSync('dist/{ko,en}/**/*.html').sort() : [];
const figures = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(PLAYER)].map(([, json = '']) => ({
    page,
    data: JSON.parse(json) as RunData,
  })),
);
const fileOf = (film = ''): string => film.replace(normalBase(process.env.BASE_PATH), 'dist/');

/** Both languages, and the home page, show the same lives. */
const lives = new Map<string, Playback>();
function lived({ scenario }: RunData): Playback {
  const known = lives.get(scenario.id) ?? play(scenario, isStep);
  lives.set(scenario.id, known);
  return known;
}

test('there are figures that run, and no film without one', () => {
  expect(figures.length).toBeGreaterThan(40);
  const named = new Set(figures.map(({ data }) => fileOf(data.film)));
  expect(globSync('dist/films/*').sort()).toEqual([...named].sort());
});

test.each(figures)('$page shows $data.figure as the engine lives it', ({ data }) => {
  const file = fileOf(data.film);
  const json = readFileSync(file, 'utf8');
  expect(JSON.parse(json)).toEqual(
    JSON.parse(JSON.stringify(filmNow(runOf(data, lived(data)), data.locale))),
  );
  // Whoever kept it has what the page means.
  expect(file).toContain(createHash('sha256').update(json).digest('hex').slice(0, 12));
  expect(gzipSync(json).length, file).toBeLessThanOrEqual(FILM_LIMIT_BYTES);
});
