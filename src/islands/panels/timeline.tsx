import type { Looking } from './looking.ts';

export function TimelineBar({ looking }: { looking: Looking }) {
  return <div class="panel">{looking.world}</div>;
}
