import type { Pod } from '../api/pod.ts';
import type { PodDisruptionBudget } from '../api/policy.ts';
import { nodeTerm } from '../api/index-terms.ts';
import { isEmptySelector, selectorMatches } from '../apimachinery/label-selector.ts';
import { parseRfc3339 } from '../../sim/clock.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Filtering, Ready } from './filtering.ts';
import type { NodeInfo } from './node-facts.ts';
import { withPod } from './node-info.ts';
import { podInfo, type PendingPod } from './pod-info.ts';
import { preemptionMessage, type NodeVerdict } from './verdict.ts';

/**
 * Which Pods have to go so that a more important one fits
 * (pkg/scheduler/framework/preemption/preemption.go, plugins/defaultpreemption, v1.36): on each node
 * where it may help, all less important Pods are thought away; if the Pod fits then, as many of them
 * as possible are let stay, those first whose disruption budget would be broken. The node is chosen
 * with the fewest broken budgets, the least important victims, the fewest, the latest started.
 */
export interface Victims {
  readonly node: string;
  readonly pods: readonly Pod[];
  readonly brokenBudgets: number;
}

/** What preemption came to: victims, or why there are none. */
export type Preemption =
  | { readonly victims: Victims; readonly message?: undefined }
  /** Hopeless: nor is there a node any more that was to be freed for the Pod. */
  | { readonly victims?: undefined; readonly message: string; readonly hopeless: boolean };

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';
const PREEMPTED = 'PreemptionByScheduler';

/** At least so many nodes are tried, or 10 percent of those where it may help. */
const MIN_CANDIDATES = 100;
const CANDIDATES_PERCENT = 10;

export interface Trial {
  readonly pod: PendingPod;
  readonly ready: Ready;
  readonly filtering: Filtering;
  readonly view: ClusterView;
  readonly rejected: readonly NodeVerdict[];
  readonly budgets: readonly PodDisruptionBudget[];
  /** Where to begin: an integer from 0 up to the one before `nodes`. */
  readonly draw: (nodes: number) => number;
}

export function preempt(trial: Trial): Preemption {
  const { view, rejected } = trial;
  const refusal = whyNotEligible(trial);
  if (refusal) return { message: refusal, hopeless: false };
  const { candidates, reasons } = tryNodes(
    trial,
    rejected.filter(({ resolvable }) => resolvable),
  );
  const chosen = choose(candidates);
  if (chosen) return { victims: chosen };
  // What a node says for several reasons counts for each; the rest were not worth a try.
  const untried = view.nodeCount - reasons.length;
  const others = Array.from({ length: untried }, () => NOT_HELPFUL);
  const message = preemptionMessage(view.nodeCount, [...reasons.flat(), ...others]);
  return { message, hopeless: true };
}

/** Tries nodes from a drawn one on, until enough would do and one of them breaks no budget. */
function tryNodes(
  trial: Trial,
  nodes: readonly NodeVerdict[],
): { candidates: Victims[]; reasons: (readonly string[])[] } {
  const candidates: Victims[] = [];
  const reasons: (readonly string[])[] = [];
  if (nodes.length === 0) return { candidates, reasons };
  const wanted = Math.max(MIN_CANDIDATES, Math.floor((nodes.length * CANDIDATES_PERCENT) / 100));
  const start = trial.draw(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const breaksNone = candidates.some(({ brokenBudgets }) => brokenBudgets === 0);
    if (candidates.length >= wanted && breaksNone) break;
    const node = trial.view.node(nodes[(start + i) % nodes.length]!.node);
    if (!node) continue;
    const victims = selectVictims(trial, node);
    if ('node' in victims) candidates.push(victims);
    else reasons.push(victims);
  }
  return { candidates, reasons };
}

