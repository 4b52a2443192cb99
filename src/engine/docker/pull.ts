import { ask, write, type Program } from '../sim/process.ts';
import { containerdService, type Answers } from '../containerd/api.ts';
import { shortDigest } from '../oci/digest.ts';
import {
  familiarName,
  formatReference,
  parseReference,
  tagOrDigest,
  withDefaultTag,
} from '../oci/reference.ts';
import type { EngineResponse } from './api.ts';

/** docker pull, with the lines it prints when it does not write to a terminal. */
export interface PullArgs {
  readonly machine: string;
  readonly reference: string;
  readonly stream: number;
}

export const pull: Program<PullArgs, EngineResponse> = function* ({ machine, reference, stream }) {
  const parsed = parseReference(reference);
  if (!parsed.ok) return { status: 400, body: { message: parsed.message } };
  const full = withDefaultTag(parsed.reference);
  const name = formatReference(full);
  const answer = yield* ask<Answers['pull']>(containerdService(machine), {
    op: 'pull',
    reference: name,
    by: 'docker',
  });
  if (!answer.ok) {
    return { status: answer.code === 'NotFound' ? 404 : 500, body: { message: answer.message } };
  }
  const lines = [`${tagOrDigest(full)}: Pulling from ${full.path}`];
  const fetched = answer.layers.filter(({ present }) => !present);
  const id = ({ digest }: { digest: string }) => shortDigest(digest);
  for (const layer of answer.layers) {
    lines.push(`${id(layer)}: ${layer.present ? 'Already exists' : 'Pulling fs layer'}`);
  }
  for (const layer of fetched) lines.push(`${id(layer)}: Download complete`);
  for (const layer of fetched) lines.push(`${id(layer)}: Pull complete`);
  const familiar = `${familiarName(full)}:${tagOrDigest(full)}`;
  const shown = answer.fetched ? lines : [`${tagOrDigest(full)}: Pulling from ${full.path}`];
  const status = answer.fetched
    ? `Downloaded newer image for ${familiar}`
    : `Image is up to date for ${familiar}`;
  shown.push(`Digest: ${answer.image.digest}`, `Status: ${status}`);
  yield* write(stream, shown.map((line) => `${line}\n`).join(''));
  return { status: 200, body: {} };
};
