import type { Looking } from './looking.ts';

export function Chart({ looking }: { looking: Looking }) {
  return <div class="panel">{looking.world}</div>;
}
