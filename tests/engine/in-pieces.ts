/** The engine as a worker has it, for the test that lives worlds with it: pieces come when they are missed. */
export { play } from '../../src/scenarios/play.ts';
export { isStep } from '../../src/diagram/captions.ts';
export { Session } from '../../src/engine/session.ts';
export { fetchMissing, fetchPieces, PieceMissing, whole } from '../../src/engine/sim/pieces.ts';
