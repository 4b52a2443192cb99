import type { KubeObject } from '../../apimachinery/object.ts';

/** Of the classes that an annotation makes the default: the newest, then the first by name. */
export function newestDefault<T extends KubeObject>(
  classes: readonly T[],
  annotations: readonly string[],
): T | undefined {
  const marked = classes.filter(({ metadata }) =>
    annotations.some((key) => metadata.annotations?.[key] === 'true'),
  );
  return marked.sort((a, b) => {
    const [one, other] = [a.metadata, b.metadata];
    if (one.creationTimestamp !== other.creationTimestamp) {
      return one.creationTimestamp > other.creationTimestamp ? -1 : 1;
    }
    return one.name < other.name ? -1 : 1;
  })[0];
}
