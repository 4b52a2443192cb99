import type { ExperimentName } from '../experiments.ts';

/**
 * A platform of the comparison, as data: where one types, by which addresses its clients come in,
 * what is typed to have the application run there, and what is typed or broken in each experiment.
 * Every line is a real command of a machine of the preset `compare`; a further platform is a file.
 */
export interface Act {
  /** What a person types at the platform's machine, in the folder of the application. */
  readonly typed?: readonly string[];
  /** What happens to it from outside, at the workstation; nobody's work. */
  readonly happens?: readonly string[];
  /** What takes that back when the experiment is over. */
  readonly mend?: readonly string[];
  /** Typed before the next experiment, so that it begins as this one did; nobody counts it. */
  readonly reset?: readonly string[];
  /** How much the clients ask, times as before. */
  readonly times?: number;
}

export interface Entry {
  readonly machine: string;
  readonly port: number;
}

/** A line that is typed; left out where the other one succeeds: it was done before. */
export interface Step {
  readonly line: string;
  readonly unless?: string;
}

export interface Platform {
  readonly name: string;
  readonly machine: string;
  /** What an outer load balancer, the same for all, sends requests to. */
  readonly entries: readonly Entry[];
  readonly up: readonly Step[];
  /** The files that tell it what to run, of the application's folder. */
  readonly files: readonly string[];
  /** Prints how many copies of the API run, of how many. */
  readonly replicas: string;
  /** Succeeds where all copies of the API are there, well, and of version 1.0. */
  readonly settled: string;
  readonly acts: Readonly<Record<ExperimentName, Act>>;
}

/** What happens to a machine, and what takes it back. */
export const dark = (machine: string): Act => ({
  happens: [`drydock fault machine ${machine} down`],
  mend: [`drydock fault machine ${machine} up`],
});

export const noDaemon = (machine: string): Act => ({
  happens: [`drydock fault daemon ${machine} stop`],
  mend: [`drydock fault daemon ${machine} start`],
});

export const crash = (machine: string, name: string): Act => ({
  happens: [`ssh ${machine} 'drydock fault container ${name} crash'`],
});

/** Steps that are typed again whether or not they were before: they change nothing then. */
export const lines = (...texts: readonly string[]): Step[] => texts.map((line) => ({ line }));
