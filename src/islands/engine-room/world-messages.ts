/**
 * A world at a page's side: what the page asks of one that it opened, and what it hears. The page names
 * its worlds; a reader's world, the lab's and a challenge's are all the same to the engine room.
 */
import type { EncodedWorld } from '../../engine/link/world-link.ts';
import type { Moment } from '../../engine/sim/kernel.ts';
import type { ScreenText } from '../../engine/terminal.ts';
import type { Verdict } from '../../scenarios/challenges/judge-challenge.ts';
import type { ScenarioSource } from '../../scenarios/scenario.ts';

/** Where a world comes from. */
export type WorldSource =
  | { readonly from: 'preset'; readonly preset: string; readonly seed: number }
  /** What stands behind the `#`, beginning with `v2.`. */
  | { readonly from: 'link'; readonly payload: string; readonly challenge?: ChallengeText }
  /** The text of a `.drydock.json`, or what the page kept of it. */
  | { readonly from: 'file'; readonly text: string; readonly challenge?: ChallengeText }
  /** A page's: its preset, and what the page did in it so far, which is lived first and in full. */
  | {
      readonly from: 'acts';
      readonly preset: string;
      readonly seed: number;
      readonly acts: readonly Act[];
    }
  /** An exercise, its set-up lived, which is neither shown nor can be taken back. */
  | ({ readonly from: 'challenge' } & ChallengeText)
  /** A scenario before its first step: its files there, its `before` lived. */
  | { readonly from: 'scenario'; readonly source: ScenarioSource };

/** The `challenge.yaml` of an exercise: whose goal is asked in a world. */
export interface ChallengeText {
  readonly id: string;
  readonly text: string;
}

/** Without a machine: the first one that has a prompt. */
export type Act =
  | { readonly type: 'line'; readonly machine?: string; readonly line: string }
  | {
      readonly type: 'file';
      readonly machine?: string;
      readonly path: string;
      readonly content: string;
    };

export interface WorldMachine {
  readonly name: string;
  readonly hasPrompt: boolean;
  readonly hasDocker: boolean;
  readonly isNode: boolean;
}

export type OpenedWorld =
  | {
      readonly kind: 'open';
      readonly preset: string;
      readonly seed: number;
      readonly machines: readonly WorldMachine[];
      readonly state: WorldState;
      /** The exercise that is judged in it: it began as one. */
      readonly challenge?: string;
      /** It was made by another engine and came to another state: both versions. */
      readonly changed?: { readonly made: string; readonly now: string };
    }
  | {
      readonly kind: 'refused';
      /** No link or file at all; of a version to come; or why it cannot be lived here. */
      readonly why: 'broken' | 'future' | 'preset' | 'machine' | 'events' | 'beyond-the-engine';
      readonly versions?: { readonly made: string; readonly now: string };
    };

/** How a world stands. Told as news `state` whenever it changed, and answered by what changes it. */
export interface WorldState {
  readonly moment: Moment;
  /** Where its time begins for the reader: when the preset was up. */
  readonly startMs: number;
  /** As far as this branch has been lived. */
  readonly end: Moment;
  readonly inThePast: boolean;
  readonly branch: number;
  readonly branches: readonly BranchState[];
  readonly prompts: Readonly<Record<string, PromptState>>;
  /** How many actions this branch holds before here: 0 when there is nothing to undo. */
  readonly done: number;
}

export interface BranchState {
  readonly id: number;
  readonly from?: { readonly branch: number; readonly moment: Moment };
  readonly end: Moment;
  /** What was typed or saved in it, with its time: the marks of a timeline. */
  readonly acts: readonly { readonly timeMs: number; readonly text: string }[];
}

export interface PromptState {
  readonly cwd: string;
  readonly busy: boolean;
  /** The line is not complete: the prompt is `> `. */
  readonly continues: boolean;
  readonly exitCode: number;
  /** The command that runs waits for what is typed. */
  readonly reads: boolean;
}

