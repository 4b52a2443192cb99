import {
  MAX_NODE_SCORE,
  type NodeInfo,
  type ScorePlugin,
  type ScoringState,
} from '../framework.ts';

/**
 * Prefers nodes that have the Pod's images already (plugins/imagelocality/image_locality.go,
 * v1.36):
 *
 *   sum = over the images that the node has: size * nodes with it / all nodes
 *   score = 100 * (sum - 23 MB) / (containers * 1000 MB - 23 MB), with sum kept within these two
 */
const MB = 1024 * 1024;
const MIN_BYTES = 23 * MB;
const MAX_BYTES_PER_CONTAINER = 1000 * MB;

/** A name as nodes report it: with a tag. */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}

export const imageLocality: ScorePlugin = {
  name: 'ImageLocality',
  weight: 1,
  score({ pod }, state) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const names = containers.map((container) => normalizedImageName(container.image));
    return state.feasible.map((info) => {
      const sum = names.reduce((total, name) => total + imageScore(name, info, state), 0);
      const max = MAX_BYTES_PER_CONTAINER * containers.length;
      const kept = Math.min(Math.max(sum, MIN_BYTES), max);
      return Math.floor((MAX_NODE_SCORE * (kept - MIN_BYTES)) / (max - MIN_BYTES));
    });
  },
};

function imageScore(name: string, { imageBytes }: NodeInfo, state: ScoringState): number {
  const sizeBytes = imageBytes[name];
  const everywhere = sizeBytes === undefined ? undefined : state.image(name);
  if (sizeBytes === undefined || !everywhere) return 0;
  return Math.floor(sizeBytes * (everywhere.nodes / state.totalNodes));
}
