import { existsSync } from 'node:fs';
import { engineParts } from '../../scripts/site/engine-pieces.ts';
import { BuiltSite } from '../../scripts/site/page-weight.ts';
import { normalBase } from '../../scripts/site/static-server.ts';
import type { Benchmark } from './benchmark.ts';

/**
 * What the engine weighs in dist/, beside what it is meant to come to, or else at most; nothing without a
 * build.
 */
const weights: Benchmark = () => {
  if (!existsSync('dist')) return [];
  const site = new BuiltSite('dist', normalBase(process.env.BASE_PATH));
  return engineParts(site, 'dist').map(({ name, bytes, limit, goal = limit }) => ({
    name: `chunks.${name}`,
    value: bytes / 1000,
    unit: 'kB',
    reference: goal / 1000,
  }));
};

export const chunks: readonly Benchmark[] = [weights];
