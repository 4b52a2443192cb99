import { ask, write, type Program } from '../sim/process.ts';
import { containerdService, type Answers, type Failure } from '../containerd/api.ts';
import { shortDigest } from '../oci/digest.ts';
import { familiarName, formatReference, parseReference, withDefaultTag } from '../oci/reference.ts';
import type { EngineResponse } from './api.ts';
import { withTag } from './images.ts';

/**
 * docker pull, with the lines it prints when it does not write to a terminal (moby/moby v29.7
 * `daemon/containerd/image_pull.go`, `progress.go`).
 *
 * Simplified: they come when the pull is done, and layers in order; of an image that is here
 * altogether no layer is shown.
 */
export interface PullArgs {
  readonly machine: string;
  readonly reference: string;
  /** The digest that the name stood for before. */
  readonly before?: string;
  readonly stream: number;
}

export const pull: Program<PullArgs, EngineResponse> = function* (args) {
  const { machine, reference, before, stream } = args;
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
    const status = answer.code === 'NotFound' || answer.code === 'Unauthenticated' ? 404 : 500;
    return { status, body: { message: pullError(answer, familiarName(full)) } };
  }
  const lines = [`${full.tag ?? name}: Pulling from ${full.path}`];
  const id = ({ digest }: { digest: string }) => shortDigest(digest);
  if (answer.fetched) {
    const fetched = answer.layers.filter(({ present }) => !present);
    for (const layer of answer.layers) lines.push(`${id(layer)}: Pulling fs layer`);
    for (const layer of answer.layers) {
      lines.push(`${id(layer)}: ${layer.present ? 'Already exists' : 'Download complete'}`);
    }
    for (const layer of fetched) lines.push(`${id(layer)}: Pull complete`);
  }
  const changed = before !== answer.image.digest;
  const familiar = withTag(name);
  const status = changed
    ? `Downloaded newer image for ${familiar}`
    : `Image is up to date for ${familiar}`;
  lines.push(`Digest: ${answer.image.digest}`, `Status: ${status}`);
  yield* write(stream, lines.map((line) => `${line}\n`).join(''));
  return { status: 200, body: {} };
};

/** The daemon puts a refusal in words of its own (`image_pull.go`, `pullTag`). */
function pullError({ code, message }: Failure, name: string): string {
  return code === 'Unauthenticated'
    ? `pull access denied for ${name}, repository does not exist or may require 'docker login'`
    : message;
}
