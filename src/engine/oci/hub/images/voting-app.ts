import { debian } from '../base/debian.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { dirs, filledTo, layer, memo, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS } from './entrypoint.ts';

/**
 * The three images of Docker's voting application (dockersamples/example-voting-app `vote/`,
 * `result/`, `worker/`).
 *
 * Simplified: what they run is one file each, which stands for interpreter and sources; they stand
 * on Debian, with the layers of the languages taken together.
 */
const layersOf = memo((key) => (part: string, contents: Contents, bytes = 0) => {
  const [name = '', architecture = ''] = key.split(' ');
  return layer(contents, bytes, `voting-${name}-${part}/${architecture}`);
});

interface Part {
  readonly name: 'vote' | 'result' | 'worker';
  /** The interpreter by whose name it is started. */
  readonly interpreter: string;
  readonly workdir: string;
  /** Unpacked and compressed: model figures. */
  readonly bytes: readonly [number, number];
  readonly finish: (recipe: Recipe) => Recipe;
}

const part =
  ({ name, interpreter, workdir, bytes, finish }: Part) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`${name} ${platform.architecture}`);
    const program = `${workdir}/voting-${name}`;
    const runtime = filledTo(bytes[0], `usr/local/lib/${name}/model`, {
      [interpreter.slice(1)]: `-> ${program}`,
      ...(name === 'result' ? { 'usr/bin/tini': 24_000 } : {}),
    });
    const recipe = Recipe.from(debian('bookworm-slim', platform), CREATED_MS)
      .run('apt-get update && apt-get install', made('runtime', runtime, bytes[1]))
      .workdir(workdir, made('workdir', dirs(workdir.slice(1))))
      .copy('. .', made('sources', { [`${program.slice(1)}!`]: 12_000 }, 4_000));
    return finish(recipe);
  };

const stocked = (of: Part): readonly CatalogueImage[] => [
  { tags: ['latest', 'before', 'after'], build: part(of) },
];

export const VOTING_VOTE = stocked({
  name: 'vote',
  interpreter: '/usr/local/bin/gunicorn',
  workdir: '/usr/local/app',
  bytes: [62_000_000, 21_000_000],
  finish: (recipe) =>
    recipe
      .expose('80/tcp')
      .cmd(
        ...['gunicorn', 'app:app', '-b', '0.0.0.0:80', '--log-file', '-'],
        ...['--access-logfile', '-', '--workers', '4', '--keep-alive', '0'],
      ),
});

export const VOTING_RESULT = stocked({
  name: 'result',
  interpreter: '/usr/local/bin/node',
  workdir: '/usr/local/app',
  bytes: [140_000_000, 48_000_000],
  finish: (recipe) =>
    recipe
      .env({ PORT: '80' })
      .expose('80/tcp')
      .entrypoint('/usr/bin/tini', '--')
      .cmd('node', 'server.js'),
});

export const VOTING_WORKER = stocked({
  name: 'worker',
  interpreter: '/usr/bin/dotnet',
  workdir: '/app',
  bytes: [110_000_000, 45_000_000],
  finish: (recipe) => recipe.entrypoint('dotnet', 'Worker.dll').cmd(),
});
