/**
 * What the engine weighs in the built site, platform by platform: gzipped bytes of the chunks that a
 * worker fetches.
 */
import { globSync } from 'node:fs';
import { posix } from 'node:path';
import { piecesIn, type BuiltSite } from './page-weight.ts';

export interface EnginePart {
  readonly name: string;
  readonly bytes: number;
  /** More stops the build. */
  readonly limit: number;
  /** What it is meant to come to. */
  readonly goal?: number;
}

const KILOBYTE = 1000;

interface Part {
  readonly name: string;
  /** Its pieces; none for what comes first. */
  readonly pieces: readonly string[];
  readonly limit: number;
  readonly goal?: number;
}

/**
 * What a figure of a platform fetches besides what every figure fetches first. Images, programs in
 * containers, tools and less usual commands come when a world names them.
 */
const PARTS: readonly Part[] = [
  { name: 'docker', pieces: [], limit: 100, goal: 90 },
  { name: 'compose', pieces: ['compose'], limit: 55, goal: 25 },
  { name: 'swarm', pieces: ['swarm', 'swarm/cli', 'docker/spec'], limit: 42, goal: 35 },
  { name: 'kubernetes', pieces: ['kubernetes', 'kubectl'], limit: 140, goal: 130 },
];

/** Chunks that are data: schemas of the API, and texts of helps. They are weighed apart. */
const DATA: Readonly<Record<string, { readonly chunk: RegExp; readonly limit: number }>> = {
  schemas: { chunk: /\/definitions\.[\w-]+\.js$/, limit: 15 },
  helps: { chunk: /\/whole-text\.[\w-]+\.js$/, limit: 62 },
};

/** @param folder of the built site, which `site` reads */
export function engineParts(site: BuiltSite, folder: string): EnginePart[] {
  const all = globSync('_astro/*.js', { cwd: folder });
  // Its parts are called after it.
  const worker = all.find((file) => /\/engine-worker\.[\w-]+\.js$/.test(file));
  if (worker === undefined) throw new Error(`${folder} has no worker with the engine in it.`);
  const first = site.withImports(worker);
  const pieces = new Map<string, string>();
  for (const file of first) {
    for (const [piece, at] of piecesIn(site.text(file))) {
      pieces.set(piece, posix.join(posix.dirname(file), at));
    }
  }
  const isData = (file: string) => Object.values(DATA).some(({ chunk }) => chunk.test(file));
  const sum = (files: Iterable<string>) => [...files].reduce((all, one) => all + site.size(one), 0);
  const parts = PARTS.map(({ name, pieces: names, limit, goal }): EnginePart => {
    const files = new Set<string>(names.length === 0 ? first : []);
    for (const piece of names) {
      const file = pieces.get(piece);
      if (file === undefined) throw new Error(`The engine has no piece ${piece}.`);
      for (const one of site.withImports(file)) if (!first.has(one) && !isData(one)) files.add(one);
    }
    return {
      name,
      bytes: sum(files),
      limit: limit * KILOBYTE,
      ...(goal && { goal: goal * KILOBYTE }),
    };
  });
  const data = Object.entries(DATA).map(([name, { chunk, limit }]): EnginePart => {
    const files = all.filter((file) => chunk.test(file));
    if (files.length === 0) throw new Error(`${folder} has no chunk with ${name}.`);
    return { name, bytes: sum(files), limit: limit * KILOBYTE };
  });
  return [...parts, ...data];
}
