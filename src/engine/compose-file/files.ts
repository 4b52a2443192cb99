/**
 * Files, as the loader sees them: it is pure and reads none itself. Its doors are generators that
 * yield an absolute path and are resumed with what is there, so that a durable program can ask its
 * machine, a test a map. Inside, {@link FileView} reads from what was answered so far; a path that
 * is still unknown ends the attempt, is asked for, and the attempt is made again.
 */
export type FileAnswer =
  { readonly kind: 'file'; readonly text: string } | { readonly kind: 'directory' } | undefined;

/** Yields absolute paths, is resumed with what stands there, and gives its result in the end. */
export type FileSteps<T> = Generator<string, T, FileAnswer>;

export interface FileView {
  /** What stands at an absolute path; undefined when nothing does. */
  at(path: string): FileAnswer;
}

class Unanswered extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`unanswered: ${path}`);
    this.path = path;
  }
}

/** Runs `attempt` until every path it looks at has been answered; it must change nothing outside. */
export function* withFiles<T>(attempt: (files: FileView) => T): FileSteps<T> {
  const answers = new Map<string, FileAnswer>();
  const files: FileView = {
    at(path) {
      if (!answers.has(path)) throw new Unanswered(path);
      return answers.get(path);
    },
  };
  for (;;) {
    let missing: string;
    try {
      return attempt(files);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      missing = error.path;
    }
    answers.set(missing, yield missing);
  }
}

/** Drives a door over files that are at hand. */
export function runWithFiles<T>(steps: FileSteps<T>, at: (path: string) => FileAnswer): T {
  let step = steps.next();
  while (!step.done) step = steps.next(at(step.value));
  return step.value;
}

/** {@link runWithFiles} over texts by absolute path; a path above one of them is a directory. */
export function runWithTexts<T>(steps: FileSteps<T>, texts: Readonly<Record<string, string>>): T {
  return runWithFiles(steps, (path) => {
    const text = texts[path];
    if (text !== undefined) return { kind: 'file', text };
    const under = path.endsWith('/') ? path : `${path}/`;
    const isDirectory = Object.keys(texts).some((name) => name.startsWith(under));
    return isDirectory ? { kind: 'directory' } : undefined;
  });
}
