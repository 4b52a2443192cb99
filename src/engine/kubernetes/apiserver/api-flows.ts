import type { Flow } from '../../sim/trace.ts';

/**
 * What travels to, from and behind the API server, as the trace shows it. There are as many as
 * there are members of the cast, and each is made once.
 */
type Flows = (member: string) => Flow;

/** Model figures: a request on its way, a write on its way to etcd, word to a watcher. */
const REQUEST_MS = 2;
const STORE_MS = 1;
export const WATCH_DELAY_MS = 3;

/** So many are remembered: the kubelets of the largest cluster and some more. */
const MEMBERS = 8192;

export const requestFrom = remembered((from) => {
  return { channel: 'api', from, to: 'apiserver', durationMs: REQUEST_MS };
});

export const wordTo = remembered((to) => {
  return { channel: 'watch', from: 'apiserver', to, durationMs: WATCH_DELAY_MS };
});

export const TO_ETCD: Flow = {
  channel: 'api',
  from: 'apiserver',
  to: 'etcd',
  durationMs: STORE_MS,
};

function remembered(make: Flows): Flows {
  const made = new Map<string, Flow>();
  return (member) => {
    let flow = made.get(member);
    if (!flow) {
      if (made.size >= MEMBERS) made.clear();
      flow = make(member);
      made.set(member, flow);
    }
    return flow;
  };
}
