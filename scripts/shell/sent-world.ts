import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { FILE_LIMIT, readWorldFile, writeWorldFile } from '../../src/engine/link/world-file.ts';
import { decodeWorld } from '../../src/engine/link/world-link.ts';
import { runOf, type DecodedWorld } from '../../src/engine/link/world-run.ts';
import { openWorldAtOnce, type Refusal } from '../../src/engine/open-world.ts';
import type { Session } from '../../src/engine/session.ts';

/** Worlds that go in and out of `npm run -s shell`, as links and as files. */
export type Arrived =
  /** With a `notice` when it is not the world that was sent. */
  { readonly session: Session; readonly notice?: string } | { readonly fault: string };

const REFUSALS: Readonly<Record<Refusal, string>> = {
  preset: 'it begins from a preset that is not there',
  machine: 'something was done on a machine that is not there',
  events: 'it is longer than anybody waits for',
  'beyond-the-engine': 'it asks for more than the engine does',
};

/** The link `#v2.…`, with or without the `#` or the address before it. */
export const fromLink = (link: string): Arrived => arrive(decodeWorld(link.trim()), 'link');

/** A file as {@link toFile} writes it. */
export function fromFile(path: string): Arrived {
  try {
    // A character is at most three bytes here; of what is larger not even the beginning is read.
    if (statSync(path).size > 3 * FILE_LIMIT) return arrive({ kind: 'broken' }, 'file');
    return arrive(readWorldFile(readFileSync(path, 'utf8')), 'file');
  } catch (error) {
    return { fault: `cannot read ${path}: ${(error as Error).message}` };
  }
}

/** @returns why it could not be written */
export function toFile(path: string, { timeline }: Session): string | undefined {
  const text = writeWorldFile(runOf(timeline));
  if (text === undefined) return 'this world is larger than any file that is read';
  try {
    writeFileSync(path, text);
    return undefined;
  } catch (error) {
    return `cannot write ${path}: ${(error as Error).message}`;
  }
}

function arrive(decoded: DecodedWorld, what: 'link' | 'file'): Arrived {
  switch (decoded.kind) {
    case 'none':
      return { fault: `this ${what} holds no world` };
    case 'moment':
      return { fault: 'this link leads to a moment of a figure; open it on its page' };
    case 'future':
      return { fault: `this ${what} was made by a newer Drydock` };
    case 'broken':
      return {
        fault: `this ${what} is not whole: something is missing, or was changed on the way`,
      };
    case 'world':
      break;
  }
  const opened = openWorldAtOnce(decoded.run);
  const { made, now } = opened;
  const engines = `it was made with engine ${made}, this is engine ${now}`;
  if (opened.kind === 'refused') {
    return { fault: `this ${what} cannot be opened: ${REFUSALS[opened.why]} (${engines})` };
  }
  const { session } = opened;
  if (opened.kind === 'same') return { session };
  const why = made === now ? 'somebody changed it, or the engine' : 'the engine has changed since';
  return { session, notice: `this ${what} leads to another world now: ${why} (${engines})` };
}