/** News `printed`: what appeared at a machine's prompt, what was typed there included. */
export interface Printed {
  readonly machine: string;
  /** How many texts stood there before; fewer than the page has when time was turned back. */
  readonly from: number;
  readonly texts: readonly ScreenText[];
}

/** News `said`: what was answered to a line that is about time itself, such as `drydock undo`. */
export interface Said {
  readonly machine: string;
  readonly line: string;
  readonly text: string;
  readonly exitCode: number;
  /** The world is at another moment now. */
  readonly travels?: true;
}

/** News `progress`, while a world is being opened or waited for. */
export interface Progress {
  /** Lived so far. */
  readonly events: number;
  /** What is waited for has come to this virtual time; the world itself is told once it has ended. */
  readonly timeMs?: number;
}

/** What was asked in a fork: the world itself is as it was. */
export interface ForkAnswer {
  readonly printed: string;
  readonly exitCode: number;
}

/** What could stand at a caret. Replaces the text from `from` to `to` (UTF-16, within the line). */
export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly { readonly text: string; readonly note?: string }[];
}

/** Every handler takes `{ world }`, the page's name for it, and what stands here besides. */
export interface WorldHandlers {
  'world/open': {
    /** @param pieces those of the engine that are going to be needed, if the page knows them */
    readonly body: { readonly source: WorldSource; readonly pieces?: readonly string[] };
    readonly answer: OpenedWorld;
  };
  'world/close': { readonly body: object; readonly answer: undefined };
  /**
   * Types a line, or several; answers at once, while what was typed begins to run. The line `\u0004`
   * is Ctrl+D, for a command that reads.
   */
  'world/type': {
    readonly body: { readonly machine: string; readonly line: string };
    readonly answer: WorldState;
  };
  'world/interrupt': { readonly body: { readonly machine: string }; readonly answer: WorldState };
  /** Saves a file; `path` absolute, or below the prompt's directory. */
  'world/save': {
    readonly body: { readonly machine: string; readonly path: string; readonly content: string };
    readonly answer: WorldState;
  };
  'world/read': {
    readonly body: { readonly machine: string; readonly path: string };
    readonly answer: string | undefined;
  };
  /** The files below a directory of a machine, with their sizes in bytes. */
  'world/files': {
    readonly body: { readonly machine: string; readonly directory: string };
    readonly answer: readonly { readonly path: string; readonly bytes: number }[];
  };
  /**
   * Lets virtual time pass; where it costs too much for a frame, less of it, as the state tells.
   * With `whileBusy` no longer than until every prompt is free.
   */
  'world/live': {
    readonly body: { readonly byMs: number; readonly whileBusy?: boolean };
    readonly answer: WorldState;
  };
  /**
   * Lives until the prompt is free, as `Session.type` does, with breaths: news come meanwhile. With
   * `leave` what would never end by itself is not ended, but left as it is after a minute.
   */
  'world/settle': {
    readonly body: { readonly machine: string; readonly leave?: boolean };
    readonly answer: WorldState;
  };
  'world/seek': { readonly body: { readonly timeMs: number }; readonly answer: WorldState };
  'world/seek-moment': { readonly body: { readonly moment: Moment }; readonly answer: WorldState };
  /** Takes the last action back. */
  'world/undo': { readonly body: object; readonly answer: WorldState };
  'world/switch': { readonly body: { readonly branch: number }; readonly answer: WorldState };
  'world/link': { readonly body: object; readonly answer: EncodedWorld };
  /** Undefined when it is larger than any file that is read. */
  'world/file': { readonly body: object; readonly answer: string | undefined };
  'world/hash': { readonly body: object; readonly answer: string };
  'world/ask': {
    readonly body: { readonly machine: string; readonly line: string };
    readonly answer: ForkAnswer;
  };
  'world/complete': {
    readonly body: { readonly machine: string; readonly line: string; readonly caret: number };
    readonly answer: Completions;
  };
  /** Undefined when it was given up. */
  'world/judge': { readonly body: object; readonly answer: Verdict | undefined };
  /** Gives up what is being judged: who waits behind it has his turn. */
  'world/judge-no-more': { readonly body: object; readonly answer: undefined };
}
