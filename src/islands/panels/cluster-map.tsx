import type { Looking } from './looking.ts';

export function ClusterMap({ looking }: { looking: Looking }) {
  return <div class="panel">{looking.world}</div>;
}
