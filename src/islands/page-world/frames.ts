/** The frames of code that are files and transcripts of the page's worlds, in document order. */
export function framesOf(page: ParentNode): HTMLElement[] {
  const all = [...page.querySelectorAll<HTMLElement>('.body figure.code')].filter(
    (frame) => !frame.closest('.aligned-files'),
  );
  const worldOf = (frame: HTMLElement) => proofOf(frame)?.world ?? frame.dataset.world ?? '';
  const run = new Set(all.filter(isTranscript).map(worldOf));
  // Where nothing is typed, a file belongs to no world.
  return all.filter(
    (frame) => isTranscript(frame) || ('file' in frame.dataset && run.has(worldOf(frame))),
  );
}

export const isTranscript = (frame: HTMLElement): boolean =>
  frame.querySelector(':scope > .screen .typed') !== null;

/** What proves a cell of a comparison is a world of its own. */
export function proofOf(frame: HTMLElement): { world: string; preset: string } | undefined {
  const proof = frame.closest<HTMLElement>('.proof-body');
  return proof ? { world: `#${proof.id}`, preset: proof.dataset.preset ?? 'host' } : undefined;
}
