import type { Looking } from './looking.ts';

export function Events({ looking }: { looking: Looking }) {
  return <div class="panel">{looking.world}</div>;
}