/** `podEligibleToPreemptOthers`: not while those it has preempted are on their way out. */
function whyNotEligible({ pod, rejected, view }: Trial): string | undefined {
  const { spec, status } = pod.pod;
  if (spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = status.nominatedNodeName;
  if (!nominated) return undefined;
  if (rejected.find(({ node }) => node === nominated)?.resolvable === false) return undefined;
  const leaving = podsOn(nominated, view).some(
    (other) =>
      (other.spec.priority ?? 0) < pod.priority &&
      other.metadata.deletionTimestamp !== undefined &&
      other.status.conditions?.some(
        ({ type, status: is, reason }) =>
          type === 'DisruptionTarget' && is === 'True' && reason === PREEMPTED,
      ),
  );
  return leaving ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

/** The Pods of a node that the scheduler counts there. */
function podsOn(node: string, view: ClusterView): Pod[] {
  return view.client
    .byIndex('pods', nodeTerm(node))
    .filter(({ metadata }) => view.placeOf(metadata.uid)?.node === node);
}

function selectVictims(trial: Trial, node: NodeInfo): Victims | readonly string[] {
  const { pod, ready, filtering, view, budgets } = trial;
  const lesser = podsOn(node.name, view).filter(({ spec }) => (spec.priority ?? 0) < pod.priority);
  if (lesser.length === 0) return [NO_VICTIMS];
  let left = node;
  const change = (other: Pod, by: 1 | -1): void => {
    const info = podInfo(other);
    left = withPod(left, info, by);
    for (const { filter } of ready.prepared) filter.adjust?.(info, node, by);
  };
  for (const other of lesser) change(other, -1);
  const verdict = filtering.judgeTrial(pod, ready, left);
  const victims: Pod[] = [];
  let brokenBudgets = 0;
  if (!verdict) {
    const [breaking, others] = splitByBudget(lesser.sort(moreImportantFirst), budgets);
    for (const [i, group] of [breaking, others].entries()) {
      for (const other of group) {
        change(other, 1);
        if (!filtering.judgeTrial(pod, ready, left)) continue;
        change(other, -1);
        victims.push(other);
        if (i === 0) brokenBudgets += 1;
      }
    }
  }
  // Those thought away come back.
  for (const other of verdict ? lesser : victims) change(other, 1);
  if (verdict) return verdict.reasons;
  return { node: node.name, pods: victims.sort(moreImportantFirst), brokenBudgets };
}

/** By priority, then those that started first (pkg/scheduler/util/utils.go `MoreImportantPod`). */
function moreImportantFirst(a: Pod, b: Pod): number {
  const byPriority = (b.spec.priority ?? 0) - (a.spec.priority ?? 0);
  if (byPriority !== 0) return byPriority;
  const byStart = startMs(a) - startMs(b);
  return byStart === 0 ? (a.metadata.uid < b.metadata.uid ? -1 : 1) : byStart;
}

/** One that has not started counts as started last. */
const startMs = ({ status }: Pod): number =>
  (status.startTime === undefined ? undefined : parseRfc3339(status.startTime)) ??
  Number.MAX_SAFE_INTEGER;

/** Pods whose going would break a budget, and the others; each in their order. */
function splitByBudget(
  pods: readonly Pod[],
  budgets: readonly PodDisruptionBudget[],
): [Pod[], Pod[]] {
  const allowed = budgets.map(({ status }) => status.disruptionsAllowed);
  const breaking: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    const { name, namespace, labels = {} } = pod.metadata;
    let breaks = false;
    for (const [i, { metadata, spec, status }] of budgets.entries()) {
      const { selector } = spec;
      if (metadata.namespace !== namespace || Object.keys(labels).length === 0) continue;
      if (!selector || isEmptySelector(selector) || !selectorMatches(selector, labels)) continue;
      if (status.disruptedPods?.[name] !== undefined) continue;
      allowed[i]! -= 1;
      if (allowed[i]! < 0) breaks = true;
    }
    (breaks ? breaking : others).push(pod);
  }
  return [breaking, others];
}

const PRIORITY_OFFSET = 2 ** 31;

/** `pickOneNodeForPreemption`: by each measure in turn, the lowest. */
function choose(candidates: readonly Victims[]): Victims | undefined {
  const priority = (pod: Pod): number => pod.spec.priority ?? 0;
  const measures: ((victims: Victims) => number)[] = [
    ({ brokenBudgets }) => brokenBudgets,
    ({ pods }) => (pods[0] ? priority(pods[0]) : -PRIORITY_OFFSET),
    ({ pods }) => pods.reduce((sum, pod) => sum + priority(pod) + PRIORITY_OFFSET, 0),
    ({ pods }) => pods.length,
    ({ pods }) => -earliestStart(pods),
  ];
  let left = candidates;
  for (const measure of measures) {
    if (left.length <= 1) break;
    const least = Math.min(...left.map(measure));
    left = left.filter((victims) => measure(victims) === least);
  }
  return left[0];
}

/** Of the most important ones among the victims. */
function earliestStart(pods: readonly Pod[]): number {
  const highest = pods[0]?.spec.priority ?? 0;
  const starts = pods.filter(({ spec }) => (spec.priority ?? 0) === highest).map(startMs);
  return Math.min(...starts);
}
