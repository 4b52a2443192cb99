import type { Looking } from './looking.ts';

export function Inspector({ looking }: { looking: Looking }) {
  return <div class="panel">{looking.world}</div>;
}
