/**
 * Which server of an upstream is asked next, and how those that fail are passed over for a while:
 * weighted round robin with passive health checks (nginx 1.29
 * `src/http/ngx_http_upstream_round_robin.c`).
 *
 * Simplified: of the ways to balance, round robin; one worker, so that what one knows all know.
 */
export interface Peer {
  /** `172.18.0.4:8080` */
  readonly address: string;
  readonly weight: number;
  /** So many failures within the time, and it is asked no more for as long; 0 for never. */
  readonly maxFails: number;
  readonly failTimeoutS: number;
  readonly isBackup: boolean;
  readonly isDown: boolean;
}

export interface PeerState {
  readonly fails: number;
  /** Seconds, as all of nginx's times here. */
  readonly accessedS: number;
  readonly checkedS: number;
  readonly current: number;
  readonly effective: number;
}

/** By the address of a peer. */
export type PeerStates = Readonly<Record<string, PeerState>>;

export const ordinaryPeer = (address: string): Peer => ({
  ...{ address, weight: 1, maxFails: 1, failTimeoutS: 10 },
  ...{ isBackup: false, isDown: false },
});

const fresh = ({ weight }: Peer): PeerState => ({
  ...{ fails: 0, accessedS: 0, checkedS: 0 },
  ...{ current: 0, effective: weight },
});

const stateOf = (states: PeerStates, peer: Peer): PeerState =>
  Object.hasOwn(states, peer.address) ? states[peer.address]! : fresh(peer);

/** One server alone is never passed over. */
export const isSingle = (peers: readonly Peer[]): boolean => peers.length === 1;

/** How many servers a request may be sent to. */
export const triesOf = (peers: readonly Peer[]): number =>
  peers.filter(({ isDown }) => !isDown).length;

interface Chosen {
  readonly peer: Peer;
  readonly states: PeerStates;
}

/** The next one that was not tried, backups last; undefined when none is left. */
export function choosePeer(
  peers: readonly Peer[],
  states: PeerStates,
  tried: readonly string[],
  nowS: number,
): Chosen | undefined {
  if (isSingle(peers)) {
    const [peer] = peers;
    return peer && !peer.isDown ? { peer, states } : undefined;
  }
  const backups = peers.filter(({ isBackup }) => isBackup);
  const others = peers.filter(({ isBackup }) => !isBackup);
  return among(others, states, tried, nowS) ?? among(backups, states, tried, nowS);
}

function among(
  peers: readonly Peer[],
  states: PeerStates,
  tried: readonly string[],
  nowS: number,
): Chosen | undefined {
  const next: Record<string, PeerState> = { ...states };
  let best: Peer | undefined;
  let total = 0;
  for (const peer of peers) {
    const { address, weight, maxFails, failTimeoutS, isDown } = peer;
    const state = stateOf(states, peer);
    if (tried.includes(address) || isDown) continue;
    const isOut = maxFails > 0 && state.fails >= maxFails;
    if (isOut && nowS - state.checkedS <= failTimeoutS) continue;
    const { effective } = state;
    total += effective;
    next[address] = {
      ...state,
      current: state.current + effective,
      effective: Math.min(weight, effective + 1),
    };
    if (!best || next[address].current > next[best.address]!.current) best = peer;
  }
  if (!best) return undefined;
  const state = next[best.address]!;
  next[best.address] = {
    ...state,
    current: state.current - total,
    checkedS: nowS - state.checkedS > best.failTimeoutS ? nowS : state.checkedS,
  };
  return { peer: best, states: next };
}

/** It was asked: what is known of it now, and whether it is passed over from here on. */
export function freePeer(
  peers: readonly Peer[],
  states: PeerStates,
  asked: { readonly address: string; readonly hasFailed: boolean; readonly nowS: number },
): { readonly states: PeerStates; readonly isDisabled: boolean } {
  const { address, hasFailed, nowS } = asked;
  const peer = peers.find((one) => one.address === address);
  if (!peer || isSingle(peers)) return { states, isDisabled: false };
  const state = stateOf(states, peer);
  const { weight, maxFails } = peer;
  if (!hasFailed) {
    if (state.accessedS >= state.checkedS) return { states, isDisabled: false };
    return { states: { ...states, [address]: { ...state, fails: 0 } }, isDisabled: false };
  }
  const fails = state.fails + 1;
  const less = maxFails > 0 ? Math.trunc(weight / maxFails) : 0;
  const effective = Math.max(0, state.effective - less);
  const now = { ...state, fails, accessedS: nowS, checkedS: nowS, effective };
  return { states: { ...states, [address]: now }, isDisabled: maxFails > 0 && fails >= maxFails };
}
