import type { WorldSource } from '../engine-room/world-messages.ts';
import { readAddress, type LabAddress } from './address.ts';
import type { Catalogue } from './catalogue.ts';
import type * as Exercises from './exercise-sources.ts';
import { keptText, type KeptWorld, type Store } from './kept-worlds.ts';

/** What somebody wants opened. */
export type LabRequest =
  | { readonly from: 'address'; readonly address: LabAddress }
  | { readonly from: 'kept'; readonly kept: KeptWorld }
  | { readonly from: 'file'; readonly name: string; readonly text: string };

/** What is then to be opened: where it comes from, and what it is to the reader. */
export interface Opening {
  readonly source: WorldSource;
  readonly address: LabAddress;
  /** Undefined: what it is called by where it comes from. */
  readonly title?: string;
  /** It goes on in the place where it was kept. */
  readonly kept?: KeptWorld;
}

/** Fetches the folders of scenarios and challenges. */
export type FetchExercises = () => Promise<
  Pick<typeof Exercises, 'scenarioSource' | 'challengeText'>
>;

interface Means {
  readonly catalogue: Catalogue;
  readonly store: Store | undefined;
  readonly fetchExercises: FetchExercises;
}

const NONE: LabAddress = { kind: 'none' };

/** @returns undefined when there is nothing of that name. @throws when it cannot be fetched */
export async function openingOf(
  request: LabRequest,
  { catalogue, store, fetchExercises }: Means,
): Promise<Opening | undefined> {
  if (request.from === 'file') {
    return { source: { from: 'file', text: request.text }, address: NONE };
  }
  if (request.from === 'address') {
    const { address } = request;
    const source = await sourceOf(address, fetchExercises);
    return source && { source, address, title: catalogue.titleOf(address) };
  }
  const { kept } = request;
  const text = keptText(store, kept.id);
  if (text === undefined) return undefined;
  const address = readAddress(kept.address);
  const source: WorldSource = { from: 'file', text };
  const { title } = kept;
  if (address.kind !== 'challenge') return { source, address, title, kept };
  const challenge = (await fetchExercises()).challengeText(address.id);
  if (challenge === undefined) return { source, address: NONE, title, kept };
  const { id } = address;
  return { source: { ...source, challenge: { id, text: challenge } }, address, title, kept };
}

async function sourceOf(
  address: LabAddress,
  fetchExercises: FetchExercises,
): Promise<WorldSource | undefined> {
  switch (address.kind) {
    case 'preset':
      return { from: 'preset', preset: address.preset, seed: address.seed };
    case 'link':
      return { from: 'link', payload: address.payload };
    case 'scenario': {
      const source = (await fetchExercises()).scenarioSource(address.id);
      return source && { from: 'scenario', source };
    }
    case 'challenge': {
      const text = (await fetchExercises()).challengeText(address.id);
      return text === undefined ? undefined : { from: 'challenge', id: address.id, text };
    }
    default:
      return undefined;
  }
}
