import { MAX_NODE_SCORE, type ScorePlugin } from '../framework.ts';

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

export const imageLocality: ScorePlugin = {
  name: 'ImageLocality',
  weight: 1,
  onNodeAlone: true,
  scorer({ facts: { imageNames } }, { view }) {
    const max = MAX_BYTES_PER_CONTAINER * imageNames.length;
    const total = view.nodeCount;
    const nodesWith = imageNames.map((name) => view.image(name)?.nodes ?? 0);
    return ({ imageBytes }) => {
      let sum = 0;
      for (let i = 0; i < imageNames.length; i++) {
        const sizeBytes = imageBytes.get(imageNames[i]!);
        if (sizeBytes !== undefined) sum += Math.floor(sizeBytes * (nodesWith[i]! / total));
      }
      const kept = Math.min(Math.max(sum, MIN_BYTES), max);
      return Math.floor((MAX_NODE_SCORE * (kept - MIN_BYTES)) / (max - MIN_BYTES));
    };
  },
};
