/** What belongs to a stack (docker/cli v29.7 `cli/compose/convert/compose.go`). */
export const STACK_LABEL = 'com.docker.stack.namespace';
/** The image as the file has it, without what the registry said. */
export const IMAGE_LABEL = 'com.docker.stack.image';

type Labels = Readonly<Record<string, string>>;

/** The name of a stack's resource, as the swarm knows it. */
export const scoped = (stack: string, name: string): string => `${stack}_${name}`;

/** The name as the file has it. */
export const descoped = (stack: string, name: string): string =>
  name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name;

export const stackLabels = (stack: string, labels: Labels = {}): Labels =>
  sorted({ ...labels, [STACK_LABEL]: stack });

/** In order of the keys, as Go writes maps. */
export const sorted = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
