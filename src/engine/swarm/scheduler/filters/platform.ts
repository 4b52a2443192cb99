import { countNodes, type Filter } from '../filter.ts';

const NAMES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

const normal = (architecture: string): string => NAMES[architecture] ?? architecture;

/** The image is there for the node's platform; what an image leaves open fits. */
export const platform: Filter = {
  name: 'PlatformFilter',
  check({ spec }) {
    const wanted = spec.Placement?.Platforms ?? [];
    if (wanted.length === 0) return undefined;
    return ({ node }) =>
      wanted.some(
        ({ Architecture = '', OS = '' }) =>
          (Architecture === '' || normal(Architecture) === normal(node.architecture)) &&
          (OS === '' || OS === node.os),
      );
  },
  explain: (nodes) => `unsupported platform on ${countNodes(nodes)}`,
};
