import { shortDigest } from '../oci/digest.ts';
import type { Pushed } from './push-blob.ts';

/**
 * The lines of a push: the daemon looks at its blobs every tenth of a second and says what it sees
 * (moby/moby v29.7 `daemon/containerd/progress.go`). A blob of which the registry has not been
 * heard yet is waiting.
 *
 * Simplified: it is said to be waiting once, not at every look.
 */
const LOOK_MS = 100;

interface Job {
  readonly addedMs: number;
  startedMs?: number;
  doneMs?: number;
  outcome?: string;
  waiting: boolean;
  told: boolean;
}

export class PushProgress {
  readonly #jobs = new Map<string, Job>();
  #lookMs: number;

  constructor(startedMs: number) {
    this.#lookMs = startedMs + LOOK_MS;
  }

  note({ blob, atMs, outcome, mountedFrom, failure }: Pushed): void {
    const job = this.#jobs.get(blob.digest);
    if (!job) this.#jobs.set(blob.digest, { addedMs: atMs, waiting: false, told: false });
    else if (outcome === undefined) job.startedMs = atMs;
    else if (!failure) {
      job.doneMs = atMs;
      job.outcome = wordsOf(outcome, mountedFrom);
    }
  }

  /** What was said at the looks up to now. */
  until(nowMs: number): string {
    let lines = '';
    for (; this.#lookMs <= nowMs; this.#lookMs += LOOK_MS) lines += this.#look(this.#lookMs);
    return lines;
  }

  /** The last look, when all is over. */
  end(): string {
    return this.#look(Infinity);
  }

  #look(atMs: number): string {
    let lines = '';
    for (const [digest, job] of this.#jobs) {
      if (job.told || job.addedMs > atMs) continue;
      const id = shortDigest(digest);
      if (job.doneMs !== undefined && job.doneMs <= atMs) {
        job.told = true;
        lines += `${id}: ${job.outcome ?? ''}\n`;
      } else if (!job.waiting && (job.startedMs === undefined || job.startedMs > atMs)) {
        job.waiting = true;
        lines += `${id}: Waiting\n`;
      }
    }
    return lines;
  }
}

function wordsOf(outcome: NonNullable<Pushed['outcome']>, from = ''): string {
  if (outcome === 'mounted') return `Mounted from ${from}`;
  return outcome === 'exists' ? 'Layer already exists' : 'Pushed';
}
