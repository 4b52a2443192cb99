import type { ChallengeText, WorldSource } from '../engine-room/world-messages.ts';
import { readAddress, type LabAddress } from './address.ts';
import type { Catalogue } from './catalogue.ts';
import { challengeIn } from './challenge-file.ts';
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
  if (request.from === 'address') {
    const { address } = request;
    const source = await sourceOf(address, fetchExercises);
    return source && { source, address, title: catalogue.titleOf(address) };
  }
  const kept = request.from === 'kept' ? request.kept : undefined;
  const text = request.from === 'kept' ? keptText(store, request.kept.id) : request.text;
  if (text === undefined) return undefined;
  const address = kept ? readAddress(kept.address) : NONE;
  const asked = challengeOf(address) ?? challengeIn(text);
  const challenge = await sentChallenge(asked, fetchExercises);
  const source: WorldSource = { from: 'file', text, ...challenge };
  return { source, address, ...(kept && { title: kept.title, kept }) };
}

const challengeOf = (address: LabAddress): string | undefined =>
  address.kind === 'challenge'
    ? address.id
    : address.kind === 'link'
      ? address.challenge
      : undefined;

/** The exercise as which a world says that it began; nothing for one that there is no more. */
async function sentChallenge(
  id: string | undefined,
  fetchExercises: FetchExercises,
): Promise<{ readonly challenge?: ChallengeText }> {
  const text = id === undefined ? undefined : (await fetchExercises()).challengeText(id);
  return id === undefined || text === undefined ? {} : { challenge: { id, text } };
}

async function sourceOf(
  address: LabAddress,
  fetchExercises: FetchExercises,
): Promise<WorldSource | undefined> {
  switch (address.kind) {
    case 'preset':
      return { from: 'preset', preset: address.preset, seed: address.seed };
    case 'link': {
      const challenge = await sentChallenge(address.challenge, fetchExercises);
      return { from: 'link', payload: address.payload, ...challenge };
    }
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
